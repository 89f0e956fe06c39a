"""The review queue 审核 under /api/v1/; decisions are edges of works and indicators."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from lawgov.accounts.policy import can
from lawgov.desk.review import queue
from lawgov.desk.review.queue import Filters
from lawgov.desk.review.views import REVIEWERS
from lawgov.web.rest.endpoints import Figures
from lawgov.web.rest.paging import Pages

FILTERS = [
    *(OpenApiParameter(name, int) for name in ("number", "unit", "area")),
    OpenApiParameter("q", str),
]


class ReviewStepSerializer(serializers.Serializer):
    """One step; `whole`: its rows are indicators, else works. `edge` passes, `back` refuses."""

    key = serializers.CharField()
    label = serializers.CharField()
    waiting = serializers.IntegerField()
    whole = serializers.BooleanField()
    edge = serializers.CharField(allow_blank=True)
    back = serializers.CharField(allow_blank=True)


class ReviewStepsSerializer(serializers.Serializer):
    steps = ReviewStepSerializer(many=True)


class WaitingSerializer(serializers.Serializer):
    """One row of a step; `version` is what a decision on it must find unchanged."""

    id = serializers.IntegerField(source="pk")
    number = serializers.SerializerMethodField()
    title = serializers.SerializerMethodField()
    unit = serializers.CharField(source="unit.name", default=None, allow_null=True)
    version = serializers.IntegerField(source="seen")
    self_points = serializers.DecimalField(6, 1, allow_null=True)
    lead_points = serializers.DecimalField(6, 1, allow_null=True, default=None)

    def get_number(self, row: Any) -> int:
        return _indicator(row).number

    def get_title(self, row: Any) -> str:
        return _indicator(row).title


def _indicator(row: Any) -> Any:
    return (row.assignment if hasattr(row, "assignment_id") else row).indicator


class ReviewEndpoint(Figures):
    """What waits for the caller's decision, by step."""

    serializer_class = WaitingSerializer
    pagination_class = Pages
    lookup_field = "key"
    lookup_value_regex = "|".join(step.key for step in queue.STEPS)
    policy = {"show": REVIEWERS, "waiting": REVIEWERS}
    parameters = {"waiting": FILTERS}
    answers = {"show": ReviewStepsSerializer, "waiting": WaitingSerializer(many=True)}

    def show(self, request: Request) -> Response:
        """The caller's steps, and how many rows wait at each."""
        steps = queue.steps_of(self.actor)
        counts = queue.counts(self.actor, steps)
        rows = [
            {**{name: getattr(step, name) for name in ("key", "label", "whole", "edge", "back")},
             "waiting": counts[step.key]}
            for step in steps
        ]  # fmt: skip
        return Response(ReviewStepsSerializer({"steps": rows}).data)

    @action(detail=True, methods=["get"])
    def waiting(self, request: Request, key: str) -> Response:
        """Rows of one step, in the order of the indicators."""
        step = next(step for step in queue.STEPS if step.key == key)
        if not can(self.actor, step.action):
            raise Http404
        rows = queue.with_figures(step, queue.waiting(step, self.actor, Filters.read(self.http)))
        page = self.paginate_queryset(rows.order_by(*queue.order(step)))
        return self.get_paginated_response(WaitingSerializer(page, many=True).data)
