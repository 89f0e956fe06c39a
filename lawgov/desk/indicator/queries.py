"""Everything that the page of one indicator shows to one reader, and nothing that it may not."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from assessments.models import Score, ScoreDraft
from assessments.rounds import queries as rounds
from assessments.rounds.queries import Scores
from assessments.rounds.verification import may_score
from indicators.assignments.states import (
    TICKED_OR_LATER,
    WITH_UNIT,
    IndicatorState,
    Toned,
    UnitState,
)
from indicators.assignments.transitions import WORK
from indicators.evidence.queries import Proof, proof_of
from indicators.models import Assignment, UnitAssignment
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action, Scope, can, scope_of
from lawgov.workflow import Offer

STEPS = (
    _("分解"), _("分工"), _("收集"), _("自评"), _("牵头审核"), _("核验"), _("模拟"), _("申报"),
    _("外评"),
)  # fmt: skip
# The step that is being worked on, counted from 1; a unit sees its own.
STEP_OF: dict[Toned, int] = {
    IndicatorState.NOT_STARTED: 3,
    IndicatorState.COLLECTING: 3,
    IndicatorState.RETURNED: 3,
    IndicatorState.WITH_LEAD: 5,
    IndicatorState.TO_VERIFY: 6,
    IndicatorState.COMPLETE: 7,
    IndicatorState.NOT_APPLICABLE: 7,
    UnitState.NOT_STARTED: 3,
    UnitState.COLLECTING: 3,
    UnitState.RETURNED: 3,
    UnitState.TICKED: 4,
    UnitState.WITH_HEAD: 4,
    UnitState.WITH_LEAD: 5,
    UnitState.ACCEPTED: 6,
    UnitState.NOT_APPLICABLE: 7,
}


DECISIONS = ("approve", "accept", "return", "exempt", "refuse_exemption", "restore")


@dataclass(frozen=True)
class Row:
    """One unit's line in the table of units."""

    work: UnitAssignment
    state: UnitState
    points: Decimal | None


