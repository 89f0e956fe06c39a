"""How far the place is set up, under /api/v1/."""

from __future__ import annotations

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.operations.setup.progress import steps
from lawgov.web.rest.endpoints import Figures


class SetUpStepSerializer(serializers.Serializer):
    """One step of setting the place up: what is there, and what is missing."""

    key = serializers.CharField()
    label = serializers.CharField()
    facts = serializers.CharField(allow_blank=True)
    missing = serializers.CharField(allow_blank=True)
    done = serializers.BooleanField()


class SetUpSerializer(serializers.Serializer):
    steps = SetUpStepSerializer(many=True)


class SettingsEndpoint(Figures):
    """How far the place is set up."""

    serializer_class = SetUpSerializer
    policy = {"show": (Action.VIEW_SETTINGS,)}
    answers = {"show": SetUpSerializer}

    def show(self, request: Request) -> Response:
        found = steps(self.actor.region, local_day(self.now))
        return Response(SetUpSerializer({"steps": found}).data)
