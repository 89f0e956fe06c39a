"""Handing over 交办: the letters of an inspection, in one series of numbers, and 签收."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from assessments.models import Inspection
from assessments.rectification.actions import deadline_columns, deadline_of, demand
from assessments.rectification.models import Issue, Letter, UnitResponse
from assessments.rectification.states import State
from assessments.rectification.transitions import LEDGER
from indicators.models import Campaign
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action
from lawgov.audit.record import record
from lawgov.errors import GuardFailed
from lawgov.workflow import Result


def next_letter_number(campaign: Campaign, year: int) -> int:
    """The next number in the series of the campaign's agency and this year, from 1."""
    series = Letter.objects.filter(
        region_id=campaign.region_id, agency=campaign.letter_agency, year=year
    )
    return (series.aggregate(last=Max("number"))["last"] or 0) + 1


def issue_letters(
    inspection: Inspection,
    *,
    actor: Actor,
    now: datetime,
    issued_on: date,
    responses: Sequence[UnitResponse] | None = None,
    versions: Mapping[int, int] | None = None,
) -> list[Letter]:
    """Hand over all issues found in an inspection: one letter per unit, numbered without gaps.

    Letters go in the order of the units; all of them go, or none. `responses` narrows to these
    answers (default: all in state found), `versions` are those that the person saw. Deadlines
    are counted from `issued_on`. Raises NotAllowed, StaleState when anybody acted on one of them
    meanwhile, GuardFailed when there is nothing to hand over, an issue has no deadline, or the
    campaign has no agency code.
    """
    demand(actor, Action.ISSUE, inspection)
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update().get(pk=inspection.campaign_id)
        if responses is None:
            responses = found_in(inspection)
        _check_letters(campaign, responses)
        letters = _make_letters(inspection, campaign, responses, issued_on)
        each = _deadlines(inspection, responses, letters, issued_on)
        results = LEDGER.perform_many(
            responses, "issue", actor=actor, now=now, versions=versions, each=each
        )
        for result in results:
            if result.error:
                raise result.error
        _date_issues(responses)
        if inspection.issued_on is None:
            inspection.issued_on = issued_on
            inspection.version += 1
            inspection.save(update_fields=["issued_on", "version"])
        sent = list(letters.values())
        told = {"count": len(sent), "first": str(sent[0]), "last": str(sent[-1])}
        record(actor, "inspection.letters", inspection, now=now, data=told)
    return sent


def found_in(inspection: Inspection) -> list[UnitResponse]:
    """Answers that wait to be handed over, in the order of units and numbers."""
    rows = UnitResponse.objects.for_moves().filter(issue__inspection=inspection, state=State.FOUND)
    return list(rows.order_by("unit__order", "unit_id", "issue_id"))


def _check_letters(campaign: Campaign, responses: Sequence[UnitResponse]) -> None:
    if not responses:
        raise GuardFailed(_("没有待交办的问题"))
    if not campaign.letter_agency:
        raise GuardFailed(_("还没有设置发文机关代字，先到设置里填写"))
    bare = [row.issue.number for row in responses if not row.deadline_text]
    if bare:
        numbers = _("、").join(dict.fromkeys(bare))
        raise GuardFailed(_("这些问题没有完成时限：%(numbers)s") % {"numbers": numbers})


def _make_letters(
    inspection: Inspection,
    campaign: Campaign,
    responses: Sequence[UnitResponse],
    issued_on: date,
) -> dict[int, Letter]:
    """One letter for each unit among `responses`, by unit id, in their order."""
    first = next_letter_number(campaign, issued_on.year)
    units = {row.unit_id: row.unit for row in responses}
    letters = Letter.objects.bulk_create(
        Letter(
            region_id=inspection.region_id,
            inspection=inspection,
            unit=unit,
            agency=campaign.letter_agency,
            year=issued_on.year,
            number=number,
            issued_on=issued_on,
        )
        for number, unit in enumerate(units.values(), start=first)
    )
    return {letter.unit_id: letter for letter in letters}


def _deadlines(
    inspection: Inspection,
    responses: Sequence[UnitResponse],
    letters: dict[int, Letter],
    issued_on: date,
) -> dict[int, dict[str, Any]]:
    """For each answer its letter and its deadline, counted from the day of the letter."""
    texts = {row.deadline_text for row in responses}
    read = {text: deadline_columns(deadline_of(text, inspection, issued_on)) for text in texts}
    return {row.pk: {"letter": letters[row.unit_id]} | read[row.deadline_text] for row in responses}


def _date_issues(responses: Sequence[UnitResponse]) -> None:
    """Give the issues the day that was counted from the letter, where they had none."""
    changed = {}
    for row in responses:
        issue = row.issue
        if issue.deadline_text == row.deadline_text and issue.deadline_date != row.deadline_date:
            issue.deadline_date, issue.deadline_kind = row.deadline_date, row.deadline_kind
            changed[issue.pk] = issue
    if changed:
        Issue.objects.bulk_update(changed.values(), ["deadline_date", "deadline_kind"])


def accept_letter(letter: Letter, *, actor: Actor, now: datetime) -> list[Result]:
    """签收 a letter: all of its issues that still wait for receipt."""
    rows = UnitResponse.objects.for_moves().filter(letter=letter, state=State.ISSUED)
    return LEDGER.perform_many(list(rows.order_by("pk")), "accept", actor=actor, now=now)


def move(
    response: UnitResponse,
    edge: str,
    *,
    actor: Actor,
    now: datetime,
    version: int,
    **data: Any,
) -> UnitResponse:
    """Any edge of the table, from a page or the API; handing over goes by its letter.

    Raises NotAllowed, StaleState, GuardFailed as `LEDGER.perform`.
    """
    if edge != "issue":
        return LEDGER.perform(response, edge, actor=actor, now=now, version=version, **data)
    if not data.get("issued_on"):
        raise GuardFailed(fields={"issued_on": _("还没有填写")})
    response.deadline_text = data.get("deadline_text") or response.deadline_text
    issue_letters(
        response.issue.inspection,
        actor=actor,
        now=now,
        issued_on=data["issued_on"],
        responses=[response],
        versions={response.pk: version},
    )
    return response
