"""What an edge of the ledger writes: stamps on the row itself, and rows beside it.

Stamps are values for the conditional UPDATE of the row. The functions that get `changes` run
in the same transaction, once for all rows of one call. No HTTP, no rule.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from assessments.rectification.deadlines import DeadlineKind, closed_late, new_deadline
from assessments.rectification.models import (
    Extension,
    Measure,
    ProgressNote,
    ResponseProof,
    UnitResponse,
)
from lawgov.calendars import local_day
from lawgov.workflow import Change, Move

# -- stamps ----------------------------------------------------------------------------------


def issued(response: UnitResponse, move: Move) -> dict[str, Any]:
    data = move.data
    return {
        "letter": data["letter"],
        "deadline_text": data["deadline_text"],
        "deadline_kind": data.get("deadline_kind", response.deadline_kind),
        "deadline_date": data.get("deadline_date", response.deadline_date),
    }


def accepted(response: UnitResponse, move: Move) -> dict[str, Any]:
    return {"accepted_at": move.now, "accepted_by": move.actor.user}


def planned(response: UnitResponse, move: Move) -> dict[str, Any]:
    return {"person": move.data["person"], "target_on": move.data["target_on"]}


def progressed(response: UnitResponse, move: Move) -> dict[str, Any]:
    return {"progress": move.data["progress"]}


def requested(response: UnitResponse, move: Move) -> dict[str, Any]:
    fresh = {"checker": None, "checked_at": None, "return_reason": ""}
    return {"result": move.data["result"], "submitted_at": move.now} | fresh


def recalled(response: UnitResponse, move: Move) -> dict[str, Any]:
    return {"submitted_at": None}


def checked(response: UnitResponse, move: Move) -> dict[str, Any]:
    return {"checker": move.actor.user, "checked_at": move.now}


def returned(response: UnitResponse, move: Move) -> dict[str, Any]:
    return checked(response, move) | {"return_reason": move.data["reason"]}


def closed(response: UnitResponse, move: Move) -> dict[str, Any]:
    """Closed late is a flag that stays, also through a reopening."""
    today = local_day(move.now)
    return {
        "conclusion": move.data["conclusion"],
        "closer": move.actor.user,
        "closed_on": today,
        "closed_late": response.closed_late or closed_late(response.deadline_date, today),
    }


def confirmed(response: UnitResponse, move: Move) -> dict[str, Any]:
    return {
        "looked_back_on": move.data["looked_back_on"],
        "look_back_result": move.data["result"],
    }


def reopened(response: UnitResponse, move: Move) -> dict[str, Any]:
    """The close-out is lifted from the row; the trail keeps it."""
    lifted = {"closer": None, "closed_on": None, "conclusion": "", "submitted_at": None}
    given = {"return_reason": move.data["reason"]}
    return lifted | given | _deadline(response, move.data["new_date"])


def withdrawn(response: UnitResponse, move: Move) -> dict[str, Any]:
    return {"return_reason": move.data["reason"]}


def extended(response: UnitResponse, move: Move) -> dict[str, Any]:
    assert response.asked_to, "the edge is only open where an extension is asked"
    return _deadline(response, response.asked_to)


def _deadline(response: UnitResponse, day: date) -> dict[str, Any]:
    kind, text = new_deadline(DeadlineKind(response.deadline_kind), day)
    return {
        "deadline_date": day,
        "deadline_kind": kind.value,
        "deadline_text": text,
        "deadline_version": response.deadline_version + 1,
    }


# -- rows beside ------------------------------------------------------------------------------


def write_measures(changes: Sequence[Change]) -> None:
    """The lines of each plan as measures; a line without person or day has the plan's.

    A plan takes the place of the measures that came with an imported ledger; they stay as removed
    rows.
    """
    links = []
    for change in changes:
        if change.obj.taken_over:
            Measure.objects.filter(
                unit=change.obj.unit_id, issues=change.obj.issue_id, removed_at=None
            ).update(removed_at=change.move.now)
    for change in changes:
        response, move = change.obj, change.move
        measures = Measure.objects.bulk_create(
            Measure(
                region_id=response.region_id,
                unit_id=response.unit_id,
                order=order,
                text=line["text"],
                person=line.get("person") or move.data["person"],
                target_on=line.get("target_on") or move.data["target_on"],
                created_at=move.now,
            )
            for order, line in enumerate(move.data["measures"], start=1)
        )
        links += [(measure.pk, response.issue_id) for measure in measures]
    through = Measure.issues.through
    through.objects.bulk_create(
        through(measure_id=measure, issue_id=issue) for measure, issue in links
    )


def write_notes(changes: Sequence[Change]) -> None:
    notes = ProgressNote.objects.bulk_create(
        ProgressNote(
            response=change.obj,
            text=change.move.data["progress"],
            at=change.move.now,
            by=change.move.actor.user,
        )
        for change in changes
    )
    for change, note in zip(changes, notes, strict=True):
        change.made["note_id"] = note.pk


def strike_note(response: UnitResponse, told: Mapping[str, Any], move: Move) -> None:
    ProgressNote.objects.filter(pk=told["note_id"]).update(removed_at=move.now)


def mark_measures(changes: Sequence[Change]) -> None:
    for change in changes:
        measure, move = change.move.data["measure"], change.move
        change.made["done_before"] = measure.done_at
        measure.done_at = move.now if move.data["done"] else None
        measure.save(update_fields=["done_at"])


def unmark_measure(response: UnitResponse, told: Mapping[str, Any], move: Move) -> None:
    Measure.objects.filter(pk=told["measure_id"]).update(done_at=told["done_before"])


def attach_proof(changes: Sequence[Change]) -> None:
    ResponseProof.objects.bulk_create(
        ResponseProof(response=change.obj, evidence=piece, created_at=change.move.now)
        for change in changes
        for piece in change.move.data["evidence"]
    )
    for change in changes:
        change.obj.forget()


def detach_proof(changes: Sequence[Change]) -> None:
    for change in changes:
        proof = change.move.data["proof"]
        proof.removed_at = change.move.now
        proof.save(update_fields=["removed_at"])
        change.obj.forget()


def ask_extensions(changes: Sequence[Change]) -> None:
    Extension.objects.bulk_create(
        Extension(
            response=change.obj,
            old_date=change.obj.deadline_date,
            new_date=change.move.data["new_date"],
            reason=change.move.data["reason"],
            asked_at=change.move.now,
            asked_by=change.move.actor.user,
        )
        for change in changes
    )
    for change in changes:
        change.obj.forget()


def approve_extensions(changes: Sequence[Change]) -> None:
    for change in changes:
        change.made["new_date"] = change.obj.deadline_date
    _decide(changes, Extension.State.APPROVED)


def refuse_extensions(changes: Sequence[Change]) -> None:
    for change in changes:
        change.made["new_date"] = change.obj.asked_to
    _decide(changes, Extension.State.REFUSED)


def lapse_extensions(changes: Sequence[Change]) -> None:
    """A request that is still open when the answer comes to rest has lost its object."""
    _decide([change for change in changes if change.obj.asked_to], Extension.State.LAPSED)


def _decide(changes: Sequence[Change], state: Extension.State) -> None:
    if not changes:
        return
    move = changes[0].move
    waiting = Extension.objects.filter(
        response__in=[change.obj.pk for change in changes], state=Extension.State.OPEN
    )
    waiting.update(
        state=state,
        decided_at=move.now,
        decided_by=move.actor.user,
        decision_note=move.data.get("reason", ""),
    )
    for change in changes:
        change.obj.forget()
