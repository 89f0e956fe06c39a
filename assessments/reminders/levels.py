"""Which reminder is true today: pure rules over days, without rows or clocks.

Source of all of it: decisions §5. Before a deadline in working days, after it in calendar days.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from assessments.reminders.models import Reminder
from lawgov.calendars import Workdays

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Rules:
    """When and whom: `before` in working days, the rest in calendar days overdue."""

    before: tuple[int, ...] = (7, 3, 1, 0)
    first: int = 1
    every: int = 3
    head_from: int = 7
    office_from: int = 15
    leader_from: int = 30


DEFAULT = Rules()


@dataclass(frozen=True)
class Owed:
    """A reminder that is due: `days` are working days left, or calendar days overdue.

    `missed` are the earlier days on which one should have gone out and nothing was planned.
    """

    kind: str
    days: int
    missed: tuple[date, ...] = field(default=())


def owed(
    deadline: date, today: date, workdays: Workdays, *, since: date, rules: Rules = DEFAULT
) -> Owed | None:
    """What is owed today for one deadline; None when nothing is.

    `since` is the last day that was planned; the days after it, up to today, are made good by
    one reminder of what is true today. Nothing goes out on a day off.
    """
    if not workdays.is_workday(today):
        return None
    days = [day for day in _send_days(deadline, today, workdays, rules) if since < day <= today]
    if not days:
        return None
    missed = tuple(day for day in days if day < today)
    if today > deadline:
        return Owed(Reminder.Kind.OVERDUE, (today - deadline).days, missed)
    return Owed(Reminder.Kind.BEFORE, workdays_left(deadline, today, workdays), missed)


def workdays_left(deadline: date, today: date, workdays: Workdays) -> int:
    """Working days from tomorrow up to the deadline, its own day included; 0 on the day."""
    return sum(1 for day in _days(today + ONE_DAY, deadline) if workdays.is_workday(day))


def levels(kind: str, days_overdue: int, rules: Rules = DEFAULT) -> list[str]:
    """Who is told, from the contact upwards; a higher level adds to the lower ones."""
    if kind != Reminder.Kind.OVERDUE:
        return [Reminder.Level.CONTACT]
    steps = [
        (0, Reminder.Level.CONTACT),
        (rules.head_from, Reminder.Level.HEAD),
        (rules.office_from, Reminder.Level.OFFICE),
        (rules.leader_from, Reminder.Level.LEADER),
    ]
    return [level for start, level in steps if days_overdue >= start]


def _send_days(deadline: date, today: date, workdays: Workdays, rules: Rules) -> Iterator[date]:
    """Working days up to today on which a reminder goes out, in order, each once."""
    last = deadline if workdays.is_workday(deadline) else _workday_before(deadline, workdays)
    before = {_back(last, count, workdays) for count in rules.before}
    yield from sorted(day for day in before if day <= today)
    sent = None
    overdue = deadline + timedelta(days=rules.first)
    while overdue <= today:
        day = overdue
        while not workdays.is_workday(day):
            day += ONE_DAY
        if day != sent and day <= today:
            yield day
        sent = day
        overdue += timedelta(days=rules.every)


def _workday_before(day: date, workdays: Workdays) -> date:
    day -= ONE_DAY
    while not workdays.is_workday(day):
        day -= ONE_DAY
    return day


def _back(day: date, count: int, workdays: Workdays) -> date:
    for _step in range(count):
        day = _workday_before(day, workdays)
    return day


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY
