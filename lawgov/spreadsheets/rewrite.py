"""Another workbook from one that is there: cells replaced, rows added at its end or left out."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from pathlib import Path
from typing import Any

import openpyxl

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
    rows as they are afterwards.
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
    book.save(target)


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
