"""Editions of the framework under /api/v1/: their trees, and loading one more."""

from __future__ import annotations

from django.db.models import Count, Prefetch, Sum
from rest_framework import mixins, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from indicators.framework.forms import EditionForm
from indicators.framework.loader import default_code, load_framework
from indicators.framework.models import Area, FrameworkEdition, Group, Indicator
from lawgov.accounts.policy import Action
from lawgov.web.rest.bodies import FormBody
from lawgov.web.rest.endpoints import Endpoint
from lawgov.web.rest.rows import RowSerializer

OFFICE = (Action.MANAGE_CAMPAIGN,)


class EditionSerializer(RowSerializer):
    """An edition 版本 with the number of its indicators and their points."""

    size = serializers.IntegerField()
    total = serializers.DecimalField(8, 1, allow_null=True)

    class Meta:
        model = FrameworkEdition
        fields = ["id", "code", "name", "size", "total", "loaded_at"]


class IndicatorOfEditionSerializer(RowSerializer):
    slots = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Indicator
        fields = ["number", "code", "title", "title_en", "requirement", "slots", "method",
                  "points", "lead_unit_type", "basis"]  # fmt: skip


class IndicatorGroupSerializer(RowSerializer):
    indicators = IndicatorOfEditionSerializer(many=True)

    class Meta:
        model = Group
        fields = ["number", "title", "indicators"]


class IndicatorAreaSerializer(RowSerializer):
    groups = IndicatorGroupSerializer(many=True)

    class Meta:
        model = Area
        fields = ["number", "title", "short_name", "groups"]


class TreeSerializer(EditionSerializer):
    """An edition with its areas, groups and indicators, in order."""

    areas = IndicatorAreaSerializer(many=True)

    class Meta(EditionSerializer.Meta):
        fields = [*EditionSerializer.Meta.fields, "areas"]


class EditionBody(FormBody):
    class Meta:
        form = EditionForm
        fields = ("file", "code", "name", "points")


class EditionEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """Editions 指标体系, shared by all places of the installation."""

    queryset = FrameworkEdition.objects.none()
    serializer_class = TreeSerializer
    line_class = EditionSerializer
    lookup_field = "code"
    lookup_value_regex = r"[\w-]{1,40}"
    policy = dict.fromkeys(["list", "retrieve", "create"], OFFICE)
    bodies = {"create": EditionBody}
    answers = {"create": EditionSerializer}
    uploads = frozenset({"create"})

    def get_queryset(self):
        rows = FrameworkEdition.objects.annotate(
            size=Count("indicators"), total=Sum("indicators__points")
        )
        if self.action != "retrieve":
            return rows.order_by("code")
        groups = Group.objects.prefetch_related(
            Prefetch("indicators", Indicator.objects.order_by("number"))
        )
        areas = Area.objects.prefetch_related(Prefetch("groups", groups.order_by("number")))
        return rows.prefetch_related(Prefetch("areas", areas.order_by("number")))

    def create(self, request: Request) -> Response:
        """Load a file; other content under a known code is refused (409), never replaced."""
        data = self.filled().cleaned_data
        file = data["file"]
        loaded = load_framework(
            file.read(),
            file.name,
            code=data["code"] or default_code(file.name),
            name=data["name"],
            points=data["points"],
            may_replace=False,
            **self.act,
        )
        row = self.get_queryset().get(pk=loaded.edition.pk)
        return Response(EditionSerializer(row).data, status=201)
