"""Plan and deliver: the one function behind `send_reminders`, beat and the scheduler."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from assessments.models import ReminderHours
from assessments.reminders.digest import Digests
from assessments.reminders.planner import places, plan_all
from lawgov.calendars import Workdays, local_day
from lawgov.holidays.tables import one_edition
from lawgov.notifications import sender
from lawgov.units.models import Region


def send_reminders(
    now: datetime,
    workdays: Workdays | None = None,
    regions: Sequence[Region] | None = None,
    most: int | None = None,
) -> Counter:
    """Plan today, then claim and deliver until nothing is due; counts by outcome and `planned`.

    For every place, or for `regions`; with `most` no more deliveries than that. Needs neither
    worker nor Redis. Twice on one day does nothing the second time.
    """
    planned = plan_all(now, workdays, regions)
    only = None if regions is None else [region.pk for region in regions]
    digests = Digests()
    with one_edition():  # the calendar is looked up once a run, not once an item
        tally = sender.drain(
            digests.compose, ahead=digests.ahead, today=local_day(now), regions=only, most=most
        )
    tally["planned"] = planned
    return tally


def remind_by_the_clock(now: datetime, most: int | None = None) -> Counter:
    """What beat and the scheduler call each minute; a place in its quiet hours is left alone."""
    awake = awake_places(now)
    return send_reminders(now, regions=awake, most=most) if awake else Counter()


def awake_places(now: datetime) -> list[Region]:
    """Places whose hours of reminding hold at this instant; two queries."""
    hours = {row.campaign_id: row for row in ReminderHours.objects.all()}
    usual = ReminderHours()
    return [region for region in places() if hours.get(region.campaign.pk, usual).awake(now)]
