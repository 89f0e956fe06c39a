"""A ledger on its way in through the import pages: read in a process of its own, then judged.

`read` runs without a database; see lawgov/imports/child.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date

from assessments.rectification.headings import KNOWN
from assessments.rectification.ledger_days import Context
from assessments.rectification.ledger_types import IssueRow, LedgerReading, Problem, SheetReading
from assessments.rectification.reading import read_sheets
from lawgov.calendars import Workdays
from lawgov.imports.reading import (
    Asked,
    Read,
    RowRead,
    SheetRead,
    Source,
    Trouble,
    layout_of,
    likely_header,
    sheet_read,
)
from lawgov.spreadsheets.cells import as_text
from lawgov.spreadsheets.grid import Grid, column_number
from lawgov.spreadsheets.headers import find_headers
from lawgov.spreadsheets.headings import Names
from lawgov.spreadsheets.mapping import SheetMap

_NAMES = Names(KNOWN)
_BY_ENDING = 1000  # ranks from here on are guesses, see headings.py


def read(source: Source, asked: Asked) -> Read:
    """Every sheet under its layout; `options` are `year`, `issued_on`, `immediate_days` and
    `holidays`, the years entered here."""
    issued_on = asked.options.get("issued_on")
    context = Context(
        asked.options.get("year"),
        date.fromisoformat(issued_on) if issued_on else None,
        _calendar(asked.options.get("holidays", {})),
        asked.options.get("immediate_days", 7),
    )
    laid_down = {grid.name: layout_of(grid, asked) for grid in source.book.sheets}
    maps = {name: found for name, found in laid_down.items() if found}
    found = read_sheets(source.book, source.name, context, maps)
    grids = {grid.name: grid for grid in source.book.sheets}
    return Read(
        sheets=[
            _sheet(grids[sheet.name], sheet, laid_down[sheet.name])
            for sheet in found.sheets
            if grids[sheet.name].height
        ],
        rows=[RowRead(row.sheet, row.row, row.as_json()) for row in found.rows],
        troubles=[
            Trouble(**asdict(problem), text=_text(grids[problem.sheet], problem))
            for problem in found.problems
            if problem.code != "no_header"
        ],
        merged=found.merged_rows,
        skipped=found.skipped_below_header,
        macros=source.book.macros,
        extra={"kinds": {sheet.name: sheet.kind for sheet in found.sheets}},
    )


def reading_of(read: Read, name: str) -> LedgerReading:
    """What was read, as `import_ledger` takes it."""
    return LedgerReading(
        file=name,
        sheets=[SheetReading(sheet.name, sheet.kind) for sheet in read.sheets],
        rows=[IssueRow.of_json(row.data) for row in read.rows],
        problems=[
            Problem(found.sheet, found.row, found.column, found.code, found.message)
            for found in read.troubles
        ],
        merged_rows=read.merged,
        skipped_below_header=read.skipped,
        macros=read.macros,
    )


def _sheet(grid: Grid, sheet: SheetReading, laid_down: SheetMap | None) -> SheetRead:
    found = laid_down or _found(grid)
    made = sheet_read(grid, found, known=laid_down is not None)
    made.kind, made.skipped = sheet.kind, list(sheet.skipped)
    if found.used:
        made.doubts = [name for name, label in made.labels.items() if _is_strange(label)]
    return made


def _found(grid: Grid) -> SheetMap:
    headers = find_headers(grid, KNOWN)
    if not headers:
        return likely_header(grid)
    columns = {key: place for key, place in headers[0].columns.items() if key != "other"}
    return SheetMap(True, headers[0].top, headers[0].bottom, columns)


def _is_strange(label: str) -> bool:
    """A header that no name of ours fits exactly, in its last word or as a whole."""
    words = label.split(" ")
    match = _NAMES.find(words[-1], "".join(words))
    return match is None or match.rank >= _BY_ENDING


def _text(grid: Grid, problem: Problem) -> str:
    if not problem.column:
        return ""
    return as_text(grid.value(problem.row, column_number(problem.column)))[:300]


def _calendar(holidays: Mapping[str, list[tuple[str, bool]]]) -> Workdays:
    """The calendar in force, as JSON carries it into a process without a database."""
    return Workdays.with_entered(
        {
            int(year): [(date.fromisoformat(day), worked) for day, worked in days]
            for year, days in holidays.items()
        }
    )
