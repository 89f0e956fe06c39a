"""The official workbook of the ledger, from the answers that a person may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import QuerySet

from assessments.inspections.models import Inspection
from assessments.rectification.models import Issue, Measure, ResponseProof, UnitResponse
from assessments.rectification.sheets import CommonRow, LedgerHeading, LedgerRow, ledger_book
from assessments.rectification.states import State
from lawgov.accounts.actors import Actor
from lawgov.spreadsheets.sheet import Book
from lawgov.units.models import Region

CLOSED = frozenset({State.CLOSED, State.LOOK_BACK})


def ledger_workbook(
    region: Region,
    individual: QuerySet,
    actor: Actor,
    *,
    today: date,
    created: datetime,
) -> Book:
    """Sheet 1 the given answers to individual issues, sheet 2 the common issues, sheet 3 sums.

    `individual` are answers already narrowed to what the actor may see and asked for; withdrawn
    ones are left out, they are no issues any more. Lights compare with `today`. The number of
    queries does not grow with the rows.
    """
    answers = individual.exclude(state=State.WITHDRAWN)
    inspection = Inspection.objects.in_region(region).order_by("-issued_on", "-pk").first()
    campaign = inspection.campaign if inspection else None
    heading = LedgerHeading(
        subject=f"{region.name}法治政府建设专项督察",
        unit=actor.unit.name if actor.unit else (campaign.office_name if campaign else ""),
        reported_on=today,
        issued_on=inspection.issued_on if inspection else None,
        near_days=campaign.light_days if campaign else 10,
    )
    return ledger_book(ledger_rows(answers), common_rows(actor), heading, created=created)


def ledger_rows(answers: QuerySet) -> list[LedgerRow]:
    """One row per answer, in the order of the numbers; five queries."""
    rows = list(
        answers.select_related("issue", "unit").order_by(
            "issue__inspection", "issue__pk", "unit__order", "pk"
        )
    )
    measures, proofs = _measures(rows), _proofs(rows)
    return [
        LedgerRow(
            number=_number(row.issue.number),
            unit=row.unit.name,
            category=row.issue.category,
            text=row.issue.text,
            requirement=row.issue.requirement,
            measures=tuple(measures[row.unit_id, row.issue_id]),
            persons=tuple(filter(None, row.person.split("、"))),
            deadline_text=row.deadline_text,
            deadline_kind=row.deadline_kind,
            deadline_date=row.deadline_date,
            progress=row.result or row.progress,
            evidence="、".join(proofs[row.pk]),
            closed=row.state in CLOSED,
            closed_on=row.closed_on,
            remark=row.issue.remark,
        )
        for row in rows
    ]


def common_rows(actor: Actor) -> list[CommonRow]:
    """The common issues that the actor may see, each once."""
    issues = Issue.objects.visible_to(actor).filter(kind=Issue.Kind.COMMON)
    return [
        CommonRow(
            number=_number(issue.number),
            category=issue.category,
            text=issue.text,
            units=tuple(filter(None, issue.addressed_text.split("、"))),
            requirement=issue.requirement,
            deadline_text=issue.deadline_text,
            deadline_kind=issue.deadline_kind,
            deadline_date=issue.deadline_date,
            remark=issue.remark,
        )
        for issue in issues.order_by("inspection", "pk")
    ]


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() else text


def _measures(rows: Iterable[UnitResponse]) -> dict[tuple[int, int], list[str]]:
    found = defaultdict(list)
    links = Measure.issues.through.objects.filter(
        issue__in={row.issue_id for row in rows}, measure__removed_at=None
    )
    values = links.order_by("measure__order", "measure_id")
    for unit, issue, text in values.values_list("measure__unit_id", "issue_id", "measure__text"):
        found[unit, issue].append(text)
    return found


def _proofs(rows: Iterable[UnitResponse]) -> dict[int, list[str]]:
    found = defaultdict(list)
    proofs = ResponseProof.objects.filter(
        response__in=[row.pk for row in rows], removed_at=None, evidence__removed_at=None
    )
    for response, title in proofs.order_by("pk").values_list("response_id", "evidence__title"):
        found[response].append(title)
    return found
