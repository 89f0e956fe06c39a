"""Saving an openpyxl workbook so that formulas show a value and equal workbooks give equal bytes.

openpyxl leaves the cached value of a formula empty, stamps the hour of saving into every part and lists
merges in the order of a hash; this module puts its own three steps in their place.
"""

from __future__ import annotations

import os
import tempfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell._writer import write_cell
from openpyxl.comments.comment_sheet import CommentRecord
from openpyxl.compat import safe_string
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.merge import MergeCell, MergeCells
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from .formulas import Formula, Result

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can name
_UNIX = 3
_READABLE = 0o644 << 16


def save(workbook: Workbook, target: str | Path | BinaryIO) -> None:
    """Write the workbook to a path (whole or not at all) or to a binary file object."""
    if isinstance(target, str | Path):
        _replace(workbook, Path(target))
    else:
        _pack(workbook, target)


def _replace(workbook: Workbook, path: Path) -> None:
    """Write beside the path, then put in its place: a failed export leaves what was there."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            _pack(workbook, file)
        beside.chmod(0o644)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _pack(workbook: Workbook, file: BinaryIO) -> None:
    with _TimelessZip(file, "w", ZIP_DEFLATED) as archive:
        _BookWriter(workbook, archive).write_data()


class _TimelessZip(ZipFile):
    """A zip whose entries all carry the same time and rights."""

    def writestr(self, name: Any, data: Any, *_: Any, **__: Any) -> None:
        entry = ZipInfo(str(name), _EPOCH)
        entry.compress_type = ZIP_DEFLATED
        entry.create_system = _UNIX
        entry.external_attr = _READABLE
        super().writestr(entry, data)


class _BookWriter(ExcelWriter):
    """openpyxl's writer with our own writing of sheets, in memory instead of a temporary file."""

    def write_worksheet(self, ws: Worksheet) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts = ws._charts
        ws._drawing.images = ws._images
        writer = _SheetWriter(ws, BytesIO())
        writer.write()
        ws._rels = writer._rels
        self._archive.writestr(ws.path[1:], writer.read())
        self.manifest.append(ws)


class _SheetWriter(WorksheetWriter):
    """Rows with cached values, and merges in order."""

    def write_row(self, xf: Any, row: list[Cell], row_idx: int) -> None:
        attributes = {"r": f"{row_idx}"} | dict(self.ws.row_dimensions.get(row_idx, {}))
        with xf.element("row", attributes):
            for cell in row:
                if cell._comment is not None:
                    self.ws._comments.append(CommentRecord.from_cell(cell))
                if cell.data_type == "f":
                    _write_formula(xf, cell)
                else:
                    write_cell(xf, self.ws, cell, True)

    def write_merged_cells(self) -> None:
        ranges = self.ws.merged_cells.sorted()
        if ranges:
            cells = [MergeCell(str(found)) for found in ranges]
            self.xf.send(MergeCells(mergeCell=cells).to_tree())


def _write_formula(xf: Any, cell: Cell) -> None:
    formula: Formula = cell._value
    kind, text = _cached(formula.value)
    attributes = {"r": cell.coordinate, "s": f"{cell.style_id}"}
    if kind:
        attributes["t"] = kind
    with xf.element("c", attributes):
        with xf.element("f"):
            xf.write(formula.text)
        if text is not None:
            with xf.element("v"):
                xf.write(text)


def _cached(value: Result) -> tuple[str, str | None]:
    """Cell type and text of a formula's value; dates are serial numbers."""
    if value is None:
        return "", None
    if isinstance(value, str):
        return "str", value
    if isinstance(value, date):
        return "", safe_string(to_excel(value))
    return "", safe_string(value)
