"""What callers send: bodies that refuse unknown fields, and bodies that are a page's form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext as _
from rest_framework import serializers

from lawgov.errors import GuardFailed
from lawgov.web.rest.paging import LARGEST_ID


class StrictSerializer(serializers.Serializer):
    """Refuses fields it does not know, so that a misspelt one is not silently dropped."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = set(data) - set(self.fields)
            if unknown:
                raise serializers.ValidationError(
                    {str(name): [_("没有这个字段")] for name in sorted(unknown)}
                )
        return super().to_internal_value(data)


class IdField(serializers.IntegerField):
    """The number of a row."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"min_value": 1, "max_value": LARGEST_ID} | kwargs))


class VersionField(serializers.IntegerField):
    """The version of the row that the caller has seen; another one is answered with 409."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**({"min_value": 0, "max_value": 2**31 - 1} | kwargs))


class VersionBody(StrictSerializer):
    """For edges that need nothing but the version seen."""

    version = VersionField()


class FormBody(StrictSerializer):
    """The form of a page as JSON: the form's own types here, its rules by `fill`.

    `Meta.form` is the form, `Meta.fields` those of its fields that the endpoint takes. A field
    that is left out counts as empty, as it does on the page.
    """

    class Meta:
        form: type[forms.BaseForm]
        fields: tuple[str, ...]

    def get_fields(self) -> dict[str, serializers.Field]:
        known = self.Meta.form.base_fields
        derived = {name: field_of(known[name], name) for name in self.Meta.fields}
        return derived | super().get_fields()

    @classmethod
    def fill(cls, data: Mapping[str, Any], files: Any = None, **given: Any) -> Any:
        """The form, filled in and found good; raises GuardFailed with the sentences by field."""
        form = cls.Meta.form(dict(data), files, **given)
        if not form.is_valid():
            refuse(form)
        return form


def refuse(form: forms.BaseForm) -> None:
    """Raise what is wrong with a form in the way of the domain."""
    fields = {
        name: " ".join(map(str, errors))
        for name, errors in form.errors.items()
        if name != NON_FIELD_ERRORS
    }
    raise GuardFailed(*form.non_field_errors(), fields=fields)


def field_of(field: forms.Field, name: str = "") -> serializers.Field:
    """A form's field as a serializer's: what type it takes; what is right the form decides."""
    if name == "version":
        return VersionField()
    make = next(make for kind, make in FIELDS if isinstance(field, kind))
    made = make(field, field.required)
    made.help_text = str(field.help_text) or None
    return made


def _many(field: forms.ModelMultipleChoiceField, required: bool) -> serializers.Field:
    return serializers.ListField(
        child=IdField(), required=required, allow_empty=not required, max_length=5000
    )


def _one(field: forms.ModelChoiceField, required: bool) -> serializers.Field:
    return IdField(required=required, allow_null=not required)


def _choices(field: forms.MultipleChoiceField, required: bool) -> serializers.Field:
    child = serializers.CharField(max_length=200)
    return serializers.ListField(child=child, required=required, max_length=200)


def _choice(field: forms.ChoiceField, required: bool) -> serializers.Field:
    """Choices that the form fixes only for a request, such as roles of a place, are texts here."""
    choices = [choice for choice in field.choices if choice[0] not in ("", None)]
    if not choices:
        return serializers.CharField(max_length=200, required=required, allow_blank=not required)
    return serializers.ChoiceField(choices, required=required, allow_blank=not required)


def _decimal(field: forms.DecimalField, required: bool) -> serializers.Field:
    digits = {"max_digits": field.max_digits or 12, "decimal_places": field.decimal_places or 2}
    return serializers.DecimalField(**digits, required=required, allow_null=not required)


def _integer(field: forms.IntegerField, required: bool) -> serializers.Field:
    lowest = field.min_value if field.min_value is not None else -(2**31)
    highest = field.max_value if field.max_value is not None else 2**31 - 1
    return serializers.IntegerField(
        min_value=lowest, max_value=highest, required=required, allow_null=not required
    )


def _day(field: forms.DateField, required: bool) -> serializers.Field:
    return serializers.DateField(required=required, allow_null=not required)


def _yes(field: forms.BooleanField, required: bool) -> serializers.Field:
    return serializers.BooleanField(required=required)


def _file(field: forms.FileField, required: bool) -> serializers.Field:
    return serializers.FileField(required=required)


def _text(field: forms.CharField, required: bool) -> serializers.Field:
    return serializers.CharField(
        max_length=field.max_length or 2000,
        required=required,
        allow_blank=not required,
        trim_whitespace=getattr(field, "strip", True),
    )


Make = Callable[[Any, bool], serializers.Field]
#: The first kind that fits; a special kind stands before the one that it is made of.
FIELDS: tuple[tuple[type[forms.Field], Make], ...] = (
    (forms.ModelMultipleChoiceField, _many),
    (forms.ModelChoiceField, _one),
    (forms.MultipleChoiceField, _choices),
    (forms.ChoiceField, _choice),
    (forms.BooleanField, _yes),
    (forms.DecimalField, _decimal),
    (forms.IntegerField, _integer),
    (forms.DateField, _day),
    (forms.FileField, _file),
    (forms.CharField, _text),
)
