"""Indicators of the campaign, the units' work on them, and scores, under /api/v1/."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.rounds import actions, queries, verification
from assessments.rounds.actions import STATEMENT_LENGTH
from assessments.rounds.models import Round, Score, ScoreDraft
from indicators.assignments.api import SeenSerializer
from indicators.assignments.models import Assignment, UnitAssignment
from indicators.assignments.states import IndicatorState, UnitState
from indicators.assignments.transitions import WORK
from indicators.evidence.requirements import require
from lawgov.accounts.policy import Action, Scope, can, scope_of
from lawgov.errors import GuardFailed, NotAllowed
from lawgov.jobs import actions as jobs
from lawgov.jobs.api import JobSerializer
from lawgov.web.rest.bodies import IdField, StrictSerializer, VersionBody, VersionField
from lawgov.web.rest.endpoints import Endpoint
from lawgov.web.rest.rows import (
    OfferSerializer,
    ResultsSerializer,
    RowSerializer,
    offers_as_json,
    results,
)

AT_ONCE = 200  # works moved by one call
BY_HAND = {edge.name: edge for edge in WORK if edge.by_hand}
EDGES = tuple(dict.fromkeys(edge.action for edge in BY_HAND.values()))
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


class WorkSerializer(RowSerializer):
    """One unit's work on one indicator; `proof_count` is null for those who see no proof."""

    number = serializers.IntegerField(source="assignment.indicator.number")
    title = serializers.CharField(source="assignment.indicator.title")
    unit_name = serializers.CharField(source="unit.name")
    proof_count = serializers.IntegerField(default=None, allow_null=True)

    class Meta:
        model = UnitAssignment
        fields = [
            "id", "assignment", "number", "title", "unit", "unit_name", "state", "version",
            "proof_count", "ticked_at", "submitted_at", "return_reason", "exemption_reason",
            "exemption_asked_at",
        ]  # fmt: skip


class WorkDetailSerializer(WorkSerializer):
    """`allowed_actions` are the edges that the caller may take from here."""

    allowed_actions = serializers.SerializerMethodField()

    class Meta(WorkSerializer.Meta):
        fields = [*WorkSerializer.Meta.fields, "allowed_actions"]

    def get_allowed_actions(self, work: UnitAssignment) -> OfferSerializer(many=True):
        return offers_as_json(WORK.available(work, self.context["actor"]))


class WorkMoveBody(StrictSerializer):
    """The version seen, and what the edge needs: a reason, or points and statement."""

    version = VersionField()
    reason = TextField(required=False)
    points = PointsField(required=False)
    statement = TextField(required=False)


class WorkBulkBody(StrictSerializer):
    edge = serializers.ChoiceField(sorted(set(BY_HAND) - {"submit"}))
    items = SeenSerializer(many=True, max_length=AT_ONCE, allow_empty=False)
    reason = TextField(required=False)


class DraftBody(StrictSerializer):
    """`version` is that of the draft seen, 0 for the first."""

    points = PointsField(allow_null=True)
    statement = TextField(allow_blank=True)
    version = VersionField()


class DraftSerializer(RowSerializer):
    class Meta:
        model = ScoreDraft
        fields = ["points", "statement", "saved_at", "version"]


class WorkEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """The units' work: ticks 打勾, handing in, review and exemption."""

    model = UnitAssignment
    serializer_class = WorkDetailSerializer
    line_class = WorkSerializer
    filterset_fields = {
        "state": ["exact", "in"],
        "unit": ["exact"],
        "assignment": ["exact"],
        "assignment__indicator__number": ["exact"],
    }
    policy = {
        "list": READERS,
        "retrieve": READERS,
        "move": EDGES,
        "undo": EDGES,
        "bulk": EDGES,
        "draft": (Action.SUBMIT,),
        "save_draft": (Action.SUBMIT,),
    }
    bodies = {
        "move": WorkMoveBody,
        "undo": VersionBody,
        "bulk": WorkBulkBody,
        "save_draft": DraftBody,
    }
    answers = {
        "bulk": ResultsSerializer,
        "draft": DraftSerializer,
        "save_draft": DraftSerializer,
    }

    def rows(self):
        related = ("assignment__indicator", "assignment__campaign", "assignment__lead_unit", "unit")
        rows = UnitAssignment.objects.select_related(*related).order_by("pk")
        return rows.with_proof() if can(self.actor, Action.VIEW_EVIDENCE) else rows

    @action(detail=True, methods=["post"], url_path=f"(?P<edge>{'|'.join(BY_HAND)})")
    def move(self, request: Request, pk: str, edge: str) -> Response:
        """Take one edge; `allowed_actions` of the work says which are open."""
        work = self.get_object()
        if not can(self.actor, WORK[edge].action, work):
            raise NotAllowed
        given = self.checked()
        version = given.pop("version")
        unused = set(given) - set(WORK[edge].needs)
        if unused:
            raise GuardFailed(fields={name: str(WORK[edge].label) for name in sorted(unused)})
        actions.move(work, edge, version=version, **given, **self.act)
        return self.shown(work)

    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Take back one's own last tick or return, within seconds."""
        work = self.get_object()
        actions.undo(work, version=self.checked()["version"], **self.act)
        return self.shown(work)

    @action(detail=True, methods=["get"])
    def draft(self, request: Request, pk: str) -> Response:
        """What the unit has typed for its self-score so far; nothing (204) before that."""
        mine = ScoreDraft.objects.visible_to(self.actor).filter(unit_assignment=self.get_object())
        found = mine.first()
        return Response(DraftSerializer(found).data) if found else self.done()

    @draft.mapping.put
    def save_draft(self, request: Request, pk: str) -> Response:
        draft = actions.save_draft(self.get_object(), **self.checked(), **self.act)
        return Response(DraftSerializer(draft).data)

    @action(detail=False, methods=["post"])
    def bulk(self, request: Request) -> Response:
        """Take one edge for many works: a result for each, the others still move."""
        given = self.checked()
        seen = {item["id"]: item["version"] for item in given["items"]}
        works = list(self.get_queryset().filter(pk__in=seen))
        reason = {"reason": given["reason"]} if "reason" in given else {}
        found = actions.move_many(works, given["edge"], versions=seen, **reason, **self.act)
        return Response(results(seen, {result.obj.pk: result.error for result in found}))


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
