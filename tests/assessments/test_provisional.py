"""A deadline counted into a year that is not published says so wherever it is shown, until then.

Every surface is one row of SURFACES: what a reader of it sees of the one answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO

import icalendar
import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from assessments.models import UnitResponse
from assessments.rectification import exporting
from assessments.rectification.exported_rows import ledger_rows
from assessments.rectification.sheets import kind_book, long_ledger
from assessments.reminders.actions import send_reminders
from assessments.reminders.digest import persons_message
from indicators.models import Phase
from lawgov.calendars import SHANGHAI
from lawgov.desk.campaigns import running
from lawgov.desk.dashboard.queries import dashboard
from lawgov.holidays.actions import enter_year
from lawgov.holidays.reading import DayOff
from lawgov.notifications.channels.robots import markdown, plain_text
from lawgov.spreadsheets.lists import list_book
from lawgov.spreadsheets.writer import write
from tests import factories
from tests.people import browser, make_lone_cast

pytestmark = pytest.mark.django_db

#: Fifteen working days after the letter, in the estimated calendar of 2027.
LETTER, DAY = date(2026, 12, 25), date(2027, 1, 18)
BEFORE = datetime(2027, 1, 13, 9, 0, tzinfo=SHANGHAI)  # a Wednesday, three working days before
MARK = "暂定"


@pytest.fixture
def cast():
    return make_lone_cast()


@pytest.fixture
def answer(cast) -> UnitResponse:
    inspection = factories.make_inspection(cast.region, issued_on=LETTER)
    text = "15个工作日内"
    issue = factories.make_issue(inspection, deadline_text=text, deadline_date=DAY)
    fields = {"deadline_text": text, "deadline_kind": "fixed", "deadline_date": DAY}
    return factories.make_response(issue, cast.unit, "rectifying", **fields)


def page(url: str) -> Callable:
    return lambda cast, row: browser(cast.office).get(url.format(row=row)).content.decode()


def mailed(cast, row) -> str:
    mail.outbox.clear()
    send_reminders(BEFORE)
    letter = mail.outbox[0]
    return letter.body if MARK in letter.alternatives[0][0] else ""


def told(write: Callable) -> Callable:
    def text(cast, row) -> str:
        send_reminders(BEFORE)
        return write(persons_message(cast.editor.user, cast.region, BEFORE.date()))

    return text


def calendar(cast, row) -> str:
    made = browser(cast.editor).post("/notices/calendar/", follow=True).content.decode()
    path = re.search(r"(/feeds/[\w-]+\.ics)", made)[1]
    read = icalendar.Calendar.from_ical(Client().get(path).content)
    (event,) = read.walk("VEVENT")
    return str(event["SUMMARY"]) if event["STATUS"] == "TENTATIVE" else ""


def sheet_text(book) -> str:
    target = BytesIO()
    write(book, target)
    return str([[*each.values] for each in load_workbook(target).worksheets])


def ledger_sheet(cast, row) -> str:
    answers = UnitResponse.objects.all()
    today = timezone.now().date()
    book = exporting.ledger_workbook(
        cast.region, answers, cast.office, today=today, created=timezone.now()
    )
    return sheet_text(book)


def long_sheet(cast, row) -> str:
    heading = exporting.heading_of(cast.region, cast.office, date(2027, 1, 4))
    rows = list(ledger_rows(UnitResponse.objects.all()))
    return sheet_text(list_book(long_ledger(heading), rows, created=timezone.now()))


def common_sheet(cast, row) -> str:
    heading = exporting.heading_of(cast.region, cast.office, date(2027, 1, 4))
    row.issue.kind = "common"
    row.issue.save()
    issues = exporting.common_rows_of(UnitResponse.objects.all())
    return sheet_text(kind_book([], heading, created=timezone.now(), issues=issues))


def in_json(url: str, key: str) -> Callable:
    """The flag of an endpoint as the mark."""

    def text(cast, row) -> str:
        found = browser(cast.office).get(url.format(row=row)).json()
        rows = found if isinstance(found, dict) and key in found else found["rows"][0]
        return MARK if rows[key] is True else ""

    return text


def leaders_screen(cast, row) -> str:
    Phase.objects.filter(campaign=cast.campaign, code="submit").delete()
    days = {"starts_on": DAY, "ends_on": DAY}
    Phase.objects.create(campaign=cast.campaign, number=9, code="submit", **days)
    screen = dashboard(cast.leader, running(cast.region), date(2026, 12, 28))
    return MARK if screen.until[2] else ""


SURFACES = {
    "issue": page("/issues/{row.issue_id}/"),
    "ledger": page("/ledger/individual/"),
    "tasks": lambda cast, row: browser(cast.editor).get("/tasks/").content.decode(),
    "mail": mailed,
    "chat": told(plain_text),
    "robot": told(lambda message: markdown(message, 4096)),
    "calendar": calendar,
    "ledger sheet": ledger_sheet,
    "long sheet": long_sheet,
    "common sheet": common_sheet,
    "api answer": in_json("/api/v1/responses/{row.pk}/", "deadline_provisional"),
    "api issue": in_json("/api/v1/issues/{row.issue_id}/", "deadline_provisional"),
    "api ledger": in_json("/api/v1/ledger/individual/", "provisional"),
    "leader": leaders_screen,
}


@pytest.mark.parametrize("surface", SURFACES)
def test_it_says_so(cast, answer, surface):
    assert MARK in SURFACES[surface](cast, answer)


@pytest.mark.parametrize("surface", SURFACES)
def test_control_once_the_year_is_entered_it_does_not(cast, answer, surface):
    days = [DayOff(date(2027, 1, 1))]
    enter_year(2027, days, source="通知", edition=0, actor=cast.office, now=timezone.now())
    assert MARK not in SURFACES[surface](cast, answer)


@pytest.mark.parametrize("surface", ["issue", "mail", "calendar", "ledger sheet", "api answer"])
def test_a_day_that_was_written_is_that_day(cast, answer, surface):
    UnitResponse.objects.update(deadline_text="2027年1月18日前")
    type(answer.issue).objects.update(deadline_text="2027年1月18日前")
    assert MARK not in SURFACES[surface](cast, answer)


def test_what_is_left_is_about_so_many_days(cast, answer):
    mail.outbox.clear()
    send_reminders(BEFORE)
    assert "约剩3个工作日" in mail.outbox[0].body
    mail.outbox.clear()
    send_reminders(BEFORE + timedelta(days=6))
    assert "逾期1天" in mail.outbox[0].body, "what is over is over"
