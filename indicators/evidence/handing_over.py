"""What a unit that is merged away had to do and its proof, moved to its successor.

Called by lawgov/operations/merging.py, in the transaction that closes the unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from indicators.assignments.models import Assignment, UnitAssignment
from indicators.assignments.states import UnitState
from indicators.evidence.models import Evidence, EvidenceLink
from lawgov.accounts.actors import Actor
from lawgov.audit.record import Event, record_many
from lawgov.units.models import Unit


@dataclass(frozen=True)
class Workload:
    """Indicators that a unit leads, and indicators it works on that are not accepted yet."""

    led: int
    open: int

    def __bool__(self) -> bool:
        return bool(self.led or self.open)


def workload(unit: Unit) -> Workload:
    done = [UnitState.ACCEPTED, UnitState.NOT_APPLICABLE]
    return Workload(
        led=unit.led_assignments.count(),
        open=unit.unit_assignments.exclude(state__in=done).count(),
    )


def hand_over(unit: Unit, successor: Unit, *, actor: Actor, now: datetime) -> int:
    """Move what `unit` leads and works on, finished work too, since it may yet be returned.

    States stay. Where the successor works on the same indicator already, its row stays and takes
    over the proof. Returns the number of indicators concerned.
    """
    led = list(Assignment.objects.filter(lead_unit=unit).select_related("indicator"))
    works = list(unit.unit_assignments.select_related("assignment__indicator"))
    theirs = {
        work.assignment_id: work for work in successor.unit_assignments.all()
    }  # the successor's own row by indicator
    joined = [work for work in works if work.assignment_id in theirs]
    moved = [work for work in works if work.assignment_id not in theirs]
    _keep_proof(works, successor)
    for work in joined:
        _move_links(work, theirs[work.assignment_id])
    told = {"name": unit.name, "successor": successor.name}
    events = [Event("unit.work_moved", row, data={**told, "part": "lead"}) for row in led]
    events += [Event("unit.work_moved", w, w.assignment, {**told, "state": w.state}) for w in works]
    record_many(actor, events, now=now)
    rows = Assignment.objects.filter(lead_unit=unit)
    rows.update(lead_unit=successor, version=F("version") + 1)
    rows = UnitAssignment.objects.filter(pk__in=[work.pk for work in moved])
    rows.update(unit=successor, version=F("version") + 1)
    UnitAssignment.objects.filter(pk__in=[work.pk for work in joined]).delete()
    return len({row.pk for row in led} | {work.assignment_id for work in works})


def _keep_proof(works: Sequence[UnitAssignment], successor: Unit) -> None:
    """Evidence belongs to a unit; the successor must be able to see and renew it."""
    linked = EvidenceLink.objects.filter(unit_assignment__in=works).values("evidence")
    Evidence.objects.filter(pk__in=linked).update(unit=successor)


def _move_links(work: UnitAssignment, into: UnitAssignment) -> None:
    """Proof in force goes over, except where the other row has the same in the same slot."""
    have = set(into.evidence_links.in_force().values_list("evidence_id", "slot"))
    for link in work.evidence_links.in_force():
        if (link.evidence_id, link.slot) not in have:
            link.unit_assignment = into
            link.save(update_fields=["unit_assignment"])
