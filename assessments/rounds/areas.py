"""The areas of a self-assessment sheet: which rows of the sheet each takes, and what is summed.

Shared by the rows (`sheets.py`), the sums under them (`totals.py`) and the checks on what is typed
(`entry_checks.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING

from assessments.rounds.columns import NOT_APPLICABLE, SELF_ASSESSMENT
from lawgov.spreadsheets import house
from lawgov.spreadsheets.formulas import down, plus

if TYPE_CHECKING:
    from assessments.rounds.sheets import IndicatorRow

TABLE: house.Table[IndicatorRow] = house.Table(SELF_ASSESSMENT)

FIRST_ROW = 4
"""The first data row, under title, unit line and header."""

SCORES = ("self_score", "lead_score", "office_score")


@dataclass(frozen=True, slots=True)
class Area:
    """One area on the sheet: its rows and the sheet rows they take, its sub-total below them."""

    number: int
    rows: tuple[IndicatorRow, ...]
    first: int

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def subtotal(self) -> int:
        return self.last + 1


def areas_of(rows: Sequence[IndicatorRow]) -> Iterator[Area]:
    """The areas in order: neighbours of the same area name, a sub-total row below each."""
    first = FIRST_ROW
    for count, (_, members) in enumerate(groupby(rows, key=lambda row: row.area), 1):
        found = tuple(members)
        yield Area(found[0].area_number or count, found, first)
        first += len(found) + 1


def remark_of(item: IndicatorRow) -> str | None:
    """备注; an indicator that does not apply must begin with 不适用, the sums look for it."""
    if not item.not_applicable or item.remark.startswith(NOT_APPLICABLE):
        return item.remark or None
    return f"{NOT_APPLICABLE}（{item.remark}）" if item.remark else NOT_APPLICABLE


def points_of(area: Area) -> list[Decimal]:
    """Points of each indicator, those that do not apply included."""
    return [row.points for row in area.rows]


def scores_of(area: Area, key: str) -> list[Decimal | None]:
    """Scores as they stand on the sheet: an indicator that does not apply has none."""
    return [None if row.not_applicable else getattr(row, key) for row in area.rows]


def excluded_points(area: Area) -> Decimal:
    """Points of the indicators that do not apply, as the formulas find them: by their remark."""
    return plus(
        row.points for row in area.rows if (remark_of(row) or "").startswith(NOT_APPLICABLE)
    )


def cells(key: str, area: Area) -> str:
    """Address of one column's cells in an area."""
    return down(TABLE.place(key), area.first, area.last)
