"""Writing how far a delivery has come: raw statements, because each mail pays for two of them.

Every step holds only while the lease is still ours, so a sender that was thought dead and returns
changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from lawgov.notifications.leases import LEASE
from lawgov.notifications.models import Delivery

S = Delivery.Status
TABLE = Delivery._meta.db_table
BEGIN = (
    f"UPDATE {TABLE} SET status = %s, attempts = attempts + 1, subject = %s, leased_until = %s, "
    "first_try_at = COALESCE(first_try_at, %s) WHERE id = %s AND leased_by = %s AND status = %s"
)
SENT = (
    f"UPDATE {TABLE} SET status = %s, sent_at = %s, subject = %s, last_error = '' "
    "WHERE id = %s AND leased_by = %s AND status = %s"
)


class Steps:
    """The steps of one batch. The end of a call that went well is written in the transaction that
    begins the next one, or by `flush`: one commit a mail, and a crash in between means one more
    try with the same key."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._last: tuple[int, str, datetime] | None = None

    def begin(self, delivery: Delivery, subject: str, now: datetime) -> bool:
        """Commit `sending` before the call; False when the lease is not ours any more."""
        with transaction.atomic(), connection.cursor() as cursor:
            self._write_last(cursor)
            stamps = (_stored(now + LEASE), _stored(now))
            cursor.execute(
                BEGIN, [S.SENDING, subject[:200], *stamps, delivery.pk, self._token, S.LEASED]
            )
            begun = bool(cursor.rowcount == 1)
        self._last = None
        delivery.attempts += 1
        delivery.first_try_at = delivery.first_try_at or now
        return begun

    def went_out(self, delivery: Delivery, subject: str, now: datetime) -> None:
        self._last = (delivery.pk, subject[:200], now)

    def flush(self) -> None:
        if self._last is not None:
            with connection.cursor() as cursor:
                self._write_last(cursor)
            self._last = None

    def _write_last(self, cursor: Any) -> None:
        if self._last is not None:
            self._sent(cursor, *self._last, S.SENDING)

    def _sent(self, cursor: Any, pk: int, subject: str, now: datetime, was: str) -> bool:
        cursor.execute(SENT, [S.SENT, _stored(now), subject[:200], pk, self._token, was])
        return bool(cursor.rowcount == 1)

    def sent_inside(self, given: Sequence[tuple[Delivery, str]], now: datetime) -> set[int]:
        """Mark as sent what needs no call, in the transaction of the caller; ids that were ours."""
        with connection.cursor() as cursor:
            return {
                delivery.pk
                for delivery, subject in given
                if self._sent(cursor, delivery.pk, subject, now, S.LEASED)
            }

    def end(self, delivery: Delivery, status: str, **values: object) -> str:
        """Any other end; the status, or "lost" when the lease is not ours any more."""
        mine = Delivery.objects.filter(pk=delivery.pk, leased_by=self._token).exclude(status=S.SENT)
        return status if mine.update(status=status, **values) == 1 else "lost"


def _stored(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)
