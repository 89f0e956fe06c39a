"""What a workbook holds, as plain values: the language in which builders talk to the writer.

A builder knows its subject and makes these; the writer knows Excel and reads them. Neither knows
the other's trade. Columns and rows are counted from 1, heights are points, widths Excel column
widths.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple, TypeAlias

from lawgov.spreadsheets.formulas import Formula
from lawgov.spreadsheets.layout import Page
from lawgov.spreadsheets.styles import Look, Mark

Value: TypeAlias = str | int | float | Decimal | bool | date | Formula | None


class Formatted(NamedTuple):
    """What a column shows of one row where its number format is not that of the column."""

    value: Value
    format: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: a value, how it looks, and a comment. A text is never read as a formula."""

    value: Value
    look: Look
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One row, its cells from column A on; None leaves a cell out.

    `height` None is worked out from the texts and is at least `least`. `spans` are merges inside
    the row as (first column, last column). `groups` are columns whose equal keys in rows that
    follow each other become one merged block, as (column, key); every row carries the label, for a
    block that a page end cuts is written again. `kept` rows stay on the page of the row above;
    with `new_page` a row begins a page.
    """

    cells: tuple[Cell | None, ...]
    height: float | None = None
    least: float = 0
    spans: tuple[tuple[int, int], ...] = ()
    groups: tuple[tuple[int, Hashable], ...] = ()
    kept: bool = False
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Validation:
    """What may be typed into some cells.

    `list` takes `choices`; `custom` one formula written for the first cell; `date` two formulas,
    the first and the last day. With `strict` False other entries are admitted and the list is an
    offer.
    """

    ranges: tuple[str, ...]
    kind: Literal["list", "custom", "date"]
    formulas: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    strict: bool = True
    required: bool = False
    error: str = ""
    error_title: str = ""
    prompt: str = ""
    prompt_title: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One conditional format: where the formula (written for the first cell) holds, the mark
    shows.
    """

    formula: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Condition:
    """Rules of one stretch of cells; the first that holds counts, the others are not looked at.

    Ranges of two conditions must not overlap: LibreOffice would show only one of them.
    """

    ranges: tuple[str, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet.

    `repeated` are the first and last row printed at the head of each page; `freeze` the first cell
    that scrolls; `filtered` the range with filter buttons. A protected sheet (no password) lets
    the reader fill unlocked cells, change heights and widths, filter and sort.

    `concealed` columns (from 1) stand right of all others and are neither shown nor printed: what
    a sheet must bring home from a stranger's desk. A sheet that is `hidden` can be shown again in
    Excel's menu, one that is "very" hidden cannot. `extent` is the number of rows in all where
    more follow than `rows` has, None otherwise.
    """

    title: str
    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    page: Page = field(default_factory=Page)
    repeated: tuple[int, int] | None = None
    freeze: str | None = None
    filtered: str | None = None
    protected: bool = True
    hidden: bool | Literal["very"] = False
    concealed: tuple[int, ...] = ()
    extent: int | None = None
    validations: tuple[Validation, ...] = ()
    conditions: tuple[Condition, ...] = ()

    @property
    def shown_widths(self) -> tuple[float, ...]:
        """Widths of the columns that are printed."""
        hidden = set(self.concealed)
        return tuple(w for place, w in enumerate(self.widths, 1) if place not in hidden)


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook: its title in the file's properties, when it was made, and its sheets in order.

    `created` has a zone and is the only time in the file: equal books give equal bytes.
    """

    title: str
    created: datetime
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the writer had to change or could not do as asked, to be shown to the user.

    Codes: control_characters, long_text, tall_row, sheet_renamed. `cell` is an address, or "" for
    a whole sheet; `message` is a Chinese sentence.
    """

    sheet: str
    cell: str
    code: str
    message: str
