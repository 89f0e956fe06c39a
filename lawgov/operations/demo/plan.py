"""What a demo is asked to be; everything in it is counted from its `today`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from lawgov.calendars import SHANGHAI

LETTER_AGE = 45  # days before today on which the letters went out; decisions §6


@dataclass(frozen=True)
class Plan:
    """What is asked for; `issues` counts individual issues of one place."""

    today: date
    seed: int = 1
    issues: int = 204

    def at(self, days_ago: int, hour: int = 9) -> datetime:
        return datetime.combine(self.today - timedelta(days=days_ago), time(hour), SHANGHAI)

    @property
    def letter(self) -> date:
        return self.today - timedelta(days=LETTER_AGE)
