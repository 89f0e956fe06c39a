"""Imports under /api/v1/: upload, settle columns, mend, confirm, discard, as on the pages."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from lawgov.accounts.policy import Action, can
from lawgov.errors import GuardFailed, NotAllowed
from lawgov.imports import staging
from lawgov.imports.kinds import ImportKind, all_kinds, kind_of
from lawgov.imports.models import Upload, UploadRow
from lawgov.jobs import actions as jobs
from lawgov.jobs.api import JobSerializer
from lawgov.spreadsheets.grid import column_number
from lawgov.spreadsheets.mapping import SheetMap
from lawgov.units.models import Unit
from lawgov.web.rest.bodies import IdField, StrictSerializer, VersionBody, refuse
from lawgov.web.rest.endpoints import Endpoint
from lawgov.web.rest.rows import RowSerializer

ACTIONS = (Action.IMPORT_LEDGER, Action.MANAGE_UNITS, Action.MANAGE_CAMPAIGN)


class StagedSheetSerializer(serializers.Serializer):
    """One sheet: whether it is read, its header rows, and by column letters what each is taken
    for and what the header says; `doubts` are columns that nobody knows."""

    name = serializers.CharField()
    used = serializers.BooleanField()
    top = serializers.IntegerField()
    bottom = serializers.IntegerField()
    columns = serializers.DictField(child=serializers.CharField())
    labels = serializers.DictField(child=serializers.CharField())
    doubts = serializers.ListField(child=serializers.CharField())


class UploadSerializer(RowSerializer):
    """An upload: `counts` by outcome once it is `ready`, `refused` what keeps it out."""

    sheets = StagedSheetSerializer(many=True)
    counts = serializers.DictField(child=serializers.IntegerField())
    refused = serializers.IntegerField()

    class Meta:
        model = Upload
        fields = ["id", "kind", "filename", "state", "message", "moved_to", "sheets", "counts",
                  "refused", "merged", "skipped", "macros", "version", "created_at", "applied_at",
                  "expires_at"]  # fmt: skip


class UploadLineSerializer(RowSerializer):
    class Meta:
        model = Upload
        fields = ["id", "kind", "filename", "state", "created_at", "applied_at"]


class UploadRowSerializer(RowSerializer):
    """One row: what it comes to, its cells, what stands in the system, and what is to be said."""

    cells = serializers.DictField(child=serializers.CharField(allow_blank=True))
    before = serializers.DictField(child=serializers.CharField(allow_blank=True))
    remarks = serializers.ListField(child=serializers.DictField())

    class Meta:
        model = UploadRow
        fields = ["id", "sheet", "row", "outcome", "cells", "before", "remarks"]


class ImportBody(StrictSerializer):
    """A file of one kind; `inspection` and `issued_on` belong to the ledger, `code`, `name` and
    `points` to a framework."""

    kind = serializers.CharField(max_length=20)
    file = serializers.FileField()
    inspection = IdField(required=False)
    issued_on = serializers.DateField(required=False)
    code = serializers.CharField(max_length=40, required=False, allow_blank=True)
    name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    points = serializers.DecimalField(8, 1, required=False, allow_null=True)


class LayoutBody(StrictSerializer):
    """One sheet as it is to be read: `columns` are letters and what each is taken for."""

    name = serializers.CharField(max_length=200)
    used = serializers.BooleanField()
    top = serializers.IntegerField(min_value=0, max_value=200_000)
    bottom = serializers.IntegerField(min_value=0, max_value=200_000)
    columns = serializers.DictField(child=serializers.CharField(max_length=40))


class ColumnsBody(StrictSerializer):
    sheets = LayoutBody(many=True, allow_empty=False)


class CellBody(StrictSerializer):
    """A cell of the file, "H60" of a sheet, and the text to be read in its place."""

    sheet = serializers.CharField(max_length=200)
    cell = serializers.RegexField(r"^[A-Z]{1,3}[1-9][0-9]{0,6}$")
    text = serializers.CharField(max_length=2000, allow_blank=True)


class MeantBody(StrictSerializer):
    """A name as written and the unit that is meant; `alias`: for good."""

    name = serializers.CharField(max_length=60)
    unit = IdField()
    alias = serializers.BooleanField(default=True)


class MendBody(StrictSerializer):
    """Cells to be read differently, or names of units explained."""

    cells = CellBody(many=True, required=False)
    units = MeantBody(many=True, required=False)


class ImportEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """Files on their way in: the caller's own. Nothing is written before `confirm`, and then all
    or nothing."""

    queryset = Upload.objects.none()
    serializer_class = UploadSerializer
    line_class = UploadLineSerializer
    filterset_fields = {"kind": ["exact"], "state": ["exact"]}
    policy = dict.fromkeys(
        ["list", "retrieve", "create", "rows", "columns", "mend", "confirm", "marked", "destroy"],
        ACTIONS,
    )
    bodies = {
        "create": ImportBody,
        "columns": ColumnsBody,
        "mend": MendBody,
        "confirm": VersionBody,
    }
    answers = {
        "create": {202: UploadSerializer},
        "rows": UploadRowSerializer(many=True),
        "columns": {202: UploadSerializer},
        "mend": {202: UploadSerializer},
        "confirm": {202: UploadSerializer},
        "marked": {202: JobSerializer},
    }
    uploads = frozenset({"create"})

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        codes = [kind.code for kind in all_kinds() if can(self.actor, kind.action)]
        rows = Upload.objects.visible_to(self.actor).filter(kind__in=codes)
        return rows.select_related("region").order_by("-pk")

    def create(self, request: Request) -> Response:
        """Keep the file and start reading it; ask for it again until it is `ready` or `columns`."""
        given = self.checked()
        kind = self._kind(given.pop("kind"))
        if lack := kind.lacks(self.actor):
            raise GuardFailed(lack.text)
        files = {"file": given.pop("file")}
        form = kind.form(given, files, actor=self.actor)
        if not form.is_valid():
            refuse(form)
        upload = staging.receive(form.cleaned_data["file"], kind, form.options(), **self.act)
        return self._accepted(upload)

    def _kind(self, code: str) -> ImportKind:
        known = {kind.code: kind for kind in all_kinds()}
        if code not in known:
            text = _("没有这种导入，可用：%(known)s") % {"known": _("、").join(known)}
            raise GuardFailed(fields={"kind": text})
        if not can(self.actor, known[code].action):
            raise NotAllowed(_("这件事不归你办"))
        return known[code]

    def _accepted(self, upload: Upload) -> Response:
        row = self.get_queryset().get(pk=upload.pk)
        location = {"Location": reverse("api:import-detail", args=[row.pk])}
        return Response(UploadSerializer(row).data, status=202, headers=location)

    @action(detail=True, methods=["get"])
    def rows(self, request: Request, pk: str) -> Response:
        """What each row comes to, in the order of the file."""
        page = self.paginate_queryset(self.get_object().rows.order_by("pk"))
        return self.get_paginated_response(UploadRowSerializer(page, many=True).data)

    @action(detail=True, methods=["post"])
    def columns(self, request: Request, pk: str) -> Response:
        """Lay down how the sheets are read, and read again."""
        upload = self.get_object()
        known = {sheet.name for sheet in upload.sheets_read}
        maps = {
            sheet["name"]: _map(kind_of(upload.kind), sheet)
            for sheet in self.checked()["sheets"]
            if sheet["name"] in known
        }
        staging.lay_out(upload, maps, **self.act)
        return self._accepted(upload)

    @action(detail=True, methods=["post"])
    def mend(self, request: Request, pk: str) -> Response:
        """Read cells differently, or say which units are meant; then all is judged anew."""
        upload, given = self.get_object(), self.checked()
        for meant in given.get("units", []):
            units = Unit.objects.in_region(self.actor.region).filter(closed_on=None)
            unit = self.chosen(units, "units", meant["unit"])
            staging.choose_unit(upload, meant["name"], unit, alias=meant["alias"], actor=self.actor)
        cells: dict[str, dict[str, str]] = {}
        for cell in given.get("cells", []):
            cells.setdefault(cell["sheet"], {})[cell["cell"]] = cell["text"]
        if cells:
            staging.correct(upload, cells, **self.act)
        return self._accepted(upload)

    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        """Write all of it in one transaction, in the background."""
        upload = self.get_object()
        staging.confirm(upload, self.checked()["version"], **self.act)
        return self._accepted(upload)

    @action(detail=True, methods=["post"])
    def marked(self, request: Request, pk: str) -> Response:
        """Make the file again with its faults coloured and explained."""
        upload = self.get_object()
        job = jobs.start(self.actor, f"mark_{upload.kind}", {"upload": upload.pk}, now=self.now)
        return Response(JobSerializer(job).data, status=202)

    def destroy(self, request: Request, pk: str) -> Response:
        """Drop an upload that is not written."""
        staging.discard(self.get_object())
        return self.done()


def _map(kind: ImportKind, sheet: dict[str, Any]) -> SheetMap:
    keys = {key for key, _label in kind.choices}
    columns = {key: column_number(name) for name, key in sheet["columns"].items() if key in keys}
    return SheetMap(sheet["used"], sheet["top"], sheet["bottom"], columns)
