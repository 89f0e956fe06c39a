"""The periodic work without Celery: the same table of lawgov/celery.py, one process, one loop."""

from __future__ import annotations

import logging
import signal
import time
from datetime import datetime
from typing import Any

from celery.schedules import BaseSchedule, maybe_schedule
from django.core.management.base import BaseCommand
from django.db import close_old_connections

from lawgov.celery import SCHEDULE, Periodic, app

log = logging.getLogger(__name__)

TURN = 1.0  # seconds between two looks at the table


class Entry:
    """One row of the table and when it last ran. Rows by seconds run at the start as well."""

    def __init__(self, row: Periodic, now: datetime) -> None:
        self.row = row
        self.schedule: BaseSchedule = maybe_schedule(row.every, app=app)
        self.last_run: datetime | None = None if isinstance(row.every, int | float) else now

    def is_due(self) -> bool:
        return self.last_run is None or bool(self.schedule.is_due(self.last_run).is_due)

    def run(self, now: datetime) -> None:
        """Run the task here. A failure is logged, and the next time is tried again."""
        self.last_run = now
        close_old_connections()
        try:
            app.tasks[self.row.task]()
        except Exception:
            log.exception("%s failed", self.row.name)
        close_old_connections()


class Command(BaseCommand):
    help = "在本进程里做定时任务，不需要 Celery 和 Redis"

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--once", action="store_true", help="每项做一次就结束")

    def handle(self, *args: Any, **options: Any) -> None:
        app.loader.import_default_modules()
        entries = [Entry(row, app.now()) for row in SCHEDULE]
        if options["once"]:
            for entry in entries:
                entry.run(app.now())
            return
        self.stopping = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._stop)
        while not self.stopping:
            self._turn(entries)

    def _stop(self, *args: object) -> None:
        self.stopping = True

    def _turn(self, entries: list[Entry]) -> None:
        """Run what is due, then rest."""
        for entry in entries:
            if self.stopping:
                return
            if entry.is_due():
                entry.run(app.now())
        time.sleep(TURN)
