"""A unit's self-score, and the edges of its work with the scores that go with them.

Every edge of WORK is taken through `move` or `move_many`, so that the scores are written in the
same transaction. The scores of whole indicators are in verification.py. Source: decisions §1, §3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.rounds import book, queries, scoring
from assessments.rounds.book import Entry, self_round
from assessments.rounds.models import Score, ScoreDraft
from indicators.assignments.models import UnitAssignment
from indicators.assignments.states import WITH_UNIT, UnitState
from indicators.assignments.transitions import WORK
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action, can
from lawgov.audit import verbs
from lawgov.audit.models import AuditEntry
from lawgov.audit.record import record
from lawgov.calendars import local_day
from lawgov.errors import GuardFailed, NotAllowed, StaleState
from lawgov.workflow import Result

Source = Score.Source
STATEMENT_LENGTH = 2000  # characters of a self-score statement or a reason

verbs.add(
    {
        "score.draft": gettext_lazy("写自评"),
        "score.lead": gettext_lazy("牵头评分 %(points)s 分，自评 %(self_points)s 分"),
        "score.verify": gettext_lazy("核验 %(points)s 分"),
    }
)

# -- a unit's self-score ---------------------------------------------------------------------


def save_draft(
    work: UnitAssignment,
    *,
    actor: Actor,
    now: datetime,
    points: Decimal | None,
    statement: str,
    version: int | None = None,
) -> ScoreDraft:
    """Keep what the unit has typed so far; the same content again changes nothing.

    `points` None: no number yet. `version` is the draft's that the person saw (0: there was
    none); None takes it as it is. Raises NotAllowed, StaleState, and GuardFailed when the work
    is past the unit or the points are out of range.
    """
    if not can(actor, Action.SUBMIT, work):
        raise NotAllowed
    if work.state not in WITH_UNIT:
        raise GuardFailed(_("已提交审核，退回后才能改自评"))
    _check_points(points, work, optional=True)
    values = {"points": points, "statement": statement.strip()[:STATEMENT_LENGTH]}
    stamp = {"saved_at": now, "saved_by": actor.user}
    with transaction.atomic():
        draft = ScoreDraft.objects.filter(unit_assignment=work).select_related("saved_by").first()
        if draft is None:
            draft = _first_draft(work, values | stamp)
        elif version is not None and version != draft.version:
            raise StaleState(_("没有保存：%(name)s 刚改过这一条") % {"name": draft.saved_by or ""})
        elif all(getattr(draft, name) == value for name, value in values.items()):
            return draft
        else:
            _change_draft(draft, values | stamp)
        data = {"points": points, "length": len(values["statement"])}
        record(actor, "score.draft", draft, topic=work.assignment, data=data, now=now)
    return draft


def _first_draft(work: UnitAssignment, values: dict[str, Any]) -> ScoreDraft:
    try:
        with transaction.atomic():
            return ScoreDraft.objects.create(unit_assignment=work, **values)
    except IntegrityError as error:
        raise StaleState(_("没有保存：已有人先写了自评")) from error


def _change_draft(draft: ScoreDraft, values: dict[str, Any]) -> None:
    rows = ScoreDraft.objects.filter(pk=draft.pk, version=draft.version)
    if not rows.update(**values, version=F("version") + 1):
        raise StaleState(_("没有保存：已有人先改了自评"))
    for name, value in values.items():
        setattr(draft, name, value)
    draft.version += 1


def _check_points(points: Decimal | None, work: UnitAssignment, *, optional: bool = False) -> None:
    if optional and points is None:
        return
    if fault := scoring.points_fault(points, work.assignment.points):
        raise GuardFailed(fields={"points": fault})


# -- edges of a unit's work ------------------------------------------------------------------


def move(
    work: UnitAssignment, edge: str, *, actor: Actor, now: datetime, version: int, **data: Any
) -> UnitAssignment:
    """Take one edge of WORK with the scores that go with it; raises as Workflow.perform.

    `submit` takes `points` and `statement`, and from a work that is not ticked yet it ticks
    first. A unit without a head account goes on to its lead unit, which is recorded.
    """
    if edge == "submit":
        return _submit(work, actor=actor, now=now, version=version, **data)
    (result,) = move_many([work], edge, actor=actor, now=now, versions={work.pk: version}, **data)
    if result.error:
        raise result.error
    return result.obj


def move_many(
    works: Sequence[UnitAssignment],
    edge: str,
    *,
    actor: Actor,
    now: datetime,
    versions: Mapping[int, int] | None = None,
    **data: Any,
) -> list[Result]:
    """Take one edge for many works: a result per work; all but `submit`, which is one by one."""
    accepted = {work.pk for work in works if work.state == UnitState.ACCEPTED}
    with transaction.atomic():
        results = WORK.perform_many(works, edge, actor=actor, now=now, versions=versions, **data)
        if edge == "return":
            back = [r.obj for r in results if not r.error and r.obj.pk in accepted]
            _supersede_office_scores(back, now)
    return results


def undo(work: UnitAssignment, *, actor: Actor, now: datetime, version: int) -> UnitAssignment:
    """Take back the last edge within seconds; an office score that it superseded counts again."""
    with transaction.atomic():
        last = AuditEntry.objects.about(work).first()
        WORK.undo(work, actor=actor, now=now, version=version)
        if last.verb == "work.return" and last.data["from"] == UnitState.ACCEPTED:
            Score.objects.of_indicator().filter(
                assignment=work.assignment_id, source=Source.OFFICE, superseded_at=last.at
            ).update(superseded_at=None)
    return work


def _submit(
    work: UnitAssignment,
    *,
    actor: Actor,
    now: datetime,
    version: int,
    points: Decimal | None = None,
    statement: str = "",
) -> UnitAssignment:
    given = {"points": points, "statement": statement.strip()[:STATEMENT_LENGTH]}
    with transaction.atomic():
        if work.state in WORK["tick"].sources:
            WORK.perform(work, "tick", actor=actor, now=now, version=version)
            version = work.version
        _check_points(points, work, optional=True)  # a missing one is the edge's own need
        WORK.perform(work, "submit", actor=actor, now=now, version=version, **given)
        facts = _facts(work, now)
        score = Entry(work.assignment, Source.SELF, points, given["statement"], work.unit_id)
        book.enter(
            [score],
            round_id=facts.self_round_id or self_round(work.assignment.campaign, now=now).pk,
            actor=actor,
            now=now,
            replace=facts.has_self_score,
        )
        if not facts.has_head:
            WORK.perform(work, "skip_head", actor=actor, now=now, version=work.version)
    return work


def _facts(work: UnitAssignment, now: datetime) -> UnitAssignment:
    """The work with what `queries.to_hand_in` adds; asked only where the caller had not."""
    if hasattr(work, "self_round_id"):
        return work
    rows = UnitAssignment.objects.filter(pk=work.pk)
    return queries.to_hand_in(rows, local_day(now)).get()


def _supersede_office_scores(works: Sequence[UnitAssignment], now: datetime) -> None:
    """A return after all had been accepted takes the office's verification out of force."""
    if works:
        Score.objects.in_force().of_indicator().filter(
            assignment__in={work.assignment_id for work in works}, source=Source.OFFICE
        ).update(superseded_at=now)
