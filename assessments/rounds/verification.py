"""Scores of whole indicators: the lead unit's 牵头评分 and the office's verification 核验.

Both are given on a page that shows all units' work, so both carry `queries.seen_version` of that
page and fail with StaleState when anything has moved since. Source: decisions §1 and §3.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from assessments.rounds import book, queries, scoring
from assessments.rounds.actions import STATEMENT_LENGTH
from assessments.rounds.book import Entry, self_round
from assessments.rounds.models import Score
from assessments.rounds.queries import Scores
from indicators.assignments.models import Assignment, UnitAssignment
from indicators.assignments.states import IndicatorState
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action, Scope, can, scope_of
from lawgov.audit.record import Event, record, record_many
from lawgov.errors import DomainError, GuardFailed, NotAllowed, StaleState
from lawgov.workflow import Result

Source = Score.Source
SCORABLE = frozenset({IndicatorState.WITH_LEAD, IndicatorState.TO_VERIFY})


@dataclass(frozen=True)
class Standing:
    """An indicator as it stands inside the transaction that is about to score it."""

    assignment: Assignment
    works: list[UnitAssignment]
    scores: Scores

    @property
    def state(self) -> IndicatorState:
        return queries.state_of(self.works, self.scores)

    @property
    def version(self) -> int:
        return queries.seen_version(self.assignment, self.works)


def standings(assignments: Sequence[Assignment]) -> list[Standing]:
    """Read all that scores depend on, in three statements, and hold it until the commit.

    The works are locked: a return of one of them waits, or this waits for it. So a verification
    and a return cannot both win (on SQLite BEGIN IMMEDIATE does the same).
    """
    works = defaultdict(list)
    rows = UnitAssignment.objects.select_for_update().filter(assignment__in=assignments)
    for work in rows.order_by("pk"):
        works[work.assignment_id].append(work)
    stored = Assignment.objects.filter(pk__in=[a.pk for a in assignments])
    versions = dict(stored.values_list("pk", "version"))
    scores = queries.scores_of(assignments)
    for assignment in assignments:
        assignment.version = versions[assignment.pk]
    return [Standing(a, works[a.pk], scores[a.pk]) for a in assignments]


def may_score(assignment: Assignment, actor: Actor) -> bool:
    """The lead unit scores what it leads; the office where there is no lead unit."""
    if not can(actor, Action.REVIEW, assignment):
        return False
    return scope_of(actor, Action.REVIEW) is Scope.LED or assignment.lead_unit_id is None


def give_lead_score(
    assignment: Assignment,
    *,
    actor: Actor,
    now: datetime,
    version: int,
    self_points: Decimal | None,
    points: Decimal | None,
    reason: str = "",
) -> None:
    """Write the indicator's self-score 自评 and the lead unit's score 牵头评分.

    Possible from when all units have handed in until the office verifies. Raises NotAllowed,
    StaleState, and GuardFailed (range, step, units that have not handed in).
    """
    if not may_score(assignment, actor):
        raise NotAllowed
    faults = {
        name: fault
        for name, value in {"self_points": self_points, "points": points}.items()
        if (fault := scoring.points_fault(value, assignment.points))
    }
    if faults:
        raise GuardFailed(fields=faults)
    reason = reason.strip()[:STATEMENT_LENGTH]
    with transaction.atomic():
        (standing,) = standings([assignment])
        if standing.version != version:
            raise StaleState(_("已有人处理，页面已更新"))
        if standing.state not in SCORABLE:
            raise GuardFailed(_("各单位都提交以后，核验以前，才能评分"))
        _raise_versions([assignment])
        entries = [
            Entry(assignment, Source.SELF, self_points),
            Entry(assignment, Source.LEAD, points, reason),
        ]
        round_id = self_round(assignment.campaign, now=now).pk
        book.enter(entries, round_id=round_id, actor=actor, now=now)
        data = {"self_points": self_points, "points": points, "reason": reason}
        record(actor, "score.lead", assignment, data=data, now=now)


def verify(
    assignment: Assignment,
    *,
    actor: Actor,
    now: datetime,
    version: int,
    points: Decimal | None,
    reason: str = "",
) -> None:
    """The office's verification 核验 of one indicator; only in 待核验.

    Raises NotAllowed, StaleState, and GuardFailed: range, step, not yet to be verified, and a
    missing reason where the points differ from the lead unit's.
    """
    if fault := scoring.points_fault(points, assignment.points):
        raise GuardFailed(fields={"points": fault})
    (result,) = verify_many(
        [assignment], actor=actor, now=now, versions={assignment.pk: version},
        points=points, reason=reason,
    )  # fmt: skip
    if result.error:
        raise result.error


def verify_many(
    assignments: Sequence[Assignment],
    *,
    actor: Actor,
    now: datetime,
    versions: Mapping[int, int],
    points: Decimal | None = None,
    reason: str = "",
) -> list[Result]:
    """Verify several indicators, a result each; the rest still goes through.

    `points` None takes over the lead unit's score of each, as the bulk bar does.
    """
    reason = reason.strip()[:STATEMENT_LENGTH]
    with transaction.atomic():
        found = standings(assignments)
        errors = {
            s.assignment.pk: _objection(s, actor, versions.get(s.assignment.pk), points, reason)
            for s in found
        }
        good = [s for s in found if not errors[s.assignment.pk]]
        if good:
            _write_verified(good, actor, now, points, reason)
    return [Result(assignment, errors[assignment.pk]) for assignment in assignments]


def _objection(
    standing: Standing, actor: Actor, version: int | None, points: Decimal | None, reason: str
) -> DomainError | None:
    if not can(actor, Action.VERIFY_INDICATOR, standing.assignment):
        return NotAllowed(_("这一步不归你办"))
    if standing.version != version:
        return StaleState(_("已有人处理，页面已更新"))
    if standing.state is not IndicatorState.TO_VERIFY:
        return GuardFailed(_("还没有到核验这一步"))
    lead = standing.scores.points(Source.LEAD)
    fault = scoring.reason_fault(lead if points is None else points, lead, reason)
    return GuardFailed(fields={"reason": fault}) if fault else None


def _write_verified(
    good: Sequence[Standing], actor: Actor, now: datetime, points: Decimal | None, reason: str
) -> None:
    _raise_versions([standing.assignment for standing in good])
    entries = []
    for standing in good:
        given = standing.scores.points(Source.LEAD) if points is None else points
        entries.append(Entry(standing.assignment, Source.OFFICE, given, reason))
    round_id = self_round(good[0].assignment.campaign, now=now).pk
    book.enter(entries, round_id=round_id, actor=actor, now=now)
    events = [
        Event(
            "score.verify",
            entry.assignment,
            data={
                "points": entry.points,
                "lead": standing.scores.points(Source.LEAD),
                "reason": reason,
            },
        )
        for entry, standing in zip(entries, good, strict=True)
    ]
    record_many(actor, events, now=now)


def _raise_versions(assignments: Sequence[Assignment]) -> None:
    """Take the next version of each, or fail when another score of it was given meanwhile."""
    same = Q(pk__in=[])
    for assignment in assignments:
        same |= Q(pk=assignment.pk, version=assignment.version)
    if Assignment.objects.filter(same).update(version=F("version") + 1) != len(assignments):
        raise StaleState(_("已有人处理，页面已更新"))
    for assignment in assignments:
        assignment.version += 1
