"""What became of the reminders, under /api/v1/: digests as sent, and what was owed."""

from __future__ import annotations

from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from assessments.models import Reminder
from assessments.reminders.log import seen_by
from assessments.reminders.resending import resend
from lawgov.accounts.policy import Action
from lawgov.notifications.models import Delivery
from lawgov.web.rest.endpoints import Endpoint
from lawgov.web.rest.rows import RowSerializer

OFFICE = (Action.MANAGE_CAMPAIGN,)


class DeliverySerializer(RowSerializer):
    """One digest to one person (null: to the place's robot) on one day over one channel."""

    person_name = serializers.CharField(source="person.name", default=None, allow_null=True)

    class Meta:
        model = Delivery
        fields = [
            "id", "day", "person_name", "channel", "subject", "status", "attempts", "sent_at",
            "last_error",
        ]  # fmt: skip


class ToldSerializer(DeliverySerializer):
    """With `body`, what was said: greeting, lines of [what, by when and for whom, path], and how
    many more there were; empty until it is sent."""

    class Meta(DeliverySerializer.Meta):
        fields = [*DeliverySerializer.Meta.fields, "body"]


class DeliveryEndpoint(mixins.ListModelMixin, mixins.RetrieveModelMixin, Endpoint):
    """发送记录 of the place; the digests that one was sent oneself are read by anybody."""

    model = Delivery
    serializer_class = ToldSerializer
    line_class = DeliverySerializer
    filterset_fields = {"status": ["exact"], "day": ["exact", "gte", "lte"], "channel": ["exact"]}
    policy = {"list": OFFICE, "retrieve": (Action.OWN_ACCOUNT,), "again": OFFICE}

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        rows = Delivery.objects.visible_to(self.actor)
        return rows.select_related("person").order_by("pk")

    @action(detail=True, methods=["post"])
    def again(self, request: Request, pk: str) -> Response:
        """Give a dead or uncertain digest to the sender once more; 409 for any other."""
        delivery = self.get_object()
        resend(delivery, **self.act)
        return self.shown(delivery)


class ReminderSerializer(RowSerializer):
    """One thing that one person was owed on one day; one of the three subjects is given."""

    recipient_name = serializers.CharField(source="recipient.name")

    class Meta:
        model = Reminder
        fields = [
            "id", "local_day", "response", "work", "evidence", "kind", "level", "recipient_name",
            "days", "status", "reason",
        ]  # fmt: skip


class ReminderEndpoint(mixins.ListModelMixin, Endpoint):
    """应提醒事项: the place's for the office; of an issue for whoever reads its answers."""

    model = Reminder
    serializer_class = ReminderSerializer
    filterset_fields = {
        "status": ["exact"],
        "kind": ["exact"],
        "local_day": ["exact", "gte", "lte"],
        "response__issue": ["exact"],
    }
    policy = {"list": (Action.MANAGE_CAMPAIGN, Action.VIEW_LEDGER)}

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return seen_by(self.actor).select_related("recipient").order_by("pk")
