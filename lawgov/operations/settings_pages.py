"""Settings pages that belong to no single subject: the overview, and the calendar."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.calendars import Workdays, local_day
from lawgov.operations.setup.progress import steps
from lawgov.web.listing import number
from lawgov.web.pages import render_page

FIRST_YEAR, LAST_YEAR = 2004, 2040


@requires(Action.VIEW_SETTINGS)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """How far the place is set up, and where each part is kept."""
    today = local_day(timezone.now())
    found = steps(request.actor.region, today)
    context = {
        "section": "settings",
        "tab": "home",
        "steps": found,
        "open": sum(not step.done for step in found),
        "today": today,
    }
    return render_page(request, "operations/settings.html", context)


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


@requires(Action.VIEW_SETTINGS)
@require_safe
def year_calendar(request: HttpRequest) -> HttpResponse:
    """The holiday table of one year, read-only; a year not yet published is marked as estimated."""
    today = local_day(timezone.now())
    year = min(max(number(request, "year", today.year), FIRST_YEAR), LAST_YEAR)
    workdays = Workdays.standard()
    rows = months(year, workdays)
    context = {
        "section": "settings",
        "tab": "calendar",
        "year": year,
        "previous": year - 1 if year > FIRST_YEAR else None,
        "next": year + 1 if year < LAST_YEAR else None,
        "months": rows,
        "total": sum(month.workdays for month in rows),
        "provisional": workdays.provisional(date(year, 1, 1)),
        "last_published": max(workdays.published),
        "today": today,
    }
    return render_page(request, "operations/calendar.html", context)
