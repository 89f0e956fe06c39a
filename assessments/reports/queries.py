"""Figures of a place's issues as reports show them; each says which rows it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min, OuterRef, Q, Subquery

from assessments.models import UnitResponse
from assessments.rectification.deadlines import days_overdue
from assessments.rectification.states import OPEN, State
from assessments.reports.burndown import CLOSED
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action


@dataclass(frozen=True)
class Totals:
    """Answers to issues of one kind: handed over or at least found, less withdrawn ones.

    `closed` are closed or in look-back, `open` the rest; `overdue` of the open, as of the day.
    """

    total: int
    closed: int
    overdue: int

    @property
    def open(self) -> int:
        return self.total - self.closed


@dataclass(frozen=True)
class LateUnit:
    """A unit with overdue answers: how many, how long the oldest (calendar days), and whose."""

    unit: int
    name: str
    overdue: int
    longest: int
    person: str


def totals(actor: Actor, kind: str, today: date) -> Totals:
    """Figures of the place's answers for readers of its dashboard; one statement."""
    rows = UnitResponse.objects.visible_to(actor, Action.VIEW_DASHBOARD).filter(issue__kind=kind)
    late = Q(state__in=OPEN, deadline_date__lt=today)
    found = rows.exclude(state=State.WITHDRAWN).aggregate(
        total=Count("pk"),
        closed=Count("pk", filter=Q(state__in=CLOSED)),
        overdue=Count("pk", filter=late),
    )
    return Totals(**found)


def late_units(actor: Actor, kind: str, today: date) -> list[LateUnit]:
    """Units with overdue answers, most first, then longest; one statement.

    The person is the one responsible for the oldest answer that names anybody.
    """
    rows = UnitResponse.objects.visible_to(actor, Action.VIEW_DASHBOARD)
    rows = rows.filter(issue__kind=kind).overdue(today)
    oldest = rows.filter(unit=OuterRef("unit")).exclude(person="").order_by("deadline_date", "pk")
    found = (
        rows.order_by()
        .values("unit")
        .annotate(
            name=Max("unit__short_name"),
            overdue=Count("pk"),
            first=Min("deadline_date"),
            person=Subquery(oldest.values("person")[:1]),
        )
    )
    units = [
        LateUnit(
            row["unit"],
            row["name"],
            row["overdue"],
            days_overdue(row["first"], today),
            row["person"] or "",
        )
        for row in found
    ]
    return sorted(units, key=lambda unit: (-unit.overdue, -unit.longest, unit.name))
