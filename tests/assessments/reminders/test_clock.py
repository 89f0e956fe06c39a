"""Every edge of the clock and of the calendar, against a second implementation of the rule.

The second one is written for itself: it walks day by day, has two years of holidays typed in from
the State Council's notices, and knows nothing of the product's calendar. Robustness guide, E5.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
from django.db.models import Max

from assessments.models import PlannerRun, Reminder
from assessments.rectification.states import State
from assessments.reminders import planner
from assessments.reminders.actions import remind_by_the_clock, send_reminders
from assessments.reminders.levels import levels, owed
from lawgov.calendars import SHANGHAI, Workdays, local_day
from tests import factories
from tests.people import make_cast
from tests.tiers import amount

DAY = timedelta(days=1)
SEED = 20261121

# -- the second implementation --------------------------------------------------------------------

# (first, last) days off on weekdays or not, and the weekend days that were worked; 2023 and 2024.
OFF = [
    ("2023-01-01", "2023-01-02"), ("2023-01-21", "2023-01-27"), ("2023-04-05", "2023-04-05"),
    ("2023-04-29", "2023-05-03"), ("2023-06-22", "2023-06-24"), ("2023-09-29", "2023-10-06"),
    ("2023-12-30", "2024-01-01"), ("2024-02-10", "2024-02-17"), ("2024-04-04", "2024-04-06"),
    ("2024-05-01", "2024-05-05"), ("2024-06-10", "2024-06-10"), ("2024-09-15", "2024-09-17"),
    ("2024-10-01", "2024-10-07"),
]  # fmt: skip
WORKED = [
    "2023-01-28", "2023-01-29", "2023-04-23", "2023-05-06", "2023-06-25", "2023-10-07",
    "2023-10-08", "2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28", "2024-05-11",
    "2024-09-14", "2024-09-29", "2024-10-12",
]  # fmt: skip


def works(day: date) -> bool:
    text = day.isoformat()
    if text in WORKED:
        return True
    return day.weekday() < 5 and not any(first <= text <= last for first, last in OFF)


def expected(deadline: date, now: datetime) -> tuple[str, int, list[str]] | None:
    """(kind, days, levels) of the reminder of the local day of `now`, planned on every day."""
    today = (now.astimezone(UTC) + timedelta(hours=8)).date()
    if not works(today):
        return None
    if today <= deadline:
        left, day = 0, today
        while day < deadline:
            day += DAY
            left += works(day)
        return ("before", left, ["contact"]) if left in (7, 3, 1, 0) else None
    for overdue in range(1, (today - deadline).days + 1, 3):
        day = deadline + overdue * DAY
        while not works(day):
            day += DAY
        if day == today:
            days = (today - deadline).days
            steps = {"contact": 0, "head": 7, "office": 15, "leader": 30}
            return "overdue", days, [who for who, start in steps.items() if days >= start]
    return None


# -- the cases ------------------------------------------------------------------------------------

EDGES = [
    date(2024, 2, 29), date(2024, 3, 1), date(2023, 2, 28),  # leap day, and a year without
    date(2023, 12, 31), date(2024, 1, 1), date(2024, 1, 2),  # year end
    date(2023, 4, 23), date(2023, 10, 7), date(2024, 2, 4), date(2024, 2, 18),  # make-up days
    date(2023, 9, 29), date(2023, 10, 6), date(2024, 2, 10), date(2024, 5, 1),  # holidays
    date(2024, 6, 8), date(2024, 6, 9), date(2023, 11, 18),  # weekends
]  # fmt: skip
TIMES = [time(0, 0, 0), time(23, 59, 59), time(7, 59, 59), time(8, 0, 0), time(12, 0)]
JUMPS = [timedelta(0), timedelta(hours=2), timedelta(hours=-2), timedelta(seconds=1)]
FIRST, LAST = date(2023, 2, 15), date(2024, 11, 15)


def instants() -> Iterator[tuple[date, datetime]]:
    """All edges at all times with all jumps, and drawn ones between; (deadline, instant)."""
    random = Random(SEED)
    for edge in EDGES:
        for at in TIMES:
            for jump in JUMPS:
                now = datetime.combine(edge, at, SHANGHAI) + jump
                yield edge + DAY * random.choice((-10, -7, -4, -1, 0, 1, 2, 3, 5, 9)), now
    for _number in range(2000 - len(EDGES) * len(TIMES) * len(JUMPS)):
        today = FIRST + DAY * random.randrange((LAST - FIRST).days)
        now = datetime.combine(today, random.choice(TIMES), SHANGHAI) + random.choice(JUMPS)
        yield today + DAY * random.randint(-40, 16), now.astimezone(random.choice([UTC, SHANGHAI]))


def ours(deadline: date, now: datetime, calendar: Workdays) -> tuple[str, int, list[str]] | None:
    today = local_day(now)
    since = calendar.on_or_before(today - DAY)
    found = owed(deadline, today, calendar, since=since)
    return found and (found.kind, found.days, levels(found.kind, found.days))


def test_two_thousand_instants_agree_with_the_second_implementation():
    calendar = Workdays.standard()
    cases = list(instants())
    assert len(cases) == 2000
    wrong = [
        (deadline, now, ours(deadline, now, calendar), expected(deadline, now))
        for deadline, now in cases
        if ours(deadline, now, calendar) != expected(deadline, now)
    ]
    assert not wrong, (SEED, wrong[:5])
    told = [case for case in cases if expected(*case)]
    assert len(told) > 300, "the cases have something to tell"
    assert {level for case in told for level in expected(*case)[2]} == {
        "contact", "head", "office", "leader"
    }  # fmt: skip


def test_control_a_day_counted_in_utc_is_wrong():
    """The guard removed: the day of the instant as it is written, without Shanghai."""
    calendar = Workdays.standard()
    wrong = 0
    for deadline, now in instants():
        today = now.astimezone(UTC).date()
        found = owed(deadline, today, calendar, since=calendar.on_or_before(today - DAY))
        wrong += (found and (found.kind, found.days)) != (ours(deadline, now, calendar) or
                                                         (None,))[:2]  # fmt: skip
    assert wrong > 100


# -- a clock that jumps, with rows ----------------------------------------------------------------

STEPS = [0, -2, 2, -1, 0]  # hours by which the clock is off, one run after another


@pytest.fixture
def answers(db) -> dict[int, date]:
    """Answer → deadline, around the edges that the clock is led over."""
    cast = make_cast()
    inspection = factories.make_inspection(cast.region)
    found = {}
    for edge in EDGES[:: amount(4, 1)]:
        for days in (-7, -1, 0, 1):
            deadline = edge + DAY * days
            issue = factories.make_issue(inspection, deadline_date=deadline)
            found[factories.make_response(issue, cast.unit, State.RECTIFYING).pk] = deadline
    return found


def walk() -> list[datetime]:
    """Around midnight and the UTC day's edge of each edge, with a clock that jumps."""
    edges = sorted(EDGES[:: amount(4, 1)])
    return [
        datetime.combine(edge, at, SHANGHAI) + timedelta(hours=step)
        for edge in edges
        for at in (time(0, 0), time(8, 0))
        for step in STEPS
    ]


