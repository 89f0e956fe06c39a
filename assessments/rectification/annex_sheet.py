"""The list of problems of one unit 问题清单, as it goes with a letter; domain guide §8.6."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from assessments.rectification.columns import ANNEX
from assessments.rectification.deadlines import DeadlineKind
from assessments.rectification.sheet_rows import MayMove, limit_cell, provisional_note
from lawgov.calendars import Workdays
from lawgov.spreadsheets import house
from lawgov.spreadsheets.sheet import Book, Row, Sheet

NAME = "问题清单"
_LEAST = 34.0  # points: a handful of problems should not huddle at the head of the page

_TABLE: house.Table[AnnexRow] = house.Table(ANNEX)


@dataclass(frozen=True, slots=True)
class AnnexRow:
    """One problem of the unit; `indicator` is the linked one as `12.标题`, empty for none."""

    number: int
    text: str
    requirement: str = ""
    deadline_text: str = ""
    deadline_kind: str = DeadlineKind.NONE
    deadline_date: date | None = None
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class AnnexHeading:
    """`subject` begins the title; `unit` is the one addressed, `letter` the letter's number."""

    subject: str
    unit: str
    issued_on: date | None
    letter: str = ""
    may_move: MayMove = Workdays.standard().provisional


def annex_book(rows: Sequence[AnnexRow], heading: AnnexHeading, *, created: datetime) -> Book:
    """Workbook of one unit's problems; `created` is an instant with its zone."""
    across = _TABLE.across
    title = f"{heading.subject}问题清单"
    letter = f"　　（{heading.letter}）" if heading.letter else ""
    body = [_row(row) for row in rows] or [_TABLE.blank(height=_LEAST)]
    moving = provisional_note(rows, heading.may_move)
    written = (
        house.title(title, across),
        house.context(
            f"责任单位：{heading.unit}{letter}",
            house.dated("交办日期", heading.issued_on),
            _TABLE.place("deadline"),
            across,
        ),
        _TABLE.header(),
        *body,
        *([house.note(f"注：{moving}", _TABLE.widths)] if moving else []),
        _signature(across),
    )
    sheet = Sheet(NAME, _TABLE.widths, written, repeated=(3, 3), freeze="C4")
    return Book(f"{heading.unit}{NAME}", created, (sheet,))


def _row(row: AnnexRow) -> Row:
    limit = limit_cell(row, _TABLE.look("deadline"))
    return _TABLE.row(row, cells={"deadline": limit}, least=_LEAST)


def _signature(across: int) -> Row:
    texts = ("签收人：", "签收日期：", "（盖章）")
    parts = list(zip((1, 3, 4), (2, 3, across), texts, strict=True))
    return replace(house.signature(parts, across), kept=True)
