"""Editions of a year over the calendar that ships: which one counts, from when on, at what cost."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lawgov.audit.models import AuditEntry
from lawgov.errors import StaleState
from lawgov.holidays.actions import enter_year
from lawgov.holidays.models import HolidayTable
from lawgov.holidays.reading import DayOff, read_days_off
from lawgov.holidays.tables import calendar_in_force, days_of, one_edition, with_year
from tests.factories import NOW
from tests.people import browser, make_cast

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

DAYS = [DayOff(date(2027, 1, 1), False, "元旦"), DayOff(date(2027, 1, 3), True, "元旦")]


@pytest.fixture
def office():
    return make_cast().office


def enter(actor, year=2027, days=DAYS, edition=0):
    return enter_year(year, days, source="通知", edition=edition, actor=actor, now=NOW)


def test_a_year_that_is_entered_is_published_with_its_make_up_days(office):
    assert calendar_in_force().provisional(date(2027, 5, 1))
    assert not calendar_in_force().is_workday(date(2027, 1, 3))
    enter(office)
    calendar = calendar_in_force()
    assert not calendar.provisional(date(2027, 5, 1))
    assert calendar.is_workday(date(2027, 1, 3))
    assert not calendar.is_workday(date(2027, 1, 1))
    assert calendar.is_workday(date(2027, 10, 1))  # estimated before, and not among the days
    assert calendar.provisional(date(2028, 1, 1))


def test_a_shipped_year_is_replaced_whole_and_its_editions_stay(office):
    assert not calendar_in_force().is_workday(date(2026, 10, 1))
    enter(office, 2026, [DayOff(date(2026, 1, 1))])
    assert calendar_in_force().is_workday(date(2026, 10, 1))
    enter(office, 2026, [DayOff(date(2026, 10, 1))], edition=1)
    assert not calendar_in_force().is_workday(date(2026, 10, 1))
    assert calendar_in_force().is_workday(date(2026, 1, 1))
    assert [table.edition for table in HolidayTable.objects.filter(year=2026)] == [2, 1]
    assert days_of(2026) == [DayOff(date(2026, 10, 1))]


def test_a_december_day_of_the_next_years_notice_counts(office):
    enter(office, 2028, read_days_off("元旦：2027年12月31日至2028年1月1日放假", 2028))
    assert not calendar_in_force().is_workday(date(2027, 12, 31))


def test_with_year_only_looks(office):
    assert with_year(2027, DAYS).is_workday(date(2027, 1, 3))
    assert not calendar_in_force().is_workday(date(2027, 1, 3))
    assert not HolidayTable.objects.exists()


def test_who_saw_an_older_edition_is_told_and_changes_nothing(office):
    enter(office)
    with pytest.raises(StaleState):
        enter(office, days=[DayOff(date(2027, 10, 1))])
    assert days_of(2027) == DAYS
    assert AuditEntry.objects.filter(verb="holidays.entered").count() == 1


def test_outside_of_requests_it_is_one_query_and_within_one_edition_none(office):
    enter(office)
    calendar_in_force()
    with CaptureQueriesContext(connection) as asked:
        calendar_in_force()
    assert len(asked) == 1
    with one_edition(), CaptureQueriesContext(connection) as asked:
        calendar_in_force()
        calendar_in_force()
    assert len(asked) == 1
    newest = HolidayTable.objects.latest("pk").pk
    with one_edition(newest), CaptureQueriesContext(connection) as asked:
        calendar_in_force()
    assert len(asked) == 0


def test_a_request_counts_by_the_edition_that_came_just_before_it(office):
    client = browser(office)
    assert client.get("/settings/calendar/?year=2027").context["provisional"]
    with CaptureQueriesContext(connection) as before:
        client.get("/settings/calendar/?year=2027")
    enter(office)
    assert not client.get("/settings/calendar/?year=2027").context["provisional"]
    with CaptureQueriesContext(connection) as after:
        client.get("/settings/calendar/?year=2027")
    assert len(after) == len(before)
