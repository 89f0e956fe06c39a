"""The order of units 季度排序 under /api/v1/."""

from __future__ import annotations

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.reports.standings import SOURCES, ranking
from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.desk.ranking.queries import Asked, ranked_campaign
from lawgov.web.rest.endpoints import Figures


class StandingSerializer(serializers.Serializer):
    """One unit; `rate` out of 100 and `rank` are null while nothing of it is scored.

    `scored` of the `indicators` it answers for have a score, `previous` is its rank a quarter ago,
    `change` is ↑2, ↓1, —, 新 or empty.
    """

    number = serializers.IntegerField()
    unit = serializers.IntegerField()
    name = serializers.CharField()
    rate = serializers.DecimalField(5, 1, allow_null=True)
    rank = serializers.IntegerField(allow_null=True)
    previous = serializers.IntegerField(allow_null=True)
    change = serializers.CharField(allow_blank=True)
    scored = serializers.IntegerField()
    indicators = serializers.IntegerField()


class RankingSerializer(serializers.Serializer):
    """Units in their order at the end of `counted_to`; `scored` counts indicators of the place."""

    period = serializers.CharField(source="quarter")
    source = serializers.CharField()
    counted_to = serializers.DateField()
    scored = serializers.IntegerField()
    ranked = serializers.IntegerField()
    rows = StandingSerializer(many=True)


class RankingEndpoint(Figures):
    """The order of the place's units in a quarter; 404 before there is a campaign."""

    serializer_class = RankingSerializer
    policy = {"show": (Action.VIEW_RANKING,)}
    answers = {"show": RankingSerializer}
    parameters = {
        "show": [
            OpenApiParameter("period", str, description="a quarter, 2023Q2; else the running one"),
            OpenApiParameter("source", str, enum=[*map(str, SOURCES)]),
        ]
    }

    def show(self, request: Request) -> Response:
        campaign = ranked_campaign(self.actor)
        if campaign is None:
            raise Http404
        today = local_day(self.now)
        asked = Asked.read(self.http, campaign, today)
        found = ranking(campaign, asked.quarter, asked.source, today)
        return Response(RankingSerializer(found).data)
