"""The places below 下级地区 under /api/v1/: counters only."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.desk.places.queries import places_below
from lawgov.web.rest.endpoints import Figures


class PlaceSerializer(serializers.Serializer):
    """Counters of one place; points are null before any score."""

    code = serializers.CharField(source="region.code")
    name = serializers.CharField(source="region.name")
    campaign = serializers.CharField()
    indicators = serializers.IntegerField()
    complete = serializers.IntegerField()
    points = serializers.DecimalField(8, 1)
    self_points = serializers.DecimalField(8, 1, allow_null=True)
    office_points = serializers.DecimalField(8, 1, allow_null=True)
    issues = serializers.IntegerField()
    closed = serializers.IntegerField()
    open = serializers.IntegerField()
    overdue = serializers.IntegerField()


class PlacesSerializer(serializers.Serializer):
    places = PlaceSerializer(many=True)


class PlaceEndpoint(Figures):
    """Places with a campaign under the caller's, in the order of the tree."""

    serializer_class = PlacesSerializer
    policy = {"show": (Action.VIEW_PLACES,)}
    answers = {"show": PlacesSerializer}

    def show(self, request: Request) -> Response:
        found = places_below(self.actor, local_day(self.now))
        return Response(PlacesSerializer({"places": found}).data)
