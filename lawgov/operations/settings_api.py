"""What the settings show beside their subjects, under /api/v1/: the set-up, and the calendar."""

from __future__ import annotations

from datetime import date

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lawgov.accounts.policy import Action
from lawgov.calendars import Workdays, local_day
from lawgov.operations.settings_pages import FIRST_YEAR, LAST_YEAR, months
from lawgov.operations.setup.progress import steps
from lawgov.web.rest.endpoints import Figures

READERS = (Action.VIEW_SETTINGS,)


class SetUpStepSerializer(serializers.Serializer):
    """One step of setting the place up: what is there, and what is missing."""

    key = serializers.CharField()
    label = serializers.CharField()
    facts = serializers.CharField(allow_blank=True)
    missing = serializers.CharField(allow_blank=True)
    done = serializers.BooleanField()


class SetUpSerializer(serializers.Serializer):
    steps = SetUpStepSerializer(many=True)


class MonthSerializer(serializers.Serializer):
    """Weekdays off and weekend days worked of one month."""

    number = serializers.IntegerField()
    off = serializers.ListField(child=serializers.DateField())
    worked = serializers.ListField(child=serializers.DateField())
    workdays = serializers.IntegerField()


class YearSerializer(serializers.Serializer):
    """The working days of a year; `provisional`: not published yet, estimated."""

    year = serializers.IntegerField()
    provisional = serializers.BooleanField()
    months = MonthSerializer(many=True)


class SettingsEndpoint(Figures):
    """How far the place is set up, and the calendar it counts by."""

    serializer_class = SetUpSerializer
    lookup_field = "year"
    policy = {"show": READERS, "calendar": READERS}
    answers = {"show": SetUpSerializer, "calendar": YearSerializer}

    def show(self, request: Request) -> Response:
        found = steps(self.actor.region, local_day(self.now))
        return Response(SetUpSerializer({"steps": found}).data)

    def calendar(self, request: Request, year: int) -> Response:
        """The nearest year that the calendar knows."""
        year = min(max(year, FIRST_YEAR), LAST_YEAR)
        workdays = Workdays.standard()
        shown = {
            "year": year,
            "provisional": workdays.provisional(date(year, 1, 1)),
            "months": months(year, workdays),
        }
        return Response(YearSerializer(shown).data)
