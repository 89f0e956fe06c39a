"""The calendar of a year under /api/v1/, and entering its holidays."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lawgov.accounts.policy import Action
from lawgov.calendars import Workdays
from lawgov.errors import GuardFailed
from lawgov.holidays.reading import UnreadableDays, read_days_off
from lawgov.holidays.tables import calendar_in_force, editions_of
from lawgov.operations.calendar.entering import enter, may_enter, preview
from lawgov.operations.calendar.forms import LONGEST
from lawgov.operations.calendar.months import known_year, months
from lawgov.web.rest.bodies import StrictSerializer
from lawgov.web.rest.endpoints import Figures


class MonthSerializer(serializers.Serializer):
    """Weekdays off and weekend days worked of one month."""

    number = serializers.IntegerField()
    off = serializers.ListField(child=serializers.DateField())
    worked = serializers.ListField(child=serializers.DateField())
    workdays = serializers.IntegerField()


class YearSerializer(serializers.Serializer):
    """The working days of a year; `provisional`: not published yet, estimated. `edition` is the
    one in force, 0 for what ships with the product."""

    year = serializers.IntegerField()
    provisional = serializers.BooleanField()
    edition = serializers.IntegerField()
    months = MonthSerializer(many=True)


class MovedSerializer(serializers.Serializer):
    """An answer whose deadline is counted anew."""

    response = serializers.IntegerField(source="response.pk")
    issue = serializers.IntegerField(source="response.issue_id")
    unit_name = serializers.CharField(source="response.unit.name")
    old = serializers.DateField()
    new = serializers.DateField()


class EnteredSerializer(serializers.Serializer):
    """`saved` false: only looked at, nothing was written."""

    saved = serializers.BooleanField()
    months = MonthSerializer(many=True)
    moved = MovedSerializer(many=True)


class HolidaysBody(StrictSerializer):
    """`text` is the notice, or a day a line; `edition` the one in force as the caller knows it.
    Nothing is written before `confirm`."""

    text = serializers.CharField(max_length=LONGEST)
    source = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    edition = serializers.IntegerField(min_value=0, max_value=10_000)
    confirm = serializers.BooleanField(default=False)


class CalendarEndpoint(Figures):
    """The calendar that deadlines and reminders count by, one for the installation."""

    serializer_class = YearSerializer
    lookup_field = "year"
    policy = {"show": (Action.VIEW_SETTINGS,), "enter": (Action.MANAGE_CALENDAR,)}
    bodies = {"enter": HolidaysBody}
    answers = {"show": YearSerializer, "enter": EnteredSerializer}

    def show(self, request: Request, year: int) -> Response:
        """The nearest year that the calendar knows."""
        year, workdays = known_year(year), calendar_in_force()
        last = editions_of(year).first()
        shown = {
            "year": year,
            "provisional": workdays.provisional(date(year, 1, 1)),
            "edition": last.edition if last else 0,
            "months": months(year, workdays),
        }
        return Response(YearSerializer(shown).data)

    def enter(self, request: Request, year: int) -> Response:
        """录入放假安排: look at a year, or put it in force with every deadline counted anew."""
        if year != known_year(year) or not may_enter(self.actor):
            raise Http404
        given = self.checked()
        try:
            days = read_days_off(given["text"], year)
        except UnreadableDays as error:
            raise GuardFailed(fields={"text": _("；").join(error.faults)}) from None
        looked = preview(year, days)
        moved = self._put_in_force(year, days, given) if given["confirm"] else looked.moved
        return Response(_entered(given["confirm"], year, looked.workdays, moved))

    def _put_in_force(self, year: int, days: list[Any], given: dict[str, Any]) -> list[Any]:
        kept = {"source": given["source"], "edition": given["edition"]}
        return enter(year, days, **kept, **self.act)


def _entered(saved: bool, year: int, workdays: Workdays, moved: list[Any]) -> Any:
    shown = {"saved": saved, "months": months(year, workdays), "moved": moved}
    return EnteredSerializer(shown).data
