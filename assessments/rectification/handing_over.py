"""What a unit that is merged away still had to put right, moved to its successor.

Called by lawgov/operations/merging.py, in the transaction that closes the unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from assessments.rectification.models import Measure, ResponseProof, UnitResponse
from assessments.rectification.states import AT_REST
from indicators.models import Evidence
from lawgov.accounts.actors import Actor
from lawgov.audit.record import Event, record_many
from lawgov.errors import GuardFailed
from lawgov.units.models import Unit


def hand_over(unit: Unit, successor: Unit, *, actor: Actor, now: datetime) -> int:
    """Move every answer of `unit`, closed ones too, since they may be reopened; states stay.

    An issue that the successor answers as well keeps the successor's answer, which takes over
    measures, notes and proof; an answer at rest stays with the old unit as it was. Raises
    GuardFailed where the old unit still owes what the successor has closed: merging would make
    it disappear. Returns the number of answers concerned.
    """
    answers = list(unit.responses.select_related("issue"))
    issues = [answer.issue_id for answer in answers]
    theirs = {row.issue_id: row for row in successor.responses.filter(issue__in=issues)}
    moved = [answer for answer in answers if answer.issue_id not in theirs]
    joined = [a for a in answers if a.issue_id in theirs and a.state not in AT_REST]
    _refuse_lost_work(unit, successor, joined, theirs)
    concerned = [*moved, *joined]
    _take_along(unit, successor, concerned)
    for answer in joined:
        _join(answer, theirs[answer.issue_id])
    told = {"name": unit.name, "successor": successor.name}
    events = [
        Event("unit.work_moved", answer, answer.issue, {**told, "state": answer.state})
        for answer in concerned
    ]
    record_many(actor, events, now=now)
    rows = UnitResponse.objects.filter(pk__in=[answer.pk for answer in moved])
    rows.update(unit=successor, version=F("version") + 1)
    UnitResponse.objects.filter(pk__in=[answer.pk for answer in joined]).delete()
    return len(concerned)


def _refuse_lost_work(
    unit: Unit, successor: Unit, joined: Sequence[UnitResponse], theirs: dict[int, UnitResponse]
) -> None:
    lost = [answer.issue.number for answer in joined if theirs[answer.issue_id].state in AT_REST]
    if lost:
        text = _("问题 %(numbers)s %(successor)s 已经办结，%(unit)s 还没有办完；先办完再并入")
        names = {"numbers": _("、").join(lost), "successor": successor.name, "unit": unit.name}
        raise GuardFailed(text % names)


def _take_along(unit: Unit, successor: Unit, answers: Sequence[UnitResponse]) -> None:
    """Measures and the proof of the answers belong to the successor from now on."""
    issues = [answer.issue_id for answer in answers]
    measures = Measure.objects.filter(unit=unit, issues__in=issues)
    found = list(measures.values_list("pk", flat=True))
    Measure.objects.filter(pk__in=found).update(unit=successor)
    proofs = ResponseProof.objects.filter(response__in=answers).values("evidence")
    Evidence.objects.filter(pk__in=proofs).update(unit=successor)


def _join(answer: UnitResponse, into: UnitResponse) -> None:
    """Notes and proof in force go over, except proof that the other answer has already."""
    answer.notes.update(response=into)
    have = into.proofs.in_force().values("evidence")
    answer.proofs.in_force().exclude(evidence__in=have).update(response=into)
