"""How lists are cut and narrowed: pages, filters by columns, a search text; and their format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import FilterSet
from django_filters import filters as django_filters
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.filters import BaseFilterBackend
from rest_framework.negotiation import BaseContentNegotiation, DefaultContentNegotiation
from rest_framework.pagination import PageNumberPagination

from lawgov.web.listing import SEARCH_LENGTH, search_text

if TYPE_CHECKING:  # the framework's views are being loaded when they ask for these classes
    from rest_framework.request import Request
    from rest_framework.views import APIView

LARGEST_ID = 2**63 - 1


class AlwaysJson(BaseContentNegotiation):
    """There is one format, and files; what a caller would rather have is not asked."""

    def select_parser(self, request: Request, parsers: list) -> Any:
        return DefaultContentNegotiation().select_parser(request, parsers)

    def select_renderer(self, request: Request, renderers: list, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class Pages(PageNumberPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class IdField(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs |= {"min_value": 0, "max_value": LARGEST_ID}
        super().__init__(**kwargs)


class IdFilter(django_filters.NumberFilter):
    """A foreign key by its number, whoever's it is: the rows are scoped, so a stranger's number
    and one that does not exist give the same empty list. A choice of rows would tell them apart.
    """

    field_class = IdField


class RowFilters(FilterSet):
    class Meta:
        filter_overrides = {
            models.ForeignKey: {"filter_class": IdFilter},
            models.OneToOneField: {"filter_class": IdFilter},
        }


class ColumnFilters(DjangoFilterBackend):
    """`filterset_fields` of the endpoint."""

    filterset_base = RowFilters


class TextSearch(BaseFilterBackend):
    """`?q=`, where the rows know what to search: QuerySets with a method `matching`."""

    def filter_queryset(self, request: Request, queryset: QuerySet, view: APIView) -> QuerySet:
        if not hasattr(queryset, "matching"):
            return queryset
        return queryset.matching(search_text(request))

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        if not hasattr(getattr(view, "queryset", None), "matching"):
            return []
        return [
            {
                "name": "q",
                "required": False,
                "in": "query",
                "description": str(_("查找的文字，最多 %(n)d 个字") % {"n": SEARCH_LENGTH}),
                "schema": {"type": "string"},
            }
        ]
