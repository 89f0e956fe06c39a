"""What people are told: Notification in the page, Delivery to the outside (the outbox)."""

from __future__ import annotations

from datetime import date
from typing import Self
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action
from lawgov.accounts.scoping import Scoped, ScopedQuerySet


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


class DeliveryQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor, action: Action | None = None) -> Self:
        """To be read: besides the place's for its office what one was sent oneself."""
        rows = super().visible_to(actor, action)
        return rows if action else rows | self.filter(region=actor.region_id, person=actor.user)

    def waiting(self, today: date) -> Self:
        """What should be out by now and is not; the oldest first."""
        status = Delivery.Status
        unsent = [status.PLANNED, status.LEASED, status.SENDING]
        return self.filter(day__lte=today, status__in=unsent).order_by("created_at")


class Delivery(Scoped):
    """One digest to one person on one day over one channel; made by the planner only.

    Without a person it is the place's own digest, for a robot in a group.

    planned → leased → sending → sent | uncertain | dead | cancelled. `sending` is committed
    before the call, so that a crash leaves a trace; `key` is the same for every try.
    `first_try_at` begins the 24 hours of tries; what was begun is finished whatever its day.
    `body` is what was said, see Message.record; empty until then.
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
    person = models.ForeignKey(
        "accounts.User", models.CASCADE, null=True, related_name="deliveries"
    )
    day = models.DateField(_("日期"))
    channel = models.CharField(_("渠道"), max_length=20)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PLANNED)
    subject = models.CharField(max_length=200, blank=True)
    body = models.JSONField(default=dict)
    key = models.CharField(max_length=64, unique=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    first_try_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=120, blank=True)
    leased_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    scope_action = Action.MANAGE_CAMPAIGN

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["region", "person", "day", "channel"], name="delivery_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        *("planned", "leased", "sending"),
                        *("sent", "uncertain", "dead", "cancelled"),
                    ]
                ),
                name="delivery_state",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_at", "id"],
                condition=Q(status__in=["planned", "leased", "sending"]),
                name="delivery_open",
            ),
            models.Index(fields=["channel", "sent_at"], name="delivery_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.day} {self.channel} {self.status}"


class ChannelQuerySet(ScopedQuerySet):
    def of_place(self, region: object) -> Self:
        """The robots and webhooks of the place itself."""
        return self.filter(region=region, owner=None)


class Channel(Scoped):
    """A way out of the house 提醒渠道: a robot in a group, or an address of another system.

    Of the place where `owner` is None, else one person's own. `address` holds a key as robots
    have it and is as secret as `secret`: neither is shown again. `template` is the JSON that a
    webhook is sent. Without a `language` of its own a person's channel speaks theirs and a place's
    Chinese. `last_…` tell how it went the last time.
    """

    class Kind(models.TextChoices):
        WECOM = "wecom", _("企业微信群机器人")
        DINGTALK = "dingtalk", _("钉钉群机器人")
        WEBHOOK = "webhook", _("其他系统（HTTP）")

    region = models.ForeignKey("units.Region", models.CASCADE, related_name="channels")
    owner = models.ForeignKey(
        "accounts.User", models.CASCADE, null=True, related_name="own_channels"
    )
    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("名称"), max_length=60)
    address = models.CharField(_("网址"), max_length=500)
    secret = models.CharField(_("密钥"), max_length=200, blank=True)
    template = models.TextField(_("内容模板"), max_length=4000, blank=True)
    language = models.CharField(_("语言"), max_length=10, blank=True)
    active = models.BooleanField(_("启用"), default=True)
    per_minute = models.PositiveSmallIntegerField(_("每分钟最多几条"), default=20)
    created_at = models.DateTimeField()
    last_ok_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
    last_error_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    scope_action = Action.MANAGE_CAMPAIGN

    objects = ChannelQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(per_minute__gte=1), name="channel_limit",
                violation_error_message=_("至少每分钟 1 条"),
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["region", "owner"], name="channel_owner")]

    def __str__(self) -> str:
        return self.name

    @property
    def code(self) -> str:
        """How deliveries name it."""
        return f"robot-{self.pk}"

    @property
    def host(self) -> str:
        """What may be shown of the address."""
        return urlsplit(self.address).hostname or ""

    @property
    def is_well(self) -> bool:
        """Whether the last try went well, or none was made yet."""
        return not self.last_error_at or bool(
            self.last_ok_at and self.last_ok_at > self.last_error_at
        )


class ChannelHealth(models.Model):
    """How a way out of the house is doing, by its code: "email", or "robot-" and a number.

    After some `failures` in a row it rests until `rests_until`, and no sender tries it.
    """

    code = models.CharField(max_length=20, unique=True)
    failures = models.PositiveSmallIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)
    failed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "channel health"

    def __str__(self) -> str:
        return f"{self.code} {self.failures}"


class CalendarFeed(models.Model):
    """A person's deadlines under a secret address 日历订阅, for one membership.

    Only a hash of the address is kept. One in force a membership; a revoked one stays as a row.
    """

    membership = models.ForeignKey("accounts.Membership", models.CASCADE, related_name="feeds")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership"], condition=Q(revoked_at=None), name="feed_one_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"feed of {self.membership_id}"
