"""Which reminder is true today: pure rules over days, without rows or clocks.

Source of the deadline's rule: decisions §5, before a deadline in working days, after it in
calendar days. The other kinds count in the same way from a day of their own; their numbers are
our defaults and a place may change them (`defaults` here, rows in ReminderRule).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from assessments.reminders.kinds import Kind, Level, Watch
from lawgov.calendars import Workdays

ONE_DAY = timedelta(days=1)
MONTH = 31  # days; no run of days off is longer, so earlier send days cannot move past it


@dataclass(frozen=True)
class Rules:
    """When and whom, of one kind of thing.

    `limit` is how long a thing may take where it has no day of its own (working days, calendar
    days for periodic reports). `before` are working days before the day, `first` and `every`
    calendar days after it (`first` 0: never after it; `every` 0: once). A level is told from so
    many days overdue on: 0 from the first reminder, None never. From `any_day_from` days overdue
    on a reminder goes out on its very day, a day off or not; None keeps to working days.
    """

    active: bool = True
    limit: int = 0
    before: tuple[int, ...] = (7, 3, 1, 0)
    first: int = 1
    every: int = 3
    head_from: int | None = 7
    office_from: int | None = 15
    leader_from: int | None = 30
    any_day_from: int | None = None

    @property
    def horizon(self) -> timedelta:
        """How far ahead a day may lie that is reminded of today, whatever the holidays."""
        return timedelta(days=2 * max(self.before, default=0) + 16)


DEFAULT = Rules()

DEFAULTS: dict[str, Rules] = {
    Watch.DEADLINE: DEFAULT,
    Watch.RECEIPT: Rules(
        limit=3, before=(0,), every=2, head_from=3, office_from=7, leader_from=None
    ),
    Watch.EVIDENCE: Rules(before=(7, 3, 1, 0), every=7, leader_from=None),
    Watch.REVIEW: Rules(limit=5, before=(), head_from=None, office_from=7, leader_from=15),
    Watch.EXTENSION: Rules(
        before=(5, 2), first=0, every=0, head_from=0, office_from=None, leader_from=None
    ),
    Watch.EXPIRING: Rules(
        before=(20, 5), first=1, every=30, head_from=31, office_from=None, leader_from=None
    ),
    Watch.PERIODIC: Rules(limit=90, before=(5, 0), every=7, leader_from=None),
}


@dataclass(frozen=True)
class Owed:
    """A reminder that is due: `days` are working days left, or calendar days overdue.

    `missed` are the earlier days on which one should have gone out and nothing was planned.
    """

    kind: str
    days: int
    missed: tuple[date, ...] = field(default=())


def owed(
    deadline: date,
    today: date,
    workdays: Workdays,
    *,
    since: date,
    rules: Rules = DEFAULT,
    told: frozenset[date] = frozenset(),
) -> Owed | None:
    """What is owed today for one deadline; None when nothing is.

    `since` is the last working day that was planned; the days after it, up to today, are made
    good by one reminder of what is true today. Nothing goes out on a day off but what may go out
    on any day; `told` are days off after `since` on which that was done.
    """
    if not rules.active:
        return None
    rest = not workdays.is_workday(today)
    days = [
        day
        for day, exempt in _send_days(deadline, today, workdays, rules, since)
        if since < day <= today and (exempt or not rest) and not (exempt and day in told)
    ]
    if not days or (rest and today not in days):
        return None
    missed = tuple(day for day in days if day < today)
    return _of_today(deadline, today, workdays, missed)


def true_today(deadline: date, today: date, workdays: Workdays) -> Owed:
    """What holds today though today is no send day, for a digest that was never sent."""
    return _of_today(deadline, today, workdays, ())


def _of_today(deadline: date, today: date, workdays: Workdays, missed: tuple[date, ...]) -> Owed:
    if today > deadline:
        return Owed(Kind.OVERDUE, (today - deadline).days, missed)
    return Owed(Kind.BEFORE, workdays_left(deadline, today, workdays), missed)


def workdays_left(deadline: date, today: date, workdays: Workdays) -> int:
    """Working days from tomorrow up to the deadline, its own day included; 0 on the day."""
    return workdays.between(today, deadline) if deadline > today else 0


def levels(kind: str, days_overdue: int, rules: Rules = DEFAULT) -> list[str]:
    """Who is told, from the contact upwards; a higher level adds to the lower ones."""
    overdue = days_overdue if kind == Kind.OVERDUE else 0
    steps = [
        (0, Level.CONTACT),
        (rules.head_from, Level.HEAD),
        (rules.office_from, Level.OFFICE),
        (rules.leader_from, Level.LEADER),
    ]
    return [level for start, level in steps if start is not None and overdue >= start]


def _send_days(
    deadline: date, today: date, workdays: Workdays, rules: Rules, since: date
) -> Iterator[tuple[date, bool]]:
    """Days up to today on which a reminder goes out, each once and none long before `since`;
    with each, whether it goes out though it be a day off."""
    last = workdays.on_or_before(deadline)
    before = {workdays.add(last, -count) for count in rules.before}
    yield from ((day, False) for day in sorted(before) if day <= today)
    sent = None
    for overdue in _overdue_days(deadline, today, rules, since):
        late = (overdue - deadline).days
        exempt = rules.any_day_from is not None and late >= rules.any_day_from
        day = overdue if exempt else workdays.on_or_after(overdue)
        if day != sent and day <= today:
            yield day, exempt
        sent = day


def _overdue_days(deadline: date, today: date, rules: Rules, since: date) -> Iterator[date]:
    """The days after the deadline by the rule's count, days off not yet considered."""
    if not rules.first:
        return
    day = deadline + timedelta(days=rules.first)
    if not rules.every:
        if day <= today:
            yield day
        return
    step = timedelta(days=rules.every)
    passed = (since - day).days - MONTH
    if passed > 0:
        day += step * (passed // rules.every)
    while day <= today:
        yield day
        day += step
