"""What the cells of one issue say: text, units, measures, deadline, closed mark; and faults."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from assessments.rectification.ledger_rows import Draft, cell_of
from assessments.rectification.ledger_types import IssueRow, Problem
from lawgov.calendars import Workdays
from lawgov.chinese.dates import read_days
from lawgov.chinese.deadlines import NO_DEADLINE, Deadline, read_deadline, written_day
from lawgov.chinese.lists import split_numbered, split_persons, split_units
from lawgov.chinese.numerals import item_number
from lawgov.chinese.text import fold
from lawgov.spreadsheets.cells import Value, as_text, is_error, serial_day
from lawgov.spreadsheets.grid import Grid, letters

_DITTO = frozenset({"同上", "〃", "″", "〞", "同前"})
_CLOSED = re.compile(
    r"(?:是|已销号|已经销号|√|✓|✔|☑|y|yes|true|1|已闭环|闭环|完成销号|[予准同]?[以予意]?销号)"
)
_NOT_CLOSED = re.compile(r"[否未不待拟暂没尚×✗✘☒n]|正在|部分|申请|整改中|推进中|办理中|进行中")
_DONE = re.compile(r"销号|闭环|完成|办结|到位|√|✓|✔|☑")
_TICKED = re.compile(r"[☑√✓✔■]\s*(是|否|已销号|未销号)|(是|否|已销号|未销号)\s*[☑√✓✔■]")
_CAPTION = re.compile(r"(牵头|主办|主责|责任|配合|协办|承办)(?:单位|部门)?\s*[:：]")
_PERSON = re.compile(r"[\u4e00-\u9fff·]{2,4}")
_UNIT = re.compile(
    r"局|委|办|院|厅|部|处|科|所|站|队|社|会|中心|公司|政府|街道|镇|乡|村|组|联|校|集团|单位|部门"
)


@dataclass(frozen=True, slots=True)
class Context:
    """What the file does not say: see `read_ledger`."""

    year: int | None
    issued_on: date | None
    workdays: Workdays
    immediate_days: int


class IssueReader:
    """Reads the issues of one sheet in order; `problems` grows as it goes."""

    def __init__(self, grid: Grid, context: Context, *, unit: str | None) -> None:
        self.grid = grid
        self.context = context
        self.unit = unit  # for sheets without a column of units
        self.problems: list[Problem] = []
        self._before: dict[str, list[Value]] = {}

    def read(self, draft: Draft) -> IssueRow:
        cells = _Cells(self, draft)
        number = item_number(as_text(cells.first("number")))
        sub = item_number(as_text(cells.first("sub_number")))
        text = cells.joined("text")
        if not text:
            cells.fault("missing_text", "text", _("没有问题内容"))
        lead, units, persons = self._people(cells)
        deadline = self._deadline(cells)
        closed, closed_on = self._closing(cells)
        self._note_rows(draft)
        row = IssueRow(
            sheet=self.grid.name,
            row=draft.row,
            number=number,
            kind=draft.kind,
            category=self._category(cells),
            text=text or "",
            requirement=cells.joined("requirement"),
            goal=cells.joined("goal"),
            measures=[m for value in cells.all("measures") for m in _measures(as_text(value))],
            lead_units=lead,
            units=units,
            responsible_persons=persons,
            deadline_text=deadline.text,
            deadline_kind=deadline.kind,
            deadline_date=deadline.day,
            progress=cells.joined("progress"),
            evidence=cells.joined("evidence"),
            closed=closed,
            closed_date=closed_on,
            remark=cells.joined("remark"),
        )
        self._before = cells.values
        return replace(row, number=row.number or sub) if sub else row

    def _category(self, cells: _Cells) -> str | None:
        if "category" in cells.draft.header.columns:
            return as_text(cells.first("category")) or None
        return cells.draft.chapter

    # -- units and persons ----------------------------------------------------------------------

    def _people(self, cells: _Cells) -> tuple[list[str], list[str], list[str]]:
        columns = cells.draft.header.columns
        lead = _unique(n for value in cells.all("lead_units") for n in split_units(as_text(value)))
        units: list[str] = []
        for value in cells.all("units"):
            leads, others = _by_role(as_text(value))
            units += others
            lead = lead if "lead_units" in columns else [*lead, *leads]
            if leads and not others:
                units += leads
        persons = [n for value in cells.all("persons") for n in split_persons(as_text(value))]
        for value in cells.all("units_and_persons"):
            for name in split_units(as_text(value)):
                unit, person = _unit_and_person(name)
                units += unit
                persons += person
        units = _unique(units)
        if not units:
            units = self._units_of_sheet(cells, lead)
        return _unique(lead), units, _unique(persons)

    def _units_of_sheet(self, cells: _Cells, lead: list[str]) -> list[str]:
        """Without a column of units: the leading unit, a heading, the fill-in line, the sheet."""
        columns = cells.draft.header.columns
        if "units" in columns or "units_and_persons" in columns:
            key = "units" if "units" in columns else "units_and_persons"
            cells.fault("missing_unit", key, _("没有责任单位"))
            return []
        if lead:
            return lead
        chapter = cells.draft.chapter
        if chapter and _is_unit_name(chapter):
            return [chapter]
        return [cells.draft.unit or self.unit or self.grid.name]

    # -- days -----------------------------------------------------------------------------------

    def _deadline(self, cells: _Cells) -> Deadline:
        """The deadline; of several the latest, its text with it."""
        found = [self._read_deadline(value) for value in cells.all("deadline")]
        found = [deadline for deadline in found if deadline.kind != "none"]
        if not found:
            return NO_DEADLINE
        for deadline in found:
            self._judge_deadline(cells, deadline)
        dated = [deadline for deadline in found if deadline.day]
        if len({deadline.day for deadline in dated}) > 1 or any(d.several for d in found):
            cells.fault("several_deadlines", "deadline", _("写了几个完成时限，以最晚的为准"))
        latest = max(dated, key=lambda deadline: deadline.day) if dated else found[0]
        goes_on = any(deadline.kind in ("long_term", "compound") for deadline in found)
        if goes_on and latest.kind in ("fixed", "immediate"):
            return replace(latest, kind="compound")
        return latest

    def _read_deadline(self, value: Value) -> Deadline:
        if isinstance(value, date):
            return written_day(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            day = serial_day(value)
            if day:
                return written_day(day)
            if isinstance(value, float) and re.fullmatch(r"\d{1,2}\.\d", f"{value:g}"):
                # 4.30 typed as a number is 4.3 to the sheet: the day is lost.
                return Deadline(as_text(value), "unknown", impossible=True)
        context = self.context
        return read_deadline(
            as_text(value),
            year=context.year,
            issued_on=context.issued_on,
            workdays=context.workdays,
            immediate_days=context.immediate_days,
        )

    def _judge_deadline(self, cells: _Cells, deadline: Deadline) -> None:
        if deadline.impossible:
            sentence = _("完成时限“%(text)s”不是真实的日期") % {"text": deadline.text}
            cells.fault("bad_date", "deadline", sentence)
        if deadline.lacks:
            cells.fault("no_context", "deadline", _lacking(deadline.text or "", deadline.lacks))

    def _closing(self, cells: _Cells) -> tuple[bool | None, date | None]:
        """The closed mark and the day; several rows of one issue are closed when all are."""
        marks = [mark for value in cells.all("closed") if (mark := closed_mark(value)) is not None]
        columns = cells.draft.header.columns
        for key, mark in (("closed_yes", True), ("closed_no", False)):
            marks += [mark for value in cells.all(key) if as_text(value)]
        has_column = {"closed", "closed_yes", "closed_no"} & columns.keys()
        unclear = any(as_text(value) for value in cells.all("closed")) and not marks
        closed = None if not has_column or unclear else bool(marks) and all(marks)
        days = [day for value in cells.all("closed_on") if (day := self._day(cells, value))]
        if closed and "closed_on" not in columns:
            written = [read_days(as_text(v), year=self.context.year) for v in cells.all("closed")]
            days += [day for found in written for day in found.ends[-1:]]
        return closed, max(days, default=None)

    def _day(self, cells: _Cells, value: Value) -> date | None:
        """The day of closing; what is no date at all (待销号, /) is none."""
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        if isinstance(value, int | float) and (day := serial_day(value)):
            return day
        text = as_text(value)
        found = read_days(text, year=self.context.year)
        if found.ends and not found.lacks:
            return found.ends[-1]
        if found.lacks:
            cells.fault("no_context", "closed_on", _lacking(text, found.lacks))
        elif any(char.isdigit() for char in fold(text)):
            sentence = _("销号时间“%(text)s”不是真实的日期") % {"text": text}
            cells.fault("bad_date", "closed_on", sentence)
        return None

    def _note_rows(self, draft: Draft) -> None:
        for row in draft.rows:
            if row in self.grid.facts.hidden_rows:
                message = _("这一行在表格中是隐藏的，已照常读取")
                self.problems.append(Problem(self.grid.name, row, None, "hidden_row", message))


class _Cells:
    """The cells of one issue by column key: the first row's, then those that add to it."""

    def __init__(self, reader: IssueReader, draft: Draft) -> None:
        self.reader = reader
        self.draft = draft
        self.values = {key: list(self._values(key)) for key in draft.header.columns}

    def first(self, key: str) -> Value:
        return next(iter(self.all(key)), None)

    def all(self, key: str) -> list[Value]:
        return self.values.get(key, [])

    def joined(self, key: str) -> str | None:
        """All texts of a column, each once, a line each; None for nothing."""
        return "\n".join(_unique(as_text(value) for value in self.all(key))) or None

    def fault(self, code: str, key: str, message: str, row: int | None = None) -> None:
        column = self.draft.header.columns.get(key)
        name = letters(column) if column else None
        place = self.draft.row if row is None else row
        self.reader.problems.append(Problem(self.reader.grid.name, place, name, code, message))

    def _values(self, key: str) -> Iterator[Value]:
        grid, header = self.reader.grid, self.draft.header
        for row in self.draft.rows:
            place = cell_of(grid, header, row, key)
            if place is None:
                continue
            if self._is_fault(key, *place):
                continue
            value = grid.value(*place) if row == self.draft.row else grid.own(*place)
            if value is None or not as_text(value):
                continue
            if as_text(value) in _DITTO:
                yield from self.reader._before.get(key, [])
            else:
                yield value

    def _is_fault(self, key: str, row: int, column: int) -> bool:
        """A formula's error, or a formula whose result was never stored."""
        grid = self.reader.grid
        if (row, column) in grid.facts.errors or is_error(grid.own(row, column)):
            self.fault("formula_error", key, _("单元格里的公式出错"), row)
            return True
        if (row, column) in grid.facts.uncomputed:
            message = _("单元格里的公式没有结果，请用表格软件打开并保存一次")
            self.fault("formula_error", key, message, row)
            return True
        return False


