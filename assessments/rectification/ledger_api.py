"""The ledger 整改台账 under /api/v1/ as its page shows it, its export, and files that come in."""

from __future__ import annotations

from django.http import QueryDict
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.rectification.ledger import DIMENSIONS, SORTS
from assessments.rectification.ledger_page import ledger_context
from assessments.rectification.models import Issue
from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.jobs import actions as jobs
from lawgov.jobs.api import JobSerializer
from lawgov.web.listing import query_without
from lawgov.web.rest.bodies import StrictSerializer
from lawgov.web.rest.endpoints import Endpoint


class FacetSerializer(serializers.Serializer):
    """One value of a facet: `n` rows it would give under the other filters."""

    value = serializers.CharField()
    label = serializers.CharField()
    n = serializers.IntegerField()
    on = serializers.BooleanField()


class TabSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(Issue.Kind.choices)
    label = serializers.CharField()
    n = serializers.IntegerField()


class LedgerRowSerializer(serializers.Serializer):
    """One line: an answer where the ledger lists answers, else an issue with their sum.

    `light` is r, y, g or x; `due` says in words how long there is, `provisional` that
    the day may still move. `proofs` is null where they
    are not counted.
    """

    id = serializers.IntegerField(source="pk")
    version = serializers.IntegerField()
    number = serializers.CharField()
    text = serializers.CharField()
    units = serializers.CharField()
    state = serializers.CharField()
    light = serializers.CharField(source="due.light", allow_blank=True)
    due = serializers.CharField(source="due.text", allow_blank=True)
    due_on = serializers.DateField(source="due.day", allow_null=True)
    provisional = serializers.BooleanField(source="due.provisional")
    proofs = serializers.IntegerField(allow_null=True)
    done = serializers.IntegerField()
    total = serializers.IntegerField()


class LedgerSerializer(serializers.Serializer):
    """A page of one ledger: its tabs, facets and rows; `after` leads on where there are no page
    numbers."""

    tabs = TabSerializer(many=True)
    facets = serializers.DictField(child=FacetSerializer(many=True))
    matching = serializers.IntegerField()
    total = serializers.IntegerField()
    page = serializers.IntegerField()
    pages = serializers.IntegerField()
    after = serializers.IntegerField(allow_null=True)
    rows = LedgerRowSerializer(many=True)


class QueryBody(StrictSerializer):
    """`query`: the filters of the ledger as its address has them, `light=r&unit=12`."""

    query = serializers.CharField(max_length=2000, required=False, allow_blank=True)


FILTERS = [
    OpenApiParameter(name, {"type": "array", "items": {"type": "string"}}) for name in DIMENSIONS
] + [
    *(OpenApiParameter(name, str) for name in ("q", "person", "group", "page", "per", "after")),
    OpenApiParameter("sort", str, description=f"{', '.join(SORTS)}; with a minus: descending"),
]


class LedgerEndpoint(Endpoint):
    """The ledgers by kind; the same filters, counts and order as on the page."""

    serializer_class = LedgerSerializer
    pagination_class = None
    filter_backends = []
    lookup_field = "kind"
    lookup_value_regex = "|".join(Issue.Kind.values)
    policy = {"retrieve": (Action.VIEW_LEDGER,), "export": (Action.EXPORT,)}
    bodies = {"export": QueryBody}
    parameters = {"retrieve": FILTERS}
    answers = {"export": {202: JobSerializer}}

    def retrieve(self, request: Request, kind: str) -> Response:
        """Rows with the counts of every facet under the other filters."""
        found = ledger_context(request._request, kind, local_day(self.now))
        listing, counts = found["listing"], found["counts"]
        return Response(
            LedgerSerializer(
                {
                    "tabs": found["tabs"],
                    "facets": counts.facets,
                    "matching": counts.matching,
                    "total": counts.total,
                    "page": listing.page,
                    "pages": listing.pages,
                    "after": listing.after,
                    "rows": found["rows"],
                }
            ).data
        )

    @action(detail=True, methods=["post"])
    def export(self, request: Request, kind: str) -> Response:
        """Write the workbook of the rows under the filters, in the background."""
        query = query_without(QueryDict(self.checked().get("query", "")), "page", "after")
        params = {"kind": kind, "query": query}
        job = jobs.start(self.actor, "export_ledger", params, now=self.now)
        return Response(JobSerializer(job).data, status=202)
