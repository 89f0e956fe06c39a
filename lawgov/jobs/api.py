"""Background work under /api/v1/: its progress and its file."""

from __future__ import annotations

from django.http import FileResponse, Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request

from lawgov.accounts.policy import Action
from lawgov.jobs import actions
from lawgov.jobs.models import Job
from lawgov.web.rest import Endpoint


class JobSerializer(serializers.ModelSerializer):
    class Meta:
        model = Job
        fields = ["id", "kind", "state", "done", "total", "message", "filename", "created_at",
                  "finished_at", "expires_at"]  # fmt: skip
        read_only_fields = fields


class JobEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """The caller's own jobs, newest first."""

    queryset = Job.objects.none()
    serializer_class = JobSerializer
    policy = {
        "list": (Action.OWN_ACCOUNT,),
        "retrieve": (Action.OWN_ACCOUNT,),
        "file": (Action.OWN_ACCOUNT,),
    }

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return Job.objects.owned_by(self.actor.user).filter(membership=self.actor.membership)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, methods=["get"])
    def file(self, request: Request, pk: str | None = None) -> FileResponse:
        """The result; 404 while there is none, and after 24 hours."""
        job = self.get_object()
        if not actions.may_fetch(self.actor, job, timezone.now()):
            raise Http404
        return actions.send_file(self.actor, job, now=timezone.now())
