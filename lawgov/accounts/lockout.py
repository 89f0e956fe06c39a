"""Guessing passwords is bounded: an attempt is taken before the password is looked at.

Counting afterwards would let parallel guesses through, because all of them would read the same
count. Here one conditional UPDATE takes the attempt, so that of any number of guesses at once at
most LIMIT reach the password check. Names that do not exist are counted like those that do.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Case, F, Q, Value, When

ACCOUNT_LIMIT = 5  # wrong passwords for one account, then PAUSE
SOURCE_LIMIT = 30  # wrong passwords from one address within PAUSE of each other
PAUSE = timedelta(minutes=15)


class LoginAttempt(models.Model):
    """How many attempts one account or one source has used; `until` when they are forgotten.

    `key` is a hash, so that what people type as their name (sometimes the password) is not kept.
    """

    key = models.CharField(max_length=64, unique=True)
    taken = models.PositiveSmallIntegerField(default=0)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="login_attempt_until")]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.taken}"


def account_key(username: str) -> str:
    return _key("account", username.strip().casefold())


def source_key(ip: str) -> str:
    return _key("source", ip)


def _key(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value}".encode()).hexdigest()


def take(key: str, limit: int, now: datetime) -> int | None:
    """Take one attempt; how many are left after it, or None when there is none to take.

    A refused attempt does not prolong the pause.
    """
    free = Q(until__lte=now) | Q(taken__lt=limit)
    spent = Case(When(until__lte=now, then=Value(1)), default=F("taken") + 1)
    rows = LoginAttempt.objects.filter(key=key)
    change = {"taken": spent, "until": now + PAUSE}
    if not rows.filter(free).update(**change):
        fresh = LoginAttempt(key=key, taken=0, until=now)
        LoginAttempt.objects.bulk_create([fresh], ignore_conflicts=True)
        if not rows.filter(free).update(**change):
            return None
    return max(limit - rows.values_list("taken", flat=True).get(), 0)


def give_back(key: str) -> None:
    """Undo one `take`: the password was right, or was never looked at."""
    LoginAttempt.objects.filter(key=key, taken__gt=0).update(taken=F("taken") - 1)


def forget(key: str) -> None:
    """The right password: earlier wrong ones for this account no longer count."""
    LoginAttempt.objects.filter(key=key).update(taken=0)


def sweep(now: datetime) -> int:
    """Delete counters that no longer mean anything; how many."""
    return LoginAttempt.objects.filter(until__lte=now).delete()[0]
