"""Writing how far a delivery has come: raw statements, because each mail pays for one of them.

Every step holds only while the lease is still ours, so a sender that was thought dead and returns
changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection

from lawgov.notifications.leases import LEASE
from lawgov.notifications.messages import Message
from lawgov.notifications.models import Delivery

S = Delivery.Status
TABLE = Delivery._meta.db_table
#: The call before this one went well, and this one begins: one statement is one commit.
NEXT = f"""UPDATE {TABLE} SET
    status = CASE id WHEN %(next)s THEN '{S.SENDING}' ELSE '{S.SENT}' END,
    attempts = CASE id WHEN %(next)s THEN attempts + 1 ELSE attempts END,
    subject = CASE id WHEN %(next)s THEN %(subject)s ELSE subject END,
    body = CASE id WHEN %(next)s THEN %(body)s ELSE body END,
    leased_until = CASE id WHEN %(next)s THEN %(until)s ELSE leased_until END,
    first_try_at = COALESCE(first_try_at, %(now)s),
    sent_at = CASE id WHEN %(next)s THEN sent_at ELSE %(sent_at)s END,
    last_error = CASE id WHEN %(next)s THEN last_error ELSE '' END
    WHERE leased_by = %(token)s
    AND (id = %(next)s AND status = '{S.LEASED}' OR id = %(last)s AND status = '{S.SENDING}')
    RETURNING id"""
SENT = (
    f"UPDATE {TABLE} SET status = '{S.SENT}', sent_at = %s, last_error = '' "
    f"WHERE id = %s AND leased_by = %s AND status = '{S.SENDING}'"
)
SENT_INSIDE = (
    f"UPDATE {TABLE} SET status = '{S.SENT}', sent_at = %s, last_error = '', "
    "subject = %s, body = %s "
    f"WHERE id = %s AND leased_by = %s AND status = '{S.LEASED}'"
)
NOTHING = Message("", "")


class Steps:
    """The steps of one batch. The end of a call that went well is written by the statement that
    begins the next one, or by `flush`: one commit a mail, and a crash in between means one more
    try with the same key."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._last: tuple[int, Any] | None = None

    def begin(self, delivery: Delivery, now: datetime, message: Message = NOTHING) -> bool:
        """Commit `sending` and what is said before the call; False when the lease is not ours any
        more."""
        last, sent_at = self._last or (None, None)
        subject, body = _kept(message)
        given = {"token": self._token, "now": _stored(now), "until": _stored(now + LEASE),
                 "next": delivery.pk, "subject": subject, "body": body,
                 "last": last, "sent_at": sent_at}  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(NEXT, given)
            begun = (delivery.pk,) in cursor.fetchall()
        self._last = None
        delivery.attempts += 1
        delivery.first_try_at = delivery.first_try_at or now
        return begun

    def went_out(self, delivery: Delivery, now: datetime) -> None:
        self._last = (delivery.pk, _stored(now))

    def flush(self) -> None:
        if self._last is not None:
            pk, sent_at = self._last
            with connection.cursor() as cursor:
                cursor.execute(SENT, [sent_at, pk, self._token])
            self._last = None

    def sent_inside(self, given: Iterable[tuple[Delivery, Message]], now: datetime) -> set[int]:
        """Mark as sent what needs no call, in the transaction of the caller; ids that were ours."""
        ours = set()
        with connection.cursor() as cursor:
            for delivery, message in given:
                values = [_stored(now), *_kept(message), delivery.pk, self._token]
                cursor.execute(SENT_INSIDE, values)
                if cursor.rowcount == 1:
                    ours.add(delivery.pk)
        return ours

    def end(self, delivery: Delivery, status: str, **values: object) -> str:
        """Any other end; the status, or "lost" when the lease is not ours any more."""
        mine = Delivery.objects.filter(pk=delivery.pk, leased_by=self._token).exclude(status=S.SENT)
        return status if mine.update(status=status, **values) == 1 else "lost"


def _kept(message: Message) -> tuple[str, str]:
    """Subject and body as the row keeps them."""
    return message.subject[:200], json.dumps(message.record(), ensure_ascii=False)


def _stored(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)
