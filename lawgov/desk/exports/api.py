"""Sheets that leave under /api/v1/: lists as they are filtered."""

from __future__ import annotations

from django.http import Http404, QueryDict
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lawgov.accounts.policy import Action, can
from lawgov.desk.exports.rows import LISTS
from lawgov.jobs import actions as jobs
from lawgov.jobs.api import JobSerializer
from lawgov.web.listing import query_without
from lawgov.web.rest.bodies import StrictSerializer
from lawgov.web.rest.endpoints import Endpoint


class ListQuery(StrictSerializer):
    """`query`: the query string of the list page, with its filters and its order."""

    query = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class ExportEndpoint(Endpoint):
    """Lists written as sheets, in the background."""

    serializer_class = JobSerializer
    policy = {"make": (Action.EXPORT,)}
    bodies = {"make": ListQuery}
    parameters = {"make": [OpenApiParameter("code", str, "path", enum=list(LISTS))]}
    answers = {"make": {202: JobSerializer}}

    def make(self, request: Request, code: str) -> Response:
        """Write the list under the filters; its job gives progress and file."""
        found = LISTS.get(code)
        if found is None or not any(can(self.actor, each) for each in found.actions):
            raise Http404
        query = query_without(QueryDict(self.checked().get("query", "")), "page", "after")
        job = jobs.start(self.actor, found.job, {"query": query}, now=self.now)
        return Response(JobSerializer(job).data, status=202)
