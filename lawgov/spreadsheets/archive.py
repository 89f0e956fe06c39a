"""Saving an openpyxl workbook with rows of our own, so that equal workbooks give equal bytes.

openpyxl stamps the hour of saving into every part and lists merges in the order of a hash; this
module puts its own steps in their place.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.comments.comment_sheet import CommentRecord
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.dimensions import SheetDimension
from openpyxl.worksheet.merge import MergeCell, MergeCells
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.functions import Element

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip can name
_UNIX = 3
_READABLE = 0o644 << 16


def save(workbook: Workbook, rows: Mapping[str, str], target: str | Path | BinaryIO) -> None:
    """Write the workbook to a path (whole or not at all) or to a binary file object.

    `rows` are the rows of each sheet as markup, by the sheet's title; cells of openpyxl count only
    for their comments.
    """
    if isinstance(target, str | Path):
        _replace(workbook, rows, Path(target))
    else:
        _pack(workbook, rows, target)


def _replace(workbook: Workbook, rows: Mapping[str, str], path: Path) -> None:
    """Write beside the path, then put in its place: a failed export leaves what was there."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            _pack(workbook, rows, file)
        beside.chmod(0o644)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def _pack(workbook: Workbook, rows: Mapping[str, str], file: BinaryIO) -> None:
    with _TimelessZip(file, "w", ZIP_DEFLATED) as archive:
        _BookWriter(workbook, archive, rows).write_data()


class _TimelessZip(ZipFile):
    """A zip whose entries all carry the same time and rights."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        entry = ZipInfo(str(zinfo_or_arcname), _EPOCH)
        entry.compress_type = ZIP_DEFLATED
        entry.create_system = _UNIX
        entry.external_attr = _READABLE
        super().writestr(entry, data)


class _BookWriter(ExcelWriter):
    """openpyxl's writer with our own writing of sheets, in memory instead of a temporary file."""

    def __init__(self, workbook: Workbook, archive: ZipFile, rows: Mapping[str, str]) -> None:
        super().__init__(workbook, archive)
        self._rows = rows

    def write_worksheet(self, ws: Worksheet) -> None:
        ws._drawing = SpreadsheetDrawing()
        writer = _SheetWriter(ws, BytesIO())
        writer.write()
        ws._rels = writer._rels
        data = f"<sheetData>{self._rows[ws.title]}</sheetData>".encode()
        self._archive.writestr(ws.path[1:], writer.read().replace(b"<sheetData/>", data, 1))
        self.manifest.append(ws)


class _SheetWriter(WorksheetWriter):
    """All of a sheet but its rows, with merges in order."""

    def write_dimensions(self) -> None:
        area = self.ws.print_area.split("!")[-1].replace("$", "")
        self.xf.send(SheetDimension(area).to_tree())

    def write_rows(self) -> None:
        for _, cell in sorted(self.ws._cells.items()):
            self.ws._comments.append(CommentRecord.from_cell(cell))
        self.xf.send(Element("sheetData"))

    def write_merged_cells(self) -> None:
        ranges = self.ws.merged_cells.sorted()
        if ranges:
            cells = [MergeCell(str(found)) for found in ranges]
            self.xf.send(MergeCells(mergeCell=cells).to_tree())
