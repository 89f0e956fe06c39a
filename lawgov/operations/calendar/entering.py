"""Entering the holidays of a year: what would move, and then all of it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from assessments.rectification.recounting import Moved, recount, would_move
from indicators.models import Campaign
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action, can
from lawgov.calendars import Workdays
from lawgov.holidays.actions import enter_year
from lawgov.holidays.reading import DayOff
from lawgov.holidays.tables import calendar_in_force, with_year


@dataclass(frozen=True)
class Preview:
    """The calendar with the days in it, and the deadlines that would then be other days."""

    workdays: Workdays
    moved: list[Moved]


def may_enter(actor: Actor) -> bool:
    """The calendar is one for the whole installation: an office enters it where it is alone.

    With several places on one installation the administrator does, with `import_holidays`.
    """
    if not can(actor, Action.MANAGE_CALENDAR):
        return False
    return not Campaign.objects.exclude(region=actor.region_id).exists()


def preview(year: int, days: Sequence[DayOff]) -> Preview:
    workdays = with_year(year, days)
    return Preview(workdays, would_move(calendar_in_force(), workdays))


def enter(
    year: int, days: Sequence[DayOff], *, source: str, edition: int, actor: Actor, now: datetime
) -> list[Moved]:
    """Put the year in force and count deadlines again, in one transaction; what moved.

    Raises StaleState when another edition than `edition` is in force by now.
    """
    with transaction.atomic():
        found = preview(year, days).moved
        enter_year(year, days, source=source, edition=edition, actor=actor, now=now)
        return recount(found, year=year, actor=actor, now=now)
