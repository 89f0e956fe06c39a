"""The register under /api/v1/: units with their other names, groups, contacts 明白人."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from lawgov.accounts.policy import Action
from lawgov.audit.record import record
from lawgov.units import actions
from lawgov.units.forms import GroupForm, LiaisonForm, ListForm, RosterForm, UnitForm
from lawgov.units.importing import import_pasted, import_units
from lawgov.units.models import Liaison, Unit, UnitGroup
from lawgov.units.roster import import_roster
from lawgov.web.rest.bodies import FormBody, IdField
from lawgov.web.rest.endpoints import Endpoint
from lawgov.web.rest.rows import RowSerializer

OFFICE = (Action.MANAGE_UNITS,)


class UnitSerializer(RowSerializer):
    """A unit 单位; `liaisons_short` says whether it has fewer contacts than it needs."""

    aliases = serializers.SlugRelatedField("name", many=True, read_only=True)
    led_count = serializers.IntegerField()
    work_count = serializers.IntegerField()
    people_count = serializers.IntegerField()
    liaison_count = serializers.IntegerField()
    liaison_minimum = serializers.IntegerField()

    class Meta:
        model = Unit
        fields = [
            "id", "code", "name", "short_name", "kind", "enforcement", "order", "aliases",
            "closed_on", "successor", "version", "led_count", "work_count", "people_count",
            "liaison_count", "liaison_minimum",
        ]  # fmt: skip


UNIT = ("name", "short_name", "code", "kind", "enforcement", "aliases")


class UnitBody(FormBody):
    """`aliases`: other names, one a line."""

    class Meta:
        form = UnitForm
        fields = UNIT


class UnitChangeBody(FormBody):
    class Meta:
        form = UnitForm
        fields = (*UNIT, "order", "version")


class UnitListBody(FormBody):
    """A list of units: a file, or lines pasted from anywhere."""

    class Meta:
        form = ListForm
        fields = ("file", "lines")


class ImportedSerializer(serializers.Serializer):
    """How many rows were new, changed, and as before."""

    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()


class UnitEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """Units of the place, closed ones included; `liaisons=short` is the alert list."""

    model = Unit
    serializer_class = UnitSerializer
    filterset_fields = {
        "kind": ["exact"],
        "enforcement": ["exact"],
        "closed_on": ["isnull"],
        "code": ["exact"],
    }
    policy = dict.fromkeys(
        ["list", "retrieve", "create", "update", "short_of_liaisons", "read_list"], OFFICE
    )
    bodies = {"create": UnitBody, "update": UnitChangeBody, "read_list": UnitListBody}
    answers = {
        "read_list": ImportedSerializer,
        "short_of_liaisons": UnitSerializer(many=True),
    }
    uploads = frozenset({"read_list"})

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        rows = Unit.objects.visible_to(self.actor, Action.MANAGE_UNITS).order_by("order", "pk")
        return rows.with_liaison_counts().with_work_counts().prefetch_related("aliases")

    def create(self, request: Request) -> Response:
        form = self.filled(instance=Unit(region=self.actor.region))
        unit = Unit(region=self.actor.region)
        aliases = form.cleaned_data["aliases"]
        return self.shown(actions.save_unit(unit, form.values(), aliases, **self.act), made=True)

    def update(self, request: Request, pk: str) -> Response:
        form = self.filled(instance=self.get_object())
        aliases, version = form.cleaned_data["aliases"], form.seen
        actions.save_unit(form.stored(), form.values(), aliases, version=version, **self.act)
        return self.shown(int(pk))

    @action(detail=False, methods=["get"], url_path="short-of-liaisons")
    def short_of_liaisons(self, request: Request) -> Response:
        """Open units below their minimum of contacts 明白人."""
        rows = Unit.objects.visible_to(self.actor, Action.MANAGE_UNITS).filter(closed_on=None)
        rows = rows.short_of_liaisons().with_work_counts().prefetch_related("aliases")
        page = self.paginate_queryset(rows.order_by("order", "pk"))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @action(detail=False, methods=["post"], url_path="import")
    def read_list(self, request: Request) -> Response:
        """All of a list or nothing; the same list again changes nothing."""
        data = self.filled().cleaned_data
        file = data.get("file")
        by = {"region": self.actor.region, **self.act}
        if file:
            done = import_units(file.read(), file.name, **by)
        else:
            done = import_pasted(data["lines"], **by)
        counts = {name: len(getattr(done, name)) for name in ("created", "changed", "unchanged")}
        return Response(counts)


class GroupSerializer(RowSerializer):
    """A name that stands for many units; `members` are ids of units."""

    class Meta:
        model = UnitGroup
        fields = ["id", "name", "members", "version"]


class GroupBody(FormBody):
    class Meta:
        form = GroupForm
        fields = ("name", "members")


class GroupChangeBody(FormBody):
    class Meta:
        form = GroupForm
        fields = ("name", "members", "version")


class GroupEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """Groups of units 单位分组."""

    model = UnitGroup
    serializer_class = GroupSerializer
    policy = dict.fromkeys(["list", "retrieve", "create", "update", "destroy"], OFFICE)
    bodies = {"create": GroupBody, "update": GroupChangeBody}

    def rows(self):
        return UnitGroup.objects.prefetch_related("members").order_by("pk")

    def create(self, request: Request) -> Response:
        return self._save(UnitGroup(region=self.actor.region), made=True)

    def update(self, request: Request, pk: str) -> Response:
        return self._save(self.get_object(), made=False)

    def _save(self, group: UnitGroup, *, made: bool) -> Response:
        form = self.filled(instance=group, region=self.actor.region)
        row = UnitGroup(region=self.actor.region) if made else form.stored()
        data = form.cleaned_data
        version = None if made else form.seen
        actions.save_group(row, data["name"], data["members"], version=version, **self.act)
        return self.shown(row, made=made)

    def destroy(self, request: Request, pk: str) -> Response:
        """The group goes, its units stay."""
        actions.delete_group(self.get_object(), **self.act)
        return self.done()


class LiaisonSerializer(RowSerializer):
    """A contact 明白人; the number is masked."""

    phone = serializers.CharField(source="masked_phone", allow_null=True)
    unit_name = serializers.CharField(source="unit.name")

    class Meta:
        model = Liaison
        fields = ["id", "unit", "unit_name", "name", "position", "phone", "remark", "version"]


class PhoneSerializer(serializers.Serializer):
    phone = serializers.CharField(allow_blank=True, allow_null=True)


LIAISON = ("name", "position", "phone", "remark")


class LiaisonBody(FormBody):
    class Meta:
        form = LiaisonForm
        fields = LIAISON

    unit = IdField()


class LiaisonChangeBody(FormBody):
    """An empty `phone` leaves the number as it is."""

    class Meta:
        form = LiaisonForm
        fields = (*LIAISON, "version")


class RosterBody(FormBody):
    """A roster of contacts."""

    class Meta:
        form = RosterForm
        fields = ("file",)


class LiaisonEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """Contacts 明白人 of all units."""

    model = Liaison
    serializer_class = LiaisonSerializer
    filterset_fields = {"unit": ["exact"]}
    policy = dict.fromkeys(
        ["list", "retrieve", "create", "update", "destroy", "phone", "read_roster"], OFFICE
    )
    bodies = {"create": LiaisonBody, "update": LiaisonChangeBody, "read_roster": RosterBody}
    answers = {"phone": PhoneSerializer, "read_roster": ImportedSerializer}
    uploads = frozenset({"read_roster"})
    secret = frozenset({"phone"})

    def rows(self):
        return Liaison.objects.select_related("unit").order_by("unit__order", "pk")

    def create(self, request: Request) -> Response:
        open_units = Unit.objects.visible_to(self.actor, Action.MANAGE_UNITS).filter(closed_on=None)
        unit = self.chosen(open_units, "unit", self.checked()["unit"])
        form = self.filled(instance=Liaison(unit=unit))
        row = actions.save_liaison(Liaison(unit=unit), form.values(), version=None, **self.act)
        return self.shown(row, made=True)

    def update(self, request: Request, pk: str) -> Response:
        form = self.filled(instance=self.get_object())
        row = actions.save_liaison(form.stored(), form.values(), version=form.seen, **self.act)
        return self.shown(row)

    def destroy(self, request: Request, pk: str) -> Response:
        actions.delete_liaison(self.get_object(), **self.act)
        return self.done()

    @action(detail=False, methods=["post"], url_path="import")
    def read_roster(self, request: Request) -> Response:
        """All of a roster or nothing; the same roster again changes nothing."""
        file = self.filled().cleaned_data["file"]
        done = import_roster(file.read(), file.name, region=self.actor.region, **self.act)
        return Response(ImportedSerializer(done).data)

    @action(detail=True, methods=["post"])
    def phone(self, request: Request, pk: str) -> Response:
        """The whole number, once; that it was looked at stands in the trail."""
        liaison = self.get_object()
        data: dict[str, Any] = {"name": liaison.name}
        with transaction.atomic():
            record(self.actor, "liaison.seen", liaison, topic=liaison.unit, now=self.now, data=data)
        return Response({"phone": liaison.phone})
