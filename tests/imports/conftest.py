"""A person at the import pages, with the work of the background done at once."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

import openpyxl
import pytest
from django.http import HttpResponse
from django.test import Client

from lawgov.accounts.actors import Actor
from lawgov.imports.models import Upload
from lawgov.jobs import actions as jobs
from lawgov.jobs.models import Job
from tests import factories
from tests.people import browser

HEADER = ["序号", "责任单位", "存在问题", "整改要求", "完成时限", "整改进展", "是否销号"]
GOOD = [
    [1, "区水利局", "公示不全", "补公示", "2023年5月20日", "", "否"],
    [2, "区林业局", "台账缺页", "补台账", "6月底前", "正在补", "否"],
]


def sheet(rows: list[list[Any]], *, header: list[str] | None = None, title: str = "") -> bytes:
    """A workbook with one ledger."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "个性问题"
    if title:
        page.append([title])
    for row in [header or HEADER, *rows]:
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@dataclass
class Person:
    """Walks through the pages; `upload` is the latest."""

    actor: Actor
    client: Client
    upload: Upload | None = None
    answers: list[HttpResponse] = field(default_factory=list)

    def send(self, content: bytes, called: str = "台账.xlsx", kind: str = "ledger", **fields: Any):
        """Upload a file and let it be read; the answer of the page."""
        file = io.BytesIO(content)
        file.name = called
        answer = self.client.post(f"/imports/?kind={kind}", {"file": file, **fields})
        if answer.status_code == 302:
            self.upload = Upload.objects.order_by("-pk").first()
            self.work()
        return answer

    def work(self) -> None:
        """Do what waits in the background."""
        for job in Job.objects.filter(state=Job.State.QUEUED).order_by("pk"):
            assert jobs.run(job.pk)
        if self.upload:
            self.upload = Upload.objects.filter(pk=self.upload.pk).first()

    def open(self, page: str = "", **query: Any) -> HttpResponse:
        return self.client.get(f"/imports/{self.upload.pk}/{page}", query, follow=True)

    def post(self, page: str, **fields: Any) -> HttpResponse:
        answer = self.client.post(f"/imports/{self.upload.pk}/{page}/", fields)
        self.work()
        return answer

    def confirm(self) -> HttpResponse:
        return self.post("confirm", version=self.upload.version)


@pytest.fixture
def inspection(cast):
    return factories.make_inspection(cast.region)


@pytest.fixture
def office(cast, inspection) -> Person:
    return Person(cast.office, browser(cast.office))
