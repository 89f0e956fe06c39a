"""FilledSheet 交回的填报表: a sheet that came home, from its upload to its being applied."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lawgov.filling.subjects import Subject, subject_of

if TYPE_CHECKING:
    from lawgov.accounts.actors import Actor


class FilledSheetQuerySet(models.QuerySet):
    def of(self, actor: Actor) -> Self:
        """The person's own, in the membership by which they act."""
        return self.filter(owner=actor.user, membership=actor.membership)

    def expired(self, now: datetime) -> Self:
        return self.filter(expires_at__lte=now)


class FilledSheet(models.Model):
    """One upload, seen by its owner alone.

    `baseline` is the seal as it was verified, `rows` what the file says, both as JSON;
    `decisions` what the owner chose (see merging.Decisions). Nothing of it is written anywhere
    until it is applied; `outcome` then tells how many cells and rows. The file itself stands in
    the store, named by its hash.
    """

    class State(models.TextChoices):
        READING = "reading", _("正在读取")
        REFUSED = "refused", _("没有读入")
        OPEN = "open", _("待核对")
        APPLIED = "applied", _("已写入")

    owner = models.ForeignKey("accounts.User", models.CASCADE, related_name="filled_sheets")
    membership = models.ForeignKey("accounts.Membership", models.CASCADE, related_name="+")
    region = models.ForeignKey("units.Region", models.CASCADE, related_name="+")
    blob = models.ForeignKey("files.Blob", models.PROTECT, related_name="+")
    filename = models.CharField(_("文件名"), max_length=200)
    subject_code = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    refusal = models.CharField(max_length=300, blank=True)
    baseline = models.JSONField(default=dict)
    rows = models.JSONField(default=dict)
    decisions = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    objects = FilledSheetQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["reading", "refused", "open", "applied"]),
                name="filled_sheet_state",
            )
        ]

    def __str__(self) -> str:
        return self.filename

    def get_absolute_url(self) -> str:
        return reverse("filling:detail", args=[self.pk])

    @property
    def subject(self) -> Subject:
        """Known from when the sheet was read."""
        found = subject_of(self.subject_code)
        assert found is not None, self.subject_code
        return found

    @property
    def made_for(self) -> str:
        """For whom it was downloaded."""
        return self.baseline.get("made_for", "")

    @property
    def made_at(self) -> datetime | None:
        """When it was downloaded."""
        text = self.baseline.get("made_at")
        return datetime.fromisoformat(text) if text else None
