"""Taking deliveries to carry out: by lease, a channel at a time, within the channel's limit."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from lawgov.notifications import breaker
from lawgov.notifications.leases import HELD, LEASE, new_token, tokens_of_the_dead
from lawgov.notifications.models import ChannelHealth, Delivery

MINUTE = timedelta(minutes=1)
S = Delivery.Status
#: What carrying one out needs; each column is paid for by every mail.
READ = ("region__code", "region__name", "person__name", "person__email", "person__language",
        "day", "channel", "key", "attempts", "first_try_at", "leased_by")  # fmt: skip


@dataclass(frozen=True)
class Due:
    """Which deliveries a run is about: those of the local day `today`, and of any day what was
    begun; of all places, or of `regions` (ids)."""

    today: date
    regions: Collection[int] | None = None

    def rows(self, now: datetime) -> QuerySet[Delivery]:
        """What may be taken at this instant."""
        expired = Q(leased_until__lte=now) | Q(leased_by__in=tokens_of_the_dead(now))
        free = Q(status=S.PLANNED) | Q(status__in=HELD) & expired
        of_the_day = Q(day=self.today) | Q(first_try_at__isnull=False)
        found = Delivery.objects.filter(free, of_the_day)
        found = found.filter(Q(next_at=None) | Q(next_at__lte=now))
        return found if self.regions is None else found.filter(region__in=self.regions)

    def codes(self, now: datetime) -> list[str]:
        """Channels with something to do that are not at rest; the page first, as it makes no call
        that could hold up the others."""
        codes = self.rows(now).order_by().values_list("channel", flat=True).distinct()
        return sorted(
            set(codes) - breaker.resting_until(now).keys(), key=lambda code: (code != "page", code)
        )


@dataclass
class Batch:
    """Deliveries of one channel under one lease; a trial when its last call failed."""

    code: str
    token: str = ""
    deliveries: tuple[Delivery, ...] = ()
    is_trial: bool = False


def claim(due: Due, code: str, most: int, now: datetime, *, per_minute: int = 0) -> Batch:
    """Up to `most` deliveries of a channel that are now ours; safe beside other senders.

    With `per_minute` no more than are left of it: what went out in the last minute and what others
    have in hand counts. A channel whose last call failed is tried with one.
    """
    with transaction.atomic():
        if per_minute:
            most = min(most, per_minute - _used(code, now))
        is_trial = breaker.is_shaky(code)
        if is_trial:
            most = min(most, 1)
        if most <= 0:
            return Batch(code)
        rows = due.rows(now).filter(channel=code).order_by("id")
        ids = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True)[:most])
        if not ids:
            return Batch(code)
        token = new_token()
        Delivery.objects.filter(pk__in=ids).update(
            status=S.LEASED, leased_by=token, leased_until=now + LEASE
        )
    mine = Delivery.objects.filter(pk__in=ids).select_related("person", "region").only(*READ)
    return Batch(code, token, tuple(mine.order_by("id")), is_trial)


def _used(code: str, now: datetime) -> int:
    """How much of a minute's share is gone. Its row is locked, so that two senders at once do not
    both take the rest."""
    ChannelHealth.objects.get_or_create(code=code)
    ChannelHealth.objects.select_for_update().get(code=code)
    sent = Q(status=S.SENT, sent_at__gt=now - MINUTE)
    in_hand = Q(status__in=HELD, leased_until__gt=now)
    return Delivery.objects.filter(sent | in_hand, channel=code).count()


def renew(batch: Batch, ids: Collection[int], now: datetime) -> None:
    """Hold on to what is still to be carried out."""
    mine = Delivery.objects.filter(pk__in=ids, leased_by=batch.token, status=S.LEASED)
    mine.update(leased_until=now + LEASE)


def give_back(batch: Batch, ids: Collection[int]) -> int:
    """Let go of what was not begun, for anybody to take; how many."""
    mine = Delivery.objects.filter(pk__in=ids, leased_by=batch.token, status=S.LEASED)
    return mine.update(status=S.PLANNED, leased_until=None)
