"""Who owes what: Assignment 任务分解 (one indicator of a campaign), UnitAssignment (one unit's)."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from indicators.assignments.states import TICKED_OR_LATER, UnitState
from lawgov.accounts.policy import Action
from lawgov.accounts.scoping import Scoped, ScopedQuerySet


def _nobodys() -> Q:
    work = UnitAssignment.objects.filter(assignment=OuterRef("pk"))
    return Q(lead_unit=None) | ~Q(Exists(work))


class AssignmentQuerySet(ScopedQuerySet):
    def with_tree(self) -> Self:
        """With indicator, group, area and lead unit in the same query, in framework order."""
        return self.select_related("indicator__group__area", "lead_unit").order_by(
            "indicator__number"
        )

    def unowned(self) -> Self:
        """Indicators that nobody owns: without lead unit, or without any responsible unit."""
        return self.filter(_nobodys())

    def totals(self) -> dict[str, object]:
        """`size` indicators worth `points`, `unowned` of them nobody's; one query."""
        return self.aggregate(
            size=Count("pk"), points=Sum("points"), unowned=Count("pk", filter=_nobodys())
        )


class Assignment(Scoped):
    """One indicator in one campaign: its lead unit, points, deadline and required proof.

    `points` (0.1 steps) is the campaign's own copy of the edition's default. `due_text` is the
    deadline as written, `due_on` the local day it means, None when it names none. `required`
    lists the slots (parts of the hint) that must each hold proof before a tick; proof of some
    kind is needed in any case.
    """

    campaign = models.ForeignKey("indicators.Campaign", models.CASCADE, related_name="assignments")
    region = models.ForeignKey("units.Region", models.PROTECT, related_name="assignments")
    indicator = models.ForeignKey(
        "indicators.Indicator", models.PROTECT, related_name="assignments"
    )
    lead_unit = models.ForeignKey(
        "units.Unit", models.PROTECT, null=True, blank=True, related_name="led_assignments"
    )
    points = models.DecimalField(_("分值"), max_digits=5, decimal_places=1)
    due_text = models.CharField(_("完成时限"), max_length=60, blank=True)
    due_on = models.DateField(_("完成日期"), null=True, blank=True)
    required = models.JSONField(_("必交佐证"), default=list, blank=True)
    remark = models.CharField(_("备注"), max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    scope_action = Action.VIEW_CHECKLIST
    led_path = "lead_unit"

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["indicator__number"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "indicator"], name="assignment_once"),
            models.CheckConstraint(
                condition=Q(points__gt=0),
                name="assignment_points",
                violation_error_message=_("分值要大于 0"),
            ),
        ]

    def __str__(self) -> str:
        return str(self.indicator)

    def get_absolute_url(self) -> str:
        return reverse("indicators:detail", args=[self.indicator.number])

    @classmethod
    def scope_filter(cls, scope, actor):
        """A responsible unit reads the indicators it works on, not only those it leads."""
        from lawgov.accounts.policy import Scope

        if scope is Scope.OWN_UNIT and actor.unit_id:
            mine = UnitAssignment.objects.filter(assignment=OuterRef("pk"), unit=actor.unit_id)
            return Q(region=actor.region_id) & Q(Exists(mine))
        return super().scope_filter(scope, actor)

    def in_scope(self, scope, actor) -> bool:
        from lawgov.accounts.policy import Scope

        if scope is Scope.OWN_UNIT:
            return self.region_id == actor.region_id and (
                self.unit_assignments.filter(unit=actor.unit_id).exists()
            )
        return super().in_scope(scope, actor)


class UnitAssignmentQuerySet(ScopedQuerySet):
    def ticked(self) -> Self:
        return self.filter(state__in=TICKED_OR_LATER)

    def counted(self) -> Self:
        """Without those that the lead unit found not applicable."""
        return self.exclude(state=UnitState.NOT_APPLICABLE)

    def with_proof(self) -> Self:
        """Adds `proof_count`: pieces of evidence in force on this unit's work."""
        return self.annotate(
            proof_count=Count("evidence_links", filter=Q(evidence_links__removed_at=None))
        )


class UnitAssignment(Scoped):
    """One responsible unit's work on one indicator; its life is in transitions.py.

    The self-score and its statement stand in assessments: a score knows its indicator, not the
    other way round.
    """

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="unit_assignments")
    region = models.ForeignKey("units.Region", models.PROTECT, related_name="unit_assignments")
    unit = models.ForeignKey("units.Unit", models.PROTECT, related_name="unit_assignments")
    state = models.CharField(max_length=20, choices=UnitState.choices, default="not_started")
    version = models.PositiveIntegerField(default=1)
    ticked_at = models.DateTimeField(null=True)
    ticked_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    return_reason = models.TextField(_("退回理由"), blank=True)
    exemption_reason = models.TextField(_("不适用理由"), blank=True)
    exemption_asked_at = models.DateTimeField(null=True)

    scope_action = Action.VIEW_CHECKLIST
    unit_path = "unit"
    led_path = "assignment__lead_unit"

    objects = UnitAssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["unit__order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "unit"], name="unit_assignment_once"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in UnitState]),
                name="unit_assignment_state",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state"], name="unit_assignment_unit"),
            models.Index(fields=["region", "state"], name="unit_assignment_region"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} · {self.unit}"

    def get_absolute_url(self) -> str:
        return reverse("indicators:unit", args=[self.assignment.indicator.number, self.unit_id])

    @property
    def exemption_open(self) -> bool:
        return self.exemption_asked_at is not None
