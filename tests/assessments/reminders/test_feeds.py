"""The calendar of a person: read by an independent parser, under a secret that can be ended."""

import re
from datetime import date, timedelta

import icalendar
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from assessments.rectification.states import State
from assessments.reminders.feeds import Entry, calendar_text, escaped, folded
from lawgov.audit.models import AuditEntry
from lawgov.notifications.models import CalendarFeed
from tests import factories
from tests.factories import NOW, TODAY
from tests.people import browser

HERE = "/notices/calendar/"
texts = st.text(max_size=200)


def events(text: str) -> list:
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


def entry(**fields) -> Entry:
    defaults = {"uid": "a@b", "day": TODAY, "title": "题", "text": "文", "url": "https://x.test/1"}
    return Entry(**(defaults | fields))


@given(texts, texts)
def test_whatever_people_write_comes_out_as_it_went_in(title, text):
    (found,) = events(calendar_text("历", [entry(title=title, text=text)], NOW))
    plain = lambda t: "".join(  # noqa: E731
        c
        for c in t.replace("\r\n", "\n").replace("\r", "\n")
        if (c >= " " and c != "\x7f") or c == "\n"
    )
    assert str(found["SUMMARY"]) == plain(title)
    assert str(found["DESCRIPTION"]) == plain(text)


@given(texts)
def test_no_line_is_longer_than_75_octets_and_no_character_is_cut(text):
    line = f"SUMMARY:{escaped(text)}"
    parts = folded(line).split("\r\n")
    assert all(len(part.encode()) <= 75 for part in parts)
    assert all(part.startswith(" ") for part in parts[1:])
    assert parts[0] + "".join(part[1:] for part in parts[1:]) == line


def test_a_text_cannot_begin_another_line():
    text = calendar_text("历", [entry(title="x\r\nEND:VEVENT\r\nATTENDEE:mailto:a@b")], NOW)
    assert len(events(text)) == 1
    assert not re.search(r"(?m)^ATTENDEE", text)
    assert text.count("\r\n") == text.count("\n")


def test_an_entry_is_the_whole_day_with_an_alarm_the_morning_before():
    (found,) = events(calendar_text("历", [entry(sequence=2)], NOW))
    assert (found.decoded("DTSTART"), found.decoded("DTEND")) == (TODAY, TODAY + timedelta(days=1))
    assert found["SEQUENCE"] == 2
    (alarm,) = found.walk("VALARM")
    assert alarm.decoded("TRIGGER") == timedelta(hours=-15)


def test_it_claims_no_method_without_its_header():
    """RFC 5545 §3.7.2: METHOD goes with a parameter of the content type; a feed has neither."""
    text = calendar_text("历", [entry()], NOW)
    assert "METHOD" not in text
    lines = text.split("\r\n")
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    assert {"VERSION:2.0", "CALSCALE:GREGORIAN"} <= set(lines)
    (event,) = events(text)
    assert event.decoded("DTSTAMP") == NOW
    assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY"} <= set(event)


# -- the address ----------------------------------------------------------------------------------


def due(cast, unit, state=State.RECTIFYING, day: date | None = TODAY):
    inspection = factories.make_inspection(cast.region)
    return factories.make_response(factories.make_issue(inspection, deadline_date=day), unit, state)


def address(actor) -> str:
    page = browser(actor).post(HERE, follow=True).content.decode()
    return re.search(r"http://testserver(/feeds/[\w-]+\.ics)", page)[1]


def test_it_holds_the_persons_own_open_deadlines_and_links_to_them(cast):
    mine = due(cast, cast.unit)
    due(cast, cast.other_unit)
    due(cast, cast.unit, State.CLOSED)
    due(cast, cast.unit, State.SUBMITTED)
    due(cast, cast.unit, day=None)
    answer = Client().get(address(cast.editor))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    (found,) = events(answer.content.decode())
    assert str(found["UID"]) == f"response-{mine.pk}@lawgov.invalid"
    assert str(found["URL"]).endswith(mine.get_absolute_url())


def test_an_indicators_day_stands_in_the_units_calendar(cast):
    row = cast.campaign.assignments.first()
    row.due_on = TODAY
    row.save()
    factories.make_work(row, cast.unit)
    factories.make_work(row, cast.other_unit)
    assert len(events(Client().get(address(cast.editor)).content.decode())) == 1


def test_the_address_is_shown_once_and_only_its_hash_is_kept(cast):
    path = address(cast.editor)
    token = path.removeprefix("/feeds/").removesuffix(".ics")
    assert token not in browser(cast.editor).get(HERE).content.decode()
    assert token not in str(list(CalendarFeed.objects.values()))
    assert token not in str(list(AuditEntry.objects.values_list("data", flat=True)))


def test_a_revoked_or_replaced_address_is_gone_at_once(cast):
    first = address(cast.editor)
    assert Client().get(first).status_code == 200
    second = address(cast.editor)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    browser(cast.editor).post(f"{HERE}revoke/")
    assert Client().get(second).status_code == 404
    assert AuditEntry.objects.filter(verb="feed.revoked").count() == 1


def test_a_leavers_address_shows_nothing_any_more(cast):
    path = address(cast.editor)
    membership = cast.editor.membership
    membership.valid_to = date(2020, 1, 1)
    membership.save()
    assert Client().get(path).status_code == 404


def test_a_guessed_address_is_not_there(cast):
    address(cast.editor)
    assert Client().get("/feeds/aaaa.ics").status_code == 404


def test_reading_asks_few_queries(cast, django_assert_max_num_queries):
    for _n in range(12):
        due(cast, cast.unit)
    path = address(cast.editor)
    with django_assert_max_num_queries(6):
        Client().get(path)


# -- texts to paste -------------------------------------------------------------------------------


def test_the_office_copies_the_places_text_and_a_unit_only_its_own(cast):
    due(cast, cast.unit)
    page = browser(cast.office).get("/notices/paste/").content.decode()
    assert "发到工作群" in page
    assert "七天内到期" in page or "逾期" in page
    assert "发到工作群" not in browser(cast.editor).get("/notices/paste/").content.decode()
