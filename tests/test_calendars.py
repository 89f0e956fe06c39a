"""Working days against the State Council's notices, and years not yet published."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lawgov.calendars import Workdays, local_day, published_rows


@pytest.fixture(scope="module")
def calendar() -> Workdays:
    return Workdays.standard()


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2023, 4, 14, 15, 59, 59, tzinfo=UTC), date(2023, 4, 14)),
        (datetime(2023, 4, 14, 16, 0, tzinfo=UTC), date(2023, 4, 15)),
        (datetime(2023, 12, 31, 16, 0, tzinfo=UTC), date(2024, 1, 1)),
    ],
)
def test_the_local_day_turns_at_midnight_in_shanghai(instant, day):
    assert local_day(instant) == day


def test_a_naive_instant_has_no_local_day():
    with pytest.raises(ValueError, match="time zone"):
        local_day(datetime(2023, 4, 14))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2023, 4, 22), False),  # an ordinary Saturday
        (date(2023, 4, 23), True),  # Sunday worked for the May holiday
        (date(2023, 5, 1), False),
        (date(2023, 5, 6), True),
        (date(2026, 1, 4), True),
        (date(2026, 2, 14), True),
        (date(2026, 2, 23), False),
        (date(2026, 9, 20), True),
        (date(2026, 10, 7), False),
    ],
)
def test_make_up_days_are_worked_and_holidays_are_not(calendar, day, worked):
    assert calendar.is_workday(day) is worked


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2023, 4, 14), 10, date(2023, 4, 27)),  # the sample: 23 April counts
        (date(2023, 4, 14), 3, date(2023, 4, 19)),
        (date(2023, 4, 28), 1, date(2023, 5, 4)),
        (date(2022, 7, 5), 3, date(2022, 7, 8)),
        (date(2026, 9, 18), 1, date(2026, 9, 20)),
        (date(2023, 5, 4), -1, date(2023, 4, 28)),
        (date(2023, 5, 1), 0, date(2023, 5, 1)),
    ],
)
def test_add_counts_working_days_after_the_first(calendar, start, count, end):
    assert calendar.add(start, count) == end


def test_between_undoes_add(calendar):
    start = date(2023, 1, 3)
    for count in range(1, 260, 7):
        assert calendar.between(start, calendar.add(start, count)) == count
        assert calendar.between(calendar.add(start, count), start) == -count
    assert calendar.between(start, start) == 0


def test_a_deadline_on_a_day_off_moves_to_the_working_day_before_or_after(calendar):
    assert calendar.on_or_before(date(2023, 5, 2)) == date(2023, 4, 28)
    assert calendar.on_or_after(date(2023, 5, 2)) == date(2023, 5, 4)
    assert calendar.on_or_before(date(2023, 5, 6)) == date(2023, 5, 6)


def test_an_unpublished_year_is_estimated_without_make_up_days_and_provisional(calendar):
    assert calendar.provisional(date(2027, 1, 4))
    assert not calendar.provisional(date(2026, 12, 31))
    assert not calendar.is_workday(date(2027, 1, 1))
    assert not calendar.is_workday(date(2027, 2, 8))  # spring festival, a Monday
    weekends = [
        day for n in range(365) if (day := date(2027, 1, 1) + timedelta(days=n)).weekday() >= 5
    ]
    assert not any(calendar.is_workday(day) for day in weekends)


@pytest.mark.parametrize("year", range(2027, 2041))
def test_an_estimate_grants_the_thirteen_statutory_days_whatever_falls_together(calendar, year):
    """元旦 1, 春节 4 with 除夕, 清明 1, 劳动节 2, 端午 1, 中秋 1, 国庆 3: none is lost to a weekend
    or to another festival of the same day."""
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    weekdays = [day for day in days if day.year == year and day.weekday() < 5]
    assert sum(not calendar.is_workday(day) for day in weekdays) == 13


def test_two_festivals_of_one_day_are_two_days(calendar):
    # 3 October 2028, a Tuesday, is 中秋 as well; 1 October, a Sunday, is made up for on the 4th.
    off = [day for day in range(1, 8) if not calendar.is_workday(date(2028, 10, day))]
    assert off == [1, 2, 3, 4, 5, 7]
    eve, may = date(2027, 2, 5), date(2029, 5, 2)
    assert not calendar.is_workday(eve), "除夕 since 2025"
    assert not calendar.is_workday(may), "the second day of 劳动节 since 2025"


#: From the yearly notices of the State Council, written down by hand: off, and worked on a weekend.
OFF = [
    (2004, 5, 3), (2005, 2, 9), (2008, 4, 4), (2008, 6, 9), (2009, 10, 8), (2010, 6, 14),
    (2013, 10, 7), (2014, 2, 6), (2015, 9, 3), (2015, 9, 4), (2018, 12, 31), (2019, 5, 3),
    (2020, 1, 31), (2020, 10, 8), (2023, 10, 6), (2025, 1, 28), (2025, 10, 8), (2026, 2, 23),
]  # fmt: skip
WORKED = [
    (2004, 5, 8), (2005, 2, 5), (2008, 2, 2), (2008, 5, 4), (2009, 9, 27), (2010, 6, 12),
    (2013, 1, 5), (2015, 9, 6), (2016, 2, 6), (2017, 5, 27), (2018, 12, 29), (2019, 4, 28),
    (2020, 1, 19), (2020, 6, 28), (2021, 2, 7), (2021, 9, 18), (2022, 1, 29), (2023, 4, 23),
    (2024, 2, 4), (2025, 1, 26), (2026, 1, 4), (2026, 5, 9), (2026, 9, 20), (2026, 10, 10),
]  # fmt: skip
# 除夕 was a day off by law from 2008 to 2013 and again since 2025, in between a working day.
EVES = [((2008, 2, 6), False), ((2014, 1, 30), True), ((2024, 2, 9), True),
        ((2025, 1, 28), False), ((2026, 2, 16), False)]  # fmt: skip


def test_days_of_the_notices_are_in_the_table(calendar):
    assert not [day for day in OFF if calendar.is_workday(date(*day))]
    assert not [day for day in WORKED if not calendar.is_workday(date(*day))]
    assert all(date(*day).weekday() >= 5 for day in WORKED)


@pytest.mark.parametrize(("eve", "worked"), EVES)
def test_the_eve_of_spring_festival_follows_the_law_of_its_year(calendar, eve, worked):
    assert calendar.is_workday(date(*eve)) is worked


def test_rows_of_the_table_give_the_same_calendar_and_a_new_year_ends_its_estimate(calendar):
    assert Workdays.from_rows(published_rows()) == calendar
    rows = [*published_rows(), (date(2027, 1, 1), False), (date(2027, 1, 2), True)]
    later = Workdays.from_rows(rows)
    assert later.is_workday(date(2027, 1, 2))
    assert later.is_workday(date(2027, 2, 8))  # only what the table says counts now
    assert not later.provisional(date(2027, 1, 2))


def test_every_day_of_the_seed_agrees_with_its_source(calendar):
    import chinese_calendar

    day, last = date(2004, 1, 1), date(2026, 12, 31)
    while day <= last:
        assert calendar.is_workday(day) is chinese_calendar.is_workday(day), day
        day += timedelta(days=1)
