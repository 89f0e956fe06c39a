"""What is owed to whom: Reminder rows, unique, made by the planner."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


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


class Reminder(models.Model):
    """One thing that one person is to be reminded of on one local day.

    Unique, so that planning twice, or by two planners, plans once. `deadline_version` makes an
    extended deadline count anew. `covered` means that it stands in the digest of its recipient
    for its day; `skipped` that its day passed while nothing was planned (`reason` says why).
    """

    class Kind(models.TextChoices):
        BEFORE = "before", _("到期前")
        OVERDUE = "overdue", _("逾期")
        REVIEW = "review", _("等待核查")

    class Level(models.TextChoices):
        CONTACT = "contact", _("经办人")
        HEAD = "head", _("单位负责人")
        OFFICE = "office", _("创建办")
        LEADER = "leader", _("领导")
        CHECKER = "checker", _("核查人")

    class Status(models.TextChoices):
        PLANNED = "planned", _("待发")
        COVERED = "covered", _("已列入提醒")
        SKIPPED = "skipped", _("已跳过")
        CANCELLED = "cancelled", _("已取消")

    region = models.ForeignKey("units.Region", models.CASCADE, related_name="reminders")
    response = models.ForeignKey(
        "assessments.UnitResponse", models.CASCADE, related_name="reminders"
    )
    deadline_version = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    level = models.CharField(max_length=10, choices=Level.choices)
    local_day = models.DateField(_("日期"))
    recipient = models.ForeignKey("accounts.User", models.CASCADE, related_name="reminders")
    days = models.SmallIntegerField(help_text="working days left, or calendar days overdue")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLANNED)
    reason = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["response", "deadline_version", "kind", "level", "local_day", "recipient"],
                name="reminder_once",
            )
        ]
        indexes = [
            models.Index(fields=["region", "local_day", "status"], name="reminder_day"),
        ]

    def __str__(self) -> str:
        return f"{self.response_id} {self.kind} {self.local_day}"
