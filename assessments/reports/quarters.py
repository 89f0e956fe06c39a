"""Quarters 季度 of a year, as rankings and reports count them. Pure; days are local days."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Self

from lawgov.calendars import ONE_DAY, SHANGHAI

_WRITTEN = re.compile(r"(20\d\d)Q([1-4])")
_ORDINALS = "一二三四"


@dataclass(frozen=True, order=True, slots=True)
class Quarter:
    """One quarter: `number` 1 to 4 of `year`."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """2023Q2, as addresses and commands write it; None for anything else."""
        match = _WRITTEN.fullmatch(text)
        return cls(int(match[1]), int(match[2])) if match else None

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def label(self) -> str:
        """2023年第二季度."""
        return f"{self.year}年第{_ORDINALS[self.number - 1]}季度"

    @property
    def end(self) -> date:
        month = self.number * 3
        return date(self.year, month, monthrange(self.year, month)[1])

    @property
    def previous(self) -> Quarter:
        if self.number == 1:
            return Quarter(self.year - 1, 4)
        return Quarter(self.year, self.number - 1)

    def as_of(self, today: date) -> date:
        """The day up to which it can be counted: its last, or `today` while it runs."""
        return min(self.end, today)


def quarters(first: date, today: date) -> list[Quarter]:
    """From the quarter of `first` to the running one, the latest first; at least that one."""
    found = [Quarter.of(today)]
    while found[-1] > Quarter.of(first):
        found.append(found[-1].previous)
    return found


def after(day: date) -> datetime:
    """The instant at which a local day is over."""
    return datetime.combine(day + ONE_DAY, time.min, SHANGHAI)
