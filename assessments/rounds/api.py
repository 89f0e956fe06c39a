"""Indicators of the campaign, the units' work on them, and scores, under /api/v1/."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.rounds import actions, queries, verification
from assessments.rounds.models import Score
from indicators.assignments.models import Assignment, UnitAssignment
from indicators.assignments.transitions import WORK
from lawgov.accounts.policy import Action
from lawgov.errors import GuardFailed
from lawgov.web.rest import Endpoint, StrictSerializer

BULK_LIMIT = 200  # works moved by one call
NEEDS = {name: edge.needs for name, edge in WORK.transitions.items()}


class AssignmentSerializer(serializers.ModelSerializer):
    """One indicator of the campaign; `state` is derived, `seen_version` goes with its scores."""

    number = serializers.IntegerField(source="indicator.number")
    code = serializers.CharField(source="indicator.code")
    title = serializers.CharField(source="indicator.title")
    area = serializers.CharField(source="indicator.group.area.title")
    group = serializers.CharField(source="indicator.group.title")
    lead_unit_name = serializers.CharField(source="lead_unit.name", default=None)

    class Meta:
        model = Assignment
        fields = [
            "id", "number", "code", "title", "area", "group", "points", "lead_unit",
            "lead_unit_name", "due_text", "due_on", "required", "remark", "version",
        ]  # fmt: skip
        read_only_fields = fields


class AssignmentDetailSerializer(AssignmentSerializer):
    requirement = serializers.CharField(source="indicator.requirement")
    slots = serializers.ListField(source="indicator.slots", child=serializers.CharField())
    state = serializers.SerializerMethodField()
    seen_version = serializers.SerializerMethodField()

    class Meta(AssignmentSerializer.Meta):
        fields = [*AssignmentSerializer.Meta.fields, "requirement", "slots", "state",
                  "seen_version"]  # fmt: skip
        read_only_fields = fields

    def get_state(self, assignment: Assignment) -> str:
        rows = Assignment.objects.filter(pk=assignment.pk)
        return str(queries.indicator_states(assignment.campaign, rows)[assignment.pk])

    def get_seen_version(self, assignment: Assignment) -> int:
        return queries.seen_version(assignment, assignment.unit_assignments.all())


class WorkSerializer(serializers.ModelSerializer):
    """One unit's work on one indicator."""

    number = serializers.IntegerField(source="assignment.indicator.number")
    title = serializers.CharField(source="assignment.indicator.title")
    unit_name = serializers.CharField(source="unit.name")
    proof_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = UnitAssignment
        fields = [
            "id", "assignment", "number", "title", "unit", "unit_name", "state", "version",
            "proof_count", "ticked_at", "submitted_at", "return_reason", "exemption_reason",
            "exemption_asked_at",
        ]  # fmt: skip
        read_only_fields = fields


class WorkDetailSerializer(WorkSerializer):
    allowed_actions = serializers.SerializerMethodField()

    class Meta(WorkSerializer.Meta):
        fields = [*WorkSerializer.Meta.fields, "allowed_actions"]
        read_only_fields = fields

    def get_allowed_actions(self, work: UnitAssignment) -> list[dict[str, Any]]:
        return [
            {"name": offer.name, "label": str(offer.label), "reasons": list(map(str, offer.reasons))}
            for offer in WORK.available(work, self.context["actor"])
        ]


class WorkMoveSerializer(StrictSerializer):
    """The version that was seen, and what the edge needs: a reason, or points and statement."""

    version = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(required=False, max_length=2000)
    points = serializers.DecimalField(5, 1, required=False)
    statement = serializers.CharField(required=False, max_length=2000)


class WorkBulkSerializer(StrictSerializer):
    edge = serializers.ChoiceField(sorted(set(WORK.transitions) - {"submit"}))
    items = serializers.ListField(
        child=serializers.DictField(child=serializers.IntegerField()),
        min_length=1,
        max_length=BULK_LIMIT,
    )
    reason = serializers.CharField(required=False, max_length=2000)


class DraftSerializer(StrictSerializer):
    points = serializers.DecimalField(5, 1, allow_null=True)
    statement = serializers.CharField(allow_blank=True, max_length=2000)
    version = serializers.IntegerField(min_value=0)


class LeadScoreSerializer(StrictSerializer):
    """`seen_version` is the assignment's; both scores in steps of 0.5."""

    seen_version = serializers.IntegerField(min_value=1)
    self_points = serializers.DecimalField(5, 1)
    points = serializers.DecimalField(5, 1)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class VerifySerializer(StrictSerializer):
    seen_version = serializers.IntegerField(min_value=1)
    points = serializers.DecimalField(5, 1)
    reason = serializers.CharField(required=False, allow_blank=True, max_length=2000)


class ScoreSerializer(serializers.ModelSerializer):
    class Meta:
        model = Score
        fields = ["id", "round", "assignment", "unit", "source", "points", "reason", "given_at",
                  "superseded_at"]  # fmt: skip
        read_only_fields = fields


class AssignmentEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """Indicators 指标 of the campaign, as far as the caller may see them."""

    model = Assignment
    queryset = Assignment.objects.none()
    filterset_fields = {"lead_unit": ["exact"], "indicator__number": ["exact"]}
    policy = {
        "list": (Action.VIEW_CHECKLIST,),
        "retrieve": (Action.VIEW_CHECKLIST,),
        "lead_score": (Action.REVIEW,),
        "verify": (Action.VERIFY_INDICATOR,),
    }

    def rows(self):
        return Assignment.objects.with_tree().select_related("campaign")

    def get_serializer_class(self):
        return AssignmentSerializer if self.action == "list" else AssignmentDetailSerializer

    @extend_schema(request=LeadScoreSerializer, responses=AssignmentDetailSerializer)
    @action(detail=True, methods=["post"], url_path="lead-score")
    def lead_score(self, request: Request, pk: str | None = None) -> Response:
        """The indicator's self-score and the lead unit's score."""
        data = self._checked(LeadScoreSerializer)
        version = data.pop("seen_version")
        verification.give_lead_score(
            self.get_object(), actor=self.actor, now=timezone.now(), version=version, **data
        )
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=VerifySerializer, responses=AssignmentDetailSerializer)
    @action(detail=True, methods=["post"])
    def verify(self, request: Request, pk: str | None = None) -> Response:
        """核验: the office's score; it completes the indicator."""
        data = self._checked(VerifySerializer)
        version = data.pop("seen_version")
        verification.verify(
            self.get_object(), actor=self.actor, now=timezone.now(), version=version, **data
        )
        return Response(self.get_serializer(self.get_object()).data)

    def _checked(self, serializer: type[StrictSerializer]) -> dict[str, Any]:
        given = serializer(data=self.request.data)
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)


class WorkEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """The units' work 打勾与审核; `?state=`, `?unit=`, `?assignment=` narrow the list."""

    model = UnitAssignment
    queryset = UnitAssignment.objects.none()
    filterset_fields = {"state": ["exact", "in"], "unit": ["exact"], "assignment": ["exact"]}
    policy = {
        "list": (Action.VIEW_CHECKLIST,),
        "retrieve": (Action.VIEW_CHECKLIST,),
        "move": (Action.VIEW_CHECKLIST,),
        "undo": (Action.VIEW_CHECKLIST,),
        "bulk": (Action.VIEW_CHECKLIST,),
        "draft": (Action.SUBMIT,),
    }

    def rows(self):
        related = ("assignment__indicator", "assignment__campaign", "assignment__lead_unit", "unit")
        return UnitAssignment.objects.select_related(*related).with_proof().order_by("pk")

    def get_serializer_class(self):
        return WorkSerializer if self.action == "list" else WorkDetailSerializer

    def get_serializer_context(self) -> dict[str, Any]:
        return super().get_serializer_context() | {"actor": getattr(self, "actor", None)}

    @extend_schema(request=WorkMoveSerializer, responses=WorkDetailSerializer)
    @action(detail=True, methods=["post"], url_path=f"(?P<edge>{'|'.join(WORK.transitions)})")
    def move(self, request: Request, edge: str, pk: str | None = None) -> Response:
        """Take one edge; `allowed_actions` of the work says which are open."""
        work, data = self.get_object(), self._checked(WorkMoveSerializer)
        if not WORK[edge].by_hand:
            raise GuardFailed(str(WORK[edge].label))
        version = data.pop("version")
        known = {name: value for name, value in data.items() if name in NEEDS[edge]}
        actions.move(
            work, edge, actor=self.actor, now=timezone.now(), version=version, **known
        )
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=WorkMoveSerializer, responses=WorkDetailSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str | None = None) -> Response:
        """Take back one's own last tick or return within seconds."""
        version = self._checked(WorkMoveSerializer)["version"]
        actions.undo(self.get_object(), actor=self.actor, now=timezone.now(), version=version)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=DraftSerializer, responses={200: dict})
    @action(detail=True, methods=["put"])
    def draft(self, request: Request, pk: str | None = None) -> Response:
        """Keep the self-score as far as it is written; `version` 0 for the first."""
        draft = actions.save_draft(
            self.get_object(), actor=self.actor, now=timezone.now(), **self._checked(DraftSerializer)
        )
        return Response({"version": draft.version, "saved_at": draft.saved_at})

    @extend_schema(request=WorkBulkSerializer, responses={200: dict})
    @action(detail=False, methods=["post"])
    def bulk(self, request: Request) -> Response:
        """Take one edge for many works: a result for each, in the order given."""
        data = self._checked(WorkBulkSerializer)
        wanted = {item.get("id"): item.get("version") for item in data["items"]}
        works = list(self.get_queryset().filter(pk__in=wanted))
        given = {"reason": data["reason"]} if "reason" in data else {}
        results = actions.move_many(
            works, data["edge"], actor=self.actor, now=timezone.now(), versions=wanted, **given
        )
        errors = {result.obj.pk: result.error for result in results}
        return Response({"results": [_result(pk, errors) for pk in wanted]})

    def _checked(self, serializer: type[StrictSerializer]) -> dict[str, Any]:
        given = serializer(data=self.request.data)
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)


def _result(pk: int, errors: dict[int, Exception | None]) -> dict[str, Any]:
    if pk not in errors:
        return {"id": pk, "done": False, "detail": "not found"}
    return {"id": pk, "done": errors[pk] is None, "detail": str(errors[pk] or "")}


class ScoreEndpoint(mixins.ListModelMixin, Endpoint):
    """Scores 得分 of all sources, superseded ones included."""

    model = Score
    queryset = Score.objects.none()
    serializer_class = ScoreSerializer
    filterset_fields = {"assignment": ["exact"], "unit": ["exact", "isnull"], "source": ["exact"]}
    policy = {"list": (Action.VIEW_SCORES,)}
