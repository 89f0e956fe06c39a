from __future__ import annotations

import pytest
from django.test import Client

from lawgov.operations import health

pytestmark = pytest.mark.django_db


@pytest.mark.postgres
def test_all_answer(client: Client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "database": "ok", "broker": "off", "storage": "ok"}
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
