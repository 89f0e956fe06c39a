"""Reminding by hand: who is told, how often, what stands against it, and what is kept of it."""

from datetime import date, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from assessments.models import Reminder, ReminderHours
from assessments.rectification.states import State
from assessments.reminders.actions import send_reminders
from assessments.reminders.pressing import plan_by_hand, remind_by_hand
from lawgov.audit.models import AuditEntry
from lawgov.calendars import SHANGHAI, local_day
from lawgov.holidays.actions import enter_year
from lawgov.holidays.reading import DayOff
from lawgov.notifications.models import Notification
from tests import factories
from tests.factories import NOW, TODAY
from tests.people import browser, make_cast

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
WHY = {"reason": "区委要求本周办结"}


@pytest.fixture
def inspection(cast):
    return factories.make_inspection(cast.region)


def answer(inspection, unit, state=State.RECTIFYING, **fields):
    issue = factories.make_issue(inspection, **({"deadline_date": TODAY} | fields))
    return factories.make_response(issue, unit, state)


def here(row) -> str:
    return f"/issues/{row.issue_id}/responses/{row.pk}/remind/"


def test_what_is_left_is_counted_by_the_calendar_in_force(cast, inspection):
    """2 January 2027, a Saturday, is worked by the notice; the estimate has it off."""
    row = answer(inspection, cast.unit, deadline_date=date(2027, 1, 4))
    now = datetime(2026, 12, 31, 10, 0, tzinfo=SHANGHAI)
    days = [DayOff(date(2027, 1, 1)), DayOff(date(2027, 1, 2), worked=True)]
    enter_year(2027, days, source="通知", edition=0, actor=cast.office, now=NOW)
    remind_by_hand([row], "请抓紧", actor=cast.office, now=now)
    assert set(Reminder.objects.values_list("days", flat=True)) == {2}


def pressed() -> set[str]:
    rows = Notification.objects.filter(kind="response.remind").select_related("recipient")
    return {row.recipient.username for row in rows}


def test_the_people_are_shown_first_and_then_told_in_the_page(cast, inspection):
    row = answer(inspection, cast.unit)
    client = browser(cast.supervisor)
    page = client.get(here(row)).content.decode()
    for actor in (cast.editor, cast.head):
        assert actor.user.name in page
    assert "将向 1 家单位的 2 人发送" in page
    assert not pressed(), "nothing is sent by looking"
    assert client.post(here(row), WHY).status_code == 302
    assert pressed() == {cast.editor.user.username, cast.head.user.username}
    inbox = browser(cast.editor).get("/notices/").content.decode()
    assert "区委要求本周办结" in inbox
    assert Reminder.objects.filter(kind="manual", status="covered").count() == 2


def test_it_stands_in_the_trail_of_the_issue_with_its_reason(cast, inspection):
    row = answer(inspection, cast.unit)
    browser(cast.office).post(here(row), WHY)
    entry = AuditEntry.objects.get(verb="response.remind")
    assert (entry.topic_type, entry.topic_id) == ("issue", row.issue_id)
    page = browser(cast.supervisor).get(row.issue.get_absolute_url()).content.decode()
    assert "催办：" in page
    assert WHY["reason"] in page


def test_a_reason_is_wanted(cast, inspection):
    row = answer(inspection, cast.unit)
    assert browser(cast.office).post(here(row), {"reason": " "}).status_code == 422
    assert not pressed()


def test_one_person_is_told_of_one_answer_once_a_day(cast, inspection):
    row = answer(inspection, cast.unit)
    assert browser(cast.office).post(here(row), WHY).status_code == 302
    again = browser(cast.supervisor).post(here(row), WHY)
    assert again.status_code == 422
    assert "今天已经催办过" in again.content.decode()
    assert Notification.objects.filter(kind="response.remind").count() == 2
    (plan,) = plan_by_hand([row], cast.office, local_day(timezone.now()) + timedelta(days=1))
    assert len(plan.told) == 2, "the next day is another day"


def test_a_place_bounds_how_many_one_person_gets(cast, inspection):
    ReminderHours.objects.create(campaign=cast.campaign, manual_daily=2)
    rows = [answer(inspection, cast.unit) for _n in range(3)]
    plans = remind_by_hand(rows, "急", actor=cast.office, now=NOW)
    assert [plan.error is None for plan in plans] == [True, True, False]
    assert "今天已经被催办 2 件" in str(plans[2].error)


def test_what_waits_for_the_checker_presses_the_checker_and_never_oneself(cast, inspection):
    row = answer(inspection, cast.unit, State.SUBMITTED)
    remind_by_hand([row], "急", actor=cast.office, now=NOW)
    assert pressed() == {cast.supervisor.user.username}


@pytest.mark.parametrize("state", [State.CLOSED, State.WITHDRAWN, State.FOUND, State.LOOK_BACK])
def test_what_is_at_rest_is_not_pressed(cast, inspection, state):
    row = answer(inspection, cast.unit, state)
    (plan,) = remind_by_hand([row], "急", actor=cast.office, now=NOW)
    assert "不用催办" in str(plan.error)
    assert not pressed()


