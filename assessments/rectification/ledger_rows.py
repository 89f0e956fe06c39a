"""Which rows of a ledger sheet are an issue, belong to the one above, or are none; and why.

Works on the grid alone. What the cells of an issue say is read in `ledger_values`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Literal

from assessments.rectification.ledger_kinds import first_kind, kind_in
from assessments.rectification.ledger_view import Texts, View
from lawgov.chinese.dates import read_days
from lawgov.chinese.numerals import is_item_number, item_number
from lawgov.chinese.text import fold
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
    is_note_label,
    is_signature,
)

Why = Literal["title", "context", "subtotal", "note", "blank", "repeated_header"]

_LONGEST_TITLE = 60
_CONTINUED = frozenset({"续", "同上", "(续)", "〃", "″"})
_LIST = re.compile(r"台账|清单|汇总|明细|表$|表[（(]")
_ORGAN = re.compile(r".{2,30}(?:办公室|办|委员会|局|政府|领导小组|院|中心|厅|部)")


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


class _Sorter:
    def __init__(self, grid: Grid, headers: list[Header]) -> None:
        self.grid = grid
        self.headers = headers
        self.tops = [header.top for header in headers]
        self.view = View(grid, headers[0])
        self.found = SortedRows()
        self.titles: list[str] = []
        self.chapter: str | None = None
        self.section_kind: str | None = None  # of the titles over this header
        self.chapter_kind: str | None = None
        self.unit: str | None = None
        self.before: Why | None = "title"  # what the row above was; None for data
        self.gap = False  # an empty row stands between the last issue and this row
        self.broken = False  # a header or page end stood between the last issue and this row
        below = range(headers[0].bottom + 1, grid.height + 1)
        self.digits = any(map(self.view.has_digit_number, below))
        last = next(filter(self.view.has_text, reversed(below)), None)
        self.full = last is not None  # there are issues with more than a text
        self.last_text_row = last or grid.height

    def sort(self) -> SortedRows:
        self._read_top()
        header_rows = {row: header for header in self.headers for row in header.rows}
        for row in range(self.headers[0].bottom + 1, self.grid.height + 1):
            if row in header_rows:
                self._begin_section(header_rows[row])
                self._skip(row, "repeated_header")
                continue
            number, text = self.view.own(row, "number"), self.view.own(row, "text")
            why = self._why(row, number, text)
            if why:
                self._skip(row, why)
            else:
                self._take(row, number, text)
        self.found.context_unit = self.unit
        return self.found

    # -- above the data ------------------------------------------------------------------------

    def _read_top(self) -> None:
        for row in range(1, self.headers[0].top):
            texts = self.grid.texts(row)
            if not texts:
                self._skip(row, "blank")
            else:
                self._skip(row, self._read_top_row([text for _, text in texts]))
        self.found.kind = self.section_kind = self._kind()
        self.before = "repeated_header"  # a row of column numbers may follow

    def _read_top_row(self, texts: list[str]) -> Why:
        """A title, a fill-in line, or both in one cell on lines of their own."""
        lines = [line.strip() for text in texts for line in text.split("\n")]
        contexts = [line for line in lines if is_context(line)]
        if contexts:
            self.unit = fill_in_unit(lines) or self.unit
        titles = [line for line in lines if line not in contexts]
        if not titles or lines[0] in contexts:
            return "context"
        self.titles += [*texts, *titles]
        self._read_title(titles[0])
        return "title"

    def _read_title(self, text: str) -> None:
        """一、行政执法方面 over a header is the first chapter, 一、共性问题清单 a title."""
        named = chapter(text)
        if named and not _LIST.search(named):
            self.chapter, self.chapter_kind = named, kind_in(named)

    def _kind(self) -> str | None:
        """From the titles, else the sheet's name, else the header over the texts."""
        short = [title for title in self.titles if len(title) <= _LONGEST_TITLE]
        header = self.headers[0]
        return first_kind([*short, self.grid.name, header.labels.get(header.columns["text"], "")])

    def _begin_section(self, header: Header) -> None:
        """A later header: the same again on a new page, or another list below the first."""
        if header is not self.view.header:
            self.view = View(self.grid, header)
            self.broken = True

    def _read_context(self, texts: Texts) -> None:
        self.unit = fill_in_unit([text for _, text in texts]) or self.unit

    # -- what a row is -------------------------------------------------------------------------

    def _why(self, row: int, number: str, text: str) -> Why | None:
        """None for data: an issue or something that belongs to one."""
        numbered = bool(number) and is_item_number(number)
        has_digit = any(map(str.isdigit, number))
        is_issue = numbered and has_digit and bool(text) and not is_count(text)
        if is_issue and self.before != "repeated_header":
            return None  # most rows end here
        texts = self.grid.texts(row)
        if not texts:
            return "blank"
        if self.before == "repeated_header" and is_column_numbers([word for _, word in texts]):
            return "repeated_header"
        if is_issue:
            return None
        if self.view.is_subtotal(texts, numbered=numbered):
            section = numbered and not has_digit and self._heading(row, texts)
            return self._read_heading(row, section) if section else "subtotal"
        if is_example(number) or is_note_label(number):
            return "note"
        if not self._is_label(texts) and (heading := self._heading(row, texts)):
            return self._read_heading(row, heading)
        if self.view.is_prepared(row, texts):
            return "blank"
        return None if numbered else self._why_unnumbered(row, texts)

    def _heading(self, row: int, texts: Texts) -> str | None:
        return self.view.heading(row, texts, digits=self.digits, full=self.full)

    def _is_label(self, texts: Texts) -> bool:
        """A single cell that looks like a heading and is a title, a note or goes on with one."""
        column, text = texts[0]
        if len(texts) > 1:
            return False
        if text in self.titles or is_note(text) or is_signature(text) or is_context(text):
            return True
        return self.before == "note" and self.view.key(column) == "number"

    def _why_unnumbered(self, row: int, texts: Texts) -> Why | None:
        column, first = texts[0]
        wide, single = self.view.is_wide(row, column), len(texts) == 1
        key = None if wide else self.view.key(column)
        may_be_label = key in (None, "number", "category", "units") or (
            single and key not in ("persons", "remark")
        )
        if may_be_label and (is_note(first) or is_signature(first)):
            return "note"
        if may_be_label and key != "units" and is_context(first):
            self._read_context(texts)
            return "context"
        if not single:
            return None
        if first in self.titles:
            return "title"
        if self.before == "note" and key in (None, "number"):
            return "note"
        if wide:
            return "note"  # too long for a heading
        unnumbered = key == "text" and self.digits  # where every issue has its number
        trailing = row > self.last_text_row and (self.gap or self.before is not None or unnumbered)
        if trailing and (_ORGAN.fullmatch(first) or read_days(first).ends):
            return "note"
        return None

    def _read_heading(self, row: int, heading: str) -> Why:
        """A heading right over a new header that names a list or a kind is that table's title."""
        place = bisect_right(self.tops, row)
        over_header = place < len(self.tops) and not any(
            self.grid.filled(between) for between in range(row + 1, self.tops[place])
        )
        named, kind = _LIST.search(heading), kind_in(heading)
        if over_header:
            self.section_kind = kind or self.section_kind
        self.chapter, self.chapter_kind = (None, None) if over_header and named else (heading, kind)
        return "title"

    # -- issues --------------------------------------------------------------------------------

    def _take(self, row: int, number: str, text: str) -> None:
        current = self.found.drafts[-1] if self.found.drafts else None
        begins = bool(text) or (
            bool(number) and fold(number) not in _CONTINUED and not self._goes_on(current, number)
        )
        if current and (not begins or self._repeats(current, row, number, text)):
            current.rows.append(row)
        else:
            kind = self.section_kind or self.chapter_kind
            header = self.view.header
            self.found.drafts.append(Draft(header, [row], self.chapter, self.unit, kind))
        self.before, self.gap, self.broken = None, False, False

    def _goes_on(self, draft: Draft | None, number: str) -> bool:
        """The number of the issue above on each row of its measures, its text on the first."""
        if draft is None:
            return False
        above = View(self.grid, draft.header)
        first = above.shown(draft.row, "number")
        return bool(above.shown(draft.row, "text")) and item_number(first) == item_number(number)

    def _repeats(self, draft: Draft, row: int, number: str, text: str) -> bool:
        """Number and text written again where a page ends, with the measures going on.

        Without a break between, or with the very same measures, it is an issue entered twice.
        """
        if not (self.broken and number and text):
            return False
        above = View(self.grid, draft.header)
        same = (above.shown(draft.row, "text"), item_number(above.shown(draft.row, "number"))) == (
            text,
            item_number(number),
        )
        measures = {above.own(known, "measures") for known in draft.rows}
        return same and self.view.own(row, "measures") not in measures

    def _skip(self, row: int, why: Why) -> None:
        self.found.skipped.append((row, why))
        if why == "blank":
            self.gap = True
        else:
            self.before = why
