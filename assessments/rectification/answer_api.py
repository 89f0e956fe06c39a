"""The units' answers 各单位的整改 under /api/v1/: what they say, their edges, their proof."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.rectification import proofs
from assessments.rectification.forms import EdgeForm
from assessments.rectification.issuing import move as take
from assessments.rectification.models import (
    LONG,
    Extension,
    Issue,
    Measure,
    ProgressNote,
    ResponseProof,
    UnitResponse,
)
from assessments.rectification.proof_views import ReferenceForm
from assessments.rectification.queries import is_provisional, timeline
from assessments.rectification.transitions import LEDGER
from indicators.assignments.api import SeenSerializer
from indicators.evidence.receiving import FILES_AT_ONCE, receive
from indicators.models import Evidence
from lawgov.accounts.policy import Action, can
from lawgov.calendars import local_day
from lawgov.errors import GuardFailed, NotAllowed
from lawgov.web.rest.bodies import (
    FormBody,
    IdField,
    StrictSerializer,
    VersionBody,
    VersionField,
    refuse,
)
from lawgov.web.rest.endpoints import Endpoint
from lawgov.web.rest.rows import (
    LineSerializer,
    OfferSerializer,
    ResultsSerializer,
    RowSerializer,
    offers_as_json,
    results,
)

AT_ONCE = 200  # answers moved by one call
# Proof is attached by an endpoint of its own, which also makes it of files.
BY_HAND = {edge.name: edge for edge in LEDGER if edge.by_hand and edge.name != "add_proof"}
EDGES = tuple(dict.fromkeys(edge.action for edge in LEDGER))
READERS = (Action.VIEW_LEDGER,)


class AnswerSerializer(RowSerializer):
    """One unit's answer; `light` is r, y, g or x for today. `deadline_provisional`: counted in
    working days of a year whose holidays are not published, it may still move."""

    number = serializers.CharField(source="issue.number")
    text = serializers.CharField(source="issue.text")
    category = serializers.CharField(source="issue.category")
    kind = serializers.ChoiceField(Issue.Kind.choices, source="issue.kind")
    unit_name = serializers.CharField(source="unit.name")
    proof_count = serializers.IntegerField()
    light = serializers.SerializerMethodField()
    deadline_provisional = serializers.SerializerMethodField()

    class Meta:
        model = UnitResponse
        fields = [
            "id", "issue", "number", "kind", "text", "category", "unit", "unit_name", "state",
            "version", "light", "deadline_text", "deadline_kind", "deadline_date",
            "deadline_provisional", "deadline_version", "letter", "person", "target_on",
            "progress", "result", "conclusion", "return_reason", "accepted_at", "submitted_at",
            "checked_at",
            "closed_on", "closed_late", "looked_back_on", "look_back_result", "taken_over",
            "proof_count",
        ]  # fmt: skip

    def get_light(self, response: UnitResponse) -> str:
        near = response.issue.inspection.campaign.light_days
        return response.light(self.context["today"], near).value

    def get_deadline_provisional(self, response: UnitResponse) -> bool:
        return is_provisional(response)


class MeasureSerializer(RowSerializer):
    class Meta:
        model = Measure
        fields = ["id", "order", "text", "person", "target_on", "done_at"]


class NoteSerializer(RowSerializer):
    class Meta:
        model = ProgressNote
        fields = ["id", "text", "at"]


class ResponseProofSerializer(RowSerializer):
    title = serializers.CharField(source="evidence.title")

    class Meta:
        model = ResponseProof
        fields = ["id", "evidence", "title", "created_at"]


class ExtensionSerializer(RowSerializer):
    """A request for more time 延期; at most one of an answer is open."""

    class Meta:
        model = Extension
        fields = ["id", "response", "old_date", "new_date", "reason", "state", "asked_at",
                  "decided_at", "decision_note"]  # fmt: skip


class AnswerDetailSerializer(AnswerSerializer):
    """With everything that its page shows; `allowed_actions` are the caller's edges from here."""

    measures = serializers.SerializerMethodField()
    notes = serializers.SerializerMethodField()
    proofs = serializers.SerializerMethodField()
    extensions = ExtensionSerializer(many=True)
    lines = serializers.SerializerMethodField()
    allowed_actions = serializers.SerializerMethodField()

    class Meta(AnswerSerializer.Meta):
        fields = [*AnswerSerializer.Meta.fields, "measures", "notes", "proofs", "extensions",
                  "lines", "allowed_actions"]  # fmt: skip

    def get_measures(self, response: UnitResponse) -> MeasureSerializer(many=True):
        rows = Measure.objects.filter(
            unit=response.unit_id, issues=response.issue_id, removed_at=None
        )
        return MeasureSerializer(rows, many=True).data

    def get_notes(self, response: UnitResponse) -> NoteSerializer(many=True):
        rows = response.notes.filter(removed_at=None).order_by("-pk")
        return NoteSerializer(rows, many=True).data

    def get_proofs(self, response: UnitResponse) -> ResponseProofSerializer(many=True):
        rows = response.proofs.in_force().select_related("evidence")
        return ResponseProofSerializer(rows, many=True).data

    def get_lines(self, response: UnitResponse) -> LineSerializer(many=True):
        return LineSerializer(timeline(response.issue, [response.pk]), many=True).data

    def get_allowed_actions(self, response: UnitResponse) -> OfferSerializer(many=True):
        return offers_as_json(LEDGER.available(response, self.context["actor"]))


