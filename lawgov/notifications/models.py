"""What people are told: Notification in the page, Delivery to the outside (the outbox)."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class NotificationQuerySet(models.QuerySet):
    def for_user(self, user: object) -> Self:
        return self.filter(recipient=user)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notification(models.Model):
    """One line in a person's inbox 站内提醒, written in the transaction of what caused it.

    `kind` is a code of `notifications.kinds`; `data` holds the values of its sentence, so that
    the reader's language decides how it reads. `url` is where the thing itself opens.
    `digest_on` is the local day of the digest that carried it, None while none has.
    """

    recipient = models.ForeignKey("accounts.User", models.CASCADE, related_name="notifications")
    region = models.ForeignKey("units.Region", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=40, blank=True)
    subject_id = models.BigIntegerField(null=True)
    url = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("已读"), null=True)
    digest_on = models.DateField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["recipient"], condition=Q(read_at=None), name="notification_unread"
            ),
            models.Index(fields=["recipient", "-id"], name="notification_inbox"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} → {self.recipient_id}"


class DeliveryQuerySet(models.QuerySet):
    def due(self, day: date) -> Self:
        return self.filter(day__lte=day, status__in=[Delivery.Status.PLANNED])


class Delivery(models.Model):
    """One digest to one person on one day over one channel; made by the planner only.

    planned → leased → sending → sent | uncertain | dead | cancelled. `sending` is committed
    before the call, so that a crash leaves a trace; `key` is the same for every try.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", _("待发")
        LEASED = "leased", _("已领取")
        SENDING = "sending", _("发送中")
        SENT = "sent", _("已发")
        UNCERTAIN = "uncertain", _("结果不明")
        DEAD = "dead", _("发不出去")
        CANCELLED = "cancelled", _("已取消")

    region = models.ForeignKey("units.Region", models.CASCADE, related_name="deliveries")
    person = models.ForeignKey("accounts.User", models.CASCADE, related_name="deliveries")
    day = models.DateField(_("日期"))
    channel = models.CharField(_("渠道"), max_length=20)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PLANNED)
    subject = models.CharField(max_length=200, blank=True)
    body = models.JSONField(default=dict)
    key = models.CharField(max_length=64, unique=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=120, blank=True)
    leased_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["region", "person", "day", "channel"], name="delivery_once_a_day"
            )
        ]
        indexes = [
            models.Index(
                fields=["next_at", "id"],
                condition=Q(status__in=["planned", "leased", "sending"]),
                name="delivery_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day} {self.channel} {self.status}"
