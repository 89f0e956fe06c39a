"""The schedule as data, and the loop that runs it without Celery."""

from __future__ import annotations

import inspect
from datetime import timedelta

import pytest
from celery.schedules import crontab
from django.core.management import call_command

from lawgov.celery import SCHEDULE, Periodic, app
from lawgov.operations.management.commands import run_scheduler

pytestmark = pytest.mark.django_db  # the loop closes connections that have grown old


@pytest.fixture(scope="module", autouse=True)
def tasks_are_loaded() -> None:
    app.loader.import_default_modules()


def period(row: Periodic) -> float:
    """Seconds between two runs."""
    if isinstance(row.every, crontab):
        start = row.every.nowfun().replace(minute=0)
        first = start + row.every.remaining_estimate(start)
        return (row.every.remaining_delta(first)[1]).total_seconds()
    return row.every


@pytest.mark.parametrize("row", SCHEDULE, ids=lambda row: row.name)
def test_each_row_names_a_task_without_arguments(row):
    assert row.task in app.tasks
    inspect.signature(app.tasks[row.task].run).bind()
    assert row.why


def test_every_task_without_arguments_is_in_the_table():
    """A sweep that nobody calls looks like one that finds nothing."""
    ours = {task for name, task in app.tasks.items() if not name.startswith("celery.")}
    periodic = {task.name for task in ours if not inspect.signature(task.run).parameters}
    assert periodic == {row.task for row in SCHEDULE}


@pytest.mark.parametrize("row", SCHEDULE, ids=lambda row: row.name)
def test_a_message_expires_before_the_next_one(row):
    assert 0 < row.expires < period(row)


def test_beat_has_exactly_these_rows():
    assert set(app.conf.beat_schedule) == {row.name for row in SCHEDULE}
    assert len({row.name for row in SCHEDULE}) == len(SCHEDULE)


@pytest.fixture
def ran(monkeypatch) -> list[str]:
    """Names of the tasks that ran; "bad" fails."""
    seen: list[str] = []

    def bad() -> None:
        seen.append("bad")
        raise RuntimeError

    rows = (
        Periodic("first", "bad", 60, 50, ""),
        Periodic("second", "good", 60, 50, ""),
        Periodic("third", "good", crontab(hour=3, minute=0), 3000, ""),
    )
    monkeypatch.setattr(run_scheduler, "SCHEDULE", rows)
    monkeypatch.setitem(app.tasks, "good", lambda: seen.append("good"))
    monkeypatch.setitem(app.tasks, "bad", bad)
    return seen


def test_once_runs_every_row_and_survives_a_failure(ran):
    call_command("run_scheduler", "--once")
    assert ran == ["bad", "good", "good"]


def test_rows_by_seconds_run_at_the_start_and_then_by_their_period(ran):
    now = app.now()
    first, _second, nightly = [run_scheduler.Entry(r, now) for r in run_scheduler.SCHEDULE]
    assert first.is_due()
    assert not nightly.is_due()
    first.run(app.now())
    assert not first.is_due()
    first.last_run -= timedelta(seconds=61)
    assert first.is_due()
    nightly.last_run -= timedelta(days=2)
    assert nightly.is_due()
