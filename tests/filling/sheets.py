"""Sheets as a person's spreadsheet program leaves them, for the tests of round trips."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.core.files.base import ContentFile
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from lawgov.accounts.actors import Actor
from lawgov.filling import actions, marks
from lawgov.filling.extract import extract
from lawgov.filling.merged import Merge
from lawgov.filling.models import FilledSheet
from lawgov.filling.outgoing import sealed_book
from lawgov.filling.subjects import subject_of
from lawgov.spreadsheets.writer import write
from tests.factories import NOW

NAME = "填报.xlsx"


def exported(subject: str, actor: Actor, now: Any = NOW) -> bytes:
    """The file that the person downloads."""
    kind = subject_of(subject)
    book, _name = sealed_book(kind, kind.items(actor), actor, now=now)
    out = io.BytesIO()
    write(book, out)
    return out.getvalue()


class Desk:
    """A workbook open on somebody's desk; cells are found by row label and header."""

    def __init__(self, content: bytes) -> None:
        self.book: Workbook = load_workbook(io.BytesIO(content))
        self.sheet: Worksheet = self.book.worksheets[0]

    @property
    def header(self) -> int:
        return next(
            row[0].row for row in self.sheet.iter_rows() if row[0].value in ("序号", "编号")
        )

    def column(self, header: str) -> int:
        return next(c.column for c in self.sheet[self.header] if c.value == header)

    @property
    def marks(self) -> int:
        return next(
            c.column for row in self.sheet.iter_rows() for c in row if marks.is_mark(c.value)
        )

    def rows(self) -> list[int]:
        """Numbers of the rows that carry a mark."""
        return [
            n
            for n in range(1, self.sheet.max_row + 1)
            if marks.is_mark(self.sheet.cell(n, self.marks).value)
        ]

    def cell(self, index: int, header: str):
        """The cell of the data row `index` (from 0) under a header."""
        return self.sheet.cell(self.rows()[index], self.column(header))

    def type(self, index: int, header: str, value: Any) -> Desk:
        self.cell(index, header).value = value
        return self

    def swap(self, first: int, second: int) -> None:
        """Two data rows change places, hidden cells too, as a sort does it; no program sorts over
        merged blocks, so people take these apart first."""
        for block in [*self.sheet.merged_cells.ranges]:
            if block.min_row >= self.rows()[0]:
                self.sheet.unmerge_cells(str(block))
        one, two = self.rows()[first], self.rows()[second]
        for column in range(1, self.sheet.max_column + 1):
            a, b = self.sheet.cell(one, column), self.sheet.cell(two, column)
            with suppress(AttributeError):  # merged
                kinds = b.data_type, a.data_type
                a.value, b.value = b.value, a.value
                a.data_type, b.data_type = kinds  # a text that begins with = stays one

    def content(self) -> bytes:
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()


def edited(content: bytes, edit: Callable[[Desk], Any]) -> bytes:
    desk = Desk(content)
    edit(desk)
    return desk.content()


def uploaded(content: bytes, actor: Actor, *, name: str = NAME, now: Any = NOW) -> FilledSheet:
    """The file, received and read; in this process, which is quicker than one of its own."""
    sheet, _job = actions.receive(ContentFile(content, name), actor=actor, now=now)
    return actions.read(sheet, actor, parse=extract)


def merged(sheet: FilledSheet, actor: Actor, now: Any = NOW) -> Merge:
    return actions.merge_of(sheet, actor, now=now)


def applied(sheet: FilledSheet, actor: Actor, now: Any = NOW) -> Merge:
    """Seen and applied at once."""
    seen = merged(sheet, actor, now).fingerprint
    return actions.apply(sheet, actor=actor, now=now, seen=seen)


def verdicts(found: Merge) -> dict[str, str]:
    """What is told of each cell: "row label column" → verdict."""
    return {
        f"{row.label.split()[0] if row.label else row.row} {cell.header}": cell.verdict.value
        for row in found.rows
        for cell in row.cells
    }
