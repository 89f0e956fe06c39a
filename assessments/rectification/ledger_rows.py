"""Which rows of a ledger sheet are an issue, belong to the one above, or are none; and why.

Works on the grid alone. What the cells of an issue say is read in `ledger_values`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from assessments.rectification.ledger_kinds import first_kind, kind_in
from lawgov.chinese.dates import read_days
from lawgov.chinese.numerals import is_item_number, item_number
from lawgov.chinese.text import fold
from lawgov.spreadsheets.cells import as_text
from lawgov.spreadsheets.grid import Grid
from lawgov.spreadsheets.headers import Header
from lawgov.spreadsheets.rows import (
    chapter,
    fill_in_unit,
    is_column_numbers,
    is_context,
    is_count,
    is_example,
    is_note,
    is_signature,
    is_total,
)

Why = Literal["title", "context", "subtotal", "note", "blank", "repeated_header"]

_LONGEST_HEADING = 40  # characters; longer text over many columns is a note
_LONGEST_TITLE = 60
_CONTINUED = frozenset({"续", "同上", "(续)", "〃", "″"})
_ORGAN = re.compile(r".{2,30}(?:办公室|办|委员会|局|政府|领导小组|院|中心|厅|部)")

Texts = list[tuple[int, str]]  # columns and texts of the cells with a value of their own


@dataclass
class Draft:
    """An issue as its rows: the first one and those that belong to it.

    `chapter` is the heading over it, `unit` that of the fill-in line over it, `kind` that of the
    titles and headings over it; each None when there is none.
    """

    header: Header
    rows: list[int]
    chapter: str | None
    unit: str | None
    kind: str | None

    @property
    def row(self) -> int:
        return self.rows[0]


@dataclass
class SortedRows:
    """Every row of the used part: drafts in order, and (row, why) of the others.

    `context_unit` is that of a fill-in line below the data, for sheets that have none above.
    """

    drafts: list[Draft] = field(default_factory=list)
    skipped: list[tuple[int, Why]] = field(default_factory=list)
    kind: str | None = None
    context_unit: str | None = None


def sort_rows(grid: Grid, headers: list[Header]) -> SortedRows:
    """Sort the rows of a sheet that has at least one header."""
    return _Sorter(grid, headers).sort()


def cell_of(grid: Grid, header: Header, row: int, key: str) -> tuple[int, int] | None:
    """The cell that holds a column's value in a row; None for a column the sheet does not have.

    Where a block runs into the column from nameless columns on its left, that is its first cell.
    """
    column = header.columns.get(key)
    if column is None:
        return None
    block = grid.block(row, column)
    if block is None or block.left == column:
        return row, column
    named = header.columns.values()
    return (row, column) if any(block.left <= c < column for c in named) else (row, block.left)


class _Sorter:
    def __init__(self, grid: Grid, headers: list[Header]) -> None:
        self.grid = grid
        self.headers = headers
        self.header = headers[0]
        self.found = SortedRows()
        self.titles: list[str] = []
        self.chapter: str | None = None
        self.section_kind: str | None = None  # of the titles over this header
        self.chapter_kind: str | None = None
        self.unit: str | None = None
        self.before: Why | None = "title"  # what the row above was; None for data
        self.broken = False  # a header or page end stood between the last issue and this row
        self.has_digits = any(
            any(char.isdigit() for char in fold(text)) and is_item_number(text)
            for header in headers
            if (column := header.columns.get("number"))
            for row in range(header.bottom + 1, grid.height + 1)
            if (text := as_text(grid.own(row, column)))
        )
        self.last_text_row = max(
            (
                row
                for row in range(headers[0].bottom + 1, grid.height + 1)
                if len(grid.filled(row)) > 1 and self._own(row, "text")
            ),
            default=grid.height,
        )

    def sort(self) -> SortedRows:
        self._read_top()
        header_rows = {row: header for header in self.headers for row in header.rows}
        for row in range(self.headers[0].bottom + 1, self.grid.height + 1):
            if row in header_rows:
                self._begin_section(header_rows[row])
                self._skip(row, "repeated_header")
                continue
            texts = self.grid.texts(row)
            why = self._why(row, texts) if texts else "blank"
            if why:
                self._skip(row, why)
            else:
                self._take(row)
        self.found.context_unit = self.unit
        return self.found

    # -- above the data ------------------------------------------------------------------------

    def _read_top(self) -> None:
        for row in range(1, self.header.top):
            texts = self.grid.texts(row)
            if not texts:
                self._skip(row, "blank")
            elif any(is_context(text) for _, text in texts):
                self._read_context(texts)
                self._skip(row, "context")
            else:
                self.titles += [text for _, text in texts]
                self._skip(row, "title")
        self.found.kind = self.section_kind = self._kind(self.titles)
        self.before = "repeated_header"  # a row of column numbers may follow

    def _kind(self, titles: list[str]) -> str | None:
        """From the titles, else the sheet's name, else the header over the texts."""
        short = [title for title in titles if len(title) <= _LONGEST_TITLE]
        label = self.header.labels.get(self.header.columns["text"], "")
        return first_kind([*short, self.grid.name, label])

    def _begin_section(self, header: Header) -> None:
        """A later header: the same again on a new page, or another list below the first."""
        if header is self.header:
            return
        self.header = header
        self.broken = True

    def _read_context(self, texts: Texts) -> None:
        self.unit = fill_in_unit([text for _, text in texts]) or self.unit

    # -- what a row is -------------------------------------------------------------------------

    def _own(self, row: int, key: str) -> str:
        place = cell_of(self.grid, self.header, row, key)
        return as_text(self.grid.own(*place)) if place else ""

    def _key(self, column: int) -> str | None:
        return next((k for k, place in self.header.columns.items() if place == column), None)

    def _why(self, row: int, texts: Texts) -> Why | None:
        """None for data: an issue or something that belongs to one."""
        number, text = self._own(row, "number"), self._own(row, "text")
        numbered = bool(number) and is_item_number(number)
        if self.before == "repeated_header" and is_column_numbers([word for _, word in texts]):
            return "repeated_header"
        if self._is_subtotal(texts, numbered):
            return "subtotal"
        if is_example(number):
            return "note"
        if heading := self._heading(row, texts, number):
            return self._read_heading(row, heading)
        if numbered:
            shown = text or as_text(self.grid.value(row, self.header.columns["text"]))
            return "blank" if len(texts) == 1 and not shown else None
        return self._why_unnumbered(row, texts)

    def _why_unnumbered(self, row: int, texts: Texts) -> Why | None:
        column, first = texts[0]
        key = None if self._is_wide(row, column) else self._key(column)
        may_be_label = key in (None, "number", "category", "units") or (
            key == "text" and len(texts) == 1
        )
        if may_be_label and (is_note(first) or is_signature(first)):
            return "note"
        if may_be_label and key != "units" and is_context(first):
            self._read_context(texts)
            return "context"
        if len(texts) > 1:
            return None
        if first in self.titles:
            return "title"
        if self.before == "note" and key in (None, "number"):
            return "note"
        if self._is_wide(row, column):
            return "note"  # too long for a heading
        trailing = row > self.last_text_row and self.before is not None
        if trailing and (_ORGAN.fullmatch(first) or read_days(first).ends):
            return "note"
        return None

    def _is_subtotal(self, texts: Texts, numbered: bool) -> bool:
        """合计 in or before the column of texts, and no issue in the row but counts."""
        place = self.header.columns["text"]
        labels = [column for column, word in texts if column <= place and is_total(word)]
        if not labels:
            return False
        if labels == [place]:
            rest = [word for column, word in texts if column != place]
            return not numbered and all(is_count(word) for word in rest)
        text = next((word for column, word in texts if column == place), "")
        return not text or is_count(text) or is_total(text)

    def _is_wide(self, row: int, column: int) -> bool:
        """Whether a block runs over more columns than the header over it does."""
        block = self.grid.block(row, column)
        if block is None or block.right == block.left:
            return False
        over = self.grid.block(self.header.bottom, column)
        return over is None or (over.left, over.right) != (block.left, block.right)

    def _heading(self, row: int, texts: Texts, number: str) -> str | None:
        """The chapter heading that is all a row holds, without its number."""
        column, first = texts[0]
        if len(texts) > 1:
            return self._heading_in_two(texts, number)
        if is_note(first) or is_signature(first) or is_context(first) or first in self.titles:
            return None
        named = chapter(first)
        if self._is_wide(row, column):
            return (named or first) if len(first) <= _LONGEST_HEADING else None
        key = self._key(column)
        if key == "number":
            return None if is_item_number(first) or self.before == "note" else named or first
        if key == "category":
            return named or first
        return named if key in ("text", "units", None) and self._may_head(key) else None

    def _may_head(self, key: str | None) -> bool:
        return key != "text" or "number" in self.header.columns

    def _heading_in_two(self, texts: Texts, number: str) -> str | None:
        """一 | 行政执法方面, in a sheet that numbers its issues 1, 2, 3."""
        if not (number and is_item_number(number) and self.has_digits):
            return None
        if any(char.isdigit() for char in fold(number)):
            return None
        others = [
            (column, word)
            for column, word in texts
            if self._key(column) != "number" and not is_count(word)
        ]
        if len(others) == 1 and self._key(others[0][0]) in ("text", "category", "units"):
            return others[0][1]
        return None

    def _read_heading(self, row: int, heading: str) -> Why:
        """A heading right over a new header is that table's title."""
        below = (header for header in self.headers if header.top > row)
        header = next(below, None)
        is_title = header is not None and not any(
            self.grid.filled(between) for between in range(row + 1, header.top)
        )
        if is_title:
            self.section_kind = kind_in(heading) or self.section_kind
            self.chapter, self.chapter_kind = None, None
        else:
            self.chapter, self.chapter_kind = heading, kind_in(heading)
        return "title"

    # -- issues --------------------------------------------------------------------------------

    def _take(self, row: int) -> None:
        number, text = self._own(row, "number"), self._own(row, "text")
        begins = bool(text) or bool(number and fold(number) not in _CONTINUED)
        current = self.found.drafts[-1] if self.found.drafts else None
        if current and (not begins or self._repeats(current, row)):
            current.rows.append(row)
        else:
            kind = self.chapter_kind or self.found.kind
            self.found.drafts.append(Draft(self.header, [row], self.chapter, self.unit, kind))
        self.before, self.broken = None, False

    def _repeats(self, draft: Draft, row: int) -> bool:
        """Number and text written again where a page ends, with the measures going on.

        Without a break between, or with the very same measures, it is an issue entered twice.
        """
        number, text = self._own(row, "number"), self._own(row, "text")
        if not (self.broken and number and text):
            return False
        first = draft.row
        columns = draft.header.columns
        same = as_text(self.grid.value(first, columns["text"])) == text and item_number(
            as_text(self.grid.value(first, columns.get("number", 0)))
        ) == item_number(number)
        measures = {self._own(known, "measures") for known in draft.rows}
        return same and self._own(row, "measures") not in measures

    def _skip(self, row: int, why: Why) -> None:
        self.found.skipped.append((row, why))
        if why != "blank":
            self.before = why
