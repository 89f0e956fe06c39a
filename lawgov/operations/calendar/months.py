"""A year of working days, month by month."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from lawgov.calendars import Workdays

FIRST_YEAR, LAST_YEAR = 2004, 2040
WEEKDAYS = [_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")]


@dataclass(frozen=True)
class Month:
    """One month: weekdays off, weekend days worked, and how many working days remain."""

    number: int
    off: list[date]
    worked: list[date]
    workdays: int

    @property
    def off_named(self) -> list[tuple[date, str]]:
        return [(day, str(WEEKDAYS[day.weekday()])) for day in self.off]

    @property
    def worked_named(self) -> list[tuple[date, str]]:
        return [(day, str(WEEKDAYS[day.weekday()])) for day in self.worked]


def known_year(year: int) -> int:
    """The nearest year that the calendar knows."""
    return min(max(year, FIRST_YEAR), LAST_YEAR)


def months(year: int, workdays: Workdays) -> list[Month]:
    """The exceptions to Monday-Friday of a year, month by month."""
    found = []
    for month in range(1, 13):
        days = [date(year, month, n + 1) for n in range(calendar.monthrange(year, month)[1])]
        worked = [day for day in days if workdays.is_workday(day)]
        found.append(
            Month(
                month,
                off=[day for day in days if day.weekday() < 5 and day not in worked],
                worked=[day for day in worked if day.weekday() >= 5],
                workdays=len(worked),
            )
        )
    return found
