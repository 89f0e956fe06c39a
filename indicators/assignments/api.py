"""Dividing the work 任务分解 under /api/v1/, for the office: one indicator, many, a sheet."""

from __future__ import annotations

from django.db.models import Prefetch
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from indicators.assignments.actions import distribute
from indicators.assignments.forms import BULK, AssignmentForm, SheetForm
from indicators.assignments.importing import import_assignments
from indicators.assignments.models import Assignment, UnitAssignment
from lawgov.accounts.policy import Action
from lawgov.web.rest.bodies import FormBody, IdField, StrictSerializer, VersionField, refuse
from lawgov.web.rest.endpoints import Endpoint
from lawgov.web.rest.rows import ResultsSerializer, RowSerializer, results

OFFICE = (Action.MANAGE_CAMPAIGN,)
AT_ONCE = 500  # indicators changed by one call


class DivisionSerializer(RowSerializer):
    """One indicator with its lead and responsible units; `units` are ids."""

    number = serializers.IntegerField(source="indicator.number")
    code = serializers.CharField(source="indicator.code")
    title = serializers.CharField(source="indicator.title")
    units = serializers.SerializerMethodField()

    class Meta:
        model = Assignment
        fields = ["id", "number", "code", "title", "lead_unit", "units", "points", "due_text",
                  "due_on", "required", "remark", "version"]  # fmt: skip

    def get_units(self, row: Assignment) -> list[int]:
        return [work.unit_id for work in row.unit_assignments.all()]


class DivisionBody(FormBody):
    """`units` are exactly the responsible units; `groups` adds the members of groups."""

    class Meta:
        form = AssignmentForm
        fields = ("lead_unit", "units", "groups", "points", "due_text", "required", "remark",
                  "version")  # fmt: skip


class SeenSerializer(StrictSerializer):
    """A row and the version of it that the caller has seen."""

    id = IdField()
    version = VersionField()


class ManyBody(StrictSerializer):
    """One change for many indicators: `lead` takes `lead_unit`; `units` takes `names` (units,
    aliases and groups as written) and `how`; `due` takes `due_text`."""

    what = serializers.ChoiceField(sorted(BULK))
    items = SeenSerializer(many=True, max_length=AT_ONCE, allow_empty=False)
    lead_unit = IdField(required=False)
    names = serializers.CharField(max_length=5000, required=False)
    how = serializers.ChoiceField(["add", "set", "remove"], required=False)
    due_text = serializers.CharField(max_length=60, required=False, allow_blank=True)


class SheetBody(FormBody):
    class Meta:
        form = SheetForm
        fields = ("file",)


class SheetSerializer(serializers.Serializer):
    """What a sheet did: indicators changed, left as they were, and numbers it does not name."""

    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    missing = serializers.ListField(child=serializers.IntegerField())
    notes = serializers.ListField(child=serializers.CharField())


class DivisionEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """Who leads and who works on each indicator; `?unowned=true` is what nobody owns yet."""

    model = Assignment
    serializer_class = DivisionSerializer
    filterset_fields = {
        "lead_unit": ["exact", "isnull"],
        "indicator__number": ["exact"],
        "indicator__group__area__number": ["exact"],
    }
    policy = dict.fromkeys(["list", "retrieve", "update", "many", "unowned", "sheet"], OFFICE)
    bodies = {"update": DivisionBody, "many": ManyBody, "sheet": SheetBody}
    answers = {
        "many": ResultsSerializer,
        "sheet": SheetSerializer,
        "unowned": DivisionSerializer(many=True),
    }
    uploads = frozenset({"sheet"})

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        rows = Assignment.objects.visible_to(self.actor, Action.MANAGE_CAMPAIGN).with_tree()
        works = UnitAssignment.objects.select_related("unit")
        rows = rows.select_related("campaign__region", "region")
        return rows.prefetch_related(Prefetch("unit_assignments", works))

    def update(self, request: Request, pk: str) -> Response:
        row = self.get_object()
        share = self.filled(instance=row).share()
        (outcome,) = distribute(row.campaign, [share], **self.act)
        if outcome.error:
            raise outcome.error
        return self.shown(int(pk))

    @action(detail=False, methods=["get"])
    def unowned(self, request: Request) -> Response:
        """Indicators without a lead unit or without any responsible unit."""
        page = self.paginate_queryset(self.get_queryset().unowned())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @action(detail=False, methods=["post"])
    def many(self, request: Request) -> Response:
        """The same change for many indicators: a result for each, the others still change."""
        given = self.checked()
        seen = {item["id"]: item["version"] for item in given["items"]}
        rows = list(self.get_queryset().filter(pk__in=seen))
        outcomes = []
        if rows:
            form = BULK[given["what"]](given, campaign=rows[0].campaign)
            if not form.is_valid():
                refuse(form)
            shares = [form.share(row, seen[row.pk]) for row in rows]
            outcomes = distribute(rows[0].campaign, shares, **self.act)
        errors = {outcome.assignment.pk: outcome.error for outcome in outcomes}
        return Response(results(seen, errors))

    @action(detail=False, methods=["post"])
    def sheet(self, request: Request) -> Response:
        """Write a decomposition sheet 任务分解表: all of it or nothing, faults by row."""
        file = self.filled().cleaned_data["file"]
        done = import_assignments(file.read(), file.name, region=self.actor.region, **self.act)
        missing = [indicator.number for indicator in done.missing]
        notes = [str(note) for note in done.notes]
        counts = {"changed": done.changed, "unchanged": done.unchanged}
        return Response(counts | {"missing": missing, "notes": notes})
