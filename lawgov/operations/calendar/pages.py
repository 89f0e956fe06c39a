"""The calendar of a year, and entering its holidays: read, looked at, then put in force."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.calendars import Workdays, local_day
from lawgov.errors import StaleState
from lawgov.holidays.tables import calendar_in_force, editions_of
from lawgov.operations.calendar.entering import enter, may_enter, preview
from lawgov.operations.calendar.forms import HolidaysForm
from lawgov.operations.calendar.months import FIRST_YEAR, LAST_YEAR, known_year, months
from lawgov.web.listing import number
from lawgov.web.pages import go, render_page, say, sent

SETTINGS = {"section": "settings", "tab": "calendar"}


@requires(Action.VIEW_SETTINGS)
@require_safe
def year_calendar(request: HttpRequest) -> HttpResponse:
    """The holidays of one year; a year not yet published is marked as estimated."""
    today = local_day(timezone.now())
    year = known_year(number(request, "year", today.year))
    workdays = calendar_in_force()
    context = SETTINGS | _year(year, workdays) | {
        "previous": year - 1 if year > FIRST_YEAR else None,
        "next": year + 1 if year < LAST_YEAR else None,
        "provisional": workdays.provisional(date(year, 1, 1)),
        "last_published": max(workdays.published),
        "editions": editions_of(year).select_related("entered_by"),
        "may_enter": may_enter(request.actor),
        "today": today,
    }  # fmt: skip
    return render_page(request, "operations/calendar/year.html", context)


def _year(year: int, workdays: Workdays) -> dict[str, Any]:
    rows = months(year, workdays)
    return {"year": year, "months": rows, "total": sum(month.workdays for month in rows)}


@requires(Action.MANAGE_CALENDAR)
@require_http_methods(["GET", "HEAD", "POST"])
def year_entry(request: HttpRequest, year: int) -> HttpResponse:
    """Read what was pasted, show the year and what would move; nothing is saved before 生效."""
    if year != known_year(year) or not may_enter(request.actor):
        raise Http404
    form = HolidaysForm(sent(request), request.FILES or None, year=year)
    context = SETTINGS | {"year": year, "today": local_day(timezone.now())}
    if request.method != "POST":
        return _entry_page(request, form, context)
    if not form.is_valid():
        return _entry_page(request, form, context, status=422)
    if "confirm" in request.POST:
        try:
            return _put_in_force(request, form, year)
        except StaleState:
            fresh = HolidaysForm(year=year)
            return _entry_page(request, fresh, context | {"outdated": True}, status=409)
    looked = preview(year, form.days)
    context |= _year(year, looked.workdays) | {"moved": looked.moved, "looked": True}
    context["dropped"] = form.dropped()
    return _entry_page(request, form.settled(), context)


def _entry_page(
    request: HttpRequest, form: HolidaysForm, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    shown = {"form": form, **context}
    return render_page(request, "operations/calendar/entry.html", shown, status=status)


def _put_in_force(request: HttpRequest, form: HolidaysForm, year: int) -> HttpResponse:
    moved = enter(
        year,
        form.days,
        source=form.cleaned_data["source"],
        edition=form.cleaned_data["edition"],
        actor=request.actor,
        now=timezone.now(),
    )
    said = _("%(year)s 年的放假安排已生效") % {"year": year}
    if moved:
        more = ngettext("重算了 %(n)s 个期限", "重算了 %(n)s 个期限", len(moved))
        said = _("%(one)s，%(two)s") % {"one": said, "two": more % {"n": len(moved)}}
    say(request, said)
    return go(request, f"{reverse('settings:calendar')}?year={year}")
