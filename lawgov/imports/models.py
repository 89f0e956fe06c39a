"""Uploads between the file and the tables they go into, and the layouts that a place remembers."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lawgov.imports.kinds import Incoming, kind_of
from lawgov.imports.reading import Read, RowRead, SheetRead, Trouble

if TYPE_CHECKING:
    from lawgov.accounts.actors import Actor

KEEP = timedelta(hours=24)


class UploadQuerySet(models.QuerySet):
    def of(self, actor: Actor) -> Self:
        """The actor's own, in the membership they act for; nobody sees another's."""
        return self.filter(owner=actor.user, membership=actor.membership)

    def visible_to(self, actor: Actor) -> Self:
        return self.of(actor)

    def expired(self, now: datetime) -> Self:
        return self.filter(expires_at__lte=now)


class Upload(models.Model):
    """One file on its way in. Until it is applied nothing but this and its rows is written.

    `maps` are layouts that the person laid down, by sheet; `cells` corrections by sheet and place
    ("H60"); `units` names as written → {"unit": id, "alias": whether to keep the name}. `sheets`,
    `troubles`, `others` and `notes` are what reading and judging gave besides the rows.
    """

    class State(models.TextChoices):
        READING = "reading", _("正在读取")
        COLUMNS = "columns", _("等待对应列名")
        READY = "ready", _("等待确认")
        APPLYING = "applying", _("正在写入")
        APPLIED = "applied", _("已写入")
        FAILED = "failed", _("读不了")

    owner = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    membership = models.ForeignKey("accounts.Membership", models.CASCADE, related_name="+")
    region = models.ForeignKey("units.Region", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    options = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.READING)
    message = models.CharField(max_length=500, blank=True)
    moved_to = models.CharField(max_length=200, blank=True)
    maps = models.JSONField(default=dict)
    cells = models.JSONField(default=dict)
    units = models.JSONField(default=dict)
    sheets = models.JSONField(default=list)
    troubles = models.JSONField(default=list)
    extra = models.JSONField(default=dict)
    others = models.JSONField(default=list)
    notes = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    merged = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    macros = models.BooleanField(default=False)
    columns_seen = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["reading", "columns", "ready", "applying", "applied", "failed"]
                ),
                name="upload_state",
            )
        ]
        indexes = [
            models.Index(fields=["region", "kind", "sha256"], name="upload_file"),
            models.Index(fields=["expires_at"], name="upload_expiry"),
        ]

    def __str__(self) -> str:
        return self.filename

    def get_absolute_url(self) -> str:
        return reverse("imports:result", args=[self.pk])

    @cached_property
    def sheets_read(self) -> list[SheetRead]:
        return [SheetRead(**sheet) for sheet in self.sheets]

    def read(self) -> Read:
        """All that was read, from the staged rows."""
        rows = self.rows.exclude(position=None).order_by("position")
        return Read(
            sheets=self.sheets_read,
            rows=[RowRead(*row) for row in rows.values_list("sheet", "row", "data")],
            troubles=[Trouble(**trouble) for trouble in self.troubles],
            merged=self.merged,
            skipped=self.skipped,
            macros=self.macros,
            extra=self.extra,
        )

    def incoming(self, found: Read | None = None) -> Incoming:
        """What kinds judge and write; `found` saves reading the rows again."""
        chosen = {name: choice["unit"] for name, choice in self.units.items()}
        return Incoming(self.filename, self.sha256, found or self.read(), self.options, chosen)

    @property
    def refused(self) -> int:
        """Rows and faults of the file that keep it out."""
        return int(self.counts.get("refused", 0)) + int(self.counts.get("faults", 0))

    @property
    def kind_label(self) -> Any:
        return kind_of(self.kind).label


class UploadRow(models.Model):
    """One row of an upload: what was read, and what it would come to.

    `position` orders those that are things of their own; None marks a remark about any other row.
    `cells` and `before` are texts by key, `remarks` as `kinds.Remark`.
    """

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField(null=True)
    sheet = models.CharField(max_length=200)
    row = models.PositiveIntegerField(null=True)
    data = models.JSONField(default=dict)
    outcome = models.CharField(max_length=10)
    cells = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    remarks = models.JSONField(default=list)
    doubtful = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["upload", "outcome"], name="upload_row_outcome")]

    def __str__(self) -> str:
        return f"{self.sheet} {self.row}"


class KnownLayout(models.Model):
    """A header that a place has had before, and what its columns were taken for: a key per label,
    "" for one not read; `keys` None for a sheet that is left alone."""

    region = models.ForeignKey("units.Region", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    signature = models.CharField(max_length=64)
    keys = models.JSONField(null=True)
    used_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["region", "kind", "signature"], name="one_layout")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.signature[:8]}"
