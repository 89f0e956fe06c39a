"""Signs of life of the periodic work, told by the database alone: no worker, no beat is asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from lawgov.jobs.models import Heartbeat

REMINDERS = "reminders"  # a run of planner and sender has ended
CLOCK = "clock"  # beat, or the scheduler, has called for a run; one by hand leaves no such sign
START = "start"  # the product was started: from here the first run is awaited
#: How long no run may end before it is an alarm; beat starts one each minute.
SILENCE = timedelta(minutes=15)


def beat(name: str, now: datetime) -> None:
    """This has just ended well."""
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


def told(name: str) -> datetime | None:
    """When this sign was last given; None for never."""
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()


def last_sign() -> QuerySet[Heartbeat]:
    """The newest sign of life of the reminders, also for a sub-query; no row: never started."""
    return Heartbeat.objects.filter(name__in=[REMINDERS, START]).order_by("-at")


def silent_minutes(last: datetime | None, now: datetime) -> int:
    """For how many whole minutes the reminders have been silent; 0 while that is no alarm."""
    if last is None or now - last <= SILENCE:
        return 0
    return int((now - last).total_seconds() // 60)
