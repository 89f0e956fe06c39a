"""The checklist's export: a job over exactly the indicators that the filter shows."""

from __future__ import annotations

import pytest

from lawgov.jobs.models import Job
from tests.people import browser, make_cast

pytestmark = pytest.mark.django_db


def test_export_takes_what_is_filtered():
    cast = make_cast()
    office = browser(cast.office)
    answer = office.post("/checklist/export/?q=指标1")
    assert answer.status_code == 302, answer.content[:500]
    assert len(Job.objects.get().params["assignments"]) == 1
    assert "导出自评表" in office.get("/checklist/").content.decode()
