"""The same steps for a machine."""

from __future__ import annotations

import io

import pytest

from assessments.models import Issue
from lawgov.imports.models import Upload
from lawgov.jobs import actions as jobs
from lawgov.jobs.models import Job
from tests.api.caller import Caller
from tests.imports.conftest import GOOD, sheet
from tests.imports.test_ledger import BAD, ODD

pytestmark = pytest.mark.django_db


def work() -> None:
    for job in Job.objects.filter(state=Job.State.QUEUED).order_by("pk"):
        jobs.run(job.pk)


@pytest.fixture
def machine(cast) -> Caller:
    return Caller(cast.office)


def sent(machine: Caller, inspection, content: bytes) -> dict:
    file = io.BytesIO(content)
    file.name = "台账.xlsx"
    answer = machine.upload("imports/", kind="ledger", file=file, inspection=inspection.pk)
    assert answer.status_code == 202, answer.content
    work()
    return machine.get(f"imports/{answer.json()['id']}/")


def test_upload_and_confirm(machine, inspection):
    upload = sent(machine, inspection, sheet(GOOD))
    assert (upload["state"], upload["counts"]["created"]) == ("ready", 2)
    rows = machine.get(f"imports/{upload['id']}/rows/")["results"]
    assert [row["outcome"] for row in rows] == ["created", "created"]
    machine.post(f"imports/{upload['id']}/confirm/", {"version": upload["version"]})
    work()
    assert Issue.objects.count() == 2
    assert machine.get("imports/")["results"][0]["state"] == "applied"


def test_columns_are_laid_down(machine, inspection):
    upload = sent(machine, inspection, sheet(GOOD, header=ODD))
    assert upload["state"] == "columns"
    columns = {"A": "number", "B": "units", "C": "text", "E": "deadline"}
    layout = {"name": "个性问题", "used": True, "top": 1, "bottom": 1, "columns": columns}
    machine.post(f"imports/{upload['id']}/columns/", {"sheets": [layout]})
    work()
    assert machine.get(f"imports/{upload['id']}/")["counts"]["created"] == 2


def test_cells_and_units_are_mended(machine, cast, inspection):
    upload = sent(machine, inspection, sheet(BAD))
    assert upload["refused"] == 2
    refusal = machine.refused(
        "post", f"imports/{upload['id']}/confirm/", {"version": upload["version"]}
    )
    assert refusal["status"] == 422
    meant = [{"name": "市监局二所", "unit": cast.unit.pk}]
    cells = [{"sheet": "个性问题", "cell": "E4", "text": "11月30日"}]
    machine.post(f"imports/{upload['id']}/mend/", {"units": meant, "cells": cells})
    work()
    assert machine.get(f"imports/{upload['id']}/")["refused"] == 0


def test_a_discarded_upload_is_gone(machine, inspection):
    upload = sent(machine, inspection, sheet(GOOD))
    machine.delete(f"imports/{upload['id']}/")
    assert not Upload.objects.exists()
    assert machine.refused("get", f"imports/{upload['id']}/")["status"] == 404


def test_another_kind_than_the_known_is_refused(machine):
    file = io.BytesIO(b"a,b\n")
    file.name = "x.csv"
    assert machine.upload("imports/", kind="moon", file=file).status_code == 422
