"""Which reminder is true on which day; the cases are worked out by hand from the rule."""

from datetime import date, timedelta

import pytest

from assessments.reminders.levels import levels, owed
from lawgov.calendars import Workdays

CALENDAR = Workdays.standard()


def on(deadline: date, today: date, since: date | None = None):
    since = since or today - timedelta(days=1)
    found = owed(deadline, today, CALENDAR, since=since)
    return (found.kind, found.days) if found else None


# Friday 20 November 2026; no holiday from there to the end of the year.
@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 11, 11), ("before", 7)),
        (date(2026, 11, 12), None),
        (date(2026, 11, 17), ("before", 3)),
        (date(2026, 11, 19), ("before", 1)),
        (date(2026, 11, 20), ("before", 0)),
        (date(2026, 11, 21), None),  # overdue by one day, but a Saturday
    ],
)
def test_before_a_deadline_counts_working_days(today, expected):
    assert on(date(2026, 11, 20), today) == expected


def test_first_overdue_day_on_a_weekend_goes_out_on_monday():
    # Sunday's planning of a place does nothing, so Friday is the last day that was planned.
    assert on(date(2026, 11, 20), date(2026, 11, 23), since=date(2026, 11, 20)) == ("overdue", 3)
    assert on(date(2026, 11, 20), date(2026, 11, 24)) == ("overdue", 4)


def test_make_up_sunday_is_a_working_day():
    # 23 April 2023 was a Sunday on which offices worked.
    assert on(date(2023, 4, 23), date(2023, 4, 23)) == ("before", 0)


def test_deadline_on_a_day_off_counts_from_the_working_day_before():
    # Sunday 22 November: the day-itself reminder goes out on Friday, with no working day left.
    assert on(date(2026, 11, 22), date(2026, 11, 20)) == ("before", 0)


def test_two_overdue_days_that_fall_on_one_working_day_become_one():
    # Deadline 29 September 2026: overdue days 4 and 7 (3 and 6 October) both lie in the holiday.
    deadline, back = date(2026, 9, 29), date(2026, 10, 8)
    found = owed(deadline, back, CALENDAR, since=date(2026, 9, 30))
    assert (found.kind, found.days, found.missed) == ("overdue", 9, ())


def test_days_of_silence_are_made_good_by_one_reminder_and_named():
    # Planned last on Monday 16 November; the planner comes back on Friday the 20th.
    found = owed(date(2026, 11, 14), date(2026, 11, 20), CALENDAR, since=date(2026, 11, 16))
    assert (found.kind, found.days) == ("overdue", 6)
    assert found.missed == (date(2026, 11, 18),)  # overdue day 4


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (1, ["contact"]),
        (6, ["contact"]),
        (7, ["contact", "head"]),
        (15, ["contact", "head", "office"]),
        (30, ["contact", "head", "office", "leader"]),
    ],
)
def test_levels_add_people(days, expected):
    assert levels("overdue", days) == expected


def test_before_the_deadline_only_the_contact_is_told():
    assert levels("before", 7) == ["contact"]
