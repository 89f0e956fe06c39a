"""A sheet on its way out: locked but for what the person may fill in, marked and sealed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from lawgov.accounts.actors import Actor
from lawgov.filling import marks, seal
from lawgov.filling.seal import Baseline, SealedRow
from lawgov.filling.subjects import Drawn, Item, Subject
from lawgov.filling.values import told
from lawgov.spreadsheets.grid import letters
from lawgov.spreadsheets.house import Table
from lawgov.spreadsheets.sheet import Book, Cell, Row, Sheet
from lawgov.spreadsheets.styles import Look

MARKS = "行标识（请勿改动）"
SEAL_SHEET = "校验（请勿删除）"

_PLAIN = Look(size=9, wrap=False, boxed=False)


def baseline_of(
    subject: Subject, items: Sequence[Item], actor: Actor, *, now: datetime
) -> Baseline:
    """What the sheet says, row by row, as it will be compared with when it is back."""
    keys = [column.key for column in subject.columns if column.key not in subject.loose]
    rows = {
        item.pk: SealedRow(
            item.version, {key: told(item.cells.get(key)) for key in keys}, dict(item.held)
        )
        for item in items
    }
    place = actor.unit.name if actor.unit else actor.region.name
    return Baseline(
        subject=subject.code,
        columns=subject.columns_code,
        region=actor.region_id,
        made_for=f"{place} {actor.name}",
        made_at=now.isoformat(),
        rows=rows,
    )


def sealed_book(
    subject: Subject, items: Sequence[Item], actor: Actor, *, now: datetime
) -> tuple[Book, str]:
    """The workbook to be filled in, and the name of its file."""
    drawn = subject.draw(items, actor, now=now)
    baseline = baseline_of(subject, items, actor, now=now)
    first, *others = drawn.book.sheets
    sheets = (_marked(first, drawn, baseline, items, subject), *others, _seal_sheet(baseline))
    return replace(drawn.book, sheets=sheets), drawn.filename


def _marked(
    sheet: Sheet, drawn: Drawn, baseline: Baseline, items: Sequence[Item], subject: Subject
) -> Sheet:
    """The sheet with a hidden column of marks, and nothing open but what may be filled in."""
    across = len(sheet.widths)
    positions = {key: Table(subject.columns).place(key) for key in subject.fillings}
    by_row = {drawn.places[item.pk]: item for item in items}
    rows = []
    for number, row in enumerate(sheet.rows, 1):
        item = by_row.get(number)
        spare = number in drawn.spare
        open_at = {
            place
            for key, place in positions.items()
            if spare or (item is not None and key not in item.refusals)
        }
        said = seal.mark(baseline, item.pk) if item else None if spare else marks.FURNITURE
        said = MARKS if (number, number) == sheet.repeated else said
        rows.append(_row(row, across, open_at, said))
    return replace(
        sheet,
        rows=tuple(rows),
        widths=(*sheet.widths, 3.0),
        concealed=(across + 1,),
        filtered=_wider(sheet.filtered, across + 1),
        protected=True,
    )


def _row(row: Row, across: int, open_at: set[int], said: str | None) -> Row:
    padded = (*row.cells, *[None] * (across - len(row.cells)))
    cells = tuple(
        cell and _locked(cell, place not in open_at) for place, cell in enumerate(padded, 1)
    )
    return replace(row, cells=(*cells, Cell(said, _PLAIN)))


def _locked(cell: Cell, locked: bool) -> Cell:
    if cell.look.unlocked is not locked:
        return cell
    return replace(cell, look=replace(cell.look, unlocked=not locked))


def _wider(filtered: str | None, last: int) -> str | None:
    """The range with filter buttons takes in the marks: Excel sorts that range and no more."""
    if filtered is None:
        return None
    return re.sub(r":[A-Z]+", f":{letters(last)}", filtered)


def _seal_sheet(baseline: Baseline) -> Sheet:
    texts = seal.seal(baseline)
    rows = [Row((Cell(text, _PLAIN),), 15.0) for text in (SEAL_SHEET, *texts)]
    return Sheet(SEAL_SHEET, (20.0,), tuple(rows), hidden="very")
