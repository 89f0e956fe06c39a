"""One row of a ledger sheet at a time: what stands where under the header in force.

Questions that one row answers by itself; what depends on the rows around it is in `ledger_rows`.
"""

from __future__ import annotations

import re

from lawgov.chinese.numerals import is_item_number
from lawgov.chinese.text import fold
from lawgov.spreadsheets.cells import as_text
from lawgov.spreadsheets.grid import Grid
from lawgov.spreadsheets.headers import Header
from lawgov.spreadsheets.rows import bare_heading, chapter, is_count, is_total

Texts = list[tuple[int, str]]  # columns and texts of the cells with a value of their own

_LONGEST_HEADING = 40  # characters; longer text over many columns is a note
_LONGEST_MARK = 3  # characters of what stands ready in a prepared row
_DIGITS = re.compile(r"^[（(]?\d{1,2}\s*[)）.．、]\s*")
_PREPARED = frozenset({"number", "sub_number", "closed", "closed_yes", "closed_no"})


def cell_of(grid: Grid, header: Header, row: int, key: str) -> tuple[int, int] | None:
    """The cell that holds a column's value in a row; None for a column the sheet does not have.

    Where a block runs into the column from nameless columns on its left, that is its first cell.
    A block that begins in another named column belongs to that one alone, but for leading and
    responsible units: they may be the same.
    """
    column = header.columns.get(key)
    if column is None:
        return None
    if grid.is_plain(row):
        return row, column
    block = grid.block(row, column)
    if block is None or block.left == column:
        return row, column
    left = {k for k, place in header.columns.items() if block.left <= place < column}
    if left and not (key == "units" and left == {"lead_units"}):
        return None
    return (row, column) if left else (row, block.left)


class View:
    """A sheet under one of its headers."""

    def __init__(self, grid: Grid, header: Header) -> None:
        self.grid = grid
        self.header = header
        self._keys = {place: key for key, place in header.columns.items()}

    def own(self, row: int, key: str) -> str:
        """The text that stands in this row itself; empty where a block from above shows one."""
        place = cell_of(self.grid, self.header, row, key)
        return as_text(self.grid.own(*place)) if place else ""

    def shown(self, row: int, key: str) -> str:
        """The text that the row shows, a block from above included."""
        place = cell_of(self.grid, self.header, row, key)
        return as_text(self.grid.value(*place)) if place else ""

    def key(self, column: int) -> str | None:
        return self._keys.get(column)

    def has_digit_number(self, row: int) -> bool:
        """Whether the row's number is written in digits, not as 一、."""
        number = self.own(row, "number")
        return is_item_number(number) and any(char.isdigit() for char in fold(number))

    def has_text(self, row: int) -> bool:
        """Whether an issue stands here: a text and something beside it."""
        return bool(self.own(row, "text")) and len(self.grid.filled(row)) > 1

    def is_wide(self, row: int, column: int) -> bool:
        """Whether a block runs over more columns than the header over it does."""
        block = self.grid.block(row, column)
        if block is None or block.right == block.left:
            return False
        over = self.grid.block(self.header.bottom, column)
        return over is None or (over.left, over.right) != (block.left, block.right)

    def is_prepared(self, row: int, texts: Texts) -> bool:
        """A row that stands ready to be filled in: a number and 否, and no text over it."""
        if self.shown(row, "text"):
            return False
        return all(
            self.key(column) in _PREPARED and len(word) <= _LONGEST_MARK for column, word in texts
        )

    def is_subtotal(self, texts: Texts, *, numbered: bool) -> bool:
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

    def heading(self, row: int, texts: Texts, *, digits: bool, full: bool) -> str | None:
        """The chapter heading that is all a row holds, without its number.

        `digits`: the sheet numbers its issues 1, 2, 3, so that 一 numbers a chapter. `full`: its
        issues have more than a text, so that a text alone may be a heading.
        """
        if len(texts) > 1:
            return self._heading_in_two(texts) if digits else None
        column, text = texts[0]
        named = chapter(text)
        if self.is_wide(row, column):
            wide = named or bare_heading(_DIGITS.sub("", text))
            return wide if len(text) <= _LONGEST_HEADING else None
        key = self.key(column)
        if key == "category" or (key == "number" and not is_item_number(text)):
            return named or bare_heading(text)
        if key == "text" and not full:
            return None
        return named if key in ("text", "units", None) else None

    def _heading_in_two(self, texts: Texts) -> str | None:
        """一 | 行政执法方面 | 5条, or 小计5条; the name may stand in a column without a meaning."""
        number = next((word for column, word in texts if self.key(column) == "number"), "")
        if not is_item_number(number) or any(char.isdigit() for char in fold(number)):
            return None
        others = [
            (column, word)
            for column, word in texts
            if self.key(column) != "number" and not is_count(word) and not is_total(word)
        ]
        if len(others) == 1 and self.key(others[0][0]) in ("text", "category", "units", None):
            return bare_heading(others[0][1])
        return None
