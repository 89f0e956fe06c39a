"""What is owed to whom: Reminder rows, unique, made by the planner; and the place's own rules."""

from __future__ import annotations

from datetime import datetime, time

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.reminders import kinds
from lawgov.accounts.policy import Action
from lawgov.accounts.scoping import Scoped, ScopedQuerySet


class PlannerRun(models.Model):
    """One planning of one place for one local day; unique, so that two planners plan once."""

    region = models.ForeignKey("units.Region", models.CASCADE, related_name="planner_runs")
    day = models.DateField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    reminders = models.PositiveIntegerField(default=0)
    deliveries = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["region", "day"], name="planner_run_once")]

    def __str__(self) -> str:
        return f"{self.region_id} {self.day}"


ONCE = ["deadline_version", "kind", "level", "local_day", "recipient"]


class Reminder(models.Model):
    """One thing that one person is to be reminded of on one local day.

    It is about one subject: an answer to an issue, a unit's work on an indicator, or a piece of
    evidence. Unique, so that planning twice, or by two planners, plans once. `deadline_version`
    makes an extended deadline count anew. `covered` means that it stands in the digest of its
    recipient for its day; `skipped` that its day passed while nothing was planned (`reason` says
    why). `stands_for` is the person away whose deputy the recipient is.
    """

    Kind = kinds.Kind
    Level = kinds.Level

    class Status(models.TextChoices):
        PLANNED = "planned", _("待发")
        COVERED = "covered", _("已列入提醒")
        SKIPPED = "skipped", _("已跳过")
        CANCELLED = "cancelled", _("已取消")

    region = models.ForeignKey("units.Region", models.CASCADE, related_name="reminders")
    response = models.ForeignKey(
        "assessments.UnitResponse", models.CASCADE, null=True, related_name="reminders"
    )
    work = models.ForeignKey(
        "indicators.UnitAssignment", models.CASCADE, null=True, related_name="reminders"
    )
    evidence = models.ForeignKey(
        "indicators.Evidence", models.CASCADE, null=True, related_name="reminders"
    )
    deadline_version = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=kinds.Kind.choices)
    level = models.CharField(max_length=10, choices=kinds.Level.choices)
    local_day = models.DateField(_("日期"))
    recipient = models.ForeignKey("accounts.User", models.CASCADE, related_name="reminders")
    stands_for = models.ForeignKey(
        "accounts.User", models.CASCADE, null=True, related_name="reminders_to_deputies"
    )
    days = models.SmallIntegerField(
        help_text="working days left, or calendar days overdue as a negative"
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    reason = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            # One for each kind of subject: NULLs are never equal, on neither database.
            models.UniqueConstraint(
                fields=["response", *ONCE],
                name="reminder_once",
                condition=Q(response__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["work", *ONCE], name="reminder_work_once", condition=Q(work__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["evidence", *ONCE],
                name="reminder_evidence_once",
                condition=Q(evidence__isnull=False),
            ),
            models.CheckConstraint(
                name="reminder_one_subject",
                condition=Q(response__isnull=False, work__isnull=True, evidence__isnull=True)
                | Q(response__isnull=True, work__isnull=False, evidence__isnull=True)
                | Q(response__isnull=True, work__isnull=True, evidence__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["region", "local_day", "status"], name="reminder_day"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.local_day} → {self.recipient_id}"


# -- the place's own rules ------------------------------------------------------------------------

DAYS = [MaxValueValidator(365)]


# Callables, because Django warns of a fixed time when it happens to be that time of the day.
def morning() -> time:
    return time(8, 30)


def evening() -> time:
    return time(20, 0)


class ReminderRule(Scoped):
    """One rule 提醒规则 of a campaign; without a row the defaults of levels.py hold.

    Columns as in `levels.Rules`; `before` is a list of numbers in text, such as "7,3,1,0".
    """

    campaign = models.ForeignKey("indicators.Campaign", models.CASCADE, related_name="+")
    watch = models.CharField(max_length=10, choices=kinds.Watch.choices)
    active = models.BooleanField(_("启用"), default=True)
    limit = models.PositiveSmallIntegerField(_("办理期限"), default=0, validators=DAYS)
    before = models.CharField(_("到期前几个工作日"), max_length=40, blank=True)
    first = models.PositiveSmallIntegerField(_("逾期第几天起"), default=1, validators=DAYS)
    every = models.PositiveSmallIntegerField(_("之后每隔几天"), default=3, validators=DAYS)
    head_from = models.PositiveSmallIntegerField(
        _("单位负责人"), null=True, blank=True, validators=DAYS
    )
    office_from = models.PositiveSmallIntegerField(
        _("创建办"), null=True, blank=True, validators=DAYS
    )
    leader_from = models.PositiveSmallIntegerField(
        _("领导"), null=True, blank=True, validators=DAYS
    )
    version = models.PositiveIntegerField(default=1)

    scope_action = Action.VIEW_SETTINGS
    region_path = "campaign__region"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "watch"], name="reminder_rule_once")
        ]

    def __str__(self) -> str:
        return str(self.get_watch_display())


class ReminderText(models.Model):
    """The office's own sentence of what to do, for one rule, level and language."""

    campaign = models.ForeignKey("indicators.Campaign", models.CASCADE, related_name="+")
    watch = models.CharField(max_length=10, choices=kinds.Watch.choices)
    level = models.CharField(max_length=10, choices=kinds.Level.choices)
    language = models.CharField(max_length=10)
    text = models.CharField(max_length=200)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "watch", "level", "language"], name="reminder_text_once"
            )
        ]

    def __str__(self) -> str:
        return self.text


class ReminderHours(Scoped):
    """When a place is reminded 提醒时间: local times, and how much of it by hand.

    Outside `from_time` to `to_time` nothing is sent. With `any_day` what is overdue by
    `any_day_from` calendar days or more is told on days off as well.
    """

    campaign = models.OneToOneField("indicators.Campaign", models.CASCADE, related_name="+")
    from_time = models.TimeField(_("每天从"), default=morning)
    to_time = models.TimeField(_("到"), default=evening)
    any_day = models.BooleanField(_("休息日也发严重逾期的提醒"), default=False)
    any_day_from = models.PositiveSmallIntegerField(
        _("严重逾期指逾期满几天"), default=7, validators=[MinValueValidator(1), *DAYS]
    )
    manual_daily = models.PositiveSmallIntegerField(
        _("一个人一天最多被人工催办几件"),
        default=20,
        validators=[MinValueValidator(1), MaxValueValidator(200)],
    )
    version = models.PositiveIntegerField(default=1)

    scope_action = Action.VIEW_SETTINGS
    region_path = "campaign__region"

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_time__gt=models.F("from_time")),
                name="reminder_hours_order",
                violation_error_message=_("结束时间要晚于开始时间"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_time:%H:%M}—{self.to_time:%H:%M}"

    def awake(self, now: datetime) -> bool:
        """Whether messages may go out at this instant; on which days the rules decide."""
        return self.from_time <= timezone.localtime(now).time() < self.to_time
