"""Inspections 督察 under /api/v1/; their findings and letters are rectification's."""

from __future__ import annotations

from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.inspections.actions import change_inspection, open_inspection
from assessments.inspections.forms import InspectionForm
from assessments.inspections.models import Inspection
from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.web.rest.bodies import FormBody
from lawgov.web.rest.endpoints import Endpoint
from lawgov.web.rest.rows import RowSerializer

OWN = ("name", "starts_on", "ends_on", "units")


class InspectionSerializer(RowSerializer):
    """An inspection with its figures; `units` are ids of the units visited."""

    unit_count = serializers.IntegerField()
    issue_count = serializers.IntegerField()
    letter_count = serializers.IntegerField()

    class Meta:
        model = Inspection
        fields = ["id", "code", "name", "starts_on", "ends_on", "issued_on", "units", "version",
                  "unit_count", "issue_count", "letter_count"]  # fmt: skip


class InspectionBody(FormBody):
    class Meta:
        form = InspectionForm
        fields = OWN


class InspectionChangeBody(FormBody):
    class Meta:
        form = InspectionForm
        fields = (*OWN, "version")


class InspectionEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """Inspections of the place, the latest first."""

    model = Inspection
    serializer_class = InspectionSerializer
    filterset_fields = {"code": ["exact"], "starts_on": ["gte", "lte"]}
    policy = {
        "list": (Action.VIEW_INSPECTIONS,),
        "retrieve": (Action.VIEW_INSPECTIONS,),
        "create": (Action.EDIT_INSPECTION,),
        "update": (Action.EDIT_INSPECTION,),
    }
    bodies = {"create": InspectionBody, "update": InspectionChangeBody}

    def rows(self):
        rows = Inspection.objects.with_figures().prefetch_related("units")
        return rows.order_by("-starts_on", "-pk")

    def create(self, request: Request) -> Response:
        made = open_inspection(self._values(), **self.act)
        return self.shown(made, made=True)

    def update(self, request: Request, pk: str) -> Response:
        inspection = self.get_object()
        values, version = self._values(instance=inspection), self.checked()["version"]
        change_inspection(inspection, values, version=version, **self.act)
        return self.shown(inspection)

    def _values(self, **given: object) -> dict:
        form = self.filled(region=self.actor.region, today=local_day(self.now), **given)
        return {name: form.cleaned_data[name] for name in OWN}
