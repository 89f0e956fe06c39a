"""The dashboard's figures 领导驾驶舱 under /api/v1/."""

from __future__ import annotations

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.desk.campaigns import running
from lawgov.desk.checklist.api import AreaTotalSerializer, HeatSerializer
from lawgov.desk.dashboard import queries
from lawgov.web.rest.endpoints import Figures


class TotalsSerializer(serializers.Serializer):
    """Answers to individual issues, less withdrawn ones."""

    total = serializers.IntegerField()
    closed = serializers.IntegerField()
    open = serializers.IntegerField()
    overdue = serializers.IntegerField()


class LateUnitSerializer(serializers.Serializer):
    """A unit with overdue answers; `longest` in calendar days."""

    unit = serializers.IntegerField()
    name = serializers.CharField()
    overdue = serializers.IntegerField()
    longest = serializers.IntegerField()
    person = serializers.CharField(allow_blank=True)


class WeekSerializer(serializers.Serializer):
    """Figures at the end of a local day."""

    day = serializers.DateField()
    open = serializers.IntegerField()
    closed = serializers.IntegerField()
    overdue = serializers.IntegerField()


class BurndownSerializer(serializers.Serializer):
    """Close-out 销号 week by week; the plan ends on `target`."""

    weeks = WeekSerializer(many=True)
    target = serializers.DateField()


class DashboardSerializer(serializers.Serializer):
    """What the leader sees; `burndown` is null before any hand-over."""

    total = AreaTotalSerializer()
    areas = AreaTotalSerializer(many=True)
    issues = TotalsSerializer()
    late = LateUnitSerializer(many=True)
    burndown = BurndownSerializer(allow_null=True)
    map = HeatSerializer()


class DashboardEndpoint(Figures):
    """The figures of the place's campaign; 404 before there is one."""

    serializer_class = DashboardSerializer
    policy = {"show": (Action.VIEW_DASHBOARD,)}
    answers = {"show": DashboardSerializer}

    def show(self, request: Request) -> Response:
        found = running(self.actor.region)
        if found is None:
            raise Http404
        figures = queries.dashboard(self.actor, found, local_day(self.now))
        return Response(DashboardSerializer(figures).data)
