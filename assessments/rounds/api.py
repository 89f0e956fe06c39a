"""Indicators of the campaign, its rounds and scores, under /api/v1/."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.rounds import queries, verification
from assessments.rounds.actions import STATEMENT_LENGTH
from assessments.rounds.models import Round, Score
from indicators.assignments.api import SeenSerializer
from indicators.assignments.models import Assignment, UnitAssignment
from indicators.assignments.states import IndicatorState, UnitState
from indicators.evidence.requirements import require
from lawgov.accounts.policy import Action, Scope, can, scope_of
from lawgov.jobs import actions as jobs
from lawgov.jobs.api import JobSerializer
from lawgov.web.rest.bodies import IdField, StrictSerializer, VersionField
from lawgov.web.rest.endpoints import Endpoint
from lawgov.web.rest.rows import (
    ResultsSerializer,
    RowSerializer,
    results,
)

AT_ONCE = 200  # works moved by one call
READERS = (Action.VIEW_CHECKLIST,)


class AssignmentSerializer(RowSerializer):
    """One indicator of the campaign."""

    number = serializers.IntegerField(source="indicator.number")
    code = serializers.CharField(source="indicator.code")
    title = serializers.CharField(source="indicator.title")
    area = serializers.CharField(source="indicator.group.area.title")
    group = serializers.CharField(source="indicator.group.title")
    lead_unit_name = serializers.CharField(source="lead_unit.name", default=None, allow_null=True)

    class Meta:
        model = Assignment
        fields = [
            "id", "number", "code", "title", "area", "group", "points", "lead_unit",
            "lead_unit_name", "due_text", "due_on", "required", "remark", "version",
        ]  # fmt: skip


class AssignmentDetailSerializer(AssignmentSerializer):
    """With its state, which for a reader of one unit is that unit's own. `seen_version` goes
    with the scores of whole indicators; null for those who give none."""

    requirement = serializers.CharField(source="indicator.requirement")
    slots = serializers.ListField(source="indicator.slots", child=serializers.CharField())
    state = serializers.SerializerMethodField()
    seen_version = serializers.SerializerMethodField()

    class Meta(AssignmentSerializer.Meta):
        fields = [*AssignmentSerializer.Meta.fields, "requirement", "slots", "state",
                  "seen_version"]  # fmt: skip

    def get_state(self, assignment: Assignment) -> str:
        actor = self.context["actor"]
        if scope_of(actor, Action.VIEW_CHECKLIST) is Scope.OWN_UNIT:
            works = UnitAssignment.objects.visible_to(actor).filter(assignment=assignment)
            return works.values_list("state", flat=True).first() or UnitState.NOT_STARTED
        rows = Assignment.objects.filter(pk=assignment.pk)
        states = queries.indicator_states(assignment.campaign, rows)
        return states.get(assignment.pk, IndicatorState.NOT_STARTED)

    def get_seen_version(self, assignment: Assignment) -> int | None:
        actor = self.context["actor"]
        if not (can(actor, Action.REVIEW) or can(actor, Action.VERIFY_INDICATOR)):
            return None
        return queries.seen_version(assignment, assignment.unit_assignments.all())


class PointsField(serializers.DecimalField):
    """Points in steps of 0.5; whether they are in range the action says."""

    def __init__(self, **kwargs: Any) -> None:
        digits = {"max_digits": 5, "decimal_places": 1, "min_value": Decimal(0)}
        super().__init__(**(digits | kwargs))


class TextField(serializers.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"max_length": STATEMENT_LENGTH} | kwargs))


class LeadScoreBody(StrictSerializer):
    """The lead unit's two figures: the indicator's self-score, and its own score."""

    seen_version = VersionField()
    self_points = PointsField()
    points = PointsField()
    reason = TextField(required=False, allow_blank=True)


class VerifyBody(StrictSerializer):
    """The office's verification; the reason is asked where it differs from the lead's."""

    seen_version = VersionField()
    points = PointsField()
    reason = TextField(required=False, allow_blank=True)


class VerifyManyBody(StrictSerializer):
    """`version` of each is its `seen_version`; each takes over its lead unit's score."""

    items = SeenSerializer(many=True, max_length=AT_ONCE, allow_empty=False)


