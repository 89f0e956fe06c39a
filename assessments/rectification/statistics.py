"""The sheet 销号统计 of the ledger workbook: by unit and by category, each figure a formula.

Formulas count in the ledger sheet, so the office can correct a row there and see the figures
follow. EXACT is used and not COUNTIFS, which would read * and ? in a name as wildcards and ignore
case.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from assessments.rectification.headings import YES
from lawgov.spreadsheets import house
from lawgov.spreadsheets.formulas import Formula, at, down, on_sheet, share
from lawgov.spreadsheets.layout import Page
from lawgov.spreadsheets.sheet import Cell, Row, Sheet
from lawgov.spreadsheets.styles import COUNT, GREY, RATE, Look

if TYPE_CHECKING:
    from assessments.rectification.sheet_rows import LedgerRow
    from assessments.rectification.sheets import LedgerHeading

NAME = "销号统计"

LONG_TERM_WORDS = ("长期", "持续", "常态")
"""A time limit that stands as text and holds one of these words counts as 长期坚持."""

UNNAMED = "（未填）"

_WIDTHS = (29, 8, 8, 7.2, 8, 7.2, 10.2, 7.2, 9)
_ACROSS = len(_WIDTHS)
_SUBJECT = "{kind}销号情况统计表"
_TITLE = 38.0
_HEAD = 34.0
_GAP = 10.0
_LINE = 21.0
_SUM = 24.0

_NAME = Look(size=10.5, indent=1, wrap=False)
_COUNT = Look(size=10.5, align="center", format=COUNT)
_RATE = replace(_COUNT, format=RATE)
_SUMMED = Look(size=10.5, bold=True, fill=GREY, align="center")
_SUMMED_COUNT = replace(_SUMMED, format=COUNT)
_SUMMED_RATE = replace(_SUMMED, format=RATE)

_SMALLEST = 0.75  # below this scale the figures cannot be read; the sheet then runs on


@dataclass(frozen=True, slots=True)
class Ledger:
    """Where the ledger stands: its sheet, first and last row, columns from 1, cell of the
    report day.
    """

    sheet: str
    first: int
    last: int
    unit: int
    category: int
    deadline: int
    closed: int
    closed_on: int
    report_day: str

    def column(self, place: int) -> str:
        """Address of one column's cells, from another sheet."""
        return on_sheet(self.sheet, down(place, self.first, self.last, fixed=True))

    @property
    def day(self) -> str:
        return on_sheet(self.sheet, self.report_day)


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of one unit or category, as the sheet shows them."""

    issues: int
    closed: int
    closed_late: int
    open: int
    overdue: int
    near: int
    long_term: int

    @property
    def counts(self) -> tuple[int, ...]:
        return (
            self.issues,
            self.closed,
            self.closed_late,
            self.open,
            self.overdue,
            self.near,
            self.long_term,
        )


def figures(rows: Sequence[LedgerRow], heading: LedgerHeading) -> Figures:
    """Counts of these rows on the stated day; the Python twin of the formulas."""
    day, near = heading.reported_on, heading.reported_on + timedelta(heading.near_days)
    open_rows = [row for row in rows if not row.closed]
    dated = [row.deadline_date for row in open_rows if row.deadline_date]
    return Figures(
        issues=len(rows),
        closed=len(rows) - len(open_rows),
        closed_late=sum(
            bool(row.deadline_date and row.closed_on and row.closed_on > row.deadline_date)
            for row in rows
            if row.closed
        ),
        open=len(open_rows),
        overdue=sum(deadline < day for deadline in dated),
        near=sum(day <= deadline <= near for deadline in dated),
        long_term=sum(
            not row.deadline_date and any(word in row.deadline_text for word in LONG_TERM_WORDS)
            for row in open_rows
        ),
    )


def statistics_sheet(rows: Sequence[LedgerRow], heading: LedgerHeading, *, on: Ledger) -> Sheet:
    """销号统计, upright: units and categories in the order in which they first stand in the ledger.

    One page as long as that stays legible; a longer sheet runs on, its header again on each page.
    """
    tables = (
        _Table("责任单位", on.unit, lambda row: row.unit),
        _Table("问题类别", on.category, lambda row: row.category),
    )
    page = Page(landscape=False, left=20, right=20, top=20, bottom=20)
    lines = sum(len(table.labels(rows)) for table in tables)
    whole = _TITLE + house.CONTEXT_HEIGHT + 2 * (_HEAD + _SUM) + _GAP + lines * _LINE
    one_page = page.room(_WIDTHS) >= whole * _SMALLEST
    room = math.inf if one_page else page.room(_WIDTHS)
    sheet = _Written(rows, heading, on, room)
    for table in tables:
        sheet.add(table)
    return Sheet(
        NAME, _WIDTHS, tuple(sheet.rows), page=replace(page, one_page=one_page), freeze="B4"
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """One of the two tables: its first header, the ledger's column, and that column's text."""

    header: str
    column: int
    label: Callable[[LedgerRow], str]

    def labels(self, rows: Sequence[LedgerRow]) -> list[str]:
        return list(dict.fromkeys(self.label(row) for row in rows))


class _Written:
    """The rows of the sheet as they grow, and how much of the page they fill."""

    def __init__(
        self, rows: Sequence[LedgerRow], heading: LedgerHeading, on: Ledger, room: float
    ) -> None:
        self._issues, self._heading, self._on, self._room = rows, heading, on, room
        title = house.title(_SUBJECT.format(kind=heading.kind), _ACROSS)
        self.rows = [replace(title, height=_TITLE), _context(heading, on)]
        self._used = _TITLE + house.CONTEXT_HEIGHT

    def add(self, table: _Table) -> None:
        """One table: header, a line a label, total. The sums ignore a header within, it is text."""
        if len(self.rows) > 2:
            self._append(Row((None,) * _ACROSS, _GAP, kept=True))
        self._head(table, new_page=not self._fits(_HEAD + _LINE + _SUM))
        first = len(self.rows) + 1
        labels = table.labels(self._issues)
        for place, label in enumerate(labels, 1):
            if not self._fits(_LINE if place < len(labels) else _LINE + _SUM):
                self._head(table, new_page=True)
            issues = [row for row in self._issues if table.label(row) == label]
            found = figures(issues, self._heading)
            self._append(_line(label, found, len(self.rows) + 1, table, self._on, self._heading))
        self._append(_sum_row(first, len(self.rows), figures(self._issues, self._heading)))

    def _head(self, table: _Table, *, new_page: bool) -> None:
        row = house.header(_headers(table.header, self._heading.near_days), _HEAD)
        if new_page:
            self._used = 0.0
        self._append(replace(row, kept=False, new_page=new_page))

    def _fits(self, height: float) -> bool:
        return self._used + height <= self._room

    def _append(self, row: Row) -> None:
        self.rows.append(row)
        self._used += row.height or 0


def _headers(first: str, near_days: int) -> tuple[str, ...]:
    return (
        first,
        "问题数",
        "已销号",
        "其中逾期销号",
        "未销号",
        "其中已逾期",
        f"其中{near_days}日内到期",
        "其中长期坚持",
        "销号率",
    )


def _context(heading: LedgerHeading, on: Ledger) -> Row:
    dated = house.dated("统计时间", heading.reported_on)
    day = replace(dated, value=Formula(on.day, heading.reported_on))
    return house.context(f"填报单位：{heading.unit}", day, 5, _ACROSS)


def _line(
    label: str, found: Figures, number: int, table: _Table, on: Ledger, heading: LedgerHeading
) -> Row:
    """Figures of one label; `number` is the row on this sheet."""
    wanted = f"$A{number}" if label else '""'
    same = f"EXACT({on.column(table.column)},{wanted})"
    deadline, closed, closed_on = map(on.column, (on.deadline, on.closed, on.closed_on))
    dated = f"ISNUMBER({deadline})"
    still = f'{same}*({closed}<>"{YES}")'
    words = "+".join(f'ISNUMBER(SEARCH("{word}",{deadline}))' for word in LONG_TERM_WORDS)
    conditions = (
        f"{same}*1",
        f'{same}*({closed}="{YES}")',
        f'{same}*({closed}="{YES}")*{dated}*ISNUMBER({closed_on})*({closed_on}>{deadline})',
        None,
        f"{still}*{dated}*({deadline}<{on.day})",
        f"{still}*{dated}*({deadline}>={on.day})*({deadline}<={on.day}+{heading.near_days})",
        f"{still}*ISTEXT({deadline})*(({words})>0)",
    )
    cells = [Cell(label or UNNAMED, _NAME)]
    for condition, count in zip(conditions, found.counts, strict=True):
        text = f"SUMPRODUCT({condition})" if condition else f"B{number}-C{number}"
        cells.append(Cell(Formula(text, count), _COUNT))
    cells.append(Cell(_rate(number, found), _RATE))
    return Row(tuple(cells), _LINE)


def _sum_row(first: int, last: int, found: Figures) -> Row:
    """Sums of the lines above; 0 where there are none."""
    cells = [Cell("合　计", _SUMMED)]
    for column, count in enumerate(found.counts, 2):
        text = f"SUM({down(column, first, last)})" if last >= first else "0"
        cells.append(Cell(Formula(text, count), _SUMMED_COUNT))
    cells.append(Cell(_rate(last + 1, found), _SUMMED_RATE))
    return Row(tuple(cells), _SUM, kept=True)


def _rate(number: int, found: Figures) -> Formula:
    return share(at(3, number), at(2, number), found.closed, found.issues, "—")
