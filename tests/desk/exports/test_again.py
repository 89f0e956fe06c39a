"""An export that failed, or whose file is gone, is asked for again where it is read of."""

from __future__ import annotations

import errno
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from lawgov.accounts.models import Membership
from lawgov.audit.models import AuditEntry
from lawgov.jobs import actions, kinds
from lawgov.jobs.models import Job
from tests.people import browser

ASKED = {"query": "only=enforcement"}


@pytest.fixture
def job(cast) -> Job:
    return actions.start(cast.office, "list_units", ASKED, now=timezone.now())


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def run(work: kinds.Work) -> kinds.Outcome:
        work.target.write_bytes(b"half")
        raise error

    kind = replace(kinds.kind_of("list_units"), run=run)
    monkeypatch.setitem(kinds._KINDS, "list_units", kind)


def test_a_full_disk_is_named_and_the_export_asked_for_again(cast, job, monkeypatch) -> None:
    failing(monkeypatch, OSError(errno.ENOSPC, "No space left on device"))
    assert actions.run(job.pk)
    assert not list(actions.exports_folder().glob(f"{job.pk}-*")), "no half file is left"
    client = browser(cast.office)
    page = client.get(f"/jobs/{job.pk}/").content.decode()
    assert "服务器上没有空间了；请管理员腾出空间后再试" in page
    assert f'action="/jobs/{job.pk}/again/"' in page
    assert "再试一次" in page
    monkeypatch.undo()
    answer = client.post(f"/jobs/{job.pk}/again/")
    made = Job.objects.exclude(pk=job.pk).get()
    assert answer["Location"] == f"/jobs/{made.pk}/"
    assert (made.kind, made.params) == ("list_units", ASKED)
    assert AuditEntry.objects.filter(verb="job.list_units").count() == 2
    assert actions.run(made.pk)
    assert "下载" in client.get(f"/jobs/{made.pk}/").content.decode()


def test_any_other_accident_says_that_it_is_noted(cast, job, monkeypatch) -> None:
    failing(monkeypatch, ValueError("something of the machine"))
    assert actions.run(job.pk)
    page = browser(cast.office).get(f"/jobs/{job.pk}/").content.decode()
    assert "已记录，可以再试一次" in page
    assert "something of the machine" not in page


def test_a_file_past_its_day_is_asked_for_again(cast, job) -> None:
    assert actions.run(job.pk)
    client = browser(cast.office)
    assert "/again/" not in client.get(f"/jobs/{job.pk}/").content.decode()
    past = timezone.now() - timedelta(minutes=1)
    Job.objects.filter(pk=job.pk).update(expires_at=past)
    assert "重新导出" in client.get(f"/jobs/{job.pk}/").content.decode()
    assert client.post(f"/jobs/{job.pk}/again/").status_code == 302


def test_what_runs_or_stands_ready_is_not_made_twice(cast, job) -> None:
    client = browser(cast.office)
    assert client.post(f"/jobs/{job.pk}/again/").status_code == 409
    assert actions.run(job.pk)
    assert client.post(f"/jobs/{job.pk}/again/").status_code == 409
    assert Job.objects.count() == 1


def test_only_the_owner_with_the_right_asks_again(cast, job) -> None:
    Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED)
    assert browser(cast.supervisor).post(f"/jobs/{job.pk}/again/").status_code == 404
    client = browser(cast.office)
    membership = Membership.objects.filter(pk=cast.office.membership.pk)
    membership.update(role="external", valid_to=timezone.localdate() + timedelta(days=1))
    assert client.post(f"/jobs/{job.pk}/again/").status_code in (403, 404)
    assert Job.objects.count() == 1


def test_an_import_is_not_repeated(cast) -> None:
    read = actions.start(cast.office, "read_sheet", {}, now=timezone.now())
    Job.objects.filter(pk=read.pk).update(state=Job.State.FAILED)
    client = browser(cast.office)
    assert "/again/" not in client.get(f"/jobs/{read.pk}/").content.decode()
    assert client.post(f"/jobs/{read.pk}/again/").status_code == 404
