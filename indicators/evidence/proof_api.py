"""All proof 佐证 of one unit's work under /api/v1/: what is there, and handing in more."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from indicators.assignments.models import UnitAssignment
from indicators.evidence import actions, queries, receiving, uses
from indicators.evidence.api import (
    DETAILS,
    EDIT,
    READ,
    EvidenceSerializer,
    chosen_slot,
    shown_evidence,
)
from indicators.evidence.forms import DetailsForm
from indicators.evidence.holding import refuse_closed
from indicators.evidence.models import Evidence
from indicators.evidence.receiving import FILES_AT_ONCE, Arrived
from lawgov.errors import DomainError
from lawgov.web.rest.bodies import FormBody, StrictSerializer
from lawgov.web.rest.endpoints import Endpoint


class SlotSerializer(serializers.Serializer):
    name = serializers.CharField()
    required = serializers.BooleanField()
    pieces = serializers.IntegerField()


class PieceSerializer(serializers.Serializer):
    """A use, and what stands against it in words, "" for nothing."""

    use = serializers.IntegerField(source="link.pk")
    evidence = serializers.IntegerField(source="evidence.pk")
    title = serializers.CharField(source="evidence.title")
    kind = serializers.CharField(source="evidence.kind")
    slot = serializers.CharField(source="link.slot", allow_blank=True)
    warning = serializers.CharField(allow_blank=True)


class ProofSerializer(serializers.Serializer):
    """All proof of one work; `missing` names what a tick still needs."""

    pieces = PieceSerializer(many=True)
    slots = SlotSerializer(many=True)
    missing = serializers.ListField(child=serializers.CharField())
    lacks_url = serializers.BooleanField()
    pages = serializers.IntegerField()


class FilesBody(StrictSerializer):
    """Up to 20 files; `slot` for all of them (left out: each by its name). Where a file's
    content is the unit's already, `same` saves it once more or uses what is there."""

    files = serializers.ListField(
        child=serializers.FileField(), min_length=1, max_length=FILES_AT_ONCE
    )
    slot = serializers.CharField(max_length=200, required=False, allow_blank=True)
    same = serializers.ChoiceField(["save", "use"], default="save")


class RefusedFileSerializer(serializers.Serializer):
    filename = serializers.CharField()
    detail = serializers.CharField()


class FilesTakenSerializer(serializers.Serializer):
    """What became of the files of one call: one that is refused does not keep out the others.
    `known` are numbers of indicators that use the same content already."""

    evidence = serializers.ListField(child=serializers.IntegerField())
    refused = RefusedFileSerializer(many=True)
    known = serializers.ListField(child=serializers.IntegerField())


class ReferenceBody(FormBody):
    """Proof without a file: a web address, or a document number."""

    class Meta:
        form = DetailsForm
        fields = DETAILS

    kind = serializers.ChoiceField([Evidence.Kind.LINK, Evidence.Kind.NUMBER])
    title = serializers.CharField(max_length=200, required=False, allow_blank=True)
    slot = serializers.CharField(max_length=200, required=False, allow_blank=True)


class ProofEndpoint(Endpoint):
    """Proof of one unit's work: what is there, and handing in more."""

    model = UnitAssignment
    serializer_class = ProofSerializer
    policy = {"proof": READ, "files": EDIT, "references": EDIT}
    bodies = {"files": FilesBody, "references": ReferenceBody}
    answers = {"files": {201: FilesTakenSerializer}, "references": {201: EvidenceSerializer}}
    uploads = frozenset({"files"})

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        action_needed = READ[0] if self.action == "proof" else EDIT[0]
        rows = UnitAssignment.objects.visible_to(self.actor, action_needed).order_by("pk")
        return rows.select_related("assignment__indicator", "assignment__campaign", "unit")

    @action(detail=True, methods=["get"])
    def proof(self, request: Request, pk: str) -> Response:
        return Response(ProofSerializer(queries.proof_of(self.get_object())).data)

    def prepare(self) -> None:
        if self.action == "files":
            self.work = self.get_object()
            refuse_closed(self.work)  # before anything is read and stored; the action asks again
            self.given = self.checked()
            self.given["slot"] = chosen_slot(self.given.get("slot"), self.work)
            self.arrived, self.refused = self._receive(self.given["files"])

    def _receive(self, files: list[Any]) -> tuple[list[Arrived], list[dict[str, str]]]:
        """The files that pass; raises the first refusal when none does."""
        arrived, refused, first = [], [], None
        for upload in files:
            try:
                arrived.append(receiving.receive(upload, self.actor.region))
            except DomainError as refusal:
                first = first or refusal
                refused.append({"filename": str(upload.name), "detail": str(refusal)})
        if first and not arrived:
            raise first
        return arrived, refused

    @action(detail=True, methods=["post"])
    def files(self, request: Request, pk: str) -> Response:
        """Hand in files: each becomes a piece of proof."""
        made, known = [], set()
        for arrived in self.arrived:
            twins = queries.twins(arrived.stored.sha256, self.work, self.actor)
            known |= {use.unit_assignment.assignment.indicator.number for use in twins.named}
            made.append(self._take(arrived, twins.own))
        told = {"evidence": made, "refused": self.refused, "known": sorted(known)}
        return Response(told, status=201)

    def _take(self, arrived: Arrived, own: Evidence | None) -> int:
        slot = self.given["slot"]
        if own and self.given["same"] == "use":
            uses.use(own, self.work, slot=slot, **self.act)
            return own.pk
        (evidence,) = actions.add_files(self.work, [arrived], slot=slot, **self.act)
        return evidence.pk

    @action(detail=True, methods=["post"])
    def references(self, request: Request, pk: str) -> Response:
        work = self.get_object()
        kind = self.checked()["kind"]
        form = self.filled(slots=work.assignment.indicator.slots, kind=kind)
        slot = form.cleaned_data.get("slot", "")
        made = actions.add_reference(work, kind=kind, slot=slot, details=form.details, **self.act)
        fresh = shown_evidence(self.actor).get(pk=made.pk)
        return Response(EvidenceSerializer(fresh).data, status=201)
