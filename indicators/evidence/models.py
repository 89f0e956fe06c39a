"""What proves it: Evidence 佐证, its versions, and the indicators it serves."""

from __future__ import annotations

from typing import Self
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from indicators.evidence.warnings import Period
from lawgov.accounts.policy import Action, Scope
from lawgov.accounts.scoping import Scoped, ScopedQuerySet


class EvidenceQuerySet(ScopedQuerySet):
    def in_force(self) -> Self:
        return self.filter(removed_at=None)

    def with_files(self) -> Self:
        """With all versions and their blobs, in one more query however many pieces."""
        return self.prefetch_related(Prefetch("versions", EvidenceVersion.objects.with_blobs()))

    def with_content(self, sha256: str) -> Self:
        """Pieces whose current file is exactly this content."""
        later = EvidenceVersion.objects.filter(
            evidence=OuterRef("evidence"), number__gt=OuterRef("number")
        )
        same = EvidenceVersion.objects.filter(
            ~Exists(later), evidence=OuterRef("pk"), blob__sha256=sha256
        )
        return self.filter(Exists(same))


class Evidence(Scoped):
    """One piece of proof 佐证 of one unit, in one of three forms; it may serve several indicators.

    `issued_on` is the date on the document, `period_from` and `period_to` what it covers. A
    removed piece stays as a tombstone. The current file is the version with the highest number.
    """

    class Kind(models.TextChoices):
        FILE = "file", pgettext_lazy("kind", "文件")
        LINK = "link", pgettext_lazy("kind", "网址")
        NUMBER = "number", pgettext_lazy("kind", "文号")

    region = models.ForeignKey("units.Region", models.PROTECT, related_name="evidence")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(_("名称"), max_length=200)
    document_number = models.CharField(_("文号"), max_length=80, blank=True)
    issuing_body = models.CharField(_("发文机关"), max_length=80, blank=True)
    issued_on = models.DateField(_("日期"), null=True, blank=True)
    period_from = models.DateField(_("覆盖期间起"), null=True, blank=True)
    period_to = models.DateField(_("覆盖期间止"), null=True, blank=True)
    url = models.URLField(_("网址"), max_length=500, blank=True)
    is_public = models.BooleanField(_("公开"), default=False)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    scope_action = Action.VIEW_EVIDENCE
    unit_path = "unit"

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "evidence"
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="link", url=""),
                name="evidence_link_has_url",
                violation_error_message=_("网址要填写"),
            ),
            models.CheckConstraint(
                condition=~Q(kind="number", document_number=""),
                name="evidence_number_has_number",
                violation_error_message=_("文号要填写"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_label(self) -> str:
        """What stands in the tile's box: PDF, XLS, 图片, 网址, 文号."""
        file = self.current
        if file is None:
            return str(self.get_kind_display())
        if file.blob.media_type.startswith("image/"):
            return str(_("图片"))
        return file.filename.rpartition(".")[2].upper()[:3]

    @property
    def host(self) -> str:
        """Whose address it is: anhe.example of https://anhe.example/zl/1.html."""
        return urlsplit(self.url).hostname or ""

    @property
    def current(self) -> EvidenceVersion | None:
        """The file in force; None for a web address or a document number alone."""
        return max(self.versions.all(), key=lambda version: version.number, default=None)

    @classmethod
    def scope_filter(cls, scope, actor):
        """A lead reviewer reads the proof of all units under the indicators that are theirs.

        Proof of issues linked to these indicators as well: they check those answers. The issues
        are found by the name of the relation; this package does not know them.
        """
        if scope is Scope.LED and actor.unit_id:
            led = EvidenceLink.objects.in_force().filter(
                evidence=OuterRef("pk"),
                unit_assignment__assignment__lead_unit=actor.unit_id,
            )
            linked = cls.objects.filter(
                pk=OuterRef("pk"),
                response_proofs__removed_at=None,
                response_proofs__response__issue__assignment__lead_unit=actor.unit_id,
            )
            return Q(region=actor.region_id) & (Q(Exists(led)) | Q(Exists(linked)))
        return super().scope_filter(scope, actor)

    def in_scope(self, scope, actor) -> bool:
        if scope is Scope.LED:
            return type(self).objects.filter(self.scope_filter(scope, actor), pk=self.pk).exists()
        return super().in_scope(scope, actor)


class EvidenceVersionQuerySet(models.QuerySet):
    def with_blobs(self) -> Self:
        return self.select_related("blob", "uploaded_by")


class EvidenceVersion(models.Model):
    """One file of a piece of evidence; a new version is a new row, none is ever overwritten.

    `pages` counts pages of a PDF (1 for a picture), None while unknown.
    """

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    blob = models.ForeignKey("files.Blob", models.PROTECT, related_name="evidence_versions")
    filename = models.CharField(max_length=120)
    pages = models.PositiveIntegerField(null=True)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")

    objects = EvidenceVersionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["evidence", "number"], name="evidence_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.filename} v{self.number}"


class EvidenceLinkQuerySet(ScopedQuerySet):
    def in_force(self) -> Self:
        return self.filter(removed_at=None)

    def outside(self, period: Period) -> Self:
        """Links to proof outside the evidence period; the twin of warnings.outside_period."""
        return self.filter(outside(period, "evidence__"))


def outside(period: Period, path: str = "") -> Q:
    """The condition of warnings.outside_period; `path` leads from the row to the evidence."""

    def q(**lookups: object) -> Q:
        return Q(**{f"{path}{name}": value for name, value in lookups.items()})

    covers = q(period_from__isnull=False) | q(period_to__isnull=False)
    return (covers & (q(period_to__lt=period.start) | q(period_from__gt=period.end))) | (
        ~covers & (q(issued_on__lt=period.start) | q(issued_on__gt=period.end))
    )


class EvidenceLink(Scoped):
    """Proof used for one unit's work on one indicator, perhaps in one of its slots."""

    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="links")
    unit_assignment = models.ForeignKey(
        "indicators.UnitAssignment", models.CASCADE, related_name="evidence_links"
    )
    slot = models.CharField(_("佐证项"), max_length=200, blank=True)
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    scope_action = Action.VIEW_EVIDENCE
    region_path = "unit_assignment__region"
    unit_path = "unit_assignment__unit"
    led_path = "unit_assignment__assignment__lead_unit"

    objects = EvidenceLinkQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["evidence", "unit_assignment", "slot"],
                condition=Q(removed_at=None),
                name="evidence_link_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.evidence} → {self.unit_assignment_id}"
