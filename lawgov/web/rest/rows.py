"""How rows are told: serializers that only read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from lawgov.workflow import Offer


class RowSerializer(serializers.ModelSerializer):
    """The named columns of a row; nothing is ever written through it."""

    def get_extra_kwargs(self) -> dict[str, dict[str, Any]]:
        kwargs = super().get_extra_kwargs()
        for name in self.Meta.fields:
            kwargs[name] = {"read_only": True} | kwargs.get(name, {})
        return kwargs


class OfferSerializer(serializers.Serializer):
    """An edge that the caller may take; `reasons` say what still stands against it."""

    name = serializers.CharField()
    label = serializers.CharField()
    reasons = serializers.ListField(child=serializers.CharField())


def offers_as_json(offers: list[Offer]) -> list[dict[str, Any]]:
    return [
        {"name": offer.name, "label": str(offer.label), "reasons": [*map(str, offer.reasons)]}
        for offer in offers
    ]


class LineSerializer(serializers.Serializer):
    """One line of a timeline 经过; `back` marks a step back."""

    who = serializers.CharField()
    what = serializers.CharField()
    at = serializers.DateTimeField()
    reason = serializers.CharField(allow_blank=True)
    back = serializers.BooleanField()


class IdsField(serializers.ListField):
    """Rows by their numbers alone."""

    child = serializers.IntegerField()

    def to_representation(self, rows: Iterable[Any]) -> list[int]:
        return [row.pk for row in rows]


class RefSerializer(serializers.Serializer):
    """A row by number and name."""

    id = serializers.IntegerField(source="pk")
    name = serializers.CharField(source="__str__")


class ResultSerializer(serializers.Serializer):
    """What became of one row of a bulk call; `detail` says why it was not done."""

    id = serializers.IntegerField()
    done = serializers.BooleanField()
    detail = serializers.CharField(allow_blank=True)


class ResultsSerializer(serializers.Serializer):
    """A result for each row, in the order of the call."""

    results = ResultSerializer(many=True)


def results(asked: Iterable[int], errors: Mapping[int, Exception | None]) -> dict[str, Any]:
    """The answer to a bulk call; a row that the caller may not see is not there."""
    told = [
        {"id": pk, "done": errors.get(pk, True) is None, "detail": str(errors.get(pk) or "")}
        for pk in asked
    ]
    for line in told:
        if line["id"] not in errors:
            line["detail"] = _("这里没有这一项，或不归你单位看")
    return {"results": told}
