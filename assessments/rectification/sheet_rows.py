"""One line of each official sheet of the ledger, as plain values, and what its columns show."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from assessments.rectification import deadlines
from assessments.rectification.columns import COMMON, INDIVIDUAL
from assessments.rectification.deadlines import DeadlineKind
from assessments.rectification.headings import NO, YES
from lawgov.spreadsheets import house
from lawgov.spreadsheets.columns import Column
from lawgov.spreadsheets.sheet import Cell, Formatted, Value
from lawgov.spreadsheets.styles import DAY, Look

COMPOUND = 'yyyy-mm-dd"，长期坚持"'
"""Number format of a day after which the measure goes on; a conditional light shows its own
format.
"""

REMEMBERED = 2_048
"""Values kept of what a long ledger shows again and again: measures, days."""

_NUMBERED = re.compile(r"\s*(?:[（(]?\d+[.．、)）]|[①-⑳])")


class LedgerRow(NamedTuple):
    """One individual issue 个性问题 of one unit; a tuple, since exports make them by the 100,000.

    `deadline_text` is the time limit as written, `deadline_date` the local day it means, None
    where it means none. `closed` None counts as open and leaves the cell empty; `closed_on` is a
    local day.
    """

    number: int | str
    unit: str
    category: str
    text: str
    requirement: str = ""
    measures: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    deadline_text: str = ""
    deadline_kind: str = DeadlineKind.NONE
    deadline_date: date | None = None
    progress: str = ""
    evidence: str = ""
    closed: bool | None = False
    closed_on: date | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class CommonRow:
    """One common issue 共性问题; `units` as addressed, a group's name or the units in order."""

    number: int | str
    category: str
    text: str
    units: tuple[str, ...] = ()
    requirement: str = ""
    deadline_text: str = ""
    deadline_kind: str = DeadlineKind.NONE
    deadline_date: date | None = None
    remark: str = ""


MayMove = Callable[[date], bool]
"""Whether working days up to a day are only estimated."""


class Limited(Protocol):
    """Any row with a time limit."""

    @property
    def number(self) -> int | str: ...
    @property
    def deadline_text(self) -> str: ...
    @property
    def deadline_date(self) -> date | None: ...


@lru_cache(REMEMBERED)
def numbered(items: tuple[str, ...]) -> str:
    """Several measures in one cell, `1.…` a line each; as they are where they carry numbers
    already.
    """
    if len(items) < 2 or all(_NUMBERED.match(item) for item in items):
        return "\n".join(items)
    return "\n".join(f"{number}.{item}" for number, item in enumerate(items, 1))


def yes_or_no(closed: bool | None) -> str:
    """是否销号 as the sheet has it; empty where nothing is said."""
    return "" if closed is None else YES if closed else NO


def limit(row: LedgerRow | CommonRow) -> Value | Formatted:
    """完成时限 where a cell has no comment: a true date wherever one exists, else the text."""
    if row.deadline_date is None:
        return row.deadline_text
    return _formatted(row.deadline_date, row.deadline_kind)


@lru_cache(REMEMBERED)
def _formatted(day: date, kind: str) -> Formatted:
    return Formatted(day, _shown(kind))


def _shown(kind: str) -> str:
    """The number format of the day of a time limit."""
    return COMPOUND if kind == DeadlineKind.COMPOUND else DAY


def deadline_cell(text: str, kind: str, day: date | None, look: Look) -> Cell:
    """完成时限: a true date wherever one exists, else the text; the text as written as a
    comment.
    """
    return house.day_cell(text, day, look, _shown(kind))


def limit_cell(row: LedgerRow | CommonRow, look: Look) -> Cell:
    """The same, of a row."""
    return deadline_cell(row.deadline_text, row.deadline_kind, row.deadline_date, look)


def is_provisional(row: Limited, may_move: MayMove) -> bool:
    """Whether the time limit of a row may still move."""
    return deadlines.is_provisional(row.deadline_text, row.deadline_date, may_move)


def provisional_note(rows: Iterable[Limited], may_move: MayMove) -> str:
    """The sentence under a table whose time limits may still move; "" where none does.

    A light hides what a number format could say, and a comment belongs to the signed baseline.
    """
    moving = [str(row.number) for row in rows if is_provisional(row, may_move)]
    if not moving:
        return ""
    numbers = "、".join(moving)
    return f"序号{numbers}的完成时限按工作日推算，所在年份的放假安排尚未公布，为暂定。"


def _reading(
    columns: Sequence[Column], values: dict[str, Callable[[Any], Any]], **formats: str
) -> tuple[Column, ...]:
    """The columns with what they show; where nothing is said it is the attribute of their key."""
    return tuple(
        replace(
            column,
            value=values.get(column.key),
            number_format=formats.get(column.key, column.number_format),
        )
        for column in columns
    )


LEDGER_COLUMNS = _reading(
    INDIVIDUAL,
    {
        "units": lambda row: row.unit,
        "measures": lambda row: numbered(row.measures),
        "persons": lambda row: "、".join(row.persons),
        "deadline": limit,
        "closed": lambda row: yes_or_no(row.closed),
    },
    closed_on=DAY,
)
"""Read from a LedgerRow."""

COMMON_COLUMNS = _reading(COMMON, {"units": lambda row: "、".join(row.units), "deadline": limit})
"""Read from a CommonRow."""
