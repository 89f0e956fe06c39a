from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from assessments.tasks import tick
from lawgov.calendars import local_day
from lawgov.jobs.heartbeats import REMINDERS, SILENCE, beat
from lawgov.notifications.models import Delivery
from lawgov.operations import health
from tests.people import make_cast

pytestmark = pytest.mark.django_db


@pytest.mark.postgres
def test_all_answer(client: Client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "database": "ok",
        "broker": "off",
        "storage": "ok",
        "reminders": {
            "status": "ok",
            "last_beat": None,
            "last_run": None,
            "oldest_due": None,
        },
    }
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_broker_that_is_configured_and_away_is_a_fault(client: Client, settings):
    settings.REDIS_URL = "unix:///nowhere.sock"
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["broker"] == "down"
    assert answer.json()["database"] == "ok"


def test_a_store_that_cannot_be_written_is_a_fault(client: Client, settings, tmp_path):
    (tmp_path / "blobs").write_text("a file where the folder should be")
    settings.DATA_DIR = tmp_path
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["storage"] == "down"


def test_a_probe_leaves_nothing(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert health.storage() == "ok"
    assert list((tmp_path / "blobs").iterdir()) == []


def test_a_fault_says_nothing_of_its_cause_to_strangers(client: Client, monkeypatch):
    def fail() -> str:
        raise RuntimeError("password of the database")

    monkeypatch.setitem(health.CHECKS, "database", fail)
    answer = client.get("/healthz")
    assert answer.status_code == 503
    assert b"password" not in answer.content


def test_late_reminders_are_told_while_the_pages_answer(client: Client):
    now = timezone.now()
    beat(REMINDERS, now - SILENCE - timedelta(minutes=1))
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["reminders"]["status"]) == (200, "late")
    beat(REMINDERS, now)
    found = client.get("/healthz").json()["reminders"]
    assert found == {
        "status": "ok",
        "last_beat": None,
        "last_run": now.isoformat(),
        "oldest_due": None,
    }


def test_a_run_by_hand_is_no_sign_of_the_clock():
    call_command("send_reminders")
    found = health.reminders(timezone.now())
    assert found["last_run"]
    assert found["last_beat"] is None
    tick()
    assert health.reminders(timezone.now())["last_beat"]


def test_a_delivery_that_waits_too_long_is_late_although_runs_end():
    now = timezone.now()
    beat(REMINDERS, now)
    cast = make_cast()
    waiting = Delivery.objects.create(
        region=cast.region,
        person=cast.editor.user,
        day=local_day(now),
        channel="email",
        key="k",
        created_at=now - SILENCE - timedelta(minutes=1),
    )
    found = health.reminders(now)
    assert (found["status"], found["oldest_due"]) == ("late", waiting.created_at.isoformat())
    Delivery.objects.update(status=Delivery.Status.SENT)
    assert health.reminders(now)["status"] == "ok"
