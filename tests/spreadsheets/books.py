"""Workbooks made in the test: rows as lists, with merges, hidden rows and parts changed by hand."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904


@dataclass
class Page:
    """One sheet to be written."""

    rows: Sequence[Sequence[Any]]
    name: str = "Sheet1"
    merges: Sequence[str] = ()
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[str] = ()
    hidden: bool = False
    formats: dict[str, str] = field(default_factory=dict)


def book(rows: Sequence[Sequence[Any]], **options: Any) -> bytes:
    """A workbook of one sheet."""
    return book_of([Page(rows, **options)])


def book_of(pages: Iterable[Page], *, mac_dates: bool = False) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    if mac_dates:
        made.epoch = CALENDAR_MAC_1904
    for page in pages:
        sheet = made.create_sheet(page.name)
        for row in page.rows:
            sheet.append(list(row))
        for place, number_format in page.formats.items():
            sheet[place].number_format = number_format
        for place in page.merges:
            sheet.merge_cells(place)
        for row in page.hidden_rows:
            sheet.row_dimensions[row].hidden = True
        for column in page.hidden_columns:
            sheet.column_dimensions[column].hidden = True
        if page.hidden:
            sheet.sheet_state = "hidden"
    if all(page.sheet_state == "hidden" for page in made.worksheets):
        made.create_sheet("封面")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def with_part(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same workbook with one part changed."""
    return rezip(data, lambda name, content: change(content) if name == part else content)


def with_parts(data: bytes, **parts: bytes) -> bytes:
    """The same workbook with parts added; names with `__` for `/` and `_dot_` for `.`."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, old.read(entry))
        for name, content in parts.items():
            new.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return out.getvalue()


def rezip(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, change(entry.filename, old.read(entry)))
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
