"""The workbooks of the ledgers 整改台账: what their sheets hold.

Rows come as plain values, so the same builder serves the page, the command and the tests; the
columns are those the importer reads. Statistics 销号统计 stand in `statistics.py`, the ledgers of
opinions and problems in `feedback_sheets.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from assessments.rectification import sheet_marks, statistics
from assessments.rectification.columns import WRITTEN_DEADLINE
from assessments.rectification.deadlines import DeadlineKind
from assessments.rectification.sheet_rows import (
    COMMON_COLUMNS,
    LEDGER_COLUMNS,
    CommonRow,
    LedgerRow,
    MayMove,
    is_provisional,
    limit_cell,
    provisional_note,
)
from lawgov.calendars import Workdays
from lawgov.spreadsheets import house
from lawgov.spreadsheets.formulas import at
from lawgov.spreadsheets.lists import ListSheet
from lawgov.spreadsheets.sheet import Book, Row, Sheet

COMMON_SHEET = "共性问题清单"
_DATED = "填报时间（亮灯基准日）"

_COMMON_LEAST = 30.0  # points: eight lines on a page should not huddle at its head

FIRST_ROW = 4  # under title, unit line and header

_LEDGER: house.Table[LedgerRow] = house.Table(LEDGER_COLUMNS)
_COMMON: house.Table[CommonRow] = house.Table(COMMON_COLUMNS)


@dataclass(frozen=True, slots=True)
class LedgerHeading:
    """What stands over the tables.

    `subject` begins the titles (安和区法治政府建设专项督察). Lights compare with `reported_on`,
    never with today, so that a print stays true; `near_days` is the campaign's setting, calendar
    days. `issued_on` is the day of the letters, None when not sent. `kind` is what the issues are
    called. By `may_move` a time limit is
    provisional or not.
    """

    subject: str
    unit: str
    reported_on: date
    issued_on: date | None = None
    near_days: int = 10
    kind: str = "个性问题"
    may_move: MayMove = Workdays.standard().provisional

    @property
    def ledger(self) -> str:
        """Name of the ledger: 个性问题整改台账."""
        return f"{self.kind}整改台账"


def ledger_book(
    individual: Sequence[LedgerRow],
    common: Sequence[CommonRow],
    heading: LedgerHeading,
    *,
    created: datetime,
    more: Sequence[Sheet] = (),
) -> Book:
    """Workbook of `export_ledger`; `created` is an instant with its zone, `more` stands last."""
    ledger, sums = _ledger_and_sums(individual, heading)
    sheets = (ledger, common_sheet(common, heading), sums, *more)
    return Book(f"{heading.subject}{heading.ledger}", created, sheets)


def kind_book(
    rows: Sequence[LedgerRow],
    heading: LedgerHeading,
    *,
    created: datetime,
    issues: Sequence[CommonRow] = (),
) -> Book:
    """Workbook of one kind: a row per answer and the statistics; before them the `issues` that
    many units answer to.
    """
    listed = (common_sheet(issues, heading),) if issues else ()
    sheets = (*listed, *_ledger_and_sums(rows, heading))
    return Book(f"{heading.subject}{heading.ledger}", created, sheets)


def long_ledger(heading: LedgerHeading) -> ListSheet:
    """The same ledger where it is too long to be laid out; rows are LedgerRow.

    Its time limits have no comments, so the text as written stands in a column of its own, and
    says which of them may still move.
    """

    def written(row: LedgerRow) -> str:
        mark = "（暂定）" if is_provisional(row, heading.may_move) else ""
        return f"{row.deadline_text}{mark}"

    return ListSheet(
        title=f"{heading.subject}{heading.ledger}",
        name=heading.ledger,
        columns=(*LEDGER_COLUMNS, replace(WRITTEN_DEADLINE, value=written)),
        unit=heading.unit,
        day=heading.reported_on,
        dated=_DATED,
        split="persons",
        freeze="category",
        conditions=lambda table, first, last: sheet_marks.conditions(table, first, last, heading),
        validations=lambda table, first, last: sheet_marks.validations(table, first, last, heading),
    )


def _ledger_and_sums(rows: Sequence[LedgerRow], heading: LedgerHeading) -> tuple[Sheet, Sheet]:
    place = _place_of_ledger(len(rows), heading)
    return (
        individual_sheet(rows, heading),
        statistics.statistics_sheet(rows, heading, on=place),
    )


def individual_sheet(rows: Sequence[LedgerRow], heading: LedgerHeading) -> Sheet:
    """个性问题整改台账, a row per answer; one blank row when there is none."""
    across = _LEDGER.across
    body = [_ledger_row(row) for row in rows] or [_LEDGER.blank(height=30)]
    last = FIRST_ROW + len(body) - 1
    written = (
        house.title(f"{heading.subject}{heading.ledger}", across),
        house.context(
            f"填报单位：{heading.unit}",
            house.dated(_DATED, heading.reported_on),
            _LEDGER.place("persons"),
            across,
        ),
        _LEDGER.header(),
        *body,
        house.note(_note(rows, heading), _LEDGER.widths),
        _signature(across, 5, 8, 11),
    )
    return Sheet(
        heading.ledger,
        _LEDGER.widths,
        written,
        repeated=(3, 3),
        freeze="D4",
        filtered=f"{at(1, 3)}:{at(across, last)}",
        validations=sheet_marks.validations(_LEDGER, FIRST_ROW, last, heading),
        conditions=sheet_marks.conditions(_LEDGER, FIRST_ROW, last, heading),
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
        house.note(_common_note(rows, heading), _COMMON.widths),
        _signature(across, 4, 5, 6),
    )
    return Sheet(COMMON_SHEET, _COMMON.widths, written, repeated=(3, 3), freeze="C4")


def _ledger_row(row: LedgerRow) -> Row:
    return _LEDGER.row(row, cells={"deadline": limit_cell(row, _LEDGER.look("deadline"))})


def _common_row(row: CommonRow) -> Row:
    return _COMMON.row(
        row, least=_COMMON_LEAST, cells={"deadline": limit_cell(row, _COMMON.look("deadline"))}
    )


def _common_note(rows: Iterable[CommonRow], heading: LedgerHeading) -> str:
    says = "共性问题由所涉单位分别整改，各单位全部销号后方可销号。"
    moving = provisional_note(rows, heading.may_move)
    return f"注：1.{says}\n　　2.{moving}" if moving else f"注：{says}"


def _note(rows: Sequence[LedgerRow], heading: LedgerHeading) -> str:
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
    if moving := provisional_note((row for row in rows if not row.closed), heading.may_move):
        lines.append(f"{len(lines) + 1}.{moving}")
    return "注：" + "\n　　".join(lines)


def _signature(across: int, *starts: int) -> Row:
    """Who filled in, who checked, who answers for it, and the seal; `starts` are columns."""
    texts = ("填报人：", "审核人：", "负责人（签字）：", "（盖章）")
    firsts = (1, *starts)
    lasts = (*(start - 1 for start in starts), across)
    return house.signature(list(zip(firsts, lasts, texts, strict=True)), across)


def _place_of_ledger(rows: int, heading: LedgerHeading) -> statistics.Ledger:
    return statistics.Ledger(
        sheet=heading.ledger,
        first=FIRST_ROW,
        last=FIRST_ROW + max(rows, 1) - 1,
        unit=_LEDGER.place("units"),
        category=_LEDGER.place("category"),
        deadline=_LEDGER.place("deadline"),
        closed=_LEDGER.place("closed"),
        closed_on=_LEDGER.place("closed_on"),
        report_day=sheet_marks.report_day(_LEDGER),
    )
