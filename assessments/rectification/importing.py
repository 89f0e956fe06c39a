"""A ledger that was read becomes issues of an inspection: all rows or none, and twice is once.

Reading a messy file is reading.py's work; this module resolves the units, decides what each row
of the file comes to, and writes. `take over` 接管 stands here: a row arrives in the state that
its office wrote down, with the file and row named in the audit trail, and without invented steps.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.inspections.models import Inspection
from assessments.rectification.deadlines import closed_late
from assessments.rectification.models import Issue, Measure, ResponseProof, UnitResponse
from assessments.rectification.reading import IssueRow, LedgerReading
from assessments.rectification.states import State
from indicators.models import Evidence
from lawgov.accounts.actors import Actor
from lawgov.audit.record import Event, record_many
from lawgov.calendars import local_day
from lawgov.errors import DomainError
from lawgov.units.models import Unit
from lawgov.units.resolve import UnitRegister

REFUSING = {"missing_text", "missing_unit", "unknown_unit", "bad_date"}
OUTCOMES = ("created", "unchanged", "merged", "refused", "skipped")
STILL_OPEN = ("正在", "预计", "尚未", "未完成", "推进中")  # words that contradict a closed mark


class LedgerRefused(DomainError):
    """At least one row is refused, so nothing was saved; the report names each row."""

    status = 422

    def __init__(self, report: ImportReport) -> None:
        super().__init__(
            _("有 %(count)s 行不能写入，一行都没有保存") % {"count": report["refused"]}
        )
        self.report = report


@dataclass(frozen=True)
class Remark:
    """One thing to say about one row of the file; `refuses` when it keeps the row out."""

    sheet: str
    row: int
    column: str | None
    code: str
    message: str

    @property
    def refuses(self) -> bool:
        return self.code in REFUSING


@dataclass
class ImportReport:
    """What became of each non-empty row below the header: five counts that add up to them all."""

    counts: Counter = field(default_factory=Counter)
    remarks: list[Remark] = field(default_factory=list)

    def __getitem__(self, outcome: str) -> int:
        return self.counts[outcome]

    @property
    def rows(self) -> int:
        return sum(self.counts[outcome] for outcome in OUTCOMES)


@dataclass(frozen=True)
class _Entry:
    """A row that will be written, with its units resolved."""

    row: IssueRow
    units: list[Unit]
    key: str
    kind: str


def import_ledger(
    reading: LedgerReading,
    inspection: Inspection,
    *,
    actor: Actor,
    now: datetime,
    source_name: str,
    source_hash: str,
    dry_run: bool = False,
) -> ImportReport:
    """Write the issues of a reading into one inspection, in one transaction.

    Raises LedgerRefused when any row is refused; nothing is saved then, nor with `dry_run`. A row
    whose key is there already is unchanged: an import never moves an answer that exists.
    """
    report = ImportReport()
    entries = _judge(reading, inspection, report)
    known = set(inspection.issues.exclude(row_key="").values_list("kind", "row_key"))
    fresh = [entry for entry in entries if (entry.kind, entry.key) not in known]
    report.counts["created"] = len(fresh)
    report.counts["unchanged"] = len(entries) - len(fresh)
    if report["refused"]:
        raise LedgerRefused(report)
    if not dry_run and fresh:
        with transaction.atomic():
            _write(fresh, inspection, actor, now, source_name, source_hash, report)
    return report


# -- what each row comes to --------------------------------------------------------------------


def _judge(reading: LedgerReading, inspection: Inspection, report: ImportReport) -> list[_Entry]:
    """Rows that can be written; the report gets the counts of the others and every remark."""
    register = UnitRegister(inspection.region)
    faults: dict[tuple[str, int], list[Remark]] = {}
    for problem in reading.problems:
        remark = Remark(problem.sheet, problem.row, problem.column, problem.code, problem.message)
        faults.setdefault((problem.sheet, problem.row), []).append(remark)
    report.counts["merged"] = reading.merged_rows
    report.counts["skipped"] = reading.skipped_below_header
    entries = []
    for row in reading.rows:
        remarks = faults.pop((row.sheet, row.row), [])
        found = register.resolve(row.units)
        remarks += [_unknown(row, name) for name in found.unknown]
        remarks += _doubts(row)
        report.remarks += remarks
        if any(remark.refuses for remark in remarks):
            report.counts["refused"] += 1
            continue
        kind = row.kind or Issue.Kind.INDIVIDUAL
        entries.append(_Entry(row, found.units, _row_key(row, kind), kind))
    report.remarks += [remark for rest in faults.values() for remark in rest]
    return entries


def _row_key(row: IssueRow, kind: str) -> str:
    """The same issue of the same list has the same key, wherever it stands in the file."""
    content = "\x1f".join([kind, row.number or "", row.text or "", *row.units])
    return hashlib.sha256(content.encode()).hexdigest()


def _unknown(row: IssueRow, name: str) -> Remark:
    sentence = _("单位库里没有「%(name)s」，请改成单位全称，或先在单位库里加别名") % {"name": name}
    return Remark(row.sheet, row.row, None, "unknown_unit", sentence)


def _doubts(row: IssueRow) -> Iterable[Remark]:
    """What is taken over as it is, with a warning."""
    if not row.closed:
        return
    if closed_late(row.deadline_date, row.closed_date):
        sentence = _("销号时间 %(closed)s 晚于完成时限 %(due)s，记为逾期销号") % {
            "closed": row.closed_date,
            "due": row.deadline_date,
        }
        yield Remark(row.sheet, row.row, None, "closed_late", sentence)
    if row.progress and any(word in row.progress for word in STILL_OPEN):
        sentence = _("已标为销号，但整改进展写着「%(text)s」") % {"text": row.progress[:30]}
        yield Remark(row.sheet, row.row, None, "contradiction", sentence)


def _state(row: IssueRow, inspection: Inspection) -> State:
    """Source: decisions §2, take over."""
    if row.closed:
        return State.CLOSED
    if row.progress:
        return State.RECTIFYING
    return State.ISSUED if inspection.issued_on else State.FOUND


# -- writing -------------------------------------------------------------------------------------


def _write(
    entries: list[_Entry],
    inspection: Inspection,
    actor: Actor,
    now: datetime,
    source_name: str,
    source_hash: str,
    report: ImportReport,
) -> None:
    numbers = _Numbers(inspection)
    issues = []
    for entry in entries:
        row = entry.row
        number = numbers.take(entry.kind, row.number)
        if row.number and number != row.number:
            sentence = _("编号 %(number)s 已经有了，记为 %(new)s") % {
                "number": row.number,
                "new": number,
            }
            report.remarks.append(Remark(row.sheet, row.row, None, "duplicate_number", sentence))
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


def _responses(
    entries: list[_Entry], issues: list[Issue], inspection: Inspection, actor: Actor, now: datetime
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


def _write_measures(entries: list[_Entry], issues: list[Issue], now: datetime) -> None:
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


def _write_proofs(entries: list[_Entry], responses: list[UnitResponse], now: datetime) -> None:
    """What the ledger lists as proof 佐证材料 becomes a piece of evidence without a file."""
    texts = {id(unit_row): row for unit_row, row in _pairs(entries, responses)}
    pieces = [
        Evidence(
            region_id=response.region_id,
            unit=response.unit,
            kind=Evidence.Kind.NUMBER,
            title=texts[id(response)].evidence[:200],
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
    entries: list[_Entry], responses: list[UnitResponse]
) -> Iterable[tuple[UnitResponse, IssueRow]]:
    rows = [entry.row for entry in entries for _unit in entry.units]
    return zip(responses, rows, strict=True)


def _link_leads(entries: list[_Entry], issues: list[Issue], inspection: Inspection) -> None:
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
    entries: list[_Entry],
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
