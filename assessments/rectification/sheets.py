"""The ledger workbook 整改台账 of `export_ledger`: what its three sheets hold.

Rows come as plain values, so the same builder serves the page, the command and the tests; the
columns are those the importer reads. Statistics 销号统计 stand in `statistics.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from assessments.rectification import statistics
from assessments.rectification.columns import COMMON, INDIVIDUAL
from assessments.rectification.deadlines import DeadlineKind
from assessments.rectification.headings import NO, YES
from lawgov.spreadsheets import house
from lawgov.spreadsheets.formulas import at, down
from lawgov.spreadsheets.sheet import Book, Cell, Condition, Row, Rule, Sheet, Validation
from lawgov.spreadsheets.styles import DAY, Look, Mark

INDIVIDUAL_SHEET = "个性问题整改台账"
COMMON_SHEET = "共性问题清单"

COMPOUND = 'yyyy-mm-dd"，长期坚持"'
"""Number format of a day after which the measure goes on; a conditional light shows its own
format.
"""

_NUMBERED = re.compile(r"\s*(?:[（(]?\d+[.．、)）]|[①-⑳])")

_COMMON_LEAST = 30.0  # points: eight lines on a page should not huddle at its head

FIRST_ROW = 4  # under title, unit line and header

_LEDGER: house.Table[LedgerRow] = house.Table(INDIVIDUAL)
_COMMON: house.Table[CommonRow] = house.Table(COMMON)

CLOSED = Mark(color="595959", fill="D9D9D9", format='"■"yyyy-mm-dd')
OVERDUE = Mark(color="FFFFFF", bold=True, fill="C00000", format='"▲"yyyy-mm-dd')
NEAR = Mark(color="000000", bold=True, fill="FFD966", format='"△"yyyy-mm-dd')
LATER = Mark(color="000000", fill="E2EFDA", format='"○"yyyy-mm-dd')
MISSING = Mark(hatched="7F7F7F")
LATE = Mark(color="C00000", bold=True, underlined=True)


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One individual issue 个性问题 of one unit.

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


@dataclass(frozen=True, slots=True)
class LedgerHeading:
    """What stands over the tables.

    `subject` begins the titles (安和区法治政府建设专项督察). Lights compare with `reported_on`,
    never with today, so that a print stays true; `near_days` is the campaign's setting, calendar
    days. `issued_on` is the day of the letters, None when not sent.
    """

    subject: str
    unit: str
    reported_on: date
    issued_on: date | None = None
    near_days: int = 10


def ledger_book(
    individual: Sequence[LedgerRow],
    common: Sequence[CommonRow],
    heading: LedgerHeading,
    *,
    created: datetime,
) -> Book:
    """Workbook of `export_ledger`; `created` is an instant with its zone."""
    return Book(
        f"{heading.subject}{INDIVIDUAL_SHEET}",
        created,
        (
            individual_sheet(individual, heading),
            common_sheet(common, heading),
            statistics.statistics_sheet(individual, heading, on=_place_of_ledger(len(individual))),
        ),
    )


def individual_sheet(rows: Sequence[LedgerRow], heading: LedgerHeading) -> Sheet:
    """个性问题整改台账, a row per issue; one blank row when there is none."""
    across = _LEDGER.across
    body = [_ledger_row(row) for row in rows] or [_LEDGER.blank(height=30)]
    last = FIRST_ROW + len(body) - 1
    written = (
        house.title(f"{heading.subject}{INDIVIDUAL_SHEET}", across),
        house.context(
            f"填报单位：{heading.unit}",
            house.dated("填报时间（亮灯基准日）", heading.reported_on),
            _LEDGER.place("persons"),
            across,
        ),
        _LEDGER.header(),
        *body,
        house.note(_note(rows, heading), _LEDGER.widths),
        _signature(across, 5, 8, 11),
    )
    return Sheet(
        INDIVIDUAL_SHEET,
        _LEDGER.widths,
        written,
        repeated=(3, 3),
        freeze="D4",
        filtered=f"{at(1, 3)}:{at(across, last)}",
        validations=_validations(last, heading),
        conditions=_conditions(last, heading),
    )


def common_sheet(rows: Sequence[CommonRow], heading: LedgerHeading) -> Sheet:
    """共性问题清单, a row per issue; one blank row when there is none."""
    across = _COMMON.across
    written = (
        house.title(f"{heading.subject}{COMMON_SHEET}", across),
        house.context(
            f"填报单位：{heading.unit}", house.dated("填报时间", heading.reported_on), 5, across
        ),
        _COMMON.header(),
        *([_common_row(row) for row in rows] or [_COMMON.blank(height=30)]),
        house.note("注：共性问题由所涉单位分别整改，各单位全部销号后方可销号。", _COMMON.widths),
        _signature(across, 4, 5, 6),
    )
    return Sheet(COMMON_SHEET, _COMMON.widths, written, repeated=(3, 3), freeze="C4")


def deadline_cell(text: str, kind: str, day: date | None, look: Look) -> Cell:
    """完成时限: a true date wherever one exists, else the text; the text as written as a
    comment.
    """
    return house.day_cell(text, day, look, COMPOUND if kind == DeadlineKind.COMPOUND else DAY)


def numbered(items: Sequence[str]) -> str:
    """Several measures in one cell, `1.…` a line each; as they are where they carry numbers
    already.
    """
    if len(items) < 2 or all(_NUMBERED.match(item) for item in items):
        return "\n".join(items)
    return "\n".join(f"{number}.{item}" for number, item in enumerate(items, 1))


def _ledger_row(row: LedgerRow) -> Row:
    look = _LEDGER.look
    closed = None if row.closed is None else YES if row.closed else NO
    return _LEDGER.row(
        row,
        cells={
            "units": Cell(row.unit or None, look("units")),
            "measures": Cell(numbered(row.measures) or None, look("measures")),
            "persons": Cell("、".join(row.persons) or None, look("persons")),
            "deadline": deadline_cell(
                row.deadline_text, row.deadline_kind, row.deadline_date, look("deadline")
            ),
            "closed": Cell(closed, look("closed")),
            "closed_on": Cell(row.closed_on, replace(look("closed_on"), format=DAY)),
        },
    )


def _common_row(row: CommonRow) -> Row:
    look = _COMMON.look
    return _COMMON.row(
        row,
        least=_COMMON_LEAST,
        cells={
            "units": Cell("、".join(row.units) or None, look("units")),
            "deadline": deadline_cell(
                row.deadline_text, row.deadline_kind, row.deadline_date, look("deadline")
            ),
        },
    )


def _note(rows: Iterable[LedgerRow], heading: LedgerHeading) -> str:
    """What the signs mean, and which limited issues go on: a light hides that in its column."""
    near = heading.near_days
    lines = [
        f"1.完成时限前的符号：○ 距到期{near}日以上，△ {near}日内到期，▲ 已逾期，■ 已销号；"
        "长期坚持的事项不亮灯，按季复查。期限原文见单元格批注。",
        "2.是否销号由督察机构核查后填写，责任单位不得自行填写。斜线底纹表示缺佐证材料或者缺销号时间。",
    ]
    going_on = [
        str(row.number)
        for row in rows
        if row.deadline_kind == DeadlineKind.COMPOUND and row.deadline_date
    ]
    if going_on:
        lines.append(f"3.序号{'、'.join(going_on)}的事项在完成时限后长期坚持。")
    return "注：" + "\n　　".join(lines)


def _signature(across: int, *starts: int) -> Row:
    """Who filled in, who checked, who answers for it, and the seal; `starts` are columns."""
    texts = ("填报人：", "审核人：", "负责人（签字）：", "（盖章）")
    firsts = (1, *starts)
    lasts = (*(start - 1 for start in starts), across)
    return house.signature(list(zip(firsts, lasts, texts, strict=True)), across)


def _validations(last: int, heading: LedgerHeading) -> tuple[Validation, ...]:
    """是 or 否; a day of closing between the letters and the report."""
    closed, closed_on = (
        (down(_LEDGER.place(key), FIRST_ROW, last),) for key in ("closed", "closed_on")
    )
    day, reported = heading.issued_on, _report_day()
    since = f"DATE({day.year},{day.month},{day.day})" if day else "DATE(1949,10,1)"
    issued = (
        f"交办日（{day.year}年{day.month}月{day.day}日）与填报时间之间" if day else "填报时间之前"
    )
    return (
        Validation(
            closed, "list", choices=(YES, NO), required=True, error=f"只能填“{YES}”或“{NO}”。"
        ),
        Validation(closed_on, "date", (since, reported), error=f"销号时间应在{issued}。"),
    )


def _conditions(last: int, heading: LedgerHeading) -> tuple[Condition, ...]:
    """Lights against the report day; missing proof and closing day; late closing."""
    deadline, evidence, closed, closed_on, text = (
        f"${at(_LEDGER.place(key), FIRST_ROW)}"
        for key in ("deadline", "evidence", "closed", "closed_on", "text")
    )
    reported = _report_day()
    lights = (
        Rule(f'{closed}="{YES}"', CLOSED),
        Rule(f"AND(ISNUMBER({deadline}),{deadline}<{reported})", OVERDUE),
        Rule(f"AND(ISNUMBER({deadline}),{deadline}-{reported}<={heading.near_days})", NEAR),
        Rule(f"ISNUMBER({deadline})", LATER),
    )
    no_proof = (Rule(f"AND(LEN({text})>0,LEN(TRIM({evidence}))=0)", MISSING),)
    closing = (
        Rule(f'AND({closed}="{YES}",LEN({closed_on})=0)', MISSING),
        Rule(
            f'AND({closed}="{YES}",ISNUMBER({closed_on}),ISNUMBER({deadline}),{closed_on}>{deadline})',
            LATE,
        ),
    )
    return tuple(
        Condition((down(_LEDGER.place(key), FIRST_ROW, last),), rules)
        for key, rules in (("deadline", lights), ("evidence", no_proof), ("closed_on", closing))
    )


def _report_day() -> str:
    """Cell of the stated day, over the column of persons in the unit line."""
    return at(_LEDGER.place("persons"), 2, fixed=True)


def _place_of_ledger(rows: int) -> statistics.Ledger:
    return statistics.Ledger(
        sheet=INDIVIDUAL_SHEET,
        first=FIRST_ROW,
        last=FIRST_ROW + max(rows, 1) - 1,
        unit=_LEDGER.place("units"),
        category=_LEDGER.place("category"),
        deadline=_LEDGER.place("deadline"),
        closed=_LEDGER.place("closed"),
        closed_on=_LEDGER.place("closed_on"),
        report_day=_report_day(),
    )
