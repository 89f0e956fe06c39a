"""Background work under /api/v1/: its progress and its file."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from lawgov.accounts.policy import Action
from lawgov.jobs import actions
from lawgov.jobs.models import Job
from lawgov.web.rest.endpoints import Endpoint
from lawgov.web.rest.rows import RowSerializer

OWN = (Action.OWN_ACCOUNT,)


class JobSerializer(RowSerializer):
    """`done` of `total` items; `filename` once there is a file, which is kept 24 hours."""

    label = serializers.CharField()

    class Meta:
        model = Job
        fields = ["id", "kind", "label", "state", "done", "total", "message", "filename",
                  "created_at", "finished_at", "expires_at"]  # fmt: skip


class JobEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """The caller's own jobs, newest first."""

    queryset = Job.objects.none()
    serializer_class = JobSerializer
    filterset_fields = {"kind": ["exact"], "state": ["exact"]}
    policy = {"list": OWN, "retrieve": OWN, "file": OWN, "again": OWN}
    answers = {
        "file": {(200, "application/octet-stream"): OpenApiTypes.BINARY},
        "again": {202: JobSerializer},
    }

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        mine = Job.objects.owned_by(self.actor.user).filter(membership=self.actor.membership)
        return mine.order_by("-pk")

    @action(detail=True, methods=["get"])
    def file(self, request: Request, pk: str) -> HttpResponseBase:
        """The result; 404 while there is none, and after 24 hours."""
        job = self.get_object()
        if not actions.may_fetch(self.actor, job, self.now):
            raise Http404
        return actions.send_file(self.actor, job, now=self.now)

    @action(detail=True, methods=["post"])
    def again(self, request: Request, pk: str) -> Response:
        """The same export once more, after it failed or its file was deleted."""
        job = actions.repeat(self.get_object(), actor=self.actor, now=self.now)
        return Response(JobSerializer(job).data, status=202)
