"""The checklist 指标清单 and the heat map 热力图 under /api/v1/, with the page's own figures."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from lawgov.accounts.policy import Action, can
from lawgov.calendars import local_day
from lawgov.desk.campaigns import running
from lawgov.desk.checklist import queries
from lawgov.desk.checklist.filters import Filters
from lawgov.desk.checklist.heat import HeatMap, heat_map
from lawgov.desk.checklist.items import Board, Item
from lawgov.web.rest.endpoints import Figures

READERS = (Action.VIEW_CHECKLIST,)
FILTERS = [
    OpenApiParameter("scope", str, enum=["led", "own"]),
    *(OpenApiParameter(name, int) for name in ("area", "lead", "unit")),
    OpenApiParameter("state", str),
    OpenApiParameter("missing", str, enum=["1"]),
    OpenApiParameter("q", str),
]


class TickSerializer(serializers.Serializer):
    """One unit's part; `click` is the edge that a click on its tick takes, "" for none."""

    id = serializers.IntegerField(source="pk")
    state = serializers.CharField()
    version = serializers.IntegerField()
    pieces = serializers.IntegerField()
    missing = serializers.ListField(child=serializers.CharField())
    ticked = serializers.BooleanField()
    click = serializers.CharField(allow_blank=True)


class ChecklistItemSerializer(serializers.Serializer):
    """One indicator as its reader sees it; `self_points` is null where scores are not shown."""

    id = serializers.IntegerField(source="pk")
    number = serializers.IntegerField()
    title = serializers.CharField()
    area = serializers.IntegerField()
    group_title = serializers.CharField()
    points = serializers.DecimalField(6, 1)
    self_points = serializers.SerializerMethodField()
    lead = serializers.IntegerField(allow_null=True)
    lead_name = serializers.CharField(allow_blank=True)
    due_on = serializers.DateField(allow_null=True)
    due_text = serializers.CharField(allow_blank=True)
    units = serializers.IntegerField()
    ticked = serializers.IntegerField()
    state = serializers.CharField()
    done = serializers.BooleanField()
    pieces = serializers.IntegerField()
    outside = serializers.IntegerField()
    missing = serializers.IntegerField()
    work = TickSerializer(allow_null=True)

    def get_self_points(self, item: Item) -> str | None:
        if item.self_points is None or not can(self.context["actor"], Action.VIEW_SCORES):
            return None
        return str(item.self_points)


class AreaTotalSerializer(serializers.Serializer):
    """One area 方面: `done` of `total` indicators, and their points."""

    number = serializers.IntegerField()
    title = serializers.CharField(allow_blank=True)
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    points = serializers.DecimalField(8, 1)


class ChecklistSerializer(serializers.Serializer):
    """Everything on one page; `tabs` counts indicators by tab, `leads` names lead units."""

    items = ChecklistItemSerializer(many=True)
    areas = AreaTotalSerializer(many=True)
    total = AreaTotalSerializer()
    tabs = serializers.DictField(child=serializers.IntegerField())
    leads = serializers.DictField(child=serializers.CharField())


class HeatSquareSerializer(serializers.Serializer):
    area = serializers.IntegerField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()


class HeatUnitSerializer(serializers.Serializer):
    """One unit with a square per area; total 0: not responsible there."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField()
    group = serializers.CharField()
    late = serializers.BooleanField()
    squares = HeatSquareSerializer(many=True)


class HeatSerializer(serializers.Serializer):
    """Units × areas: how many of its indicators each unit has ticked."""

    units = HeatUnitSerializer(many=True)


class ChecklistEndpoint(Figures):
    """The checklist of the running campaign; empty before there is one."""

    serializer_class = ChecklistSerializer
    policy = {"show": READERS, "heat": READERS}
    parameters = {"show": FILTERS}
    answers = {"show": ChecklistSerializer, "heat": HeatSerializer}

    def show(self, request: Request) -> Response:
        """Indicators under the filters, with the progress of areas."""
        found, filters = running(self.actor.region), Filters.read(self.http)
        board = queries.board(self.actor, found.campaign, filters) if found else Board()
        shown = ChecklistSerializer(board, context=self.get_serializer_context())
        return Response(shown.data)

    @action(detail=False, methods=["get"])
    def heat(self, request: Request) -> Response:
        found = running(self.actor.region)
        day = local_day(self.now)
        shown: Any = heat_map(self.actor, found.campaign, day) if found else HeatMap((), ())
        return Response(HeatSerializer(shown).data)
