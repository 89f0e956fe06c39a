"""When an issue is due and whether it is closed, from cells of every kind."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache

from django.utils.translation import gettext as _

from assessments.rectification.ledger_cells import IssueCells
from lawgov.calendars import Workdays
from lawgov.chinese.dates import read_days
from lawgov.chinese.deadlines import NO_DEADLINE, Deadline, read_deadline, written_day
from lawgov.chinese.text import fold
from lawgov.spreadsheets.cells import Value, as_text, serial_day

_CLOSED = re.compile(
    r"是|已(?:经)?销号|[√✓✔☑]|y(?:es)?$|true$|1$|已?闭环(?!中)|完成销号|[予准同][以予意]?销号|销号(?:$|[(:,;\d完])"
)
_NOT_CLOSED = re.compile(
    r"[否未不待拟暂没尚×✗✘☒✕✖]|^[□☐]$|正在|部分|基本|申请|[改进理行号]中|^(?:no?|x|0|[/\-—]+|无)$"
)
_DONE = re.compile(r"销号|闭环|完成|办结|到位|[√✓✔☑]")
# 是☑ 否□, or the box before its word: ☑是 □否.
_BOXED = re.compile(r"[□☐☑√✓✔■]")
_BOX_FIRST = re.compile(r"[☑√✓✔■](是|否|已销号|未销号)")
_WORD_FIRST = re.compile(r"(是|否|已销号|未销号)[☑√✓✔■]")
_CLOSED_KEYS = frozenset({"closed", "closed_yes", "closed_no"})
_SERIAL = re.compile(r"[34567]\d{4}(?:\.\d+)?")
_LOST_ZERO = re.compile(r"\d{1,2}\.\d")


@dataclass(frozen=True, slots=True)
class Context:
    """What the file does not say: see `read_ledger`."""

    year: int | None
    issued_on: date | None
    workdays: Workdays
    immediate_days: int


class DayReader:
    """Deadlines and closing days in one context; deadlines of a ledger repeat, so each is kept."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._known: dict[str | date, Deadline] = {}

    def deadline(self, cells: IssueCells) -> Deadline:
        """The deadline of an issue; of several the latest, its text with it."""
        read = [self._read(value) for value in cells.all("deadline")]
        found = [deadline for deadline in read if deadline.kind != "none"]
        if not found:
            return NO_DEADLINE
        for deadline in found:
            _judge(cells, deadline)
        if len(found) == 1 and not found[0].several:
            return found[0]
        dated = {deadline.day: deadline for deadline in found if deadline.day}
        if len(dated) > 1 or any(deadline.several for deadline in found):
            cells.fault("several_deadlines", "deadline", _("写了几个完成时限，以最晚的为准"))
        latest = dated[max(dated)] if dated else found[0]
        goes_on = any(deadline.kind in ("long_term", "compound") for deadline in found)
        if goes_on and latest.kind in ("fixed", "immediate"):
            return replace(latest, kind="compound")
        return latest

    def closing(self, cells: IssueCells) -> tuple[bool | None, date | None]:
        """The closed mark and the day; several rows of one issue are closed when all are."""
        written = cells.all("closed")
        marks = [mark for value in written if (mark := closed_mark(value)) is not None]
        marks += [True for _value in cells.all("closed_yes")]
        marks += [False for _value in cells.all("closed_no")]
        closed: bool | None = bool(marks) and all(marks)
        if not marks and (written or not cells.columns.keys() & _CLOSED_KEYS):
            closed = None  # words that say neither, or no such column
        days = [day for value in cells.all("closed_on") if (day := self._closing_day(cells, value))]
        if closed and "closed_on" not in cells.columns:
            for text in cells.texts("closed"):
                days += read_days(text, year=self.context.year).ends[-1:]
        return closed, max(days, default=None)

    def _read(self, value: Value) -> Deadline:
        if isinstance(value, date):
            if value not in self._known:
                self._known[value] = written_day(value)
            return self._known[value]
        if day := _serial(value):
            return written_day(day)
        text = as_text(value)
        if isinstance(value, float) and _LOST_ZERO.fullmatch(text):
            # 4.30 typed as a number is 4.3 to the sheet: the day is lost.
            return Deadline(text, "unknown", impossible=True)
        if text not in self._known:
            self._known[text] = read_deadline(
                text,
                year=self.context.year,
                issued_on=self.context.issued_on,
                workdays=self.context.workdays,
                immediate_days=self.context.immediate_days,
            )
        return self._known[text]

    def _closing_day(self, cells: IssueCells, value: Value) -> date | None:
        """The day of closing; what is no date at all (待销号, /) is none."""
        if isinstance(value, date):
            return value.date() if isinstance(value, datetime) else value
        if day := _serial(value):
            return day
        text = as_text(value)
        found = read_days(text, year=self.context.year)
        if found.lacks:
            cells.fault("no_context", "closed_on", _lacking(text, found.lacks))
            return None
        if found.ends and not found.impossible:
            return found.ends[-1]
        if any(char.isdigit() for char in fold(text)):
            sentence = _("销号时间“%(text)s”不是真实的日期，请改，如 11月30日") % {"text": text}
            cells.fault("bad_date", "closed_on", sentence)
        return None


@lru_cache(maxsize=1024)
def closed_mark(value: Value) -> bool | None:
    """是, 已销号, √ → True; 否, 未销号, × → False; None for what says neither."""
    if isinstance(value, bool):
        return value
    text = fold(as_text(value)).casefold().strip("\"'“”‘’")
    ticked = (_BOX_FIRST if _BOXED.match(text) else _WORD_FIRST).search(text)
    if ticked:
        return ticked[1] in ("是", "已销号")
    if _CLOSED.match(text):
        return True
    if _NOT_CLOSED.search(text):
        return False
    return True if _DONE.search(text) else None


def _judge(cells: IssueCells, deadline: Deadline) -> None:
    if deadline.impossible:
        sentence = _("完成时限“%(text)s”不是真实的日期，请改，如 11月30日") % {
            "text": deadline.text
        }
        cells.fault("bad_date", "deadline", sentence)
    if deadline.lacks:
        cells.fault("no_context", "deadline", _lacking(deadline.text or "", deadline.lacks))


def _serial(value: Value) -> date | None:
    """The day of a serial number that lost its format, in a number or as text of a .csv."""
    if isinstance(value, str) and _SERIAL.fullmatch(value):
        return serial_day(float(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return serial_day(value)
    return None


def _lacking(text: str, lacks: frozenset[str]) -> str:
    if "issued_on" in lacks:
        return _("“%(text)s”从交办之日起算，缺交办日期，请先补上") % {"text": text}
    if "month" in lacks:
        return _("“%(text)s”没有写月份，请补上，如 11月30日") % {"text": text}
    return _("“%(text)s”没有写年份，缺督察年份") % {"text": text}
