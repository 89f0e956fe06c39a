"""Proof 佐证 under /api/v1/: pieces, their versions and files, and the works they serve."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.http import HttpResponseBase
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from indicators.assignments.models import UnitAssignment
from indicators.evidence import actions, queries, reading, receiving, uses
from indicators.evidence.forms import DetailsForm
from indicators.evidence.holding import refuse_closed
from indicators.evidence.models import Evidence, EvidenceLink, EvidenceVersion
from indicators.evidence.receiving import FILES_AT_ONCE, Arrived
from lawgov.accounts.policy import Action
from lawgov.errors import DomainError, GuardFailed, NotAllowed
from lawgov.web.rest.bodies import FormBody, IdField, StrictSerializer, VersionField
from lawgov.web.rest.endpoints import Endpoint
from lawgov.web.rest.rows import IdsField, RowSerializer

READ, EDIT = (Action.VIEW_EVIDENCE,), (Action.EDIT_EVIDENCE,)
DETAILS = (
    "title", "document_number", "issuing_body", "issued_on", "period_from", "period_to", "url",
    "is_public",
)  # fmt: skip


class EvidenceVersionSerializer(RowSerializer):
    size = serializers.IntegerField(source="blob.size")
    media_type = serializers.CharField(source="blob.media_type")
    sha256 = serializers.CharField(source="blob.sha256")

    class Meta:
        model = EvidenceVersion
        fields = ["number", "filename", "media_type", "size", "sha256", "pages", "uploaded_at"]


class EvidenceSerializer(RowSerializer):
    """A piece of proof; `uses` are ids of its uses that the caller may see."""

    unit_name = serializers.CharField(source="unit.name")
    url = serializers.CharField(allow_blank=True)
    versions = EvidenceVersionSerializer(many=True)
    uses = IdsField(source="seen")

    class Meta:
        model = Evidence
        fields = ["id", "unit", "unit_name", "kind", *DETAILS, "created_at", "version",
                  "versions", "uses"]  # fmt: skip


def shown_evidence(actor: Any) -> Any:
    """Pieces in force that the actor may read, with all that is told of them; 4 queries."""
    links = EvidenceLink.objects.visible_to(actor).in_force().order_by("pk")
    rows = reading.readable(actor).select_related("unit").with_files().order_by("pk")
    return rows.prefetch_related(Prefetch("links", links, to_attr="seen"))


class EvidenceBody(FormBody):
    class Meta:
        form = DetailsForm
        fields = (*DETAILS, "version")


class FileBody(StrictSerializer):
    file = serializers.FileField()


class EvidenceEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """Pieces of proof 佐证 that the caller may read."""

    model = Evidence
    serializer_class = EvidenceSerializer
    filterset_fields = {
        "unit": ["exact"],
        "kind": ["exact"],
        "document_number": ["exact", "icontains"],
        "title": ["icontains"],
    }
    policy = {
        "list": READ,
        "retrieve": READ,
        "update": EDIT,
        "add_version": EDIT,
        "file": READ,
    }
    bodies = {"update": EvidenceBody, "add_version": FileBody}
    answers = {"file": {(200, "application/octet-stream"): OpenApiTypes.BINARY}}
    uploads = frozenset({"add_version"})

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return shown_evidence(self.actor)

    def update(self, request: Request, pk: str) -> Response:
        """What is said of the piece; the slot belongs to a use of it."""
        evidence = self.get_object()
        form = self.filled(instance=evidence, slots=[])
        version = form.cleaned_data["version"] or 0
        actions.edit(evidence, version=version, details=form.details, **self.act)
        return self.shown(evidence)

    def prepare(self) -> None:
        if self.action == "add_version":
            self.evidence = self._own()
            upload = self.checked()["file"]
            self.arrived = receiving.receive(upload, self.actor.region)

    def _own(self) -> Evidence:
        evidence = self.get_object()
        if not Evidence.objects.visible_to(self.actor, EDIT[0]).filter(pk=evidence.pk).exists():
            raise NotAllowed
        return evidence

    @action(detail=True, methods=["post"], url_path="versions")
    def add_version(self, request: Request, pk: str) -> Response:
        """换新版本: a newer file; the old ones stay."""
        actions.add_version(self.evidence, self.arrived, **self.act)
        return self.shown(self.evidence)

    @action(detail=True, methods=["get"], url_path="versions/(?P<number>[0-9]{1,9})/file")
    def file(self, request: Request, pk: str, number: str) -> HttpResponseBase:
        """The bytes of one version, as an attachment."""
        return reading.file(request._request, pk=int(pk), number=int(number))


class UseSerializer(RowSerializer):
    """A piece as used for one unit's work on one indicator, in one of its slots or none."""

    work = serializers.IntegerField(source="unit_assignment_id")
    number = serializers.IntegerField(source="unit_assignment.assignment.indicator.number")
    unit = serializers.IntegerField(source="unit_assignment.unit_id")
    title = serializers.CharField(source="evidence.title")

    class Meta:
        model = EvidenceLink
        fields = ["id", "evidence", "title", "work", "number", "unit", "slot", "created_at",
                  "removed_at"]  # fmt: skip


