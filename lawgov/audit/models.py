"""The trail that nobody can alter: one hash chain a region and one for the installation."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

INSTALLATION = "installation"


class AuditEntryQuerySet(models.QuerySet):
    def on_page_of(self, topic: models.Model) -> Self:
        """Entries that the timeline of `topic` shows, newest first."""
        return self.filter(topic_type=topic._meta.model_name, topic_id=topic.pk).order_by("-id")

    def about(self, subject: models.Model) -> Self:
        """Entries about exactly this row, newest first."""
        return self.filter(subject_type=subject._meta.model_name, subject_id=subject.pk).order_by(
            "-id"
        )


class AuditHead(models.Model):
    """Where a chain stands. The UPDATE of this row serialises the writers of one region."""

    chain = models.CharField(max_length=60, unique=True)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    def __str__(self) -> str:
        return f"{self.chain}@{self.seq}"


class AuditEntry(models.Model):
    """One thing that happened. Insert-only: triggers refuse UPDATE and DELETE on both engines.

    `subject` is the row that changed, `topic` the object on whose page the line is shown.
    `data` holds codes and values (before, after, reason, undo of), rendered in the reader's
    language. `hash` is over the canonical JSON of the other fields and `prev_hash`.
    """

    chain = models.CharField(max_length=60)
    seq = models.PositiveBigIntegerField()
    region = models.ForeignKey("units.Region", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("时间"))
    actor = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=120)
    actor_place = models.CharField(max_length=80, blank=True)
    role = models.CharField(max_length=20, blank=True)
    verb = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    topic_type = models.CharField(max_length=40)
    topic_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    ip = models.CharField(max_length=45, blank=True)
    request_id = models.CharField(max_length=40, blank=True)
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["topic_type", "topic_id", "id"], name="audit_topic"),
            models.Index(fields=["subject_type", "subject_id", "id"], name="audit_subject"),
            models.Index(fields=["chain", "at"], name="audit_chain_at"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["chain", "seq"], name="audit_seq_once"),
        ]

    def __str__(self) -> str:
        return f"{self.chain}#{self.seq} {self.verb}"

    @property
    def shown_place(self) -> str:
        """The unit as it was called; the role of those without one in the reader's language."""
        return gettext(self.actor_place) if self.actor_place else ""
