"""The two ledgers 反馈意见整改台账 and 反馈问题整改台账: a row per measure under merged cells.

They are kept apart, as sheets of one workbook with the same columns; domain guide §8.5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from assessments.rectification.columns import OPINIONS, PROBLEMS
from assessments.rectification.deadlines import DeadlineKind
from assessments.rectification.headings import CLOSED, OPEN
from assessments.rectification.sheet_rows import deadline_cell, provisional_note
from assessments.rectification.sheets import LedgerHeading
from lawgov.spreadsheets import house
from lawgov.spreadsheets.columns import Column
from lawgov.spreadsheets.formulas import Formula, at, down
from lawgov.spreadsheets.sheet import Book, Cell, Condition, Row, Rule, Sheet, Validation
from lawgov.spreadsheets.styles import GREY, RED, Look, Mark

FIRST = 4  # under title, unit line and header
_LEAST = 20.0  # points of a row of one measure
_TOTAL_HEIGHT = 26.0

_TOTAL = Look(size=10.5, bold=True, fill=GREY, indent=2, wrap=False)
STILL_OPEN = Mark(color=RED, bold=True)

# Counted by the formula of the total: written once, also where a page end cuts the block.
_COUNTED = ("number", "closed")


@dataclass(frozen=True, slots=True)
class FeedbackRow:
    """One opinion 反馈意见 or problem 反馈问题 with all its answers taken together.

    `closed` is True when every unit's answer is. Units, persons and measures are in order.
    """

    number: int | str
    text: str
    goal: str = ""
    measures: tuple[str, ...] = ()
    lead_units: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    persons: tuple[str, ...] = ()
    deadline_text: str = ""
    deadline_kind: str = DeadlineKind.NONE
    deadline_date: date | None = None
    progress: str = ""
    closed: bool = False
    remark: str = ""


LEDGERS = {"opinion": ("反馈意见", OPINIONS), "problem": ("反馈问题", PROBLEMS)}
"""Kind of issue → what the ledger calls it, and its columns."""


def feedback_book(
    rows: Mapping[str, Sequence[FeedbackRow]], heading: LedgerHeading, *, created: datetime
) -> Book:
    """The ledgers of these kinds, in their order; `created` is an instant with its zone."""
    names = "和".join(LEDGERS[kind][0] for kind in rows)
    title = f"{heading.subject}{names}整改台账"
    return Book(title, created, feedback_sheets(rows, heading))


def feedback_sheets(
    rows: Mapping[str, Sequence[FeedbackRow]], heading: LedgerHeading
) -> tuple[Sheet, ...]:
    """A sheet a kind."""
    return tuple(feedback_sheet(*LEDGERS[kind], listed, heading) for kind, listed in rows.items())


def feedback_sheet(
    what: str, columns: Sequence[Column], rows: Sequence[FeedbackRow], heading: LedgerHeading
) -> Sheet:
    """One ledger: blocks of measures, a total, the signature line; one empty row without issues."""
    table: house.Table[FeedbackRow] = house.Table(columns)
    across = table.across
    body = [line for row in rows for line in _block(table, row)] or [table.blank(height=30)]
    last = FIRST + len(body) - 1
    moving = provisional_note((row for row in rows if not row.closed), heading.may_move)
    written = (
        house.title(f"{heading.subject}{what}整改台账", across),
        house.context(
            f"填报单位：{heading.unit}",
            house.dated("填报日期", heading.reported_on),
            table.place("persons"),
            across,
        ),
        table.header(),
        *body,
        _total(table, what, rows, last),
        *([house.note(f"注：{moving}", table.widths)] if moving else []),
        _signature(across),
    )
    closed = table.place("closed")
    return Sheet(
        f"{what}整改台账",
        table.widths,
        written,
        repeated=(3, 3),
        freeze="C4",
        validations=(
            Validation(
                (down(closed, FIRST, last),),
                "list",
                choices=(CLOSED, OPEN),
                error=f"只能填“{CLOSED}”或“{OPEN}”。",
            ),
        ),
        conditions=(
            Condition(
                (down(closed, FIRST, last),),
                (Rule(f'${at(closed, FIRST)}="{OPEN}"', STILL_OPEN),),
            ),
        ),
    )


def _block(table: house.Table[FeedbackRow], row: FeedbackRow) -> list[Row]:
    """A row per measure, at least one; the other columns run down over all of them."""
    merged = [column.key for column in table.columns if column.key != "measures"]
    shown = _shown(table, row)
    lines = []
    for place, measure in enumerate(row.measures or ("",)):
        cells = shown | {"measures": Cell(measure or None, table.look("measures"))}
        if place:
            cells |= {key: replace(shown[key], value=None) for key in _COUNTED}
            # A comment on each row of a block would pile up in its one cell.
            cells["deadline"] = replace(shown["deadline"], comment=None)
        line = table.row(row, cells=cells, groups=dict.fromkeys(merged, row), least=_LEAST)
        lines.append(replace(line, kept=place > 0))
    return lines


def _shown(table: house.Table[FeedbackRow], row: FeedbackRow) -> dict[str, Cell]:
    look = table.look
    joined = {"lead_units": row.lead_units, "units": row.units, "persons": row.persons}
    cells = {key: Cell("、".join(names) or None, look(key)) for key, names in joined.items()}
    limit = (row.deadline_text, row.deadline_kind, row.deadline_date)
    return cells | {
        "number": Cell(row.number, look("number")),
        "deadline": deadline_cell(*limit, look("deadline")),
        "closed": Cell(CLOSED if row.closed else OPEN, look("closed")),
    }


def _total(
    table: house.Table[FeedbackRow], what: str, rows: Sequence[FeedbackRow], last: int
) -> Row:
    """How many, with how many measures, how many are closed: one sentence that counts."""
    number, measures, closed = (
        down(table.place(key), FIRST, last) for key in ("number", "measures", "closed")
    )
    counted = (
        (f'"合计：{what} "', f"COUNTA({number})", len(rows)),
        ('" 条，整改措施 "', f"COUNTA({measures})", sum(len(row.measures) for row in rows)),
        (f'" 项，{CLOSED} "', f'COUNTIF({closed},"{CLOSED}")', sum(row.closed for row in rows)),
        (f'" 条，{OPEN} "', f'COUNTIF({closed},"{OPEN}")', sum(not row.closed for row in rows)),
    )
    formula = "&".join(f"{words}&{count}" for words, count, _ in counted) + '&" 条。"'
    value = "".join(f"{words[1:-1]}{number}" for words, _, number in counted) + " 条。"
    first, last_key = table.columns[0].key, table.columns[-1].key
    band = table.band(_TOTAL, {first: Formula(formula, value)}, spans=[(first, last_key)])
    return replace(band, height=_TOTAL_HEIGHT)


def _signature(across: int) -> Row:
    texts = ("填报人：", "审核人：", "单位负责人（签字）：", "（盖章）")
    return house.signature(list(zip((1, 4, 7, 10), (3, 6, 9, across), texts, strict=True)), across)
