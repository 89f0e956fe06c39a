"""Faults of lists as remarks beside their cells: shared by the kinds that read plain lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from lawgov.imports.kinds import Incoming, Judged, Noted, Remark, Verdict
from lawgov.imports.reading import RowRead
from lawgov.spreadsheets.columns import Column
from lawgov.spreadsheets.tables import Fault
from lawgov.units.resolve import UnitRegister

Names = Mapping[int, list[tuple[str, str]]]  # by row: keys and names that nobody answers to


def with_faults(
    incoming: Incoming,
    judged: Sequence[Judged],
    faults: Iterable[Fault],
    columns: Sequence[Column],
    *,
    unknown: Names | None = None,
    register: UnitRegister | None = None,
    notes: Iterable[Fault] = (),
) -> Verdict:
    """The verdict of a list: rows with a fault are refused, faults of the whole stand apart.

    `notes` are faults that refuse nothing.
    """
    read = incoming.read
    by_row: dict[int, list[Judged]] = {}
    rows_read: dict[int, RowRead] = {}
    for row, verdict in zip(read.rows, judged, strict=True):
        by_row.setdefault(row.row, []).append(verdict)
        rows_read[row.row] = row
    verdict_ = Verdict(list(judged))
    for refuses, found in ((True, faults), (False, notes)):
        for fault in found:
            verdicts = by_row.get(fault.row or 0)
            row_read = rows_read.get(fault.row or 0)
            remark = _remark(fault, incoming, row_read, columns, refuses, unknown, register)
            if not verdicts:
                sheet = row_read.sheet if row_read else _first_sheet(incoming)
                verdict_.others.append(Noted(sheet, fault.row, remark))
                continue
            for row_verdict in verdicts:
                row_verdict.remarks.append(remark)
                if refuses:
                    row_verdict.outcome = "refused"
                    _as_written(row_verdict, remark)
    for trouble in read.troubles:
        remark = Remark(trouble.code, trouble.message, True, trouble.column, text=trouble.text)
        verdict_.others.append(Noted(trouble.sheet, trouble.row, remark))
    verdict_.counts.update(row.outcome for row in judged)
    verdict_.counts["skipped"] = read.skipped
    return verdict_


def _as_written(verdict: Judged, remark: Remark) -> None:
    """A faulty cell shows what the file says there, and not what was made of it."""
    if remark.key in verdict.cells:
        verdict.cells[remark.key] = remark.text
        verdict.before.pop(remark.key, None)


def _first_sheet(incoming: Incoming) -> str:
    used = [sheet.name for sheet in incoming.read.sheets if sheet.used]
    return used[0] if used else ""


def _remark(
    fault: Fault,
    incoming: Incoming,
    row: RowRead | None,
    columns: Sequence[Column],
    refuses: bool,
    unknown: Names | None,
    register: UnitRegister | None,
) -> Remark:
    key = next((column.key for column in columns if column.header == fault.column), None)
    sheets = [sheet for sheet in incoming.read.sheets if row and sheet.name == row.sheet]
    letter = sheets[0].letter(key) if sheets and key else None
    names = [name for named, name in (unknown or {}).get(fault.row or 0, []) if named == key]
    near = register.nearest(names[0]) if names and register else None
    return Remark(
        code="fault" if refuses else "note",
        message=fault.message,
        refuses=refuses,
        column=letter,
        key=key,
        text=str(row.data.get(key, "")) if row and key else "",
        unknown=names[0] if names else "",
        offer=(near.pk, near.name) if near else None,
    )
