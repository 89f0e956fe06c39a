"""Who reads the list and on which day: what every row of 我的待办 is worded by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from assessments.models import UnitResponse
from assessments.rectification.queries import due_of
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action, can
from lawgov.calendars import Workdays, local_day
from lawgov.desk.deadlines import due
from lawgov.holidays.tables import calendar_in_force
from lawgov.web.dates import day_text
from lawgov.web.shown import Due


@dataclass(frozen=True)
class Reader:
    """`today` is the local day; `near` the campaign's calendar days of the yellow light."""

    actor: Actor
    today: date
    near: int

    @property
    def workdays(self) -> Workdays:
        return calendar_in_force()

    @property
    def signs(self) -> bool:
        """The reader signs for the unit what others of it have prepared."""
        return can(self.actor, Action.APPROVE)

    def work_due(self, day: date | None, text: str) -> Due | None:
        return due(day, self.today, near=self.near, text=text)

    def due_of(self, answer: UnitResponse) -> Due:
        return due_of(answer, self.today, self.near)

    def day(self, at: datetime | None) -> str:
        """The local day of an instant in words; empty for none."""
        return day_text(local_day(at), self.today) if at else ""
