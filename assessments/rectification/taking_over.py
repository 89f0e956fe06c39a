"""Issues out of a ledger that was read: written with answers, measures and proof, in one go.

`take over` 接管: a row arrives in the state that its office wrote down, with the file and row named
in the audit trail, and without invented steps. What may be written, importing.py has judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from assessments.inspections.models import Inspection
from assessments.rectification.deadlines import closed_late
from assessments.rectification.models import Issue, Measure, ResponseProof, UnitResponse
from assessments.rectification.reading import IssueRow
from assessments.rectification.states import State
from indicators.models import Evidence
from lawgov.accounts.actors import Actor
from lawgov.audit.record import Event, record_many
from lawgov.calendars import local_day
from lawgov.units.models import Unit
from lawgov.units.resolve import UnitRegister


@dataclass(frozen=True)
class Entry:
    """A row that will be written, with its units resolved."""

    row: IssueRow
    units: list[Unit]
    key: str
    kind: str


def write(
    entries: list[Entry],
    inspection: Inspection,
    *,
    actor: Actor,
    now: datetime,
    source_name: str,
    source_hash: str,
) -> list[tuple[IssueRow, str]]:
    """Write the entries into an inspection; call inside a transaction.

    Returns the rows whose number was taken, with the number they have got instead.
    """
    numbers = _Numbers(inspection)
    issues = []
    renumbered = []
    for entry in entries:
        row = entry.row
        number = numbers.take(entry.kind, row.number)
        if row.number and number != row.number:
            renumbered.append((row, number))
        issues.append(
            Issue(
                region=inspection.region,
                inspection=inspection,
                kind=entry.kind,
                number=number,
                category=row.category or "",
                text=row.text,
                requirement=row.requirement or "",
                goal=row.goal or "",
                addressed_text="、".join(row.units)[:1000],
                found_on=inspection.ends_on,
                deadline_text=row.deadline_text or "",
                deadline_kind=row.deadline_kind,
                deadline_date=row.deadline_date,
                remark=row.remark or "",
                source_name=source_name,
                source_hash=source_hash,
                source_row=row.row,
                row_key=entry.key,
                created_at=now,
            )
        )
    Issue.objects.bulk_create(issues, batch_size=500)
    _link_leads(entries, issues, inspection)
    responses = _responses(entries, issues, inspection, actor, now)
    UnitResponse.objects.bulk_create(responses, batch_size=500)
    _write_measures(entries, issues, now)
    _write_proofs(entries, responses, now)
    _record(entries, issues, responses, actor, now, source_name, source_hash)
    return renumbered


def _state(row: IssueRow, inspection: Inspection) -> State:
    """Source: decisions §2, take over."""
    if row.closed:
        return State.CLOSED
    if row.progress:
        return State.RECTIFYING
    return State.ISSUED if inspection.issued_on else State.FOUND


def _responses(
    entries: list[Entry], issues: list[Issue], inspection: Inspection, actor: Actor, now: datetime
) -> list[UnitResponse]:
    today = local_day(now)
    made = []
    for entry, issue in zip(entries, issues, strict=True):
        row, state = entry.row, _state(entry.row, inspection)
        closed_on: date | None = None
        if state == State.CLOSED:
            # The database asks for a day; an office that left it empty gets the day of the import.
            closed_on = row.closed_date or today
        for unit in entry.units:
            made.append(
                UnitResponse(
                    issue=issue,
                    region=inspection.region,
                    unit=unit,
                    state=state,
                    deadline_text=issue.deadline_text,
                    deadline_kind=issue.deadline_kind,
                    deadline_date=issue.deadline_date,
                    person="、".join(row.responsible_persons)[:60],
                    progress=row.progress or "",
                    closed_on=closed_on,
                    closed_late=closed_late(issue.deadline_date, closed_on),
                    taken_over=True,
                )
            )
    return made


def _write_measures(entries: list[Entry], issues: list[Issue], now: datetime) -> None:
    measures, owners = [], []
    for entry, issue in zip(entries, issues, strict=True):
        for unit in entry.units:
            for order, text in enumerate(entry.row.measures, start=1):
                owners.append(issue)
                measures.append(
                    Measure(
                        region=issue.region,
                        unit=unit,
                        order=order,
                        text=text,
                        person="、".join(entry.row.responsible_persons)[:60],
                        created_at=now,
                    )
                )
    Measure.objects.bulk_create(measures, batch_size=500)
    through = Measure.issues.through
    through.objects.bulk_create(
        (
            through(measure_id=measure.pk, issue_id=issue.pk)
            for measure, issue in zip(measures, owners, strict=True)
        ),
        batch_size=500,
    )


def _write_proofs(entries: list[Entry], responses: list[UnitResponse], now: datetime) -> None:
    """What the ledger lists as proof 佐证材料 becomes a piece of evidence without a file.

    A ledger names papers in words; these stand where a document number would.
    """
    texts = {id(unit_row): row for unit_row, row in _pairs(entries, responses)}
    pieces = [
        Evidence(
            region_id=response.region_id,
            unit=response.unit,
            kind=Evidence.Kind.NUMBER,
            title=texts[id(response)].evidence[:200],
            document_number=texts[id(response)].evidence[:80],
            created_at=now,
        )
        for response in responses
        if texts[id(response)].evidence
    ]
    proven = [response for response in responses if texts[id(response)].evidence]
    Evidence.objects.bulk_create(pieces, batch_size=500)
    ResponseProof.objects.bulk_create(
        (
            ResponseProof(response=response, evidence=piece, created_at=now)
            for response, piece in zip(proven, pieces, strict=True)
        ),
        batch_size=500,
    )


def _pairs(
    entries: list[Entry], responses: list[UnitResponse]
) -> Iterable[tuple[UnitResponse, IssueRow]]:
    rows = [entry.row for entry in entries for _unit in entry.units]
    return zip(responses, rows, strict=True)


def _link_leads(entries: list[Entry], issues: list[Issue], inspection: Inspection) -> None:
    if not any(entry.row.lead_units for entry in entries):
        return
    register = UnitRegister(inspection.region)
    through = Issue.lead_units.through
    through.objects.bulk_create(
        through(issue_id=issue.pk, unit_id=unit.pk)
        for entry, issue in zip(entries, issues, strict=True)
        for unit in register.resolve(entry.row.lead_units).units
    )


def _record(
    entries: list[Entry],
    issues: list[Issue],
    responses: list[UnitResponse],
    actor: Actor,
    now: datetime,
    source_name: str,
    source_hash: str,
) -> None:
    """One entry per answer: the state it arrived in, and the file and row it came from."""
    rows = dict(zip((issue.pk for issue in issues), entries, strict=True))
    events = [
        Event(
            "response.imported",
            response,
            response.issue,
            {
                "to": response.state,
                "version": response.version,
                "file": source_name,
                "sha256": source_hash,
                "sheet": rows[response.issue_id].row.sheet,
                "row": rows[response.issue_id].row.row,
                "closed_on": response.closed_on,
            },
        )
        for response in responses
    ]
    record_many(actor, events, now=now)


class _Numbers:
    """Hands out numbers that are free in the inspection, as written where possible."""

    def __init__(self, inspection: Inspection) -> None:
        self._taken = set(inspection.issues.values_list("kind", "number"))
        self._next = Counter()

    def take(self, kind: str, wanted: str | None) -> str:
        number = wanted[:20] if wanted else self._following(kind)
        base, copy = number, 1
        while (kind, number) in self._taken:
            copy += 1
            number = f"{base[:16]}-{copy}"
        self._taken.add((kind, number))
        return number

    def _following(self, kind: str) -> str:
        self._next[kind] += 1
        while (kind, str(self._next[kind])) in self._taken:
            self._next[kind] += 1
        return str(self._next[kind])
