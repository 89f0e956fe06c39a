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
from indicators.evidence import actions, reading, receiving, uses
from indicators.evidence.forms import DetailsForm
from indicators.evidence.models import Evidence, EvidenceLink, EvidenceVersion
from lawgov.accounts.policy import Action
from lawgov.errors import GuardFailed, NotAllowed
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
        uses.use(evidence, work, slot=chosen_slot(given.get("slot"), work), **self.act)
        link = work.evidence_links.in_force().filter(evidence=evidence).latest("pk")
        return self.shown(link, made=True)

    def update(self, request: Request, pk: str) -> Response:
        """Put it into another slot."""
        link, given = self._own(), self.checked()
        slot = chosen_slot(given["slot"], link.unit_assignment)
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


def chosen_slot(given: str | None, work: UnitAssignment) -> str | None:
    """A slot that the indicator has; raises GuardFailed for any other."""
    if given and given not in work.assignment.indicator.slots:
        raise GuardFailed(fields={"slot": _("这项指标没有这一项佐证")})
    return given
