"""What every kind of file has in common: nothing before the confirm, all or nothing with it, once,
and every row of the file accounted for."""

from __future__ import annotations

import contextlib
import io
import re
import zipfile
from types import SimpleNamespace

import pytest
from django.utils import timezone

from lawgov.audit.models import AuditEntry
from lawgov.imports import staging
from lawgov.imports.kinds import all_kinds
from lawgov.imports.models import Upload
from lawgov.jobs import actions as jobs
from lawgov.jobs.models import Job
from tests.imports.conftest import GOOD, HEADER
from tests.imports.tables import checksums
from tests.imports.test_mutated import FRAMEWORK, ROSTER, UNITS
from tests.spreadsheets.books import book

pytestmark = pytest.mark.django_db

BLANK: list[str] = []
NOTE = ["备注：以上数据截至上月底"]
FILES = {
    "ledger": [["整改台账"], HEADER, *GOOD, BLANK, ["合计", "", "共 2 条"]],
    "units": [*UNITS, ["U91", "区粮食局", "", ""], BLANK, NOTE],
    "roster": [["明白人名册"], *ROSTER, [2, "区林业局", "李某", ""], BLANK, NOTE],
    "tasks": [
        ["任务分解表"], ["序号", "三级指标", "分值", "牵头单位", "责任单位", "完成时限"],
        [1, "", 12, "区司法局", "区水利局、区林业局", "年底前"], ["合计", "", 12],
    ],
    "framework": [*FRAMEWORK, ["1.1.2", "甲", "乙", "丁", "网络检索", 5], ["合计"]],
}  # fmt: skip
ABOVE = {"ledger": 2, "units": 1, "roster": 2, "tasks": 2, "framework": 1}  # header included
each = pytest.mark.parametrize("kind", FILES)


def rows_of(content: bytes) -> int:
    """Rows that hold anything, counted from the XML and by nobody else's reader."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    rows = re.findall(r"<row\b.*?</row>", sheet, flags=re.S)
    return sum(bool(re.search(r"<(?:v|t)>[^<]", row)) for row in rows)


def sent(office, inspection, kind: str) -> bytes:
    content = book(FILES[kind])
    fields = {"inspection": inspection.pk} if kind == "ledger" else {}
    office.send(content, f"{kind}.xlsx", kind, **fields)
    if office.upload.state == Upload.State.COLUMNS:
        pytest.fail(f"{kind}: columns are asked for")
    return content


def test_every_kind_is_here() -> None:
    assert set(FILES) == {kind.code for kind in all_kinds()}


@each
def test_nothing_is_written_before_confirm_and_every_row_is_accounted_for(
    office, inspection, kind: str
) -> None:
    before = checksums()
    content = sent(office, inspection, kind)
    assert checksums() == before
    counts = office.upload.counts
    told = ("created", "changed", "unchanged", "merged", "refused", "skipped")
    assert sum(counts.get(outcome, 0) for outcome in told) == rows_of(content) - ABOVE[kind]
    assert not office.upload.refused
    office.confirm()
    assert office.upload.state == Upload.State.APPLIED, office.upload.message
    assert checksums() != before
    entry = AuditEntry.objects.get(verb="import.applied")
    assert entry.data["file"] == f"{kind}.xlsx" and entry.data["sha256"] == office.upload.sha256


@each
def test_a_fault_in_the_middle_of_writing_leaves_nothing(
    office, inspection, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(office, inspection, kind)
    before = checksums()

    def broken(*args: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(staging, "_remember", broken)  # after the rows, before the file is kept
    address = f"/imports/{office.upload.pk}/confirm/"
    office.client.post(address, {"version": office.upload.version})
    run_failing()
    assert checksums() == before
    assert not AuditEntry.objects.filter(verb="import.applied").exists()
    upload = Upload.objects.get(pk=office.upload.pk)
    assert upload.state == Upload.State.READY and upload.message
    monkeypatch.undo()
    office.upload = upload
    office.confirm()
    assert office.upload.state == Upload.State.APPLIED, "and then it can be tried again"
    assert checksums() != before


def test_without_the_transaction_half_of_it_would_stay(
    office, inspection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The positive control of the test above."""
    sent(office, inspection, "units")
    before = checksums()

    def broken(*args: object) -> None:
        raise OSError("no space left")

    office.client.post(f"/imports/{office.upload.pk}/confirm/", {"version": office.upload.version})
    monkeypatch.setattr(staging, "_remember", broken)
    monkeypatch.setattr(staging, "transaction", SimpleNamespace(atomic=contextlib.nullcontext))
    upload = Upload.objects.get(pk=office.upload.pk)
    with pytest.raises(OSError, match="no space left"):
        staging.apply(upload, actor=office.actor, now=timezone.now())
    monkeypatch.undo()
    assert checksums() != before


def run_failing() -> None:
    """The job that writes, which comes to grief."""
    for job in Job.objects.filter(state=Job.State.QUEUED).order_by("pk"):
        jobs.run(job.pk)


@each
def test_the_same_file_again_changes_nothing(office, inspection, kind: str) -> None:
    sent(office, inspection, kind)
    office.confirm()
    before = checksums()
    sent(office, inspection, kind)
    assert not office.upload.counts.get("created") and not office.upload.counts.get("changed")
    office.confirm()
    after = checksums()
    # The layout was used again; when is all that it remembers anew.
    assert {table for table in after if after[table] != before[table]} <= {"imports_knownlayout"}
