"""Reminders that stand still are seen by those who can do something, without worker or beat."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.tasks import tick
from lawgov.jobs.heartbeats import REMINDERS, SILENCE, START, beat, last_sign, silent_minutes
from lawgov.jobs.models import Heartbeat
from tests.factories import NOW, make_user
from tests.people import browser, make_cast

pytestmark = pytest.mark.django_db
BAR = "提醒已经停了"


@pytest.mark.parametrize(("minutes", "silent"), [(None, 0), (0, 0), (15, 0), (16, 16), (75, 75)])
def test_silence_is_an_alarm_after_a_quarter_of_an_hour(minutes, silent):
    last = None if minutes is None else NOW - timedelta(minutes=minutes)
    assert silent_minutes(last, NOW) == silent


def test_the_office_sees_a_bar_and_a_unit_does_not():
    cast = make_cast()
    beat(REMINDERS, timezone.now() - SILENCE - timedelta(minutes=5))
    assert f"{BAR} 20 分钟" in browser(cast.office).get("/checklist/").content.decode()
    assert BAR not in browser(cast.editor).get("/tasks/").content.decode()
    with CaptureQueriesContext(connection) as silent:
        browser(cast.office).get("/checklist/")
    beat(REMINDERS, timezone.now())
    with CaptureQueriesContext(connection) as running:
        page = browser(cast.office).get("/checklist/").content.decode()
    assert BAR not in page
    assert len(silent) == len(running)


@pytest.mark.parametrize(
    ("ago", "bar"),
    [
        (timedelta(minutes=14, seconds=59), None),
        (timedelta(minutes=15), None),
        (timedelta(minutes=15, seconds=1), f"{BAR} 15 分钟"),
    ],
)
def test_the_bar_comes_after_fifteen_minutes_without_worker_or_beat(monkeypatch, ago, bar):
    """Nothing but this process runs: the request itself finds that no run has ended."""
    cast = make_cast()
    root = Client()
    root.force_login(make_user("root", is_staff=True, is_superuser=True))
    now = timezone.now()
    beat(START, now - timedelta(days=1))
    beat(REMINDERS, now - ago)
    monkeypatch.setattr(timezone, "now", lambda: now)
    pages = [browser(cast.office).get("/checklist/"), root.get("/admin/")]
    for page in pages:
        assert (BAR in page.content.decode()) == bool(bar)
        assert not bar or bar in page.content.decode()


def test_the_administrator_sees_it_too():
    client = Client()
    client.force_login(make_user("root", is_staff=True, is_superuser=True))
    beat(START, timezone.now() - timedelta(hours=2))
    assert f"{BAR} 120 分钟" in client.get("/admin/").content.decode()


@pytest.mark.parametrize("run", [tick, lambda: call_command("send_reminders")])
def test_a_run_that_ends_is_a_sign_of_life(run):
    make_cast()
    before = timezone.now()
    run()
    assert Heartbeat.objects.get(name=REMINDERS).at >= before


def test_a_run_that_fails_is_none(monkeypatch):
    def fail(now, most):
        raise RuntimeError

    monkeypatch.setattr("assessments.tasks.remind_by_the_clock", fail)
    with pytest.raises(RuntimeError):
        tick()
    assert not last_sign().exists()
