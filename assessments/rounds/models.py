"""How well each indicator is met: Round 评估轮次 and Score, with the sources kept apart."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lawgov.accounts.policy import Action
from lawgov.accounts.scoping import Scoped, ScopedQuerySet


class Round(Scoped):
    """One round 轮次 of scoring; a campaign starts with 自评."""

    class Kind(models.TextChoices):
        SELF = "self", _("自评")
        VERIFICATION = "verification", _("初评核验")
        MOCK = "mock", _("模拟评估")
        EXTERNAL = "external", _("外部评审")

    campaign = models.ForeignKey("indicators.Campaign", models.CASCADE, related_name="rounds")
    region = models.ForeignKey("units.Region", models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    opened_on = models.DateField(_("开始日期"))
    closed_on = models.DateField(_("结束日期"), null=True, blank=True)

    scope_action = Action.VIEW_SCORES

    objects = ScopedQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="round_once")]

    def __str__(self) -> str:
        return self.name

    def is_open(self, today: date) -> bool:
        return self.closed_on is None or today <= self.closed_on


class ScoreQuerySet(ScopedQuerySet):
    def in_force(self) -> Self:
        return self.filter(superseded_at=None)

    def of_indicator(self) -> Self:
        """Scores of whole indicators, not of one unit's part."""
        return self.filter(unit=None)


class Score(Scoped):
    """Points given to one indicator, or to one unit's part of it, from one source.

    Points in steps of 0.5 between 0 and the assignment's points. Never overwritten by another
    source; a new score of the same source in the same round replaces the old one, which stays
    with `superseded_at`. `reason` is the statement 自评说明 or the reason of a deduction.
    """

    class Source(models.TextChoices):
        SELF = "self", _("自评")
        LEAD = "lead", _("牵头")
        OFFICE = "office", _("核验")
        MOCK = "mock", _("模拟")
        EXTERNAL = "external", _("外评")

    round = models.ForeignKey(Round, models.PROTECT, related_name="scores")
    region = models.ForeignKey("units.Region", models.PROTECT, related_name="scores")
    assignment = models.ForeignKey("indicators.Assignment", models.CASCADE, related_name="scores")
    unit = models.ForeignKey(
        "units.Unit", models.PROTECT, null=True, blank=True, related_name="scores"
    )
    source = models.CharField(max_length=10, choices=Source.choices)
    points = models.DecimalField(_("得分"), max_digits=5, decimal_places=1)
    reason = models.TextField(_("说明"), blank=True)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    superseded_at = models.DateTimeField(null=True)

    scope_action = Action.VIEW_SCORES
    unit_path = "unit"
    led_path = "assignment__lead_unit"

    objects = ScoreQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            # Two constraints, for SQLite knows no NULLS NOT DISTINCT.
            models.UniqueConstraint(
                fields=["round", "assignment", "unit", "source"],
                condition=Q(superseded_at=None, unit__isnull=False),
                name="score_once_a_unit",
            ),
            models.UniqueConstraint(
                fields=["round", "assignment", "source"],
                condition=Q(superseded_at=None, unit=None),
                name="score_once",
            ),
            models.CheckConstraint(condition=Q(points__gte=0), name="score_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} {self.points}"


class ScoreDraft(Scoped):
    """What a unit has typed for its self-score 自评 and not yet handed in; one a work.

    Saved while it is typed. `points` None: nothing that is a number yet. Handing in makes a
    Score of it; the draft stays, so that a returned work opens with what was written.
    """

    unit_assignment = models.OneToOneField(
        "indicators.UnitAssignment", models.CASCADE, related_name="score_draft"
    )
    points = models.DecimalField(_("得分"), max_digits=5, decimal_places=1, null=True, blank=True)
    statement = models.TextField(_("自评说明"), blank=True, max_length=2000)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    scope_action = Action.SUBMIT
    region_path = "unit_assignment__region"
    unit_path = "unit_assignment__unit"

    objects = ScopedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.unit_assignment_id} {self.points}"
