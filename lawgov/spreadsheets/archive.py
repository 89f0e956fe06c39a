"""Saving an openpyxl workbook with rows of our own, so that equal workbooks give equal bytes.

openpyxl stamps the hour of saving into every part and lists merges in the order of a hash; this
module puts its own steps in their place.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Body:
    """The rows of a sheet as markup and the area they fill, `A1:M31`.

    None as markup: the part stands in the archive already.
    """

    markup: str | None
    area: str


def save(workbook: Workbook, bodies: Mapping[str, Body], target: str | Path | BinaryIO) -> None:
    """Write the workbook to a path (whole or not at all) or to a binary file object.

    `bodies` are by the sheet's title; cells of openpyxl count only for their comments.
    """
    with writable(target) as file, TimelessZip(file, "w", ZIP_DEFLATED) as archive:
        finish(workbook, bodies, archive)


def finish(workbook: Workbook, bodies: Mapping[str, Body], archive: ZipFile) -> None:
    """Write all parts of the workbook that are not there yet."""
    _BookWriter(workbook, archive, bodies).write_data()


@contextmanager
def writable(target: str | Path | BinaryIO) -> Iterator[BinaryIO]:
    """A file to write to; at a path it stands beside and is put in place when all went well."""
    if not isinstance(target, str | Path):
        yield target
        return
    path = Path(target)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        beside.chmod(0o644)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise


def entry(name: str, *, level: int | None = None) -> ZipInfo:
    """An entry that carries the same time and rights as all others; `level` is zlib's, 1 to 9."""
    made = ZipInfo(name, _EPOCH)
    made.compress_type = ZIP_DEFLATED
    made.create_system = _UNIX
    made.external_attr = _READABLE
    made._compresslevel = level  # an entry has no public way to say it before Python 3.13
    return made


class TimelessZip(ZipFile):
    """A zip whose entries all carry the same time and rights."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        super().writestr(entry(str(zinfo_or_arcname)), data)


def around_rows(worksheet: Worksheet, area: str | None = None) -> tuple[bytes, bytes]:
    """What stands in a sheet's part before its rows and after them.

    `area` is what the rows fill, None where that is not known yet.
    """
    worksheet._drawing = SpreadsheetDrawing()
    writer = _SheetWriter(worksheet, BytesIO())
    writer.area = area
    writer.write()
    worksheet._rels = writer._rels
    before, _rows, after = writer.read().partition(b"<sheetData/>")
    return before + b"<sheetData>", b"</sheetData>" + after


class _BookWriter(ExcelWriter):
    """openpyxl's writer with our own writing of sheets, in memory instead of a temporary file."""

    def __init__(self, workbook: Workbook, archive: ZipFile, bodies: Mapping[str, Body]) -> None:
        super().__init__(workbook, archive)
        self._bodies = bodies

    def write_worksheet(self, ws: Worksheet) -> None:
        body = self._bodies[ws.title]
        before, after = around_rows(ws, body.area)
        if body.markup is not None:
            self._archive.writestr(ws.path[1:], before + body.markup.encode() + after)
        self.manifest.append(ws)


class OrderlyWriter(WorksheetWriter):
    """openpyxl's writer of a sheet, with its merges in order."""

    def write_merged_cells(self) -> None:
        ranges = self.ws.merged_cells.sorted()
        if ranges:
            cells = [MergeCell(str(found)) for found in ranges]
            self.xf.send(MergeCells(mergeCell=cells).to_tree())


class _SheetWriter(OrderlyWriter):
    """All of a sheet but its rows."""

    area: str | None = None

    def write_dimensions(self) -> None:
        if self.area:
            self.xf.send(SheetDimension(self.area).to_tree())

    def write_rows(self) -> None:
        for _, cell in sorted(self.ws._cells.items()):
            self.ws._comments.append(CommentRecord.from_cell(cell))
        self.xf.send(Element("sheetData"))