class UseBody(StrictSerializer):
    """Without `slot` the title decides, "" is no slot."""

    evidence = IdField()
    work = IdField()
    slot = serializers.CharField(max_length=200, required=False, allow_blank=True)


class SlotBody(StrictSerializer):
    """`version` is that of the piece."""

    slot = serializers.CharField(max_length=200, allow_blank=True)
    version = VersionField()


class UseEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """Uses of proof 选用, removed ones included."""

    model = EvidenceLink
    serializer_class = UseSerializer
    filterset_fields = {
        "evidence": ["exact"],
        "unit_assignment": ["exact"],
        "removed_at": ["isnull"],
    }
    policy = {
        "list": READ,
        "retrieve": READ,
        "create": EDIT,
        "update": EDIT,
        "destroy": EDIT,
        "restore": EDIT,
    }
    bodies = {"create": UseBody, "update": SlotBody}

    def rows(self):
        return EvidenceLink.objects.order_by("pk").select_related(
            "evidence",
            "unit_assignment__unit",
            "unit_assignment__assignment__indicator",
            "unit_assignment__assignment__campaign",
        )

    def _own(self) -> EvidenceLink:
        """The use, when it is the caller's unit's to change; 404 for any other."""
        link = self.get_object()
        if not EvidenceLink.objects.visible_to(self.actor, EDIT[0]).filter(pk=link.pk).exists():
            raise NotAllowed
        return link

    def create(self, request: Request) -> Response:
        """从其他指标选用: use a piece of the unit for one more of its works."""
        given = self.checked()
        mine = Evidence.objects.visible_to(self.actor, EDIT[0]).in_force()
        evidence = self.chosen(mine, "evidence", given["evidence"])
        works = UnitAssignment.objects.visible_to(self.actor, EDIT[0])
        work = self.chosen(works.filter(unit=evidence.unit_id), "work", given["work"])
        uses.use(evidence, work, slot=_slot(given.get("slot"), work), **self.act)
        link = work.evidence_links.in_force().filter(evidence=evidence).latest("pk")
        return self.shown(link, made=True)

    def update(self, request: Request, pk: str) -> Response:
        """Put it into another slot."""
        link, given = self._own(), self.checked()
        slot = _slot(given["slot"], link.unit_assignment)
        actions.edit(link.evidence, version=given["version"], details={}, link=link, slot=slot,
                     **self.act)  # fmt: skip
        return self.shown(link)

    def destroy(self, request: Request, pk: str) -> Response:
        """移除 from one work; `restore` brings it back."""
        uses.unlink(self._own(), **self.act)
        return self.done()

    @action(detail=True, methods=["post"])
    def restore(self, request: Request, pk: str) -> Response:
        link = self._own()
        uses.relink(link, **self.act)
        return self.shown(link)


def _slot(given: str | None, work: UnitAssignment) -> str | None:
    """A slot that the indicator has; raises GuardFailed for any other."""
    if given and given not in work.assignment.indicator.slots:
        raise GuardFailed(fields={"slot": _("这项指标没有这一项佐证")})
    return given


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
            self.given["slot"] = _slot(self.given.get("slot"), self.work)
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
