"""Digests of earlier days that did not go out: what stood in them, and how they end.

Their people get what is true today instead, so that nobody gets two digests on one day.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Q, QuerySet

from assessments.models import Reminder
from assessments.reminders.kinds import Kind, watch_of
from lawgov.notifications.models import Delivery, Notification
from lawgov.units.models import Region

Key = tuple[str, str, int]  # rule, subject, its id
SUBJECTS = ("response", "work", "evidence")
S = Delivery.Status


@dataclass
class LeftOver:
    """`items` are told anew today; `ends` are the ids of deliveries by how they end."""

    items: set[Key] = field(default_factory=set)
    ends: dict[str, list[int]] = field(default_factory=dict)
    people: set[int | None] = field(default_factory=set)
    days: set[date] = field(default_factory=set)

    def drop(self, region: Region, now: datetime) -> None:
        """End them, in the planner's transaction; one that a sender has begun since stays."""
        for end, ids in self.ends.items():
            told = {"last_error": "carried over"} if end == S.CANCELLED else {}
            for start in range(0, len(ids), 500):
                rows = _open(region).filter(pk__in=ids[start : start + 500]).exclude(_held(now))
                rows.update(status=end, leased_by="", leased_until=None, **told)
        if self.ends:
            late = _told(region, self.people, self.days)
            late.update(status=Reminder.Status.SKIPPED, reason="not_sent_that_day")
            news = Notification.objects.filter(
                region=region, digest_on__in=self.days, recipient__in=self.people
            )
            news.update(digest_on=None)


def left_over(region: Region, today: date, now: datetime) -> LeftOver:
    """What earlier days left over.

    Never begun: cancelled. Failing: a dead letter, because today's says it anew. Begun by a
    sender that was killed: uncertain, for nobody knows whether it went out.
    """
    found, ends = LeftOver(), defaultdict(list)
    stale = _open(region).filter(day__lt=today).exclude(_held(now))
    for pk, person, day, begun, error in stale.values_list(
        "pk", "person_id", "day", "first_try_at", "last_error"
    ):
        ends[S.CANCELLED if begun is None else S.DEAD if error else S.UNCERTAIN].append(pk)
        found.people.add(person)
        found.days.add(day)
    found.ends = dict(ends)
    if ends:
        rows = _told(region, found.people, found.days)
        for kind, *ids in rows.values_list("kind", *(f"{name}_id" for name in SUBJECTS)):
            pairs = zip(SUBJECTS, ids, strict=True)
            found.items |= {(watch_of(kind), name, pk) for name, pk in pairs if pk}
    return found


def _open(region: Region) -> QuerySet[Delivery]:
    return Delivery.objects.filter(region=region, status__in=[S.PLANNED, S.LEASED, S.SENDING])


def _held(now: datetime) -> Q:
    """In the middle of a call."""
    return Q(status=S.SENDING, leased_until__gt=now)


def _told(region: Region, people: set[int | None], days: set[date]) -> QuerySet[Reminder]:
    """What stood in the digests of those people on those days."""
    rows = Reminder.objects.filter(
        region=region, local_day__in=days, recipient__in=people, status=Reminder.Status.COVERED
    )
    return rows.exclude(kind=Kind.MANUAL)
