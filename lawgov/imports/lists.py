"""Reading plain lists (units, contacts, tasks, indicators) for the import pages: one row a thing.

Without a database; see child.py. Of a workbook the sheet counts whose header names most columns,
unless a person has said otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lawgov.imports.reading import (
    Asked,
    Read,
    Reader,
    RowRead,
    SheetRead,
    Source,
    Trouble,
    layout_of,
    likely_header,
    sheet_read,
)
from lawgov.spreadsheets.columns import Column
from lawgov.spreadsheets.grid import Grid
from lawgov.spreadsheets.mapping import SheetMap
from lawgov.spreadsheets.rows import is_column_numbers
from lawgov.spreadsheets.tables import (
    Fault,
    Faulty,
    Record,
    Table,
    header_in,
    same_heading,
    table_of,
    texts_of,
)


def reader(columns: Sequence[Column]) -> Reader:
    """The reader of a list with these columns."""

    def read(source: Source, asked: Asked) -> Read:
        return read_list(source, asked, columns)

    return read


def read_list(source: Source, asked: Asked, columns: Sequence[Column]) -> Read:
    """Every sheet with its layout, and the rows of those that are read."""
    grids = [grid for grid in source.book.sheets if grid.height]
    laid_down = {grid.name: layout_of(grid, asked) for grid in grids}
    found = _found([grid for grid in grids if laid_down[grid.name] is None], columns)
    settled = any(known and known.used for known in laid_down.values())
    read = Read(macros=source.book.macros)
    for grid in grids:
        known = laid_down[grid.name]
        layout = known or found[grid.name]
        if known is None and settled:
            layout = SheetMap(False, layout.top, layout.bottom, layout.columns)
        sheet = sheet_read(grid, layout, known=known is not None)
        sheet.doubts = _doubts(sheet, columns)
        read.sheets.append(sheet)
        if layout.used:
            _read_rows(read, grid, sheet, layout, columns)
    return read


def _found(grids: Sequence[Grid], columns: Sequence[Column]) -> dict[str, SheetMap]:
    """A header for each sheet; the one with most columns is read, of equals the first."""
    maps = {}
    for grid in grids:
        places, index = header_in(texts_of(grid), columns)
        named = {key: place + 1 for key, place in places.items()}
        maps[grid.name] = (
            SheetMap(False, index + 1, index + 1, named) if named else likely_header(grid)
        )
    required = {column.key for column in columns if column.required}
    fit = [
        grid.name
        for grid in sorted(grids, key=lambda grid: grid.hidden)
        if required <= maps[grid.name].columns.keys()
    ]
    if fit:
        best = max(fit, key=lambda name: len(maps[name].columns))
        chosen = maps[best]
        maps[best] = SheetMap(True, chosen.top, chosen.bottom, chosen.columns)
    return maps


def _doubts(sheet: SheetRead, columns: Sequence[Column]) -> list[str]:
    """Columns that no name of ours fits; only where required ones are all there."""
    names = {same_heading(name) for column in columns for name in (column.key, *column.names)}
    named = set(sheet.columns)
    return [
        name
        for name, label in sheet.labels.items()
        if name not in named and same_heading(label) not in names
    ]


def _read_rows(
    read: Read, grid: Grid, sheet: SheetRead, layout: SheetMap, columns: Sequence[Column]
) -> None:
    places = {key: place - 1 for key, place in layout.columns.items()}
    rows = list(texts_of(grid))
    try:
        table = table_of(rows, columns, header=(places, layout.bottom - 1))
    except Faulty as error:
        read.troubles += [_trouble(fault, sheet) for fault in error.faults]
        return
    read.troubles += [_trouble(fault, sheet) for fault in table.faults]
    sheet.skipped += table.skipped
    read.skipped += len(table.skipped)
    for record in table.records:
        if is_column_numbers([text for text in rows[record.row - 1] if text]):
            sheet.skipped.append((record.row, ""))
            read.skipped += 1
        else:
            read.rows.append(RowRead(grid.name, record.row, dict(record.values)))
    read.extra.setdefault("headers", {}).update(table.headers)


def _trouble(fault: Fault, sheet: SheetRead) -> Trouble:
    column = next((name for name, text in sheet.labels.items() if text == fault.column), None)
    return Trouble(sheet.name, fault.row or sheet.bottom, column, "fault", fault.message)


def table_read(read: Read) -> Table:
    """What was read, as importers of lists take it."""
    records = [Record(row.row, row.data) for row in read.rows]
    headers: Mapping[str, str] = read.extra.get("headers", {})
    return Table(dict(headers), records)


def shown_texts(data: Mapping[str, Any]) -> Mapping[str, str]:
    """A row of a list as the preview shows it: its own cells."""
    return data
