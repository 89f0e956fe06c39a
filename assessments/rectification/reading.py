"""Reading any office's rectification ledger 整改台账: a file → issues, problems, skipped rows.

Writes nothing and needs no database. The order of work: `lawgov.spreadsheets` makes grids and
finds headers, `ledger_rows` sorts the rows, `ledger_values` reads each issue, and here the whole
is put together and looked over for issues that occur twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from assessments.rectification.headings import KNOWN
from assessments.rectification.ledger_days import Context
from assessments.rectification.ledger_rows import SortedRows, sort_rows
from assessments.rectification.ledger_types import IssueRow, LedgerReading, Problem, SheetReading
from assessments.rectification.ledger_values import IssueReader, combined_numbers
from lawgov.calendars import Workdays
from lawgov.spreadsheets.grid import Grid, letters
from lawgov.spreadsheets.headers import Header, find_headers, laid_out
from lawgov.spreadsheets.mapping import SheetMap
from lawgov.spreadsheets.reader import Book, UnreadableSheet, read_book

__all__ = [
    "IssueRow",
    "LedgerReading",
    "Problem",
    "SheetReading",
    "UnreadableSheet",
    "read_ledger",
    "read_sheets",
]

# Column keys that have another name in the JSON of an issue.
_JSON_NAMES = {
    "persons": "responsible_persons",
    "deadline": "deadline_text",
    "closed_on": "closed_date",
}


def read_ledger(
    source: Path | str | BinaryIO,
    *,
    name: str | None = None,
    year: int | None = None,
    issued_on: date | None = None,
    workdays: Workdays | None = None,
    immediate_days: int = 7,
) -> LedgerReading:
    """The issues of a ledger in .xlsx, .xlsm, .xls or .csv.

    `name` is the user's file name where the path does not carry it. `year` stands in for a year
    that a date does not name; 15个工作日内 and 立行立改 (`immediate_days` calendar days) count from
    `issued_on`. Without them such a deadline keeps text and kind, and a problem `no_context` says
    what is missing. Raises UnreadableSheet with one Chinese sentence when the file is no table or
    no sheet has a column of issues.

    Source: domain guide §8, §9, §12.
    """
    book = read_book(source, name=name)
    context = Context(year, issued_on, workdays or Workdays.standard(), immediate_days)
    reading = read_sheets(book, _file_name(source, name), context)
    if not any(sheet.header_rows for sheet in reading.sheets):
        raise UnreadableSheet(_("没有找到表头：哪个工作表都没有“存在问题”一类的列"))
    return reading


def read_sheets(
    book: Book, name: str, context: Context, maps: Mapping[str, SheetMap] | None = None
) -> LedgerReading:
    """As `read_ledger`, of a file that is open already; a sheet without issues is no error.

    `maps` are the layouts that a person has laid down, by sheet; the header of any other sheet is
    looked for.
    """
    laid_down = maps or {}
    readings = [_read_sheet(grid, context, laid_down.get(grid.name)) for grid in book.sheets]
    rows = [row for reading in readings for row in reading.rows]
    problems = [problem for reading in readings for problem in reading.problems]
    problems += _repeated_numbers(rows) + _repeated_issues(rows)
    places = {grid.name: place for place, grid in enumerate(book.sheets)}
    return LedgerReading(
        file=name,
        sheets=[reading.sheets[0] for reading in readings],
        rows=rows,
        problems=sorted(problems, key=lambda problem: (places[problem.sheet], problem.row)),
        merged_rows=sum(reading.merged_rows for reading in readings),
        skipped_below_header=sum(reading.skipped_below_header for reading in readings),
        macros=book.macros,
    )


def _file_name(source: Path | str | BinaryIO, name: str | None) -> str:
    if name is not None:
        return name
    return Path(source if isinstance(source, str | Path) else getattr(source, "name", "")).name


def _headers(grid: Grid, laid_down: SheetMap | None) -> list[Header]:
    if laid_down is None:
        return find_headers(grid, KNOWN)
    if not laid_down.used:
        return []
    return laid_out(grid, KNOWN, laid_down.top, laid_down.bottom, laid_down.columns)


def _read_sheet(grid: Grid, context: Context, laid_down: SheetMap | None) -> LedgerReading:
    """One sheet as a reading of its own."""
    headers = _headers(grid, laid_down)
    if not headers:
        problems = [_no_header(grid)] if grid.rows else []
        return LedgerReading("", [SheetReading(grid.name, "unknown")], [], problems)
    found = sort_rows(grid, headers)
    reader = IssueReader(grid, context, unit=found.context_unit)
    rows = [reader.read(draft) for draft in found.drafts]
    if any(reader.sub_numbers):
        numbers = combined_numbers([row.number for row in rows], reader.sub_numbers)
        rows = [replace(row, number=new) for row, new in zip(rows, numbers, strict=True)]
    sheet = SheetReading(
        grid.name,
        found.kind or "unknown",
        [row for header in headers for row in header.rows],
        {
            letters(place): _JSON_NAMES.get(key, key)
            for key, place in sorted(
                [*headers[0].columns.items(), *headers[0].more], key=lambda item: item[1]
            )
            if key != "other"
        },
        list(found.skipped),
    )
    return LedgerReading(
        "",
        [sheet],
        rows,
        reader.problems + list(_odd_merges(grid, headers[0], found)),
        merged_rows=sum(len(draft.rows) - 1 for draft in found.drafts),
        skipped_below_header=_skipped_below(grid, headers[0], found),
    )


def _skipped_below(grid: Grid, header: Header, found: SortedRows) -> int:
    """Rows below the first header that hold something and are no part of an issue."""
    return sum(bool(grid.texts(row)) for row, _why in found.skipped if row > header.bottom)


def _no_header(grid: Grid) -> Problem:
    message = _("这个工作表没有“存在问题”一类的列，没有读取")
    return Problem(grid.name, 1, None, "no_header", message)


def _odd_merges(grid: Grid, header: Header, found: SortedRows) -> Iterable[Problem]:
    """Blocks in the rows of issues that run over several columns, or hide values of their own."""
    data = {row for draft in found.drafts for row in draft.rows}
    named = {place for key, place in header.columns.items() if key != "other"}
    for merge in grid.facts.merges:
        columns = [place for place in named if merge.left <= place <= merge.right]
        if len(columns) > 1 and merge.top in data:
            message = _("合并单元格跨了几列，内容只算在最左边一列")
            yield Problem(grid.name, merge.top, letters(merge.left), "merged_odd", message)
    for row, column in grid.overlaps():
        if row in data and column in named:
            message = _("合并单元格下面还藏着别的内容，没有读取")
            yield Problem(grid.name, row, letters(column), "merged_odd", message)


def _repeated_numbers(rows: Iterable[IssueRow]) -> list[Problem]:
    """The same number again on one sheet; other sheets may begin at 1 again."""
    first: dict[tuple[str, str | None, str], int] = {}
    problems = []
    for row in rows:
        if row.number is None:
            continue
        earlier = first.setdefault((row.sheet, row.kind, row.number), row.row)
        if earlier != row.row:
            message = _("序号 %(number)s 与第 %(row)s 行重复") % {
                "number": row.number,
                "row": earlier,
            }
            problems.append(Problem(row.sheet, row.row, None, "duplicate_number", message))
    return problems


def _repeated_issues(rows: Iterable[IssueRow]) -> list[Problem]:
    """The same text to the same units in the same list."""
    first: dict[tuple[str | None, str, tuple[str, ...]], IssueRow] = {}
    problems = []
    for row in rows:
        if not row.text:
            continue
        earlier = first.setdefault(
            (row.kind, "".join(row.text.split()), tuple(sorted(row.units))), row
        )
        if earlier is not row:
            message = _("与“%(sheet)s”第 %(row)s 行是同一个问题") % {
                "sheet": earlier.sheet,
                "row": earlier.row,
            }
            problems.append(Problem(row.sheet, row.row, None, "duplicate_issue", message))
    return problems
