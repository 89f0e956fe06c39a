"""Finds the worker that is connected and deaf: messages wait, and nobody takes one."""

from __future__ import annotations

import time
from typing import Any

import redis
from django.conf import settings

from lawgov import broker

PATIENCE = 60.0  # seconds that messages may wait while no further one is taken


class Watchdog:
    """Asks the broker now and then; `is_deaf` once messages have waited too long."""

    def __init__(self, url: str, *, patience: float = PATIENCE, every: float = 10) -> None:
        self.client = broker.client(url, seconds=2)
        self.patience, self.every = patience, every
        self._last: str | None = None
        self._since = self._next = 0.0

    def is_deaf(self) -> bool:
        """True at most once per `patience`; a broker that does not answer says nothing."""
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + self.every
        last = self._last_taken()
        if last is None or last != self._last:
            self._last, self._since = last, now
            return False
        # What is in hand may be under way, but not for longer than a task may take.
        busy = settings.CELERY_TASK_TIME_LIMIT if last else 0
        if now - self._since < self.patience + busy:
            return False
        self._last = None
        return True

    def _last_taken(self) -> str | None:
        """The message that was handed out last and is still in hand, "" without any; None when
        none waits. The two names are kombu's."""
        prefix = settings.BROKER_KEY_PREFIX
        try:
            waiting = self.client.llen(f"{prefix}{settings.CELERY_TASK_DEFAULT_QUEUE}")
            newest: Any = self.client.zrevrange(f"{prefix}unacked_index", 0, 0)
        except redis.RedisError:
            return None
        if not waiting:
            return None
        return str(newest[0]) if newest else ""