def told(answers: dict[int, date]) -> list[tuple[int, date, str]]:
    rows = Reminder.objects.filter(response__in=answers, status="covered")
    return list(rows.values_list("response_id", "local_day", "level"))


def test_a_clock_that_jumps_repeats_nothing_and_never_looks_back(answers):
    latest = date.min
    for now in walk():
        before = set(told(answers))
        send_reminders(now)
        fresh = set(told(answers)) - before
        assert all(day == local_day(now) for _pk, day, _level in fresh)
        assert not fresh or local_day(now) > latest, "a day that is over is not told again"
        latest = PlannerRun.objects.aggregate(last=Max("day"))["last"] or date.min
    rows = told(answers)
    assert rows
    assert len(rows) == len(set(rows))
    for pk, day, _level in rows:
        found = Reminder.objects.filter(response=pk, local_day=day, status="covered").first()
        true = (day - answers[pk]).days
        assert found.days == (-true if true > 0 else found.days)


def test_control_without_looking_at_later_days_it_looks_back(answers, monkeypatch):
    monkeypatch.setattr(planner, "is_behind", lambda region, today: False)
    with pytest.raises(AssertionError, match="a day that is over"):
        test_a_clock_that_jumps_repeats_nothing_and_never_looks_back(answers)


def test_at_night_nothing_goes_out_whatever_the_day(answers):
    for now in walk():
        if not time(8, 30) <= now.timetz().replace(tzinfo=None) < time(20, 0):
            assert not remind_by_the_clock(now)
