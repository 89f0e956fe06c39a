"""Do database, broker and storage answer? The questions behind /healthz."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from lawgov.broker import client as redis_client
from lawgov.calendars import local_day
from lawgov.jobs.heartbeats import CLOCK, REMINDERS, SILENCE, last_sign, silent_minutes
from lawgov.jobs.models import Heartbeat
from lawgov.notifications.models import Delivery

log = logging.getLogger(__name__)

OK, OFF, DOWN, LATE = "ok", "off", "down", "late"


def database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return OK


def broker() -> str:
    """Off where none is configured: then run_scheduler does the periodic work."""
    if not settings.REDIS_URL:
        return OFF
    with redis_client(settings.REDIS_URL, seconds=2) as client:
        client.ping()
    return OK


def storage() -> str:
    """A file can be written to disk where the evidence lies, and taken away again."""
    folder = Path(settings.DATA_DIR) / "blobs"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".healthz-") as probe:
        probe.write(b"ok")
        probe.flush()
        os.fsync(probe.fileno())
    return OK


CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "broker": broker,
    "storage": storage,
}


def report(now: datetime) -> dict[str, Any]:
    """One word for each part and for the whole: ok, off (not configured) or down.

    `reminders` tells of the periodic work and is no part of the whole: with reminders late the
    pages still answer.
    """
    parts = {name: _asked(name, check) for name, check in CHECKS.items()}
    whole = DOWN if DOWN in parts.values() else OK
    if parts["database"] == OK:
        return {"status": whole, **parts, "reminders": reminders(now)}
    return {"status": whole, **parts}


def reminders(now: datetime) -> dict[str, Any]:
    """Instants in ISO form, None for none: when the clock last called, when a run last ended, and
    since when the oldest delivery of today or before is waiting. `status` is late when a run or
    that delivery is too old.
    """
    signs = dict(Heartbeat.objects.values_list("name", "at"))
    last, clock = signs.get(REMINDERS), signs.get(CLOCK)
    open_ones = Delivery.objects.waiting(local_day(now))
    oldest = open_ones.values_list("created_at", flat=True).first()
    silent = silent_minutes(last_sign().values_list("at", flat=True).first(), now)
    late = silent or (oldest and now - oldest > SILENCE)
    return {
        "status": LATE if late else OK,
        "last_beat": clock and clock.isoformat(),
        "last_run": last and last.isoformat(),
        "oldest_due": oldest and oldest.isoformat(),
    }


def _asked(name: str, check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception:
        log.exception("healthz: %s does not answer", name)
        return DOWN
