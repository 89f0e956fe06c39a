"""Who holds a delivery: the token of a lease names host, process and start, and can be checked."""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

from lawgov.notifications.models import Delivery

LEASE = timedelta(seconds=30)
HELD = [Delivery.Status.LEASED, Delivery.Status.SENDING]


def new_token() -> str:
    """For one batch of this process."""
    return f"{holder()}:{uuid4().hex[:12]}"


def holder() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"


def tokens_of_the_dead(now: datetime) -> list[str]:
    """Leases in force whose process is gone on this host: taken over at once."""
    held = Delivery.objects.filter(status__in=HELD, leased_until__gt=now)
    tokens = held.order_by().values_list("leased_by", flat=True).distinct()
    return [token for token in tokens if not _is_alive(token)]


def _is_alive(token: str) -> bool:
    """Whether the holder of a lease still runs; one on another host counts as alive."""
    host, pid, started, *_rest = token.split(":")
    if host != socket.gethostname():
        return True
    return _started(int(pid)) == started


def _started(pid: int) -> str:
    """When a process started, in clock ticks, so that a reused pid is told apart; "" if gone."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return "" if words[0] == "Z" else words[19]
    except OSError:
        pass
    try:
        os.kill(pid, 0)
    except OSError:
        return ""
    return "0"  # no /proc on this system: the pid alone must do
