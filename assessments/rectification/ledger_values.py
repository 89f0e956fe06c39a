"""What the cells of one issue say, put together as an `IssueRow`; and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from assessments.rectification.ledger_cells import IssueCells, Values
from assessments.rectification.ledger_days import Context, DayReader
from assessments.rectification.ledger_people import read_people
from assessments.rectification.ledger_rows import Draft
from assessments.rectification.ledger_types import IssueRow, Problem
from lawgov.chinese.lists import split_numbered
from lawgov.chinese.numerals import item_number
from lawgov.spreadsheets.grid import Grid


class IssueReader:
    """Reads the issues of one sheet in order; `problems` grows as it goes.

    `unit` is that of the fill-in line, for issues that no line above names one for.
    """

    def __init__(self, grid: Grid, context: Context, *, unit: str | None) -> None:
        self.grid = grid
        self.unit = unit
        self.problems: list[Problem] = []
        self.sub_numbers: list[str | None] = []  # 分序号, one for each issue
        self._days = DayReader(context)
        self._above: Values | None = None

    def read(self, draft: Draft) -> IssueRow:
        cells = IssueCells(self.grid, draft, self.problems, self._above)
        text = cells.joined("text")
        if not text:
            cells.fault("missing_text", "text", _("没有问题内容，请填上，或删去这一行"))
        people = read_people(cells, draft.unit or self.unit)
        deadline = self._days.deadline(cells)
        closed, closed_on = self._days.closing(cells)
        self._tell_hidden(draft)
        self._above = cells.values
        self.sub_numbers.append(item_number(cells.first("sub_number")))
        return IssueRow(
            sheet=self.grid.name,
            row=draft.row,
            number=item_number(cells.first("number")),
            kind=draft.kind,
            category=_category(cells),
            text=text or "",
            requirement=cells.joined("requirement"),
            goal=cells.joined("goal"),
            measures=[item for text in cells.texts("measures") for item in _measures(text)],
            lead_units=people.lead,
            units=people.units,
            responsible_persons=people.persons,
            deadline_text=deadline.text,
            deadline_kind=deadline.kind,
            deadline_date=deadline.day,
            progress=cells.joined("progress"),
            evidence=cells.joined("evidence"),
            closed=closed,
            closed_date=closed_on,
            remark=cells.joined("remark"),
        )

    def _tell_hidden(self, draft: Draft) -> None:
        for row in draft.rows:
            if row in self.grid.facts.hidden_rows:
                message = _("这一行在表格中是隐藏的，已照常读取")
                self.problems.append(Problem(self.grid.name, row, None, "hidden_row", message))


def combined_numbers(
    numbers: Sequence[str | None], sub_numbers: Sequence[str | None]
) -> list[str | None]:
    """One number for each issue of a sheet that has 序号 and 分序号.

    The column that tells all issues apart: the first if it can, else the second, else `2-1`.
    """
    for column in (numbers, sub_numbers):
        if all(column) and len(set(column)) == len(column):
            return list(column)
    pairs = zip(numbers, sub_numbers, strict=True)
    return ["-".join(part for part in pair if part) or None for pair in pairs]


def _category(cells: IssueCells) -> str | None:
    """The cell's, or the chapter's where the sheet has no such column."""
    if "category" in cells.columns:
        return cells.first("category") or None
    return cells.draft.chapter


def _measures(text: str) -> list[str]:
    return [item for item in split_numbered(text) if item.strip("/-—－ ")]
