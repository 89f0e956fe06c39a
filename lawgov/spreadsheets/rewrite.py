"""Another workbook from one that is there: cells replaced, rows added at its end or left out."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED

import openpyxl
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from lawgov.spreadsheets.archive import OrderlyWriter, TimelessZip, writable

Cell = tuple[str, int]  # column letter, row counted from 1


def rewrite(
    source: Path,
    target: Path,
    *,
    sheet: str,
    cells: Mapping[Cell, Any],
    rows: tuple[int, int] | None = None,
    count: int | None = None,
) -> None:
    """Write `source` to `target` with `cells` of one sheet replaced; None empties a cell.

    `rows` are the first and last data row; with `count` the data rows become that many: too many
    are removed, missing ones copied from the first on, styles included. `cells` speaks of the
    rows as they are afterwards. The same call writes the same bytes.
    """
    book = openpyxl.load_workbook(source)
    page = book[sheet]
    if rows and count is not None:
        _resize(page, rows, count)
    for (letter, row), value in cells.items():
        cell = page[f"{letter}{row}"]
        if hasattr(value, "year"):
            cell.number_format = "yyyy-mm-dd"
        cell.value = value
    with writable(target) as file, TimelessZip(file, "w", ZIP_DEFLATED) as archive:
        _Writer(book, archive).write_data()


class _Writer(ExcelWriter):
    """openpyxl's writer without the hour of saving: files of sheets carry none either."""

    def write_worksheet(self, ws: Worksheet) -> None:
        ws._drawing = SpreadsheetDrawing()
        writer = OrderlyWriter(ws)
        writer.write()
        ws._rels = writer._rels
        self._archive.writestr(ws.path[1:], Path(writer.out).read_bytes())
        self.manifest.append(ws)
        writer.cleanup()


def _resize(page: Any, rows: tuple[int, int], count: int) -> None:
    first, last = rows
    have = last - first + 1
    for merged in list(page.merged_cells.ranges):  # openpyxl does not move merges with rows
        if merged.min_row > last:
            page.unmerge_cells(str(merged))
    if count < have:
        page.delete_rows(first + count, have - count)
        return
    page.insert_rows(last + 1, count - have)
    for offset in range(have, count):
        for cell in page[first + offset % have]:
            twin = page.cell(first + offset, cell.column, cell.value)
            twin._style = copy(cell._style)
