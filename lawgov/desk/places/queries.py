"""The places below one 下级地区, side by side: counters and sums, never a single row of theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, Q, Sum

from assessments.models import Issue, Score, UnitResponse
from assessments.rectification.states import OPEN, State
from assessments.reports.burndown import CLOSED
from indicators.assignments.states import UnitState
from indicators.models import Assignment, Campaign, UnitAssignment
from lawgov.accounts.actors import Actor
from lawgov.units.models import Region


@dataclass(frozen=True)
class Place:
    """Counters of one place; points are those of indicators that have the score in question.

    `complete` of `indicators` are verified by its office; `closed`, `open` and `overdue` count
    answers to individual issues. `self_points` and `office_points` are None before any score.
    """

    region: Region
    campaign: str
    indicators: int
    complete: int
    points: Decimal
    self_points: Decimal | None
    office_points: Decimal | None
    issues: int
    closed: int
    overdue: int

    @property
    def open(self) -> int:
        return self.issues - self.closed


def places_below(actor: Actor, today: date) -> list[Place]:
    """Places with a campaign under the actor's, in the order of the tree; 4 statements."""
    below = Region.objects.filter(path__startswith=f"{actor.region.path}/")
    campaigns = dict(Campaign.objects.filter(region__in=below).values_list("region", "name"))
    indicators = _by_region(_indicators(below))
    issues = _by_region(_issues(below, today))
    scores = _by_region(_scores(below))
    return [
        Place(
            region=region,
            campaign=campaigns[region.pk],
            **{
                "indicators": 0,
                "complete": 0,
                "points": Decimal(0),
                **indicators.get(region.pk, {}),
            },
            **{"self_points": None, "office_points": None, **scores.get(region.pk, {})},
            **{"issues": 0, "closed": 0, "overdue": 0, **issues.get(region.pk, {})},
        )
        for region in below.filter(campaign__isnull=False).order_by("path")
    ]


def _by_region(rows) -> dict[int, dict]:
    return {row.pop("region"): row for row in rows}


def _indicators(below):
    """Complete as `indicator_state` says: all counted units accepted, scored by lead and office."""
    works = UnitAssignment.objects.filter(assignment=OuterRef("pk"))
    accepted = (UnitState.ACCEPTED, UnitState.NOT_APPLICABLE)
    scores = Score.objects.in_force().of_indicator().filter(assignment=OuterRef("pk"))
    complete = Q(
        Exists(works.filter(state=UnitState.ACCEPTED)),
        ~Q(Exists(works.exclude(state__in=accepted))),
        Exists(scores.filter(source=Score.Source.LEAD)),
        Exists(scores.filter(source=Score.Source.OFFICE)),
    )
    rows = Assignment.objects.filter(region__in=below).order_by().values("region")
    return rows.annotate(
        indicators=Count("pk"), complete=Count("pk", filter=complete), points=Sum("points")
    )


def _issues(below, today: date):
    rows = UnitResponse.objects.filter(region__in=below, issue__kind=Issue.Kind.INDIVIDUAL)
    rows = rows.exclude(state__in=[State.WITHDRAWN, State.FOUND]).order_by().values("region")
    late = Q(state__in=OPEN, deadline_date__lt=today)
    return rows.annotate(
        issues=Count("pk"),
        closed=Count("pk", filter=Q(state__in=CLOSED)),
        overdue=Count("pk", filter=late),
    )


def _scores(below):
    rows = Score.objects.in_force().of_indicator().filter(region__in=below).order_by()
    return rows.values("region").annotate(
        self_points=Sum("points", filter=Q(source=Score.Source.SELF)),
        office_points=Sum("points", filter=Q(source=Score.Source.OFFICE)),
    )
