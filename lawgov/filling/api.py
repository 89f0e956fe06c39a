"""Sheets to be filled in under /api/v1/: download, upload, what would change, the act."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from lawgov.accounts.policy import Action
from lawgov.filling import actions
from lawgov.filling.forms import UploadForm
from lawgov.filling.merged import TOLD, Merge, MergedRow, Side, Verdict
from lawgov.filling.models import FilledSheet
from lawgov.filling.subjects import open_to, subject_of
from lawgov.jobs import actions as jobs
from lawgov.jobs.api import JobSerializer
from lawgov.web.rest.bodies import FormBody, StrictSerializer
from lawgov.web.rest.endpoints import Endpoint
from lawgov.web.rest.rows import RowSerializer

OWN = (Action.EXPORT,)


class SubjectSerializer(serializers.Serializer):
    """One kind of sheet that the caller may fill in; `code` is what the export takes."""

    code = serializers.CharField()
    label = serializers.CharField()
    hint = serializers.CharField()


class FilledSheetSerializer(RowSerializer):
    """An upload; `refusal` says why it was not read, `outcome` what its applying came to."""

    subject = serializers.CharField(source="subject_code")
    made_for = serializers.CharField()
    made_at = serializers.DateTimeField(allow_null=True)

    class Meta:
        model = FilledSheet
        fields = ["id", "filename", "subject", "state", "refusal", "made_for", "made_at",
                  "outcome", "created_at", "applied_at", "expires_at"]  # fmt: skip


class MergedCellSerializer(serializers.Serializer):
    """One cell that the sheet changed: what went out, what came home, what stands today. `name`
    is what `decide` calls it."""

    name = serializers.CharField()
    key = serializers.CharField()
    header = serializers.CharField()
    place = serializers.CharField()
    verdict = serializers.ChoiceField([verdict.value for verdict in Verdict])
    before = serializers.CharField(allow_blank=True)
    sheet = serializers.CharField(allow_blank=True)
    today = serializers.CharField(allow_blank=True)
    sentence = serializers.CharField(allow_blank=True)


class MergedRowSerializer(serializers.Serializer):
    """One row with something to tell; `sentence` is a fault of all of it."""

    row = serializers.IntegerField()
    name = serializers.CharField()
    label = serializers.CharField(allow_blank=True)
    verdict = serializers.ChoiceField([verdict.value for verdict in Verdict])
    sentence = serializers.CharField(allow_blank=True)
    cells = MergedCellSerializer(many=True)


class MergeSerializer(serializers.Serializer):
    """What the sheet would do as things stand now. `seen` goes with `apply`; `open` are cells
    that still want a decision; `missing` rows did not come home and stay as they are."""

    seen = serializers.CharField()
    open = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    rows = MergedRowSerializer(many=True)
    missing = serializers.ListField(child=serializers.CharField())
    lost = serializers.ListField(child=serializers.CharField())


class FilledSheetDetailSerializer(FilledSheetSerializer):
    """With what it would do; null unless it waits to be decided."""

    merge = serializers.SerializerMethodField()

    class Meta(FilledSheetSerializer.Meta):
        fields = [*FilledSheetSerializer.Meta.fields, "merge"]

    @extend_schema_field(MergeSerializer(allow_null=True))
    def get_merge(self, sheet: FilledSheet) -> dict[str, Any] | None:
        if sheet.state != FilledSheet.State.OPEN:
            return None
        stands = actions.merge_of(sheet, self.context["actor"], now=self.context["view"].now)
        return MergeSerializer(as_json(stands)).data


def as_json(stands: Merge) -> dict[str, Any]:
    return {
        "seen": stands.fingerprint,
        "open": stands.open,
        "counts": {verdict.value: n for verdict, n in stands.cells.items()},
        "rows": [_row(row) for row in stands.shown],
        "missing": stands.missing,
        "lost": stands.lost,
    }


def _row(row: MergedRow) -> dict[str, Any]:
    cells = [
        vars(cell) | {"name": f"{row.name}:{cell.key}"}
        for cell in row.cells
        if cell.verdict in TOLD
    ]
    return {
        "row": row.row,
        "name": row.name,
        "label": row.label,
        "verdict": row.verdict,
        "sentence": row.sentence,
        "cells": cells,
    }


class FilledSheetBody(FormBody):
    class Meta:
        form = UploadForm
        fields = ("file",)


class SheetExportBody(StrictSerializer):
    subject = serializers.CharField(max_length=40)


class DecideBody(StrictSerializer):
    """`sides` by cell name: `system` leaves what stands today, `sheet` takes the sheet's; `texts`
    mend faulty cells; `every` decides all conflicts."""

    sides = serializers.DictField(
        child=serializers.ChoiceField([side.value for side in Side]), required=False
    )
    texts = serializers.DictField(
        child=serializers.CharField(max_length=actions.LONGEST, allow_blank=True), required=False
    )
    every = serializers.ChoiceField([side.value for side in Side], required=False)


class ApplyBody(StrictSerializer):
    """`seen` of the merge that was looked at; another one is answered with 409."""

    seen = serializers.CharField(max_length=64)


class SheetEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """Sheets that are filled in elsewhere 填报表: the caller's own uploads."""

    queryset = FilledSheet.objects.none()
    serializer_class = FilledSheetDetailSerializer
    line_class = FilledSheetSerializer
    filterset_fields = {"state": ["exact"]}
    policy = dict.fromkeys(
        (
            "list",
            "retrieve",
            "create",
            "destroy",
            "subjects",
            "export",
            "decide",
            "apply",
            "marked",
        ),
        OWN,
    )
    bodies = {
        "create": FilledSheetBody,
        "export": SheetExportBody,
        "decide": DecideBody,
        "apply": ApplyBody,
    }
    answers = {
        "create": {202: FilledSheetSerializer},
        "subjects": SubjectSerializer(many=True),
        "export": {202: JobSerializer},
        "marked": {202: JobSerializer},
    }
    uploads = frozenset({"create"})

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return FilledSheet.objects.of(self.actor).select_related("blob").order_by("-pk")

    def create(self, request: Request) -> Response:
        """Upload a filled sheet; it is read in the background."""
        form = self.filled()
        sheet, _job = actions.receive(form.cleaned_data["file"], **self.act)
        return Response(FilledSheetSerializer(sheet).data, status=202)

    def destroy(self, request: Request, pk: str) -> Response:
        """Discard an upload that was not applied; nothing of it was written."""
        actions.discard(self.get_object())
        return self.done()

    @action(detail=False, methods=["get"], pagination_class=None, filter_backends=[])
    def subjects(self, request: Request) -> Response:
        """The sheets that the caller may fill in."""
        return Response(SubjectSerializer(open_to(self.actor), many=True).data)

    @action(detail=False, methods=["post"])
    def export(self, request: Request) -> Response:
        """Write a sheet to be filled in, in the background."""
        code = self.checked()["subject"]
        subject = subject_of(code)
        if subject is None or not subject.may(self.actor):
            raise Http404
        job = jobs.start(self.actor, "export_sheet", {"subject": code}, now=self.now)
        return Response(JobSerializer(job).data, status=202)

    @action(detail=True, methods=["post"])
    def decide(self, request: Request, pk: str) -> Response:
        """Decide conflicts and mend faults."""
        sheet, given = self.get_object(), self.checked()
        every = given.pop("every", None)
        actions.decide(sheet, every=Side(every) if every else None, **given, **self.act)
        return self.shown(sheet)

    @action(detail=True, methods=["post"])
    def apply(self, request: Request, pk: str) -> Response:
        """Write everything that the sheet changes, or nothing."""
        sheet = self.get_object()
        actions.apply(sheet, seen=self.checked()["seen"], **self.act)
        return self.shown(sheet)

    @action(detail=True, methods=["post"])
    def marked(self, request: Request, pk: str) -> Response:
        """Make the file again with its faults and conflicts coloured and explained."""
        sheet = self.get_object()
        job = jobs.start(self.actor, "mark_sheet", {"sheet": sheet.pk}, now=self.now)
        return Response(JobSerializer(job).data, status=202)
