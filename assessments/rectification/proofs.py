"""Proof 佐证 of an answer: what a person hands in becomes evidence and is attached by the edge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from assessments.rectification.models import UnitResponse
from assessments.rectification.transitions import LEDGER
from indicators.evidence.actions import keep_file, keep_reference
from indicators.evidence.receiving import Arrived
from indicators.models import Evidence
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action, can
from lawgov.errors import NotAllowed, StaleState

TRIES = 3  # files of one drop arrive side by side, each raising the version


def attach_files(
    response: UnitResponse, files: Sequence[Arrived], *, actor: Actor, now: datetime
) -> UnitResponse:
    """Make a piece of evidence of each file and attach all of them."""

    def make() -> list[Evidence]:
        return [keep_file(response.unit, file, actor=actor, now=now) for file in files]

    return _attach(response, make, actor=actor, now=now)


def attach_reference(
    response: UnitResponse, kind: str, details: Mapping[str, Any], *, actor: Actor, now: datetime
) -> UnitResponse:
    """Make evidence of a web address or a document number and attach it."""

    def make() -> list[Evidence]:
        return [keep_reference(response.unit, kind, actor=actor, now=now, details=details)]

    return _attach(response, make, actor=actor, now=now)


def attach_known(
    response: UnitResponse, evidence: Sequence[Evidence], *, actor: Actor, now: datetime
) -> UnitResponse:
    """Attach evidence that the unit has already."""
    return _attach(response, lambda: list(evidence), actor=actor, now=now)


def _attach(response: UnitResponse, make: Any, *, actor: Actor, now: datetime) -> UnitResponse:
    """Attach at the version of the moment: adding a file overwrites nobody's text.

    Raises NotAllowed, GuardFailed, and StaleState when the answer is not with its unit any more.
    """
    if not can(actor, Action.RECTIFY, response):
        raise NotAllowed
    for attempt in range(1, TRIES + 1):
        row = UnitResponse.objects.for_moves().get(pk=response.pk)
        try:
            with transaction.atomic():
                return LEDGER.perform(
                    row, "add_proof", actor=actor, now=now, version=row.version, evidence=make()
                )
        except StaleState:
            if attempt == TRIES or row.state not in LEDGER["add_proof"].sources:
                raise
    raise AssertionError("the loop returns or raises")
