"""What a call with an Idempotency-Key, or a form with a key of its own, was answered:
AnsweredCall, kept a day for its repeats.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models

KEPT = timedelta(hours=24)


class AnsweredCall(models.Model):
    """The answer to one person's call, by the key that the caller gave it.

    A call of the API is written in the transaction of the call itself, so that there is never an
    effect without its answer. `request_hash` tells a repeat from another call under the same key;
    `body` is the JSON as sent, without what is shown only once. A form of a page
    (web/submissions.py) is written before its view runs; `body` is the address that it led to,
    `status` 0 while it is on its way.
    """

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="answered_calls")
    key = models.CharField(max_length=100)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="answered_call_once")]
        indexes = [models.Index(fields=["made_at"], name="answered_call_made")]

    def __str__(self) -> str:
        return f"{self.key} {self.status}"


def sweep(now: datetime) -> int:
    """Forget what is older than a day; how many."""
    return AnsweredCall.objects.filter(made_at__lte=now - KEPT).delete()[0]
