"""Days: the local day, and working days 工作日 with the make-up days 调休 of the State Council.

Rules only. Which days are off or worked is data: a published year comes from rows, a year that is
not yet published is estimated and its dates are provisional.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
from chinese_calendar import constants

SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)


def local_day(now: datetime) -> date:
    """The day in Asia/Shanghai of an instant; ValueError for a naive one."""
    if now.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return now.astimezone(SHANGHAI).date()


@dataclass(frozen=True, slots=True)
class Workdays:
    """The calendar of working days: exceptions to Monday-Friday, and the years they are known for.

    `off` are weekdays (or weekend days) without work, `worked` are make-up days on a weekend. A
    year outside `published` has its statutory days estimated and no make-up days.
    """

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    published: frozenset[int] = field(default=frozenset())

    @classmethod
    def from_rows(
        cls, rows: Iterable[tuple[date, bool]], published: Iterable[int] | None = None
    ) -> Workdays:
        """From one (day, is it worked) a row, the table's shape.

        Without `published` a year counts as published when it has at least one day off: no
        Chinese year is without one.
        """
        off: set[date] = set()
        worked: set[date] = set()
        for day, is_worked in rows:
            (worked if is_worked else off).add(day)
        years = {day.year for day in off} if published is None else published
        return cls(frozenset(off), frozenset(worked), frozenset(years))

    @classmethod
    def standard(cls) -> Workdays:
        """The published years that ship with the product: 2004 to 2026."""
        return _standard()

    @classmethod
    def with_entered(cls, entered: Mapping[int, Iterable[tuple[date, bool]]]) -> Workdays:
        """The shipped years, each of them replaced whole by the rows entered for that year.

        Rows may name days of the December before: New Year's days off may begin there.
        """
        if not entered:
            return cls.standard()
        rows = {day: worked for day, worked in published_rows() if day.year not in entered}
        for _year, days in sorted(entered.items()):
            rows |= dict(days)
        return cls.from_rows(rows.items())

    def is_workday(self, day: date) -> bool:
        if day in self.worked:
            return True
        if day.weekday() >= 5 or day in self.off:
            return False
        return day.year in self.published or day not in _estimated_days_off(day.year)

    def add(self, day: date, count: int) -> date:
        """The day `count` working days after `day`, which itself is not counted.

        Negative counts go back, 0 gives `day` itself, working day or not.
        OverflowError beyond the calendar.

        Source: domain guide §9 (first day not counted), as in civil procedure.
        """
        step = ONE_DAY if count >= 0 else -ONE_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative when `end` lies before."""
        if end < start:
            return -sum(self.is_workday(end + ONE_DAY * n) for n in range((start - end).days))
        return sum(self.is_workday(start + ONE_DAY * (n + 1)) for n in range((end - start).days))

    def on_or_before(self, day: date) -> date:
        """`day` itself when worked, else the last working day before it."""
        return day if self.is_workday(day) else self.add(day, -1)

    def on_or_after(self, day: date) -> date:
        """`day` itself when worked, else the next working day."""
        return day if self.is_workday(day) else self.add(day, 1)

    def provisional(self, day: date) -> bool:
        """True while the year of `day` is not published: a count up to it may still move."""
        return day.year not in self.published


def published_rows() -> list[tuple[date, bool]]:
    """(day, is it worked) for 2004 to 2026, by day: the seed of the calendar's table.

    Source: the State Council's yearly notices as kept by chinesecalendar.
    """
    rows = [(day, False) for day in constants.holidays]
    rows += [(day, True) for day in constants.workdays]
    return sorted(rows)


@cache
def _standard() -> Workdays:
    return Workdays.from_rows(published_rows())


#: Festivals 法定节日 of fixed days, and the names under which `holidays` knows the others.
FIXED_FEASTS = {"元旦": (1, 1), "劳动节": (5, 1), "国庆节": (10, 1)}
_MOVING_FEASTS = {
    "春节": "Chinese New Year (Spring Festival)",
    "清明节": "Tomb-Sweeping Day",
    "端午节": "Dragon Boat Festival",
    "中秋节": "Mid-Autumn Festival",
}
FEASTS = (*FIXED_FEASTS, *_MOVING_FEASTS)


@cache
def feast(name: str, year: int) -> date | None:
    """The day of a statutory festival of FEASTS itself, whenever the days off around it begin.

    None where it was not statutory yet, or the lunar calendar is not known.
    """
    if name in FIXED_FEASTS:
        return date(year, *FIXED_FEASTS[name])
    known = holidays.country_holidays("CN", years=[year], language="en_US")
    wanted = _MOVING_FEASTS[name]
    return min((day for day, said in known.items() if wanted in said), default=None)


@cache
def _estimated_days_off(year: int) -> frozenset[date]:
    """Statutory days of a year not yet published; `holidays` knows the lunar ones.

    Thirteen working days since 2025 (除夕 and 2 May are new): one that falls on a weekend is made
    up for behind it. So is one that meets another festival on one day, as 中秋 and 国庆 do in 2028.

    Source: 全国年节及纪念日放假办法, as revised in 2024.
    """
    known = holidays.country_holidays("CN", years=[year])
    off = set(known)
    for day in sorted(known):
        if day.weekday() < 5 and len(known.get_list(day)) > 1:
            off.add(next(free for free in _weekdays_after(day) if free not in off))
    return frozenset(off)


def _weekdays_after(day: date) -> Iterator[date]:
    while True:
        day += ONE_DAY
        if day.weekday() < 5:
            yield day
