"""Finds the worker that is connected and deaf: messages wait, and nobody takes one."""

from __future__ import annotations

import time

import redis
from django.conf import settings

PATIENCE = 60.0  # seconds that messages may wait while no task is under way


class Watchdog:
    """Asks the broker now and then; `is_deaf` once messages have waited too long."""

    def __init__(self, url: str, *, patience: float = PATIENCE, every: float = 10) -> None:
        self.client = redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=2)
        self.patience, self.every = patience, every
        self._waiting_since: float | None = None
        self._next = 0.0

    def is_deaf(self) -> bool:
        """True at most once per `patience`; a broker that does not answer says nothing."""
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + self.every
        if not self._is_stuck():
            self._waiting_since = None
            return False
        self._waiting_since = self._waiting_since or now
        if now - self._waiting_since < self.patience:
            return False
        self._waiting_since = None
        return True

    def _is_stuck(self) -> bool:
        """Something in the queue and nothing handed out. kombu's names for the two keys."""
        prefix = settings.BROKER_KEY_PREFIX
        try:
            waiting = self.client.llen(f"{prefix}{settings.CELERY_TASK_DEFAULT_QUEUE}")
            taken = self.client.hlen(f"{prefix}unacked")
        except redis.RedisError:
            return False
        return bool(waiting) and not taken
