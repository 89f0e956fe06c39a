"""Global search 全站搜索 under /api/v1/."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lawgov.accounts.policy import Action
from lawgov.desk.search import queries
from lawgov.web.listing import search_text
from lawgov.web.rest.endpoints import Figures


class SearchHitSerializer(serializers.Serializer):
    """One thing found; `url` is its page."""

    url = serializers.CharField()
    number = serializers.CharField(allow_blank=True)
    title = serializers.CharField()
    note = serializers.CharField(allow_blank=True)


class SearchSectionSerializer(serializers.Serializer):
    """Hits of one kind; `cut` when there are more, `more` the page that lists all, "" for none."""

    title = serializers.CharField()
    hits = SearchHitSerializer(many=True)
    more = serializers.CharField(allow_blank=True)
    cut = serializers.BooleanField()


class SearchFoundSerializer(serializers.Serializer):
    sections = SearchSectionSerializer(many=True)


class SearchEndpoint(Figures):
    """What the caller may see of what a text is in, a few of each kind."""

    serializer_class = SearchFoundSerializer
    policy = {"show": (Action.SEARCH,)}
    parameters = {"show": [OpenApiParameter("q", str)]}
    answers = {"show": SearchFoundSerializer}

    def show(self, request: Request) -> Response:
        sections = queries.search(self.actor, search_text(self.http))
        return Response(SearchFoundSerializer({"sections": sections}).data)
