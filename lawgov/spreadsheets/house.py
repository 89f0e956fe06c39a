"""The rows that every official sheet has: title, unit and date line, header, note, signature.

Here is the house style in rows, as `styles.py` has it in cells; the subjects say what stands in
them.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Generic, TypeVar

from lawgov.spreadsheets.layout import text_height
from lawgov.spreadsheets.sheet import Cell, Formatted, Row, Value
from lawgov.spreadsheets.styles import CONTEXT, DAY, GENERAL, HEADER, NOTE, SIGNATURE, TITLE, Look

if TYPE_CHECKING:
    from lawgov.spreadsheets.columns import Column

T = TypeVar("T")

TITLE_HEIGHT = 36.0
CONTEXT_HEIGHT = 21.0
HEADER_HEIGHT = 33.0
SIGNATURE_HEIGHT = 34.0
DEFAULT_WIDTH = 12.0
TO_FILL_IN = "　" * 12  # room to write a name by hand

_BRACKETED = re.compile(r"[（(]([^（）()]+)[）)]$")
_RIGHT = replace(CONTEXT, align="right")


class Table(Generic[T]):
    """The columns of a sheet as they are written: header row, data rows, widths, positions.

    `size` is that of the type in the data rows, in points.
    """

    def __init__(self, columns: Sequence[Column], *, size: float = 10) -> None:
        self.columns = tuple(columns)
        self.across = len(self.columns)
        self.widths = tuple(column.width or DEFAULT_WIDTH for column in self.columns)
        self.looks = tuple(_look(column, size) for column in self.columns)
        self._readers = [column.value or attrgetter(column.key) for column in self.columns]
        self._positions = {column.key: place for place, column in enumerate(self.columns, 1)}

    def place(self, key: str) -> int:
        """Position of a column, from 1. Raises KeyError for a key the sheet does not have."""
        return self._positions[key]

    def look(self, key: str) -> Look:
        """How the cells of a column look."""
        return self.looks[self.place(key) - 1]

    def header(self, height: float = HEADER_HEIGHT) -> Row:
        """The header row; it stays with the row above."""
        return header([column.header for column in self.columns], height)

    def row(
        self,
        item: T,
        *,
        cells: Mapping[str, Cell] | None = None,
        groups: Mapping[str, Hashable] | None = None,
        least: float = 0,
    ) -> Row:
        """A data row. `cells` stand in place of what the column would read; `groups` are keys
        of blocks.
        """
        given = cells or {}
        written = tuple(
            given[column.key] if column.key in given else _cell(_read(column, item), look)
            for column, look in zip(self.columns, self.looks, strict=True)
        )
        blocks = tuple((self.place(key), block) for key, block in (groups or {}).items())
        return Row(written, least=least, groups=blocks)

    def values(self, item: T) -> tuple[Value | Formatted, ...]:
        """What the columns show of a row object, in their order; "" is an empty cell, too."""
        return tuple([read(item) for read in self._readers])

    def blank(self, *, number: int | None = None, height: float) -> Row:
        """A row to be filled in by hand; `number` stands in the first column."""
        cells = [Cell(None, look) for look in self.looks]
        if number is not None:
            cells[0] = Cell(number, self.looks[0])
        return Row(tuple(cells), height)

    def band(
        self,
        look: Look,
        values: Mapping[str, Cell | Value],
        *,
        spans: Sequence[tuple[str, str]] = (),
    ) -> Row:
        """A sub-total or total row: every cell in one look; merges given as (first key, last
        key).
        """
        cells = [Cell(None, look)] * self.across
        for key, value in values.items():
            place = self.place(key) - 1
            cells[place] = value if isinstance(value, Cell) else Cell(value, look)
        merged = tuple((self.place(first), self.place(last)) for first, last in spans)
        return Row(tuple(cells), _band_height(look), spans=merged, kept=True)


def edition(name: str) -> str:
    """What a title says of an edition in brackets: 2021年版 of 指标体系（2021年版）."""
    found = _BRACKETED.search(name)
    return found[1] if found else name


def handed_in_by(unit: str, *, narrowed: bool) -> str:
    """Who hands the sheet in, as the unit line says it; a reader of the print must see that it
    is not the whole."""
    return f"{unit}（按条件筛选）" if narrowed else unit


def dated_name(name: str, day: date, *, narrowed: bool) -> str:
    """The file name of an export: 安和区单位名册（筛选，20230510）.xlsx."""
    return f"{name}（{'筛选，' if narrowed else ''}{day:%Y%m%d}）.xlsx"


def title(text: str, across: int, *, size: float = TITLE.size, height: float = TITLE_HEIGHT) -> Row:
    """Row 1: the title over all columns."""
    return _spread(Cell(text, replace(TITLE, size=size)), 1, across, height)


def context(left: str, right: Cell, split: int, across: int) -> Row:
    """Row 2: the unit on the left, from column `split` on the date on the right."""
    cells: list[Cell | None] = [None] * across
    cells[0], cells[split - 1] = Cell(left, CONTEXT), right
    return Row(tuple(cells), CONTEXT_HEIGHT, spans=((1, split - 1), (split, across)), kept=True)


def dated(label: str, day: date | None, tail: str = "") -> Cell:
    """A date for row 2, `label：2023年7月20日`, a true date; without one a line to be filled in."""
    if day is None:
        return Cell(f"{label}：　　　　年　　月　　日{tail}", _RIGHT)
    shown = f'"{label}："yyyy"年"m"月"d"日{tail}"'
    return Cell(day, replace(_RIGHT, format=shown))


def day_cell(text: str, day: date | None, look: Look, shown: str = DAY) -> Cell:
    """A time limit: a true date wherever one exists, else the text; the text as written as a
    comment.

    The comment is left out where the cell shows the same, a plain date written in ISO form.
    `shown` is the number format of the day.
    """
    if day is None:
        return Cell(text or None, look)
    said = text if text not in ("", day.isoformat()) else None
    return Cell(day, replace(look, format=shown), said)


def header(texts: Sequence[str], height: float = HEADER_HEIGHT) -> Row:
    """A header row."""
    return Row(tuple(Cell(text, HEADER) for text in texts), height, kept=True)


def note(text: str, widths: Sequence[float]) -> Row:
    """A note under the table, over all columns; it stays with the last row."""
    height = (
        text_height(text, sum(widths), NOTE.size) + 7.5
    )  # air above and below, there is no frame
    return replace(_spread(Cell(text, NOTE), 1, len(widths), height), kept=True)


def signature(parts: Sequence[tuple[int, int, str]], across: int) -> Row:
    """The last row: texts over (first column, last column); one that ends at the edge is set
    right.
    """
    cells: list[Cell | None] = [None] * across
    for first, _last, text in parts:
        cells[first - 1] = Cell(text, SIGNATURE)
    first, last, text = parts[-1]
    if last == across and text.endswith("日"):
        cells[first - 1] = Cell(text, replace(SIGNATURE, align="right"))
    spans = tuple((first, last) for first, last, _ in parts if last > first)
    return Row(tuple(cells), SIGNATURE_HEIGHT, spans=spans, kept=True)


def _spread(cell: Cell, first: int, last: int, height: float | None) -> Row:
    cells: list[Cell | None] = [None] * last
    cells[first - 1] = cell
    return Row(tuple(cells), height, spans=((first, last),))


def _band_height(look: Look) -> float:
    return 22.0 if look.size <= 10 else 26.0


def _look(column: Column, size: float) -> Look:
    return Look(
        size=size,
        align=column.align or "left",
        format=column.number_format or GENERAL,
        unlocked=column.unlocked,
    )


def _cell(shown: Value | Formatted, look: Look) -> Cell:
    if isinstance(shown, Formatted):
        return Cell(shown.value, replace(look, format=shown.format))
    return Cell(shown, look)


def _read(column: Column, item: object) -> Value | Formatted:
    """What a column shows of a row object; an empty text is an empty cell."""
    value = column.value(item) if column.value else getattr(item, column.key)
    return None if value == "" else value
