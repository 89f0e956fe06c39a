"""A ledger that was read becomes issues of an inspection: all rows or none, and twice is once.

Reading a messy file is reading.py's work; this module resolves the units and decides what each row
of the file comes to; taking_over.py writes what it lets through.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.inspections.models import Inspection
from assessments.rectification.deadlines import closed_late
from assessments.rectification.models import Issue, UnitResponse
from assessments.rectification.reading import IssueRow, LedgerReading
from assessments.rectification.taking_over import Entry, write
from lawgov.accounts.actors import Actor
from lawgov.errors import DomainError
from lawgov.units.models import Unit
from lawgov.units.resolve import Resolved, UnitRegister, unknown_names

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
    unknown: str = ""  # the name that nobody answers to

    @property
    def refuses(self) -> bool:
        return self.code in REFUSING


@dataclass(frozen=True)
class Outcome:
    """What one row comes to (created, unchanged, refused), its units, and what is to be said."""

    name: str
    units: Resolved
    remarks: list[Remark]


@dataclass
class ImportReport:
    """What became of each non-empty row below the header: five counts that add up to them all."""

    counts: Counter = field(default_factory=Counter)
    remarks: list[Remark] = field(default_factory=list)
    fresh: list[Entry] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    others: list[Remark] = field(default_factory=list)  # about rows that are no issue

    def __getitem__(self, outcome: str) -> int:
        return self.counts[outcome]

    @property
    def rows(self) -> int:
        return sum(self.counts[outcome] for outcome in OUTCOMES)


def import_ledger(
    reading: LedgerReading,
    inspection: Inspection,
    *,
    actor: Actor,
    now: datetime,
    source_name: str,
    source_hash: str,
    dry_run: bool = False,
    also: Mapping[str, int] | None = None,
) -> ImportReport:
    """Write the issues of a reading into one inspection, in one transaction.

    `also` are names of units that somebody has explained, with the ids of the units meant.

    Raises LedgerRefused when any row is refused; nothing is saved then, nor with `dry_run`. A row
    whose key is there already is unchanged: an import never moves an answer that exists.
    """
    report = judge(reading, inspection, also)
    if report["refused"]:
        raise LedgerRefused(report)
    if not dry_run and report.fresh:
        with transaction.atomic():
            renumbered = write(
                report.fresh,
                inspection,
                actor=actor,
                now=now,
                source_name=source_name,
                source_hash=source_hash,
            )
        report.remarks += [_renumbered(row, number) for row, number in renumbered]
    return report


# -- what each row comes to --------------------------------------------------------------------


def judge(
    reading: LedgerReading, inspection: Inspection, also: Mapping[str, int] | None = None
) -> ImportReport:
    """What each row would come to now; writes nothing. `outcomes` are one for one with the rows,
    `fresh` is what would be written."""
    register = UnitRegister(inspection.region, also)
    known = set(inspection.issues.exclude(row_key="").values_list("kind", "row_key"))
    answering = _answering(inspection)
    faults: dict[tuple[str, int], list[Remark]] = {}
    for problem in reading.problems:
        remark = Remark(problem.sheet, problem.row, problem.column, problem.code, problem.message)
        faults.setdefault((problem.sheet, problem.row), []).append(remark)
    report = ImportReport()
    report.counts["merged"] = reading.merged_rows
    report.counts["skipped"] = reading.skipped_below_header
    for row in reading.rows:
        found = register.resolve(row.units)
        remarks = faults.pop((row.sheet, row.row), [])
        remarks += [_unknown(row, name) for name in found.unknown]
        remarks += _doubts(row)
        report.remarks += remarks
        kind = row.kind or Issue.Kind.INDIVIDUAL
        entry = Entry(row, found.units, _row_key(row, kind), kind)
        issue = (kind, row.number or "", row.text or "")
        here = (kind, entry.key) in known or _is_here(found.units, answering[issue])
        outcome = "unchanged" if here else "created"
        if any(remark.refuses for remark in remarks):
            outcome = "refused"
        elif outcome == "created":
            report.fresh.append(entry)
            known.add((kind, entry.key))  # the same row again, on another sheet of the file
        report.counts[outcome] += 1
        report.outcomes.append(Outcome(outcome, found, remarks))
    report.others = [remark for rest in faults.values() for remark in rest]
    report.remarks += report.others
    return report


def _answering(inspection: Inspection) -> dict[tuple[str, str, str], set[int]]:
    """Kind, number and text of an issue → ids of the units that answer to it."""
    rows = UnitResponse.objects.filter(issue__inspection=inspection)
    found = defaultdict(set)
    for *issue, unit in rows.values_list("issue__kind", "issue__number", "issue__text", "unit_id"):
        found[tuple(issue)].add(unit)
    return found


def _is_here(units: Sequence[Unit], answering: set[int]) -> bool:
    """A sheet may name the units of an issue one by one, or a row each, where the list that was
    read in named a group: 各责任单位."""
    return bool(units) and all(unit.pk in answering for unit in units)


def _row_key(row: IssueRow, kind: str) -> str:
    """The same issue of the same list has the same key, wherever it stands in the file."""
    content = "\x1f".join([kind, row.number or "", row.text or "", *row.units])
    return hashlib.sha256(content.encode()).hexdigest()


def _unknown(row: IssueRow, name: str) -> Remark:
    return Remark(row.sheet, row.row, None, "unknown_unit", unknown_names([name]), name)


def _renumbered(row: IssueRow, number: str) -> Remark:
    sentence = _("编号 %(number)s 已经有了，记为 %(new)s") % {"number": row.number, "new": number}
    return Remark(row.sheet, row.row, None, "duplicate_number", sentence)


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
