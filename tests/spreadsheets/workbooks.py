"""What tests of workbooks share: saving, opening with two readers, recalculating, reading pages."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from lawgov.spreadsheets.sheet import Book
from lawgov.spreadsheets.writer import write

CACHED = re.compile(rb"(</f>)<v[^>]*>[^<]*</v>")


def saved(book: Book) -> BytesIO:
    """The workbook as a file, at its beginning."""
    file = BytesIO()
    write(book, file)
    file.seek(0)
    return file


def opened(book: Book, *, values: bool = False) -> Workbook:
    """The workbook read back by openpyxl; with `values`, formulas as the values they carry."""
    return load_workbook(saved(book), data_only=values)


def differences(book: Book) -> list[str]:
    """Cells in which openpyxl and calamine do not read the same, as sentences."""
    file = saved(book)
    ours = load_workbook(file, data_only=True)
    file.seek(0)
    theirs = CalamineWorkbook.from_filelike(file)
    return [
        f"{sheet.title}!{cell.coordinate}: {cell.value!r} is not {other!r}"
        for sheet in ours.worksheets
        for cell, other in _beside(sheet, theirs)
        if plain(cell.value) != plain(other)
    ]


def _beside(sheet: Worksheet, theirs: CalamineWorkbook) -> Iterator[tuple]:
    rows = theirs.get_sheet_by_name(sheet.title).to_python(skip_empty_area=False)
    for row in sheet.iter_rows():
        for cell in row:
            line = rows[cell.row - 1] if cell.row <= len(rows) else []
            yield cell, line[cell.column - 1] if cell.column <= len(line) else None


def plain(value: object) -> object:
    """None for nothing, float for a number, day for a date at midnight."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date | str | bool):
        return value
    return round(float(value), 9)


def recalculated(book: Book, folder: Path) -> Workbook:
    """The workbook as LibreOffice works it out anew: the carried values are taken away first."""
    bare = folder / "bare.xlsx"
    with zipfile.ZipFile(saved(book)) as source, zipfile.ZipFile(bare, "w") as target:
        for name in source.namelist():
            target.writestr(name, CACHED.sub(rb"\1", source.read(name)))
    return load_workbook(converted(bare, "xlsx", folder), data_only=True)


def printed_pages(book: Book, folder: Path) -> int:
    """Pages that LibreOffice prints of the workbook."""
    path = folder / "printed.xlsx"
    write(book, path)
    with pypdfium2.PdfDocument(converted(path, "pdf", folder)) as document:
        return len(document)


def planned_pages(book: Book) -> int:
    """Pages that the manual breaks make of it."""
    return sum(1 + len(page_ends(sheet)) for sheet in opened(book).worksheets)


def converted(path: Path, kind: str, folder: Path) -> Path:
    if shutil.which("soffice") is None:
        pytest.skip("left out: LibreOffice is not installed, nothing was recalculated or printed")
    command = (
        "soffice",
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        *("--convert-to", kind, "--outdir", str(folder / "done"), str(path)),
    )
    subprocess.run(command, check=True, timeout=180, capture_output=True)
    return folder / "done" / f"{path.stem}.{kind}"


def formula_cells(book: Book) -> Iterator[tuple[str, str, object]]:
    """Sheet, address and carried value of every formula."""
    file = saved(book)
    formulas, values = load_workbook(file), load_workbook(file, data_only=True)
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield sheet.title, cell.coordinate, values[sheet.title][cell.coordinate].value


def same_figure(left: object, right: object) -> bool:
    """Equal as a reader would say: None and "" are nothing, numbers agree to nine places."""
    return plain(left) == plain(right)


def page_ends(sheet: Worksheet) -> set[int]:
    """The last row of each printed page but the last, as the manual breaks have it."""
    return {found.id for found in sheet.row_breaks.brk}


def crossing(sheet: Worksheet) -> list[str]:
    """Merged areas that a page end cuts."""
    ends = page_ends(sheet)
    return [
        str(merged)
        for merged in sheet.merged_cells.ranges
        if any(merged.min_row <= end < merged.max_row for end in ends)
    ]


def page_heights(sheet: Worksheet, header_row: int) -> list[float]:
    """Points of each printed page, the repeated header counted from the second on."""
    heights, page = [], 0.0
    for row in range(1, sheet.max_row + 1):
        page += sheet.row_dimensions[row].height
        if row in page_ends(sheet):
            heights.append(page)
            page = sheet.row_dimensions[header_row].height
    return [*heights, page]


@dataclass(frozen=True)
class WrittenLook:
    """The style record of a cell in the file; openpyxl makes merged cells anew on reading."""

    font: Font
    fill: str
    align: str | None
    wrapped: bool
    lines: frozenset[str | None]


def written_looks(book: Book, number: int = 1) -> dict[str, WrittenLook]:
    """Looks of the cells of one sheet, by address, read from the markup."""
    return written_looks_of(saved(book), number)


def written_looks_of(file: BytesIO | Path, number: int) -> dict[str, WrittenLook]:
    """The same of a file."""
    styles = load_workbook(file)
    markup = zipfile.ZipFile(file).read(f"xl/worksheets/sheet{number}.xml").decode()
    return {
        address: _look(styles, int(record))
        for address, record in re.findall(r'<c r="([A-Z]+[0-9]+)" s="([0-9]+)"', markup)
    }


def _look(book: Workbook, record: int) -> WrittenLook:
    style = book._cell_styles[record]
    border, alignment = book._borders[style.borderId], book._alignments[style.alignmentId]
    sides = (border.left, border.right, border.top, border.bottom)
    return WrittenLook(
        book._fonts[style.fontId],
        book._fills[style.fillId].fgColor.rgb[-6:],
        alignment.horizontal,
        bool(alignment.wrap_text) and alignment.vertical == "center",
        frozenset(side.style if side else None for side in sides),
    )


def box(cell: object) -> set[str | None]:
    """The line styles around a cell."""
    border = cell.border
    return {border.left.style, border.right.style, border.top.style, border.bottom.style}
