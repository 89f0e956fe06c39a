"""Carrying deliveries out: claim by lease, say `sending` before the call, then `sent`.

A crash leaves a lease that runs out, or is taken over at once when its owner is gone on this
host. Another try uses the same key, so a receiver that honours keys sees one effect.
"""

from __future__ import annotations

import logging
import os
import socket
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import override

from lawgov.notifications.channels import Gone, way_out
from lawgov.notifications.messages import Message
from lawgov.notifications.models import Delivery

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
BATCH = 100
TRIES = 8
MINUTE = timedelta(minutes=1)
BACK_OFF = timedelta(minutes=2)  # doubled by every failure: eight tries span about 4 hours

Compose = Callable[[Delivery], Message | None]
S = Delivery.Status


def drain(
    compose: Compose,
    *,
    today: date,
    clock: Callable[[], datetime] = timezone.now,
    regions: Collection[int] | None = None,
) -> Counter:
    """Send everything that is due until nothing is; counts by what became of it.

    Of every place, or of `regions` (ids), so that quiet hours of one do not hold up another.
    `today` is the local day whose digests go out; leases and back-off run on `clock`. `compose`
    writes the message anew at this moment, None when there is nothing left to say.
    """
    tally: Counter = Counter()
    with ExitStack() as stack:
        lines = _Lines(stack, clock)
        while claimed := _claim(today, clock(), regions):
            for delivery in claimed:
                tally[_carry(delivery, lines, compose, clock)] += 1
    return tally


def _claim(today: date, now: datetime, regions: Collection[int] | None = None) -> list[Delivery]:
    """Up to BATCH deliveries that are now ours; two statements, safe beside other senders."""
    gone = [owner for owner in _owners(now) if not _is_alive(owner)]
    expired = Q(leased_until__lte=now) | Q(leased_by__in=gone)
    due = (
        Q(status=S.PLANNED, day=today)
        | Q(status=S.LEASED, day=today) & expired
        | Q(status=S.SENDING) & expired
    ) & (Q(next_at=None) | Q(next_at__lte=now))
    if regions is not None:
        due &= Q(region__in=regions)
    ids = list(Delivery.objects.filter(due).order_by("id").values_list("pk", flat=True)[:BATCH])
    if not ids:
        return []
    token = f"{_me()}:{uuid4().hex[:12]}"
    Delivery.objects.filter(due, pk__in=ids).update(
        status=S.LEASED, leased_by=token, leased_until=now + LEASE
    )
    mine = Delivery.objects.filter(leased_by=token, status=S.LEASED).select_related("person")
    return list(mine.order_by("id"))


class _Lines:
    """The channels of one run, each opened when the first delivery needs it and kept open."""

    def __init__(self, stack: ExitStack, clock: Callable[[], datetime]) -> None:
        self._stack, self._clock = stack, clock
        self._open: dict[str, Any] = {}

    def of(self, code: str) -> Any:
        if code not in self._open:
            self._open[code] = self._stack.enter_context(way_out(code, self._clock).session())
        return self._open[code]


def _is_full(channel: Any, code: str, now: datetime) -> bool:
    """Whether a channel with a limit of its own has had its share of the last minute.

    Counted in the database, because senders in other processes count as well.
    """
    limit = getattr(channel, "per_minute", 0)
    if not limit:
        return False
    recent = Delivery.objects.filter(channel=code, status=S.SENT, sent_at__gt=now - MINUTE)
    return recent.count() >= limit


def _language(delivery: Delivery) -> str:
    return delivery.person.language if delivery.person else settings.LANGUAGE_CODE


def _carry(delivery: Delivery, lines: _Lines, compose: Compose, clock) -> str:
    try:
        channel = lines.of(delivery.channel)
    except Gone:
        return _end(delivery, S.CANCELLED, last_error="the channel is gone")
    if _is_full(channel, delivery.channel, clock()):
        _end(delivery, S.PLANNED, next_at=clock() + MINUTE, leased_until=None)
        return "postponed"
    with override(_language(delivery)):
        message = compose(delivery)
        if message is None:
            return _end(delivery, S.CANCELLED, last_error="nothing left to say")
        if channel.in_transaction:
            with transaction.atomic():
                if not _say(delivery, S.SENT, sent_at=clock(), subject=message.subject):
                    return "lost"
                channel.deliver(delivery, message)
            return S.SENT
        if not _say(
            delivery,
            S.SENDING,
            attempts=F("attempts") + 1,
            subject=message.subject,
            leased_until=clock() + LEASE,
        ):
            return "lost"
        delivery.attempts += 1
        try:
            channel.deliver(delivery, message)
        except Exception as error:
            return _failed(delivery, error, clock())
    return _end(delivery, S.SENT, sent_at=clock(), last_error="")


def _failed(delivery: Delivery, error: Exception, now: datetime) -> str:
    """Back-off, or the dead letter after the last try; the reason is kept for the page."""
    log.warning("delivery %s failed: %s", delivery.key, error)
    reason = f"{type(error).__name__}: {error}"[:300]
    if delivery.attempts >= TRIES:
        return _end(delivery, S.DEAD, last_error=reason)
    wait = BACK_OFF * 2 ** (delivery.attempts - 1)
    return _end(delivery, S.SENDING, last_error=reason, next_at=now + wait, leased_until=now)


def _end(delivery: Delivery, status: str, **values: object) -> str:
    return status if _say(delivery, status, **values) else "lost"


def _say(delivery: Delivery, status: str, **values: object) -> bool:
    """Write the next step, but only while the lease is still ours."""
    mine = Delivery.objects.filter(pk=delivery.pk, leased_by=delivery.leased_by)
    return mine.exclude(status=S.SENT).update(status=status, **values) == 1


# -- who holds a lease ------------------------------------------------------------------------


def _owners(now: datetime) -> list[str]:
    held = Delivery.objects.filter(status__in=[S.LEASED, S.SENDING], leased_until__gt=now)
    return list(held.order_by().values_list("leased_by", flat=True).distinct())


def _me() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"


def _is_alive(owner: str) -> bool:
    """Whether the owner of a lease still runs; one on another host counts as alive."""
    host, pid, started, *_rest = owner.split(":")
    if host != socket.gethostname():
        return True
    return _started(int(pid)) == started


def _started(pid: int) -> str:
    """When a process started, in clock ticks, so that a reused pid is told apart; "" if gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        pass
    try:
        os.kill(pid, 0)
    except OSError:
        return ""
    return "0"  # no /proc on this system: the pid alone must do
