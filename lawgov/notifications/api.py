"""The inbox under /api/v1/."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from lawgov.accounts.policy import Action
from lawgov.notifications.kinds import sentence
from lawgov.notifications.models import Notification
from lawgov.web.rest import Endpoint


class NotificationSerializer(serializers.ModelSerializer):
    sentence = serializers.SerializerMethodField()

    class Meta:
        model = Notification
        fields = ["id", "kind", "sentence", "url", "created_at", "read_at"]
        read_only_fields = fields

    def get_sentence(self, item: Notification) -> str:
        return sentence(item)


class NotificationEndpoint(mixins.ListModelMixin, Endpoint):
    """The caller's own reminders in this place, newest first; `?unread=true`."""

    queryset = Notification.objects.none()
    serializer_class = NotificationSerializer
    policy = {
        "list": (Action.OWN_ACCOUNT,),
        "read": (Action.OWN_ACCOUNT,),
        "read_all": (Action.OWN_ACCOUNT,),
    }

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        rows = Notification.objects.for_user(self.actor.user).filter(region=self.actor.region)
        return rows.unread() if self.request.query_params.get("unread") == "true" else rows

    @extend_schema(request=None, responses=NotificationSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str | None = None) -> Response:
        item = self.get_object()
        Notification.objects.unread().filter(pk=item.pk).update(read_at=timezone.now())
        return Response(self.get_serializer(self.get_object()).data)

    @extend_schema(request=None, responses={200: dict})
    @action(detail=False, methods=["post"], url_path="read-all")
    def read_all(self, request: Request) -> Response:
        count = self.get_queryset().unread().update(read_at=timezone.now())
        return Response({"read": count})
