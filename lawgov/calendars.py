"""Days as offices count them: the local day, and working days 工作日 with make-up days 调休."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Self
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)


def local_day(now: datetime) -> date:
    """The day in Asia/Shanghai at an aware instant; a deadline's day ends 23:59:59 there."""
    return now.astimezone(SHANGHAI).date()


@dataclass(frozen=True)
class Workdays:
    """A calendar: weekends off, less `worked` (make-up days), plus `off` (holidays).

    Years in `published` have a table of the State Council; every other year is estimated from
    weekends and statutory days without make-up days, and what touches it is provisional.
    """

    off: frozenset[date]
    worked: frozenset[date]
    published: frozenset[int]

    @classmethod
    def from_rows(cls, rows: Iterable[tuple[date, bool]], published: Iterable[int]) -> Self:
        """From rows (day, is a working day); days not named follow the week."""
        rows = list(rows)
        return cls(
            off=frozenset(day for day, works in rows if not works),
            worked=frozenset(day for day, works in rows if works),
            published=frozenset(published),
        )

    @classmethod
    @cache
    def standard(cls) -> Self:
        """The tables of 2004 to 2026 that ship with the product, five years on estimated."""
        from chinese_calendar import holidays as known_off
        from chinese_calendar import workdays as known_worked
        from holidays import country_holidays

        published = frozenset(day.year for day in known_off)
        ahead = range(max(published) + 1, max(published) + 6)
        estimated = country_holidays("CN", years=ahead, language="zh_CN")
        return cls(
            off=frozenset(known_off) | frozenset(day for day in estimated if day.year in ahead),
            worked=frozenset(known_worked),
            published=published,
        )

    def is_workday(self, day: date) -> bool:
        if day in self.worked:
            return True
        return day.weekday() < 5 and day not in self.off

    def add(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which itself is not counted."""
        while count > 0:
            day += ONE_DAY
            count -= self.is_workday(day)
        return day

    def between(self, first: date, last: date) -> int:
        """Working days after `first` up to and with `last`; negative when `last` is earlier."""
        if last < first:
            return -self.between(last, first)
        span = (last - first).days
        return sum(self.is_workday(first + timedelta(days=step)) for step in range(1, span + 1))

    def provisional(self, day: date) -> bool:
        """Whether `day` lies in a year whose table is not published yet."""
        return day.year not in self.published