def closed_mark(value: Value) -> bool | None:
    """是, 已销号, √ → True; 否, 未销号, × → False; None for what says neither."""
    if isinstance(value, bool):
        return value
    text = fold(as_text(value)).casefold()
    if ticked := _TICKED.search(text):
        return (ticked[1] or ticked[2]) in ("是", "已销号")
    if _CLOSED.match(text):
        return True
    if text == "0" or _NOT_CLOSED.search(text):
        return False
    return True if _DONE.search(text) else None


def _measures(text: str) -> list[str]:
    found = split_numbered(text)
    return [measure for measure in found if measure.strip("/-—－ ")]


def _by_role(text: str) -> tuple[list[str], list[str]]:
    """Leading units and the others of a cell that names roles: 牵头单位：甲；配合单位：乙、丙."""
    marks = list(_CAPTION.finditer(text))
    if not marks:
        return [], split_units(text)
    lead: list[str] = []
    others = split_units(text[: marks[0].start()])
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    for mark, end in zip(marks, ends, strict=True):
        names = split_units(text[mark.end() : end])
        (lead if mark[1] in ("牵头", "主办", "主责") else others).extend(names)
    return lead, others


def _unit_and_person(name: str) -> tuple[list[str], list[str]]:
    """区司法局 张某 or 区司法局（张某）from a column that holds both."""
    unit, person = [], []
    for part in re.split(r"[\s（()）:：]+", name):
        if not part:
            continue
        is_person = _PERSON.fullmatch(part) and not _UNIT.search(part)
        (person if is_person else unit).append(part)
    return unit, person


def _is_unit_name(text: str) -> bool:
    return len(text) <= 20 and bool(re.search(rf"(?:{_UNIT.pattern})$", text))


def _lacking(text: str, lacks: frozenset[str]) -> str:
    if "issued_on" in lacks:
        return _("“%(text)s”从交办之日起算，缺交办日期") % {"text": text}
    if "month" in lacks:
        return _("“%(text)s”没有写月份") % {"text": text}
    return _("“%(text)s”没有写年份，缺督察年份") % {"text": text}


def _unique(names) -> list[str]:
    return list(dict.fromkeys(name for name in names if name))
