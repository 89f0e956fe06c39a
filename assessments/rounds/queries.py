"""Scores side by side, and the state of indicators as it follows from units and scores."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from assessments.rounds import scoring
from assessments.rounds.models import Round, Score
from indicators.assignments.models import Assignment, UnitAssignment
from indicators.assignments.states import IndicatorState, indicator_state
from lawgov.accounts.models import Membership
from lawgov.accounts.policy import Role

if TYPE_CHECKING:
    from indicators.campaigns.models import Campaign
    from lawgov.accounts.actors import Actor

Source = Score.Source
SHOWN = (Source.SELF, Source.LEAD, Source.OFFICE, Source.EXTERNAL)  # side by side, in this order


@dataclass
class Scores:
    """Points in force on one indicator.

    `given` maps a source to the score of the whole indicator, `units` a unit's id to its
    self-score. Where a source scored in several rounds, the latest round counts.
    """

    given: dict[str, Score] = field(default_factory=dict)
    units: dict[int, Score] = field(default_factory=dict)

    def points(self, source: str) -> Decimal | None:
        score = self.given.get(source)
        return score.points if score else None

    @property
    def lowest(self) -> Decimal | None:
        """The lowest self-score of the units, which is proposed to the lead unit."""
        return scoring.lowest(score.points for score in self.units.values())

    @property
    def columns(self) -> list[ScoreColumn]:
        """The four scores side by side; before the lead unit scores, 自评 is the proposal."""
        own = self.points(Source.SELF)
        first = self.lowest if own is None else own
        return [
            ScoreColumn(
                source,
                points := first if source == Source.SELF else self.points(source),
                scoring.difference(points, first) if source != Source.SELF else None,
                self.given.get(source),
            )
            for source in SHOWN
        ]


@dataclass(frozen=True)
class ScoreColumn:
    """One of the four scores; `difference` is against the self-score, None without both."""

    source: Score.Source
    points: Decimal | None
    difference: Decimal | None
    score: Score | None

    @property
    def proposed(self) -> bool:
        """Points that nobody gave yet: the lowest of the units'."""
        return self.score is None and self.points is not None

    @property
    def differs(self) -> str:
        """The difference as it is shown: +0.5, −1; empty when there is none."""
        if not self.difference:
            return ""
        sign = "+" if self.difference > 0 else "−"
        return f"{sign}{scoring.shown(abs(self.difference))}"


def scores_of(assignments: Iterable[Assignment] | QuerySet) -> dict[int, Scores]:
    """Scores in force by assignment id; every given assignment has an entry. One query."""
    return _sorted(Score.objects.filter(assignment__in=assignments))


def scores_seen(assignment: Assignment, actor: Actor) -> Scores:
    """Scores of one indicator that `actor` may see; a unit sees its own self-score only."""
    rows = Score.objects.visible_to(actor).filter(assignment=assignment)
    return _sorted(rows)[assignment.pk]


def _sorted(rows: QuerySet) -> dict[int, Scores]:
    found: dict[int, Scores] = defaultdict(Scores)
    in_order = rows.in_force().select_related("given_by").order_by("round__number", "id")
    for score in in_order:
        scores = found[score.assignment_id]
        if score.unit_id is None:
            scores.given[score.source] = score
        elif score.source == Source.SELF:
            scores.units[score.unit_id] = score
    return found


def indicator_states(
    campaign: Campaign, assignments: QuerySet | None = None
) -> dict[int, IndicatorState]:
    """State of each indicator by assignment id; two queries, however many indicators.

    `assignments` narrows the campaign's; one that no unit works on is not started.
    """
    if assignments is None:
        narrowed: dict[str, object] = {"assignment__campaign": campaign}
    else:
        narrowed = {"assignment__in": assignments}
    units = defaultdict(list)
    works = UnitAssignment.objects.filter(**narrowed)
    for assignment_id, state in works.values_list("assignment_id", "state"):
        units[assignment_id].append(state)
    scored = Score.objects.in_force().of_indicator().filter(**narrowed)
    scored = scored.filter(source__in=[Source.LEAD, Source.OFFICE])
    sources = defaultdict(set)
    for assignment_id, source in scored.values_list("assignment_id", "source"):
        sources[assignment_id].add(source)
    return defaultdict(
        lambda: IndicatorState.NOT_STARTED,
        {
            pk: indicator_state(
                states,
                has_lead_score=Source.LEAD in sources[pk],
                verified=Source.OFFICE in sources[pk],
            )
            for pk, states in units.items()
        },
    )


def state_of(works: Iterable[UnitAssignment], scores: Scores) -> IndicatorState:
    """State of one indicator from all its units' work and its scores, without a query."""
    return indicator_state(
        [work.state for work in works],
        has_lead_score=Source.LEAD in scores.given,
        verified=Source.OFFICE in scores.given,
    )


def seen_version(assignment: Assignment, works: Iterable[UnitAssignment]) -> int:
    """What the lead's score and the office's verification must find unchanged.

    Every part only rises, so the sum is the same only when nothing moved: neither the
    indicator's scores nor the work of any of its units.
    """
    return assignment.version + sum(work.version for work in works)


def to_hand_in(works: QuerySet, today: date) -> QuerySet:
    """Adds what handing in has to know, so that the move itself need not ask.

    `self_round_id` the open self-score round (None: none, or over), `has_self_score`, and
    `has_head`: on the local day `today` somebody can sign for the unit.
    """
    rounds = Round.objects.filter(
        Q(closed_on=None) | Q(closed_on__gte=today),
        campaign=OuterRef("assignment__campaign"),
        kind=Round.Kind.SELF,
    ).order_by("-number")
    own = Score.objects.in_force().filter(
        assignment=OuterRef("assignment"), unit=OuterRef("unit"), source=Source.SELF
    )
    heads = Membership.objects.valid_on(today).filter(unit=OuterRef("unit"), role=Role.UNIT_HEAD)
    return works.annotate(
        self_round_id=Subquery(rounds.values("pk")[:1]),
        has_self_score=Exists(own),
        has_head=Exists(heads),
    )
