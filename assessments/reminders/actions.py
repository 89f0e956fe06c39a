"""Plan and deliver: the one function behind `send_reminders`, beat and the scheduler."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time

from django.utils import timezone

from assessments.reminders.digest import compose
from assessments.reminders.planner import plan_all
from lawgov.calendars import Workdays, local_day
from lawgov.notifications import sender

# Nobody is woken: digests go out in office hours, the first at half past eight.
FROM, TO = time(8, 30), time(20, 0)


def send_reminders(now: datetime, workdays: Workdays | None = None) -> Counter:
    """Plan today, then claim and deliver until nothing is due; counts by outcome and `planned`.

    Needs neither worker nor Redis. Twice on one day does nothing the second time.
    """
    planned = plan_all(now, workdays)
    tally = sender.drain(compose, today=local_day(now))
    tally["planned"] = planned
    return tally


def remind_by_the_clock(now: datetime) -> Counter:
    """What beat and the scheduler call each minute; outside office hours nothing happens."""
    if not FROM <= timezone.localtime(now).time() < TO:
        return Counter()
    return send_reminders(now)
