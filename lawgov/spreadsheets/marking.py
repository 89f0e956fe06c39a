"""A stranger's file given back with its faulty cells coloured and the reason in a comment.

A workbook of the new kind keeps its looks; an .xls and a .csv become a plain new workbook with the
same cells in the same places, so that rows are still those that the page names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.worksheet.worksheet import Worksheet

from lawgov.spreadsheets.grid import Grid, column_number
from lawgov.spreadsheets.limits import UnreadableSheet
from lawgov.spreadsheets.reader import read_book
from lawgov.spreadsheets.safe import clean, looks_like_formula, sheet_title

FAULT = PatternFill("solid", fgColor="FFC7CE")
DOUBT = PatternFill("solid", fgColor="FFEB9C")
ZIP = b"PK\x03\x04"
WIDTH, HEIGHT = 280, 120  # pixels of a comment's box


@dataclass(frozen=True)
class Mark:
    """What to write at one cell; without a column (letters) at the first of its row."""

    sheet: str
    row: int
    column: str | None
    message: str
    refuses: bool


def mark(path: Path, name: str, marks: Iterable[Mark], target: Path) -> None:
    """Write the marked copy. Raises UnreadableSheet when the file cannot be opened that way."""
    workbook, sheets = _opened(path, name)
    for sheet in workbook.worksheets:
        _unmark(sheet)
    by_cell: dict[tuple[str, int, int], list[Mark]] = defaultdict(list)
    for found in marks:
        column = column_number(found.column or "") or 1
        by_cell[found.sheet, max(found.row, 1), column].append(found)
    for (title, row, column), found in by_cell.items():
        if title in sheets:
            _write(sheets[title], row, column, found)
    workbook.save(target)


def _unmark(sheet: Worksheet) -> None:
    """Take away what an earlier copy was marked with; a cell mended since would still look ill."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment and cell.comment.author == _("导入核对"):
                cell.comment, cell.fill = None, PatternFill()


def _write(sheet: Worksheet, row: int, column: int, marks: list[Mark]) -> None:
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        block = next(found for found in sheet.merged_cells.ranges if cell.coordinate in found)
        cell = sheet.cell(block.min_row, block.min_col)
    lines = [mark.message for mark in marks]
    if cell.comment:  # such as a time limit as it was written
        lines.append(cell.comment.text)
    comment = Comment("\n".join(dict.fromkeys(lines)), _("导入核对"))
    comment.width, comment.height = WIDTH, HEIGHT
    cell.comment = comment
    cell.fill = FAULT if any(mark.refuses for mark in marks) else DOUBT


Opened = tuple[Workbook, dict[str, Worksheet]]  # and its worksheets by their names in the file


def _opened(path: Path, name: str) -> Opened:
    with path.open("rb") as file:
        is_zip = file.read(4) == ZIP
    book = read_book(path, name=name)  # the gate and the limits, before openpyxl sees the file
    if not is_zip:
        return _rebuilt(book.sheets)
    try:
        # As bytes: a stored file has no ending, and openpyxl goes by the ending of a path.
        content = BytesIO(path.read_bytes())
        workbook = load_workbook(content, keep_vba=False, keep_links=False)
    except Exception as error:  # a file that calamine reads may still upset openpyxl in many ways
        raise UnreadableSheet(_("这个文件做不了标注，请按页面上的行号改")) from error
    return workbook, {sheet.title: sheet for sheet in workbook.worksheets}


def _rebuilt(grids: Iterable[Grid]) -> Opened:
    workbook = Workbook()
    workbook.remove(workbook.active)
    sheets = {}
    for grid in grids:
        sheet = workbook.create_sheet(sheet_title(grid.name, workbook.sheetnames))
        sheets[grid.name] = sheet
        for row, cells in enumerate(grid.rows, 1):
            for column, value in enumerate(cells, 1):
                if value is None:
                    continue
                text = isinstance(value, str)
                cell = sheet.cell(row, column, clean(value)[0] if text else value)
                if text and looks_like_formula(value):
                    cell.data_type = "s"
                    cell._style = copy(cell._style)
                    cell._style.quotePrefix = 1
        for block in grid.facts.merges:
            sheet.merge_cells(
                start_row=block.top,
                start_column=block.left,
                end_row=block.bottom,
                end_column=block.right,
            )
        if grid.hidden:
            sheet.sheet_state = "hidden"
    if all(sheet.sheet_state == "hidden" for sheet in workbook):
        workbook.worksheets[0].sheet_state = "visible"
    return workbook, sheets
