"""The inbox under /api/v1/."""

from __future__ import annotations

from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from lawgov.accounts.policy import Action
from lawgov.notifications.kinds import sentence
from lawgov.notifications.models import Notification
from lawgov.web.rest.endpoints import Endpoint
from lawgov.web.rest.rows import RowSerializer

OWN = (Action.OWN_ACCOUNT,)


class NoticeSerializer(RowSerializer):
    sentence = serializers.SerializerMethodField()

    class Meta:
        model = Notification
        fields = ["id", "kind", "sentence", "url", "created_at", "read_at"]

    def get_sentence(self, item: Notification) -> str:
        return sentence(item)


class ReadSerializer(serializers.Serializer):
    read = serializers.IntegerField()


class NoticeEndpoint(mixins.ListModelMixin, Endpoint):
    """The caller's own notices in this place, newest first; `read_at__isnull=true`: the unread."""

    queryset = Notification.objects.none()
    serializer_class = NoticeSerializer
    filterset_fields = {"read_at": ["isnull"], "kind": ["exact"]}
    policy = {"list": OWN, "read": OWN, "read_all": OWN}
    answers = {"read_all": ReadSerializer}

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        mine = Notification.objects.for_user(self.actor.user)
        return mine.filter(region=self.actor.region).order_by("-pk")

    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:
        item = self.get_object()
        self.get_queryset().unread().filter(pk=item.pk).update(read_at=self.now)
        return self.shown(item)

    @action(detail=False, methods=["post"], url_path="read-all")
    def read_all(self, request: Request) -> Response:
        return Response({"read": self.get_queryset().unread().update(read_at=self.now)})