@dataclass
class IndicatorPage:
    """One indicator for one reader. `work` is the unit's part that the page opens, None for none.

    `works` are the units' parts that the reader sees, in the order of units, with `proof_count`
    where proof may be seen. Parts that the role may not see are None or empty.
    """

    actor: Actor
    assignment: Assignment
    works: list[UnitAssignment]
    work: UnitAssignment | None

    @property
    def one_unit(self) -> bool:
        """The reader sees one unit only, the own one."""
        return scope_of(self.actor, Action.VIEW_CHECKLIST) is Scope.OWN_UNIT

    @property
    def sees_proof(self) -> bool:
        return can(self.actor, Action.VIEW_EVIDENCE)

    @cached_property
    def _scores(self) -> Scores:
        """All in force; of a reader of one unit only that unit's own."""
        if self.one_unit:
            return rounds.scores_seen(self.assignment, self.actor)
        return rounds.scores_of([self.assignment])[self.assignment.pk]

    @property
    def scores(self) -> Scores | None:
        return self._scores if can(self.actor, Action.VIEW_SCORES) else None

    @cached_property
    def state(self) -> Toned:
        """The indicator's state; the unit's own where the reader sees one unit only."""
        if self.one_unit:
            return UnitState(self.work.state)
        return rounds.state_of(self.works, self._scores)

    @property
    def work_state(self) -> UnitState:
        return UnitState(self.work.state)

    @cached_property
    def proof(self) -> Proof | None:
        return proof_of(self.work) if self.work and self.sees_proof else None

    @cached_property
    def offers(self) -> dict[str, Offer]:
        """Edges that the reader may take for `work`, by name, in the order of the table."""
        if self.work is None:
            return {}
        return {offer.name: offer for offer in WORK.available(self.work, self.actor)}

    @property
    def decisions(self) -> list[Offer]:
        """What this reader decides about `work`: edges of reviewers, in the order of the table."""
        return [offer for name, offer in self.offers.items() if name in DECISIONS]

    @property
    def reasoned(self) -> list[Offer]:
        """Decisions that need a reason."""
        return [offer for offer in self.decisions if offer.transition.needs]

    @property
    def own_score(self) -> Score | None:
        """The self-score that the unit of `work` handed in."""
        return self.scores.units.get(self.work.unit_id) if self.scores and self.work else None

    @property
    def proposed(self) -> bool:
        """The self-score shown is not given by anybody yet."""
        return any(column.proposed for column in self.scores.columns)

    @property
    def rows(self) -> list[Row]:
        units = self.scores.units if self.scores else {}
        return [
            Row(work, UnitState(work.state), score.points if score else None)
            for work in self.works
            for score in [units.get(work.unit_id)]
        ]

    @property
    def version(self) -> int:
        """What a score given on this page must find unchanged."""
        return rounds.seen_version(self.assignment, self.works)

    @property
    def many(self) -> bool:
        """So many units that their table would push everything else off the screen."""
        return len(self.works) > 12

    @property
    def ticked(self) -> int:
        return sum(work.state in TICKED_OR_LATER for work in self.works)

    @property
    def counted(self) -> int:
        """Units that the indicator applies to."""
        return sum(work.state != UnitState.NOT_APPLICABLE for work in self.works)

    @property
    def steps(self) -> list[tuple[str, str]]:
        """Each step of the bar with "past", "now" or ""."""
        current = STEP_OF[self.state] if self.works else 2
        marks = ["past"] * (current - 1) + ["now"] + [""] * (len(STEPS) - current)
        return [*zip(STEPS, marks, strict=True)]

    # -- what the reader may do beside the edges -------------------------------------------

    @property
    def may_edit(self) -> bool:
        """Change proof and self-score of `work` now."""
        return (
            self.work is not None
            and self.work.state in WITH_UNIT
            and can(self.actor, Action.EDIT_EVIDENCE, self.work)
        )

    @cached_property
    def draft(self) -> ScoreDraft | None:
        """What the unit has typed so far; only its own people get it."""
        if not self.may_edit:
            return None
        return ScoreDraft.objects.filter(unit_assignment=self.work).first()

    @property
    def may_score(self) -> bool:
        return may_score(self.assignment, self.actor) and self.state in (
            IndicatorState.WITH_LEAD,
            IndicatorState.TO_VERIFY,
        )

    @property
    def may_verify(self) -> bool:
        return self.state == IndicatorState.TO_VERIFY and can(
            self.actor, Action.VERIFY_INDICATOR, self.assignment
        )

    @property
    def may_list(self) -> bool:
        """Take the contents list of its proof away."""
        return self.sees_proof and can(self.actor, Action.EXPORT)

    @property
    def may_require(self) -> bool:
        return can(self.actor, Action.MANAGE_CAMPAIGN, self.assignment)


def load(actor: Actor, number: int, unit_id: int | None = None) -> IndicatorPage:
    """The page of indicator `number` in the actor's place; two queries.

    Without `unit_id` a unit sees its own part, everybody else the indicator alone. Raises
    Http404 for what is not there or not the reader's.
    """
    rows = Assignment.objects.visible_to(actor).select_related("campaign").with_tree()
    assignment = rows.filter(indicator__number=number, region=actor.region_id).first()
    if assignment is None:
        raise Http404
    works = UnitAssignment.objects.visible_to(actor).filter(assignment=assignment)
    if can(actor, Action.VIEW_EVIDENCE):
        works = works.with_proof()
    found = [*works.select_related("unit").order_by("unit__order", "pk")]
    for work in found:
        work.assignment = assignment
    wanted = unit_id
    if wanted is None and scope_of(actor, Action.VIEW_CHECKLIST) is Scope.OWN_UNIT:
        wanted = actor.unit_id
    chosen = next((work for work in found if work.unit_id == wanted), None)
    if wanted is not None and chosen is None:
        raise Http404
    return IndicatorPage(actor, assignment, found, chosen)
