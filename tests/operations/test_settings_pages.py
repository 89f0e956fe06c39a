"""The overview of the settings, and the calendar of a year."""

from __future__ import annotations

from datetime import date

import pytest

from lawgov.calendars import Workdays
from lawgov.operations.calendar.months import months
from lawgov.units.models import Liaison
from tests.factories import make_member, make_region, make_work
from tests.people import browser, make_cast


def test_months_tell_the_exceptions_and_the_working_days():
    found = months(2026, Workdays.standard())
    january, october = found[0], found[9]
    assert january.off == [date(2026, 1, 1), date(2026, 1, 2)]
    assert january.worked == [date(2026, 1, 4)]
    assert january.worked_named == [(date(2026, 1, 4), "周日")]
    assert date(2026, 10, 1) in october.off
    assert sum(month.workdays for month in found) == 248


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "year", "provisional"),
    [
        ("year=2026", 2026, False),
        ("year=2027", 2027, True),
        ("year=1", 2004, False),
        ("year=9999", 2040, True),
    ],
)
def test_a_year_not_published_is_marked(query, year, provisional):
    page = browser(make_cast().office).get(f"/settings/calendar/?{query}")
    assert (page.context["year"], page.context["provisional"]) == (year, provisional)
    assert ("还没有公布" in page.content.decode()) is provisional


@pytest.mark.django_db
def test_the_calendar_names_days_off_and_days_made_up_for():
    page = browser(make_cast().office).get("/settings/calendar/?year=2025").content.decode()
    assert '28日 <span class="small muted">周二</span>' in page  # the first day of 春节
    assert '26日 <span class="small muted">周日</span>' in page  # worked in its stead


@pytest.mark.django_db
def test_overview_says_what_is_missing():
    cast = make_cast()
    page = browser(cast.office).get("/settings/").content.decode()
    assert "2 项没人管" in page
    assert "明白人还缺 8 人" in page
    for row in cast.campaign.assignments.all():
        make_work(row, cast.unit)
    for unit in (cast.unit, cast.other_unit, cast.lead_unit):
        for number in range(3):
            Liaison.objects.create(unit=unit, name=f"第{number}人")
    context = browser(cast.office).get("/settings/").context
    assert context["open"] == 0


@pytest.mark.django_db
def test_an_empty_place_has_everything_before_it():
    context = browser(make_member("office_admin", make_region())).get("/settings/").context
    assert [step.key for step in context["steps"] if not step.begun] == [
        "units",
        "framework",
        "campaign",
        "assignments",
    ]


@pytest.mark.django_db
def test_overview_asks_few_queries(django_assert_max_num_queries):
    client = browser(make_cast().office)
    with django_assert_max_num_queries(22):
        client.get("/settings/")
