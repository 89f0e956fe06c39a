"""The units' work on indicators of the campaign, under /api/v1/: ticks, review, exemption."""

from __future__ import annotations

from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.rounds import actions
from assessments.rounds.api import AT_ONCE, READERS, PointsField, TextField
from assessments.rounds.models import ScoreDraft
from indicators.assignments.api import SeenSerializer
from indicators.assignments.models import UnitAssignment
from indicators.assignments.transitions import WORK
from lawgov.accounts.policy import Action, can
from lawgov.errors import GuardFailed, NotAllowed
from lawgov.web.rest.bodies import StrictSerializer, VersionBody, VersionField
from lawgov.web.rest.endpoints import Endpoint
from lawgov.web.rest.rows import (
    OfferSerializer,
    ResultsSerializer,
    RowSerializer,
    offers_as_json,
    results,
)

BY_HAND = {edge.name: edge for edge in WORK if edge.by_hand}
EDGES = tuple(dict.fromkeys(edge.action for edge in BY_HAND.values()))


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