class RequiredBody(StrictSerializer):
    """Exactly these slots must hold proof before a tick."""

    version = VersionField()
    slots = serializers.ListField(child=serializers.CharField(max_length=200), max_length=100)


class ExportBody(StrictSerializer):
    """Left out: all indicators that the caller sees."""

    assignments = serializers.ListField(child=IdField(), required=False, max_length=1000)


class AssignmentEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """Indicators 指标 of the campaign, as far as the caller may see them."""

    model = Assignment
    serializer_class = AssignmentDetailSerializer
    line_class = AssignmentSerializer
    filterset_fields = {
        "lead_unit": ["exact"],
        "indicator__number": ["exact"],
        "indicator__group__area__number": ["exact"],
    }
    policy = {
        "list": READERS,
        "retrieve": READERS,
        "lead_score": (Action.REVIEW,),
        "verify": (Action.VERIFY_INDICATOR,),
        "verify_many": (Action.VERIFY_INDICATOR,),
        "required": (Action.MANAGE_CAMPAIGN,),
        "export": (Action.EXPORT,),
    }
    bodies = {
        "lead_score": LeadScoreBody,
        "verify": VerifyBody,
        "verify_many": VerifyManyBody,
        "required": RequiredBody,
        "export": ExportBody,
    }
    answers = {"verify_many": ResultsSerializer, "export": {202: JobSerializer}}

    def rows(self):
        return Assignment.objects.with_tree().select_related("campaign")

    @action(detail=True, methods=["post"], url_path="lead-score")
    def lead_score(self, request: Request, pk: str) -> Response:
        """牵头评分: the indicator's self-score and the lead unit's score."""
        assignment, given = self.get_object(), self.checked()
        version = given.pop("seen_version")
        verification.give_lead_score(assignment, version=version, **given, **self.act)
        return self.shown(assignment)

    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: str) -> Response:
        """核验: the office's score; it completes the indicator."""
        assignment, given = self.get_object(), self.checked()
        version = given.pop("seen_version")
        verification.verify(assignment, version=version, **given, **self.act)
        return self.shown(assignment)

    @action(detail=False, methods=["post"], url_path="verify")
    def verify_many(self, request: Request) -> Response:
        """Verify several with their lead units' scores: a result for each."""
        seen = {item["id"]: item["version"] for item in self.checked()["items"]}
        rows = list(self.get_queryset().filter(pk__in=seen))
        found = verification.verify_many(rows, versions=seen, **self.act)
        return Response(results(seen, {result.obj.pk: result.error for result in found}))

    @action(detail=True, methods=["put"])
    def required(self, request: Request, pk: str) -> Response:
        """Mark the parts of the hint that must hold proof before a tick."""
        assignment, given = self.get_object(), self.checked()
        require(assignment, given["slots"], version=given["version"], **self.act)
        return self.shown(assignment)

    @action(detail=False, methods=["post"])
    def export(self, request: Request) -> Response:
        """Write the self-assessment workbook 自评表, in the background."""
        chosen = self.checked().get("assignments")
        if chosen is not None:
            self.several(self.get_queryset(), "assignments", chosen)
        job = jobs.start(self.actor, "export_assessment", {"assignments": chosen}, now=self.now)
        return Response(JobSerializer(job).data, status=202)


class RoundSerializer(RowSerializer):
    class Meta:
        model = Round
        fields = ["id", "number", "name", "kind", "opened_on", "closed_on"]


class RoundEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """Rounds 评估轮次 of the place's campaign."""

    model = Round
    serializer_class = RoundSerializer
    policy = {"list": (Action.VIEW_SCORES,), "retrieve": (Action.VIEW_SCORES,)}


class ScoreSerializer(RowSerializer):
    class Meta:
        model = Score
        fields = ["id", "round", "assignment", "unit", "source", "points", "reason", "given_at",
                  "superseded_at"]  # fmt: skip


class ScoreEndpoint(mixins.ListModelMixin, Endpoint):
    """Scores 得分 of all sources, superseded ones included."""

    model = Score
    serializer_class = ScoreSerializer
    filterset_fields = {
        "assignment": ["exact"],
        "unit": ["exact", "isnull"],
        "source": ["exact"],
        "round": ["exact"],
        "superseded_at": ["isnull"],
    }
    policy = {"list": (Action.VIEW_SCORES,)}