class MoveBody(StrictSerializer):
    """The version seen, and what the edge needs; a field that it does not need is refused.

    `measures` are texts of measures, `measure` and `proof` ids of this answer's own. `points`
    are positions in the list of check points that becomes the conclusion's beginning.
    """

    version = VersionField()
    deadline_text = serializers.CharField(max_length=200, required=False)
    issued_on = serializers.DateField(required=False)
    measures = serializers.ListField(
        child=serializers.CharField(max_length=LONG), required=False, max_length=50
    )
    person = serializers.CharField(max_length=60, required=False)
    target_on = serializers.DateField(required=False)
    progress = serializers.CharField(max_length=LONG, required=False)
    measure = IdField(required=False)
    done = serializers.BooleanField(required=False)
    proof = IdField(required=False)
    result = serializers.CharField(max_length=LONG, required=False)
    conclusion = serializers.CharField(max_length=LONG, required=False)
    points = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=20), required=False, max_length=20
    )
    reason = serializers.CharField(max_length=LONG, required=False)
    new_date = serializers.DateField(required=False)
    looked_back_on = serializers.DateField(required=False)


#: What names a row of one answer, so that it cannot be given for many.
OF_ONE = {"measure", "proof"}


class BulkMoveBody(MoveBody):
    """One edge for many answers, with what it needs given once."""

    edge = serializers.ChoiceField(
        sorted(name for name, edge in BY_HAND.items() if not OF_ONE & set(edge.needs))
    )
    items = SeenSerializer(many=True, max_length=AT_ONCE, allow_empty=False)

    def get_fields(self) -> dict[str, serializers.Field]:
        left_out = {*OF_ONE, "done", "version"}
        return {k: field for k, field in super().get_fields().items() if k not in left_out}


def edge_data(edge: str, response: UnitResponse | None, given: Mapping[str, Any]) -> dict:
    """What the edge's own form makes of the body; raises GuardFailed by field."""
    values = dict(given)
    if "measures" in values:
        values["measures"] = "\n".join(values["measures"])
    if "done" in values:
        values["done"] = "1" if values["done"] else "0"
    form = EdgeForm(LEDGER[edge], values, response=response)
    unused = set(values) - set(form.fields)
    if unused:
        raise GuardFailed(fields={name: str(LEDGER[edge].label) for name in sorted(unused)})
    if not form.is_valid():
        refuse(form)
    return form.moves


class AnswerFilesBody(StrictSerializer):
    files = serializers.ListField(
        child=serializers.FileField(), min_length=1, max_length=FILES_AT_ONCE
    )


class AnswerReferenceBody(FormBody):
    """A web address or a document number, and pieces of the unit that are there already."""

    class Meta:
        form = ReferenceForm
        fields = ("title", "document_number", "url", "known")


class AnswerEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """The units' answers 各单位的整改 and the edges of 整改销号."""

    model = UnitResponse
    serializer_class = AnswerDetailSerializer
    line_class = AnswerSerializer
    filterset_fields = {
        "state": ["exact", "in"],
        "unit": ["exact"],
        "issue": ["exact"],
        "issue__kind": ["exact"],
        "issue__inspection": ["exact"],
        "issue__assignment": ["exact"],
        "letter": ["exact"],
        "deadline_date": ["lte", "gte", "isnull"],
    }
    policy = {
        "list": READERS,
        "retrieve": READERS,
        "move": EDGES,
        "bulk": EDGES,
        "undo": EDGES,
        "files": (Action.RECTIFY,),
        "references": (Action.RECTIFY,),
    }
    bodies = {
        "move": MoveBody,
        "bulk": BulkMoveBody,
        "undo": VersionBody,
        "files": AnswerFilesBody,
        "references": AnswerReferenceBody,
    }
    answers = {"bulk": ResultsSerializer}
    uploads = frozenset({"files"})

    def rows(self):
        rows = UnitResponse.objects.for_moves().order_by("pk")
        return rows if self.action == "list" else rows.prefetch_related("extensions")

    def get_serializer_context(self) -> dict[str, Any]:
        return super().get_serializer_context() | {"today": local_day(self.now)}

    @action(detail=True, methods=["post"], url_path=f"(?P<edge>{'|'.join(BY_HAND)})")
    def move(self, request: Request, pk: str, edge: str) -> Response:
        """Take one edge; `allowed_actions` of the answer says which are open."""
        response = self.get_object()
        if not can(self.actor, LEDGER[edge].action, response):
            raise NotAllowed
        given = self.checked()
        version = given["version"]
        take(response, edge, version=version, **edge_data(edge, response, given), **self.act)
        return self.shown(response)

    @action(detail=True, methods=["post"])
    def undo(self, request: Request, pk: str) -> Response:
        """Take back one's own last step, within seconds."""
        response = self.get_object()
        LEDGER.undo(response, version=self.checked()["version"], **self.act)
        return self.shown(response)

    @action(detail=False, methods=["post"])
    def bulk(self, request: Request) -> Response:
        """Take one edge for many answers: a result for each, the others still move."""
        given = self.checked()
        edge, seen = given.pop("edge"), {item["id"]: item["version"] for item in given.pop("items")}
        if not can(self.actor, LEDGER[edge].action):
            raise NotAllowed
        rows = list(self.get_queryset().filter(pk__in=seen))
        data = edge_data(edge, None, given)
        found = LEDGER.perform_many(rows, edge, versions=seen, **data, **self.act)
        return Response(results(seen, {result.obj.pk: result.error for result in found}))

    def prepare(self) -> None:
        """Files are looked through and stored before the answer is touched: all of them or none."""
        if self.action == "files":
            self.response_ = self._own()
            files = self.checked()["files"]
            self.arrived = [receive(file, self.actor.region) for file in files]

    def _own(self) -> UnitResponse:
        response = self.get_object()
        if not can(self.actor, Action.RECTIFY, response):
            raise NotAllowed
        return response

    @action(detail=True, methods=["post"])
    def files(self, request: Request, pk: str) -> Response:
        """Hand in files as proof."""
        proofs.attach_files(self.response_, self.arrived, **self.act)
        return self.shown(self.response_)

    @action(detail=True, methods=["post"])
    def references(self, request: Request, pk: str) -> Response:
        """Proof without a file, or proof that the unit has already."""
        response = self._own()
        data = self.filled(response=response).cleaned_data
        if data["known"]:
            response = proofs.attach_known(response, [*data["known"]], **self.act)
        if data["url"] or data["document_number"]:
            kind = Evidence.Kind.LINK if data["url"] else Evidence.Kind.NUMBER
            details = {name: data[name] for name in ("title", "document_number", "url")}
            proofs.attach_reference(response, kind, details, **self.act)
        return self.shown(response)
