"""Do database, broker and storage answer? The questions behind /healthz."""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import redis
from django.conf import settings
from django.db import connection

log = logging.getLogger(__name__)

OK, OFF, DOWN = "ok", "off", "down"


def database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return OK


def broker() -> str:
    """Off where none is configured: then run_scheduler does the periodic work."""
    if not settings.REDIS_URL:
        return OFF
    with redis.Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=2, socket_timeout=2
    ) as client:
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


def report() -> dict[str, str]:
    """One word for each part and for the whole: ok, off (not configured) or down."""
    parts = {name: _asked(name, check) for name, check in CHECKS.items()}
    whole = DOWN if DOWN in parts.values() else OK
    return {"status": whole, **parts}


def _asked(name: str, check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception:
        log.exception("healthz: %s does not answer", name)
        return DOWN
