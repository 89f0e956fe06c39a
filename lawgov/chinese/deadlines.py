"""What a deadline 完成时限 as written means: its kind and its day."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from lawgov.calendars import Workdays
from lawgov.chinese.dates import normalise, read_days
from lawgov.chinese.lists import split_numbered
from lawgov.chinese.text import clean

DeadlineKind = Literal["fixed", "immediate", "long_term", "compound", "unknown", "none"]

_LONG_TERM = re.compile(
    r"长期|持续|常态|常抓|长效|长久|永久|经常|日常|不间断|坚持不懈|每个?[月周日季]"
)
_IMMEDIATE = re.compile(
    r"立[行知查整说][立即]?[改行整]|[即边随]知[即边随]改|即[行整查][即立]?改|边[查整督][边立]改"
    r"|立即|马上|当即|即时|即刻|随即|即改|立改"
)
_DURATION = re.compile(
    r"(?:(?<![\d.])(?P<count>\d{1,3})(?P<point>\.5)?|(?<![上下])(?P<half>半))(?P<counted>个(?P<more>半)?)?(?P<unit>工作日|自然日|日历日|天|日|周|星期|月|年)"
    r"(?P<within>\s*(?:以内|之内|内))?"
)
_EACH = re.compile(r"每个?[月周季][^，,；;。]*")  # 每月5日前报送 is a rhythm, not a day
_STARTING = re.compile(r"起[算，,]?|之日|[收接]到|印发|下发|反馈|交办")

_LONGEST = 500  # characters; more is an essay, and too much for the patterns


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline: `text` as written, its `kind`, and the local `day` to whose end it runs.

    `lacks` names the context that was missing: `year` (dates without one), `month` (a bare day) or
    `issued_on` (so many days from the letter). `impossible`: a day is written that does not exist.
    `several`: more than one day is written, the latest counts. `provisional`: counted in working
    days into a year whose calendar is not published.
    """

    text: str | None
    kind: DeadlineKind
    day: date | None = None
    lacks: frozenset[str] = frozenset()
    impossible: bool = False
    several: bool = False
    provisional: bool = False


NO_DEADLINE = Deadline(None, "none")


def written_day(day: date) -> Deadline:
    """The deadline of a true date; its text is the ISO form, with the time where there is one."""
    if isinstance(day, datetime):
        clock = f" {day:%H:%M}" if day.hour or day.minute else ""
        return Deadline(f"{day:%Y-%m-%d}{clock}", "fixed", day.date())
    return Deadline(day.isoformat(), "fixed", day)


def read_deadline(
    text: str,
    *,
    year: int | None = None,
    issued_on: date | None = None,
    workdays: Workdays | None = None,
    immediate_days: int = 7,
) -> Deadline:
    """What a deadline as written means.

    A range counts to its last day. `3个工作日内`, `15日内`, `3个月内` count from `issued_on` or
    from the day named before 起, the first day not counted, months clamped to their last day.
    立行立改 without a date of its own is `immediate`: so many days as it says, else `issued_on`
    and `immediate_days` calendar days. A day or 立行立改 together with 长期坚持 is `compound`,
    长期坚持 alone `long_term` without a day. Anything else (限时, 近期) is `unknown`.

    Source: domain guide §9; the days of 立行立改 are our default, a campaign setting.
    """
    text = clean(text)
    if not text:
        return NO_DEADLINE
    if len(text) > _LONGEST:
        return Deadline(text, "unknown")
    context = _Context(year, issued_on, workdays or Workdays.standard())
    found = _Found()
    for item in split_numbered(text):
        _read_part(normalise(_EACH.sub("", item)), context, found)
    long_term = bool(_LONG_TERM.search(text))
    immediate = bool(_IMMEDIATE.search(text))
    if found.impossible:
        return Deadline(text, "unknown", impossible=True)
    if not found.days and not found.lacks and immediate:
        if issued_on is None:
            found.lacks.add("issued_on")
        else:
            found.days.append(issued_on + timedelta(days=immediate_days))
        kind: DeadlineKind = "compound" if long_term else "immediate"
    elif found.days or found.lacks:
        at_once = immediate and found.only_counted  # 立即整改，3日内
        kind = "compound" if long_term else "immediate" if at_once else "fixed"
    else:
        return Deadline(text, "long_term" if long_term else "unknown")
    day = None if found.lacks else max(found.days)
    return Deadline(
        text,
        kind,
        day,
        lacks=frozenset(found.lacks),
        several=len(set(found.days)) > 1,
        provisional=found.counted and day is not None and context.workdays.provisional(day),
    )


@dataclass(frozen=True, slots=True)
class _Context:
    year: int | None
    issued_on: date | None
    workdays: Workdays


class _Found:
    """What the parts of a text have given so far."""

    def __init__(self) -> None:
        self.days: list[date] = []
        self.lacks: set[str] = set()
        self.impossible = False
        self.counted = False  # in working days
        self.only_counted = True  # no date is written


def _read_part(text: str, context: _Context, found: _Found) -> None:
    """Add the days of one part: what is counted first, then what is written as a date."""
    match = next((m for m in _DURATION.finditer(text) if _is_duration(m)), None)
    if match:
        before, text = text[: match.start()], text[match.end() :]
        base = context.issued_on
        if _STARTING.search(before):
            start = read_days(before.replace("起", ""), year=context.year)
            found.impossible |= start.impossible
            found.lacks |= start.lacks
            base = start.ends[-1] if start.ends else base
        else:
            text = f"{before} {text}"
        if base is None:
            found.lacks.add("issued_on")
        else:
            found.days.append(_after(base, match, context.workdays))
            found.counted |= match["unit"] == "工作日"
    written = read_days(text, year=context.year, anchor=context.issued_on)
    found.only_counted &= not written.found
    found.days += written.ends
    found.lacks |= written.lacks
    found.impossible |= written.impossible


def _is_duration(match: re.Match[str]) -> bool:
    """`15日内` and `60日` but not `15日前`; `3个月` but not `3月`; `1年内` but not `2023年`."""
    if match["unit"] in ("日", "年"):
        no_day = match["unit"] == "日" and int(match["count"] or 0) > 31
        return bool(match["within"] or match["half"] or no_day)
    return match["unit"] != "月" or bool(match["counted"])


def _after(base: date, match: re.Match[str], workdays: Workdays) -> date:
    unit = match["unit"]
    if match["half"]:
        return base + timedelta(days=15) if unit == "月" else _add_months(base, 6)
    count = int(match["count"])
    if unit == "工作日":
        return workdays.add(base, count)
    if unit == "月":
        half = timedelta(days=15 if match["more"] or match["point"] else 0)
        return _add_months(base, count) + half
    if unit == "年":
        return _add_months(base, count * 12)
    return base + timedelta(days=count * (7 if unit in ("周", "星期") else 1))


def _add_months(day: date, count: int) -> date:
    """31 January and one month is the last of February."""
    years, month = divmod(day.month - 1 + count, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
