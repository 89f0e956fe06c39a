"""The Celery application, and at its end everything that runs by the clock.

The database is the truth and the queue a hint: an entry may be missed or doubled without harm,
and `manage.py run_scheduler` runs the same table without Celery.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from celery import Celery, Task
from celery.schedules import crontab
from celery.signals import setup_logging, worker_ready
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lawgov.settings")

READY_FILE = "worker.ready"


class HearingTask(Task):  # type: ignore[misc]
    Request = "lawgov.worker:HearingRequest"


app = Celery("lawgov", task_cls=HearingTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect  # type: ignore[untyped-decorator]
def keep_django_logging(**kwargs: object) -> None:
    """Having a receiver keeps Celery from replacing the handlers of settings.LOGGING."""


@worker_ready.connect  # type: ignore[untyped-decorator]
def say_ready(**kwargs: object) -> None:
    """The launcher waits for this file before it calls the product started."""
    run_dir = Path(settings.DATA_DIR) / "run"
    run_dir.mkdir(parents=True, exist_ok=True)
    (run_dir / READY_FILE).touch()


class Periodic(NamedTuple):
    """One row of the schedule. `every` is seconds or a crontab in Asia/Shanghai; a message not
    taken `expires` seconds after it was sent is dropped, for the next one is near."""

    name: str
    task: str
    every: float | crontab
    expires: int
    why: str


# fmt: off
SCHEDULE: tuple[Periodic, ...] = (
    Periodic("reminders", "reminders.tick", 60.0, 55, "plans the day once, sends what is due"),
    Periodic("jobs",      "jobs.sweep",     60.0, 55, "runs what the queue lost, removes old"),
    Periodic("logins",    "accounts.sweep", 3600.0, 3500, "forgets logins that have run out"),
    Periodic("heads", "operations.audit_heads", 3600.0, 3500, "notes where the trail stands"),
    Periodic("uploads",   "imports.sweep",  3600.0, 3500, "forgets uploads nobody confirmed"),
    Periodic("files",     "files.sweep", 86400.0, 3600, "removes files that no row points to"),
    Periodic("store", "files.verify", 86400.0, 3600, "reads a seventh of the files again"),
    Periodic("sheets",    "filling.sweep", 86400.0, 3600, "forgets uploads past their week"),
)
# fmt: on

app.conf.beat_schedule = {
    row.name: {"task": row.task, "schedule": row.every, "options": {"expires": row.expires}}
    for row in SCHEDULE
}
