"""Issues and answers under /api/v1/: the same rows, edges, forms and errors as the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.rectification.forms import EdgeForm
from assessments.rectification.models import Extension, Issue, Letter, UnitResponse
from assessments.rectification.states import issue_state
from assessments.rectification.transitions import LEDGER
from indicators.models import Evidence
from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.errors import GuardFailed
from lawgov.web.rest import Endpoint, StrictSerializer

BULK_LIMIT = 200  # answers moved by one call


class AnswerSerializer(serializers.ModelSerializer):
    """One unit's answer; `light` is r, y, g or x for today, `allowed_actions` the edges open."""

    number = serializers.CharField(source="issue.number")
    text = serializers.CharField(source="issue.text")
    category = serializers.CharField(source="issue.category")
    kind = serializers.CharField(source="issue.kind")
    unit_name = serializers.CharField(source="unit.name")
    light = serializers.SerializerMethodField()

    class Meta:
        model = UnitResponse
        fields = [
            "id", "issue", "number", "kind", "text", "category", "unit", "unit_name", "state",
            "version", "light", "deadline_text", "deadline_kind", "deadline_date",
            "deadline_version", "person", "target_on", "progress", "result", "conclusion",
            "return_reason", "accepted_at", "submitted_at", "checked_at", "closed_on",
            "closed_late", "looked_back_on", "look_back_result", "taken_over",
        ]  # fmt: skip
        read_only_fields = fields

    def get_light(self, response: UnitResponse) -> str:
        near = response.issue.inspection.campaign.light_days
        return str(response.light(local_day(timezone.now()), near))


class AnswerDetailSerializer(AnswerSerializer):
    allowed_actions = serializers.SerializerMethodField()

    class Meta(AnswerSerializer.Meta):
        fields = [*AnswerSerializer.Meta.fields, "allowed_actions"]
        read_only_fields = fields

    def get_allowed_actions(self, response: UnitResponse) -> list[dict[str, Any]]:
        offers = LEDGER.available(response, self.context["actor"])
        return [
            {"name": offer.name, "label": str(offer.label), "reasons": list(map(str, offer.reasons))}
            for offer in offers
        ]


class IssueSerializer(serializers.ModelSerializer):
    """One issue; `state` is derived from the answers that the caller may see."""

    state = serializers.SerializerMethodField()
    responses = serializers.SerializerMethodField()

    class Meta:
        model = Issue
        fields = [
            "id", "inspection", "kind", "number", "category", "text", "requirement", "goal",
            "addressed_text", "assignment", "found_on", "deadline_text", "deadline_kind",
            "deadline_date", "remark", "version", "state", "responses",
        ]  # fmt: skip
        read_only_fields = fields

    def get_state(self, issue: Issue) -> str:
        return str(issue_state([response.state for response in issue.seen]))

    def get_responses(self, issue: Issue) -> list[int]:
        return [response.pk for response in issue.seen]


class MoveSerializer(StrictSerializer):
    """What an edge takes: the version that was seen, and the edge's own fields beside it."""

    version = serializers.IntegerField(min_value=1)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            raise serializers.ValidationError
        return dict(data) | {"version": self.fields["version"].run_validation(data.get("version"))}


class BulkSerializer(StrictSerializer):
    edge = serializers.ChoiceField(sorted(LEDGER.transitions))
    items = serializers.ListField(
        child=serializers.DictField(child=serializers.IntegerField()),
        min_length=1,
        max_length=BULK_LIMIT,
        help_text='[{"id": 12, "version": 3}, …]',
    )
    data = serializers.DictField(required=False)


class AnswerEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """Answers 各单位答复; `?state=`, `?unit=`, `?kind=`, `?issue=` narrow the list."""

    model = UnitResponse
    queryset = UnitResponse.objects.none()
    filterset_fields = {
        "state": ["exact", "in"],
        "unit": ["exact"],
        "issue": ["exact"],
        "issue__kind": ["exact"],
        "issue__inspection": ["exact"],
        "deadline_date": ["lte", "gte", "isnull"],
    }
    policy = {
        "list": (Action.VIEW_LEDGER,),
        "retrieve": (Action.VIEW_LEDGER,),
        "move": (Action.VIEW_LEDGER,),
        "bulk": (Action.VIEW_LEDGER,),
        "undo": (Action.VIEW_LEDGER,),
    }

    def rows(self):
        return UnitResponse.objects.for_moves().order_by("pk")

    def get_serializer_class(self):
        return AnswerSerializer if self.action == "list" else AnswerDetailSerializer

    def get_serializer_context(self) -> dict[str, Any]:
        return super().get_serializer_context() | {"actor": getattr(self, "actor", None)}

    @extend_schema(request=MoveSerializer, responses=AnswerDetailSerializer)
    @action(detail=True, methods=["post"], url_path=f"(?P<edge>{'|'.join(LEDGER.transitions)})")
    def move(self, request: Request, edge: str, pk: str | None = None) -> Response:
        """Take one edge; `allowed_actions` of the answer says which are open."""
        response = self.get_object()
        move = MoveSerializer(data=request.data)
        move.is_valid(raise_exception=True)
        data = given(edge, response, move.validated_data, self.actor)
        version = data.pop("version")
        LEDGER.perform(
            response, edge, actor=self.actor, now=timezone.now(), version=version, **data
        )
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=MoveSerializer, responses=AnswerDetailSerializer)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str | None = None) -> Response:
        """Take back one's own last step within seconds."""
        move = MoveSerializer(data=request.data)
        move.is_valid(raise_exception=True)
        version = move.validated_data["version"]
        LEDGER.undo(self.get_object(), actor=self.actor, now=timezone.now(), version=version)
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=BulkSerializer, responses={200: dict})
    @action(detail=False, methods=["post"])
    def bulk(self, request: Request) -> Response:
        """Take one edge for many answers: a result for each, in the order given."""
        bulk = BulkSerializer(data=request.data)
        bulk.is_valid(raise_exception=True)
        wanted = {item.get("id"): item.get("version") for item in bulk.validated_data["items"]}
        found = {row.pk: row for row in self.get_queryset().filter(pk__in=wanted)}
        edge, rows = bulk.validated_data["edge"], list(found.values())
        data = bulk.validated_data.get("data", {})
        shared = given(edge, None, data, self.actor) if rows else {}
        results = LEDGER.perform_many(
            rows, edge, actor=self.actor, now=timezone.now(), versions=wanted, **shared
        )
        errors = {result.obj.pk: result.error for result in results}
        return Response(
            {
                "results": [
                    {
                        "id": pk,
                        "done": pk in found and errors[pk] is None,
                        "detail": "" if pk in found and not errors[pk] else _reason(errors.get(pk)),
                    }
                    for pk in wanted
                ]
            }
        )


def _reason(error: Exception | None) -> str:
    return str(error) if error and str(error) else "not found"


def given(edge: str, response: UnitResponse | None, data: Mapping[str, Any], actor) -> dict:
    """What the edge's own form makes of the caller's data; GuardFailed names faulty fields."""
    values = dict(data)
    if isinstance(values.get("measures"), list):
        values["measures"] = "\n".join(str(text) for text in values["measures"])
    evidence = values.pop("evidence", None)
    form = EdgeForm(LEDGER[edge], values, response=response)
    if not form.is_valid():
        raise GuardFailed(
            fields={name: str(errors[0]) for name, errors in form.errors.items()}
        )
    cleaned = dict(form.cleaned_data)
    if evidence is not None:
        mine = Evidence.objects.visible_to(actor).in_force().filter(pk__in=evidence)
        cleaned["evidence"] = list(mine)
    return cleaned


class IssueEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """Issues 问题 of all kinds."""

    model = Issue
    queryset = Issue.objects.none()
    serializer_class = IssueSerializer
    filterset_fields = {"kind": ["exact"], "inspection": ["exact"], "number": ["exact"]}
    policy = {"list": (Action.VIEW_LEDGER,), "retrieve": (Action.VIEW_LEDGER,)}

    def rows(self):
        from django.db.models import Prefetch

        seen = UnitResponse.objects.visible_to(self.actor).order_by("pk")
        return Issue.objects.order_by("pk").prefetch_related(
            Prefetch("responses", queryset=seen, to_attr="seen")
        )


class ExtensionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Extension
        fields = ["id", "response", "old_date", "new_date", "reason", "state", "asked_at",
                  "decided_at", "decision_note"]  # fmt: skip
        read_only_fields = fields


class LetterSerializer(serializers.ModelSerializer):
    document_number = serializers.CharField(source="__str__")

    class Meta:
        model = Letter
        fields = ["id", "inspection", "unit", "document_number", "issued_on"]
        read_only_fields = fields


