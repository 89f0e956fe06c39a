"""Who is told of which edge of the ledger; the sentences stand in lawgov/notifications/kinds.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from assessments.rectification.models import UnitResponse
from assessments.rectification.states import State
from lawgov.notifications.outbox import (
    OFFICE,
    SUPERVISORS,
    Audience,
    Notice,
    lead_reviewers,
    unit_people,
)
from lawgov.workflow import Change


def the_unit(response: UnitResponse) -> list[Audience]:
    return [unit_people(response.unit_id)]


def the_office(response: UnitResponse) -> list[Audience]:
    return [OFFICE]


def checkers(response: UnitResponse) -> list[Audience]:
    """Office, supervisors and the lead reviewers of the linked indicator, the unit's own apart."""
    lead = response.issue.assignment.lead_unit_id if response.issue.assignment else None
    reviewers = [lead_reviewers(lead)] if lead and lead != response.unit_id else []
    return [OFFICE, SUPERVISORS, *reviewers]


def tell(
    edge: str, audiences: Callable[[UnitResponse], Iterable[Audience]]
) -> Callable[[Sequence[Change]], list[Notice]]:
    """Notices of kind `response.<edge>`, one per row and audience."""

    def notices(changes: Sequence[Change]) -> list[Notice]:
        return [
            Notice(
                audience,
                f"response.{edge}",
                change.obj.get_absolute_url(),
                change.obj,
                _told(change),
            )
            for change in changes
            for audience in audiences(change.obj)
        ]

    return notices


def _told(change: Change) -> dict[str, Any]:
    response, data = change.obj, change.move.data
    day = response.deadline_date
    return {
        "number": response.issue.number,
        "text": response.issue.title,
        "unit": str(response.unit),
        "reason": data.get("reason", ""),
        "deadline": day.isoformat() if day else "",
        "asked": data["new_date"].isoformat() if data.get("new_date") else "",
    }


def tell_letters(changes: Sequence[Change]) -> list[Notice]:
    """One notice per letter, however many issues it carries."""
    letters: dict[Any, list[UnitResponse]] = {}
    for change in changes:
        letters.setdefault(change.move.data["letter"], []).append(change.obj)
    return [
        Notice(
            unit_people(letter.unit_id),
            "response.issue",
            letter.get_absolute_url(),
            responses[0],
            {"letter": str(letter), "n": len(responses)},
        )
        for letter, responses in letters.items()
    ]


def tell_withdrawn(changes: Sequence[Change]) -> list[Notice]:
    """What was never handed over is withdrawn in silence."""
    known = [change for change in changes if change.before != State.FOUND]
    return tell("withdraw", the_unit)(known)
