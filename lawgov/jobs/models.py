"""Long work that a person waits for: Job, with its progress and its result file."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class JobQuerySet(models.QuerySet):
    def owned_by(self, user: object) -> Self:
        return self.filter(owner=user)

    def expired(self, now: datetime) -> Self:
        return self.filter(expires_at__lte=now).exclude(result="")


class Job(models.Model):
    """One piece of background work, owned by the person who asked for it.

    The row is the truth: Celery only makes it start sooner, the sweeper finds what the queue
    lost. `done` of `total` are items; `result` is a file name under exports/, kept 24 hours.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("进行中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("没有完成")
        CANCELLED = "cancelled", _("已取消")

    owner = models.ForeignKey("accounts.User", models.CASCADE, related_name="jobs")
    membership = models.ForeignKey("accounts.Membership", models.CASCADE, related_name="+")
    region = models.ForeignKey("units.Region", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    params = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=300, blank=True)
    result = models.CharField(max_length=200, blank=True)
    filename = models.CharField(max_length=200, blank=True)
    url = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    beat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running", "done", "failed", "cancelled"]),
                name="job_state",
            )
        ]
        indexes = [
            models.Index(
                fields=["id"], condition=Q(state__in=["queued", "running"]), name="job_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def label(self) -> str:
        """What the job does, in the reader's language."""
        from lawgov.jobs.kinds import kind_of

        return str(kind_of(self.kind).label)


class Heartbeat(models.Model):
    """When a piece of periodic work last came to its end; one row a name, see heartbeats.py."""

    name = models.CharField(max_length=20, unique=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M}"