def test_only_office_and_supervisor_may_press(cast, inspection):
    row = answer(inspection, cast.unit)
    for name, actor in cast.everybody().items():
        expected = 200 if name in ("office", "supervisor") else 404
        assert browser(actor).get(here(row)).status_code == expected, name
        if expected == 404:
            assert browser(actor).post(here(row), WHY).status_code == 404, name
    assert not pressed()


def test_whoever_was_pressed_today_is_not_reminded_by_the_rule_of_the_same(cast, inspection):
    row, other = answer(inspection, cast.unit), answer(inspection, cast.unit)
    remind_by_hand([row], "急", actor=cast.office, now=NOW)
    send_reminders(NOW)
    by_rule = Reminder.objects.filter(kind="before").values_list("response", flat=True)
    assert list(by_rule) == [other.pk]
    to_editor = [letter for letter in mail.outbox if letter.to == [cast.editor.user.email]]
    assert len(to_editor) == 1, "still one mail a day"
    assert "催办：问题" in to_editor[0].body, "it rides with the digest"


def test_pressed_after_the_digest_it_waits_for_the_next_one(cast, inspection):
    row = answer(inspection, cast.unit)
    send_reminders(NOW)
    remind_by_hand([row], "急", actor=cast.office, now=NOW)
    sent = len(mail.outbox)
    send_reminders(NOW + timedelta(hours=1))
    assert len(mail.outbox) == sent
    send_reminders(NOW + timedelta(days=3))
    bodies = [m.body for m in mail.outbox[sent:] if m.to == [cast.head.user.email]]
    assert "催办：问题" in bodies[0]


# -- many -----------------------------------------------------------------------------------------


def test_many_are_pressed_from_the_ledger_with_a_result_for_each(
    cast, inspection, django_assert_max_num_queries
):
    rows = [answer(inspection, cast.unit), answer(inspection, cast.other_unit)]
    done = answer(inspection, cast.unit, State.CLOSED)
    client, picked = browser(cast.office), [row.pk for row in [*rows, done]]
    address = "/ledger/individual/remind/"
    asked = client.post(address, {"pk": picked}).content.decode()
    assert "将向 2 家单位的 3 人发送" in asked
    assert not pressed()
    with django_assert_max_num_queries(40):
        answered = client.post(address, WHY | {"pk": picked, "confirmed": "1"}, follow=True)
    page = answered.content.decode()
    assert "催办：已办 2 条，1 条未办" in page
    assert "不用催办" in page
    assert len(pressed()) == 3
    assert browser(cast.editor).post(address, {"pk": picked}).status_code == 404


def test_the_ledger_and_the_issue_offer_it(cast, inspection):
    row = answer(inspection, cast.unit)
    for actor, offered in ((cast.office, True), (cast.editor, False)):
        page = browser(actor).get(row.issue.get_absolute_url()).content.decode()
        assert (here(row) in page) is offered
        page = browser(actor).get("/ledger/individual/").content.decode()
        assert ("/ledger/individual/remind/" in page) is offered


def test_a_foreign_answer_is_not_pressed_in_bulk(cast, inspection):
    row = answer(inspection, cast.unit)
    browser(cast.foreign_office).post(
        "/ledger/individual/remind/", WHY | {"pk": [row.pk], "confirmed": "1"}
    )
    assert not pressed()


# -- the same by the API --------------------------------------------------------------------------


def test_the_api_shows_tells_and_counts_each(cast, inspection):
    row, closed = answer(inspection, cast.unit), answer(inspection, cast.unit, State.CLOSED)
    client, base = browser(cast.office), "/api/v1/responses/"
    shown = client.get(f"{base}{row.pk}/receivers/").json()
    assert [one["level"] for one in shown["receivers"]] == ["contact", "head"]
    send = {"content_type": "application/json"}
    assert client.post(f"{base}{row.pk}/remind/", {}, **send).status_code in (400, 422)
    assert client.post(f"{base}{row.pk}/remind/", WHY, **send).status_code == 200
    assert client.post(f"{base}{row.pk}/remind/", WHY, **send).status_code == 422
    many = client.post(f"{base}remind/", WHY | {"ids": [row.pk, closed.pk, 99999]}, **send)
    assert [one["done"] for one in many.json()["results"]] == [False, False, False]
    assert browser(cast.editor).get(f"{base}{row.pk}/receivers/").status_code == 404
    assert browser(cast.foreign_office).get(f"{base}{row.pk}/receivers/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_tell_everybody_once():
    cast = make_cast()
    row = answer(factories.make_inspection(cast.region), cast.unit)
    start, found = Barrier(2), []

    def press(actor) -> None:
        start.wait()
        try:
            found.extend(remind_by_hand([row], "急", actor=actor, now=NOW))
        finally:
            connection.close()

    threads = [Thread(target=press, args=[actor]) for actor in (cast.office, cast.supervisor)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(plan.error is None for plan in found) == [False, True]
    assert Notification.objects.filter(kind="response.remind").count() == 2
    assert AuditEntry.objects.filter(verb="response.remind").count() == 1
