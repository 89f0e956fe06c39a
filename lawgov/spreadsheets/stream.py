"""The streaming writer: sheets of any length, row by row, in the memory of a few hundred rows.

What surrounds the rows (styles, widths, freeze, filter, validations, conditional colours, print
set-up) is the work of `writer.py` and costs the same for ten rows and a million. The rows are our
own: each column keeps the markup of the values it has met, so that a name or a day that comes
again costs one look-up. Rows have no height and pages no manual end: Excel finds both by itself.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain, islice
from operator import getitem
from pathlib import Path
from typing import BinaryIO, TypeAlias
from zipfile import ZIP_DEFLATED

from openpyxl.utils import get_column_letter

from lawgov.spreadsheets import markup, safe
from lawgov.spreadsheets.archive import TimelessZip, around_rows, entry, finish, writable
from lawgov.spreadsheets.sheet import Formatted, Notice, Sheet, Value
from lawgov.spreadsheets.styles import Look
from lawgov.spreadsheets.writer import Writing

LAST_ROW = 1_048_575
"""The last row that a sheet gets; Excel has one more. What follows goes to a further sheet."""

_BATCH = 256  # rows that are encoded and compressed together
# Values a column keeps the markup of: requirements and measures of a ledger come again as often as
# units do. At worst a megabyte and a half a column.
_REMEMBERED = 2_048
_SHORT = 120  # characters; longer texts hardly come again

# Characters that need escaping, or that no workbook holds; the rest may stand as it is. An
# underscore might begin an escape.
_SPECIAL = re.compile("[<>&_\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_LONG = safe.CELL_LIMIT // 2  # characters beyond this many might be too many UTF-16 units

_ROW, _FIRST_CELL = b'<row r="', b'"><c r="A'

Report: TypeAlias = Callable[[int], None]
"""Hears how many rows are written."""


@dataclass(frozen=True, slots=True)
class Streamed:
    """A sheet whose rows come one by one.

    `looks` are those of the columns, `first` is the row of the first values. `sheet(name, last)`
    gives all the rest: the rows above and the ranges down to row `last`.
    """

    title: str
    name: str
    looks: Sequence[Look]
    first: int
    sheet: Callable[[str, int], Sheet]


def stream(
    found: Streamed,
    rows: Iterable[Sequence[Value | Formatted]],
    target: str | Path | BinaryIO,
    *,
    created: datetime,
    report: Report | None = None,
    last_row: int = LAST_ROW,
) -> list[Notice]:
    """Write the rows, in the order of the columns; raises what `writer.write` raises.

    A row after `last_row` begins a further sheet `name（2）` with the same head. Returns what had
    to be changed. Equal rows give equal bytes.
    """
    with (
        writable(target) as file,
        TimelessZip(file, "w", ZIP_DEFLATED) as archive,
    ):
        writing = Writing(found.title, created)
        pouring = _Pouring(found, writing, archive, report)
        pouring.pour(iter(rows), last_row)
        writing.add_overflow()
        finish(writing.workbook, writing.bodies, archive)
    return writing.notices


class _Pouring:
    """Rows on their way into the sheets of one archive."""

    def __init__(
        self, found: Streamed, writing: Writing, archive: TimelessZip, report: Report | None
    ) -> None:
        self._found, self._writing, self._archive = found, writing, archive
        self._report = report
        self._done = 0

    def pour(self, rows: Iterator[Sequence[Value | Formatted]], last_row: int) -> None:
        """All rows, as many sheets as it takes; one sheet when there are none."""
        number = 1
        while True:
            self._sheet(number, islice(rows, last_row - self._found.first + 1))
            following = next(rows, None)
            if following is None:
                return
            rows, number = chain((following,), rows), number + 1

    def _sheet(self, number: int, rows: Iterator[Sequence[Value | Formatted]]) -> None:
        found, writing = self._found, self._writing
        name = found.name if number == 1 else f"{found.name}（{number}）"
        worksheet = writing.begin(found.sheet(name, found.first))
        title = worksheet.title
        before, _ = around_rows(worksheet)
        tails = self._tails(title)
        part = entry(f"xl/worksheets/sheet{number}.xml", level=zlib.Z_BEST_SPEED)
        with self._archive.open(part, "w", force_zip64=True) as out:
            out.write(before + (writing.bodies[title].markup or "").encode())
            count = 0
            while batch := list(islice(rows, _BATCH)):
                out.write(_markup(batch, found.first + count, tails))
                count += len(batch)
                self._tell(len(batch))
            last = found.first + max(count, 1) - 1
            writing.finish(worksheet, found.sheet(title, last))
            _, after = around_rows(worksheet)
            out.write(after)
        writing.bodies[title] = replace(writing.bodies[title], markup=None)

    def _tails(self, title: str) -> list[_Tails]:
        looks, place = self._found.looks, _Place(title)
        return [
            _Tails(self._writing, place, column, look, last=column == len(looks))
            for column, look in enumerate(looks, 1)
        ]

    def _tell(self, count: int) -> None:
        self._done += count
        if self._report:
            self._report(self._done)


def _markup(
    batch: Sequence[Sequence[Value | Formatted]], first: int, tails: Sequence[_Tails]
) -> bytes:
    """Rows as markup. The row's number stands once in the row and once in each cell: it joins
    pieces that are the same whatever the number.
    """
    made, across, place = [], len(tails), tails[0].place
    for number, values in enumerate(batch, first):
        if len(values) != across:
            raise ValueError(f"row {number} has {len(values)} values for {across} columns")
        place.row = number
        made.append((b"%d" % number).join((_ROW, _FIRST_CELL, *map(getitem, tails, values))))
    return b"".join(made)


@dataclass(slots=True)
class _Place:
    """The sheet and the row that are being written."""

    title: str
    row: int = 0


class _Tails(dict):
    """Values of one column → the bytes from behind the row's number to the next one.

    That is the rest of the cell and the beginning of its neighbour, or the end of the row.
    """

    def __init__(
        self, writing: Writing, place: _Place, column: int, look: Look, *, last: bool
    ) -> None:
        super().__init__()
        self.place = place
        self._writing, self._look = writing, look
        self._letter = get_column_letter(column)
        self._after = "</row>" if last else f'<c r="{get_column_letter(column + 1)}'
        style = writing.styles.number(look)
        self._empty = f'" s="{style}"/>{self._after}'
        self._text = f'" s="{style}" t="inlineStr"><is><t>'
        self._text_end = f"</t></is></c>{self._after}"
        self._number = f'" s="{style}"><v>'
        self._number_end = f"</v></c>{self._after}"

    def __missing__(self, value: Value | Formatted) -> bytes:
        if type(value) is str:
            made = self._of_text(value).encode()
            if len(value) > _SHORT:
                return made
        elif type(value) is int:
            # Not kept: 1 is True and 1.0 for a dict.
            return f"{self._number}{value}{self._number_end}".encode()
        else:
            made = self._of_other(value).encode()
            if value is not None and not isinstance(value, date | Formatted):
                return made
        if len(self) < _REMEMBERED:
            self[value] = made
        return made

    def _of_text(self, text: str) -> str:
        if not text:
            return self._empty
        # The usual case: nothing to escape, no blank at the ends, no sign of a formula.
        if (
            text[0] not in safe.LEADING
            and not text[-1].isspace()
            and len(text) <= _LONG
            and not _SPECIAL.search(text)
        ):
            return f"{self._text}{text}{self._text_end}"
        address = f"{self._letter}{self.place.row}"
        text = self._writing.safe(self.place.title, address, text)
        return self._whole(text, self._look, quoted=safe.looks_like_formula(text))

    def _of_other(self, value: Value | Formatted) -> str:
        if value is None:
            return self._empty
        if isinstance(value, Formatted):
            return self._whole(value.value, replace(self._look, format=value.format))
        return self._whole(value, self._look)

    def _whole(self, value: Value, look: Look, *, quoted: bool = False) -> str:
        """The slow way, for any value: the cell as `writer.py` has it, less its address."""
        style = self._writing.styles.number(look, quoted=quoted)
        return markup.cell("", style, value).removeprefix('<c r="') + self._after
