"""Planning and sending with rows: once each, to the right people, whatever was stopped."""

from datetime import date, timedelta

import pytest
from django.core import mail

from assessments.models import PlannerRun, Reminder
from assessments.rectification.states import State
from assessments.reminders.actions import send_reminders
from lawgov.accounts.policy import Role
from lawgov.notifications.models import Delivery, Notification
from tests import factories
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspection(cast):
    return factories.make_inspection(cast.region)


def issue_due(inspection, unit, deadline: date | None, state=State.RECTIFYING):
    issue = factories.make_issue(inspection, deadline_date=deadline)
    return factories.make_response(issue, unit, state)


def recipients(day=TODAY) -> set[tuple[str, str]]:
    rows = Reminder.objects.filter(local_day=day, status="covered").select_related("recipient")
    return {(row.recipient.username, row.level) for row in rows}


def test_due_today_reminds_the_units_editor_once_by_mail_and_in_the_page(cast, inspection):
    issue_due(inspection, cast.unit, TODAY)
    tally = send_reminders(NOW)
    assert recipients() == {(cast.editor.user.username, "contact")}
    assert tally["sent"] == 2
    (letter,) = mail.outbox
    assert letter.to == [cast.editor.user.email]
    assert letter.extra_headers["X-Idempotency-Key"] in letter.extra_headers["Message-ID"]
    assert Notification.objects.filter(recipient=cast.editor.user, kind="digest").count() == 1


def test_a_second_run_on_the_same_day_does_nothing(cast, inspection):
    issue_due(inspection, cast.unit, TODAY)
    send_reminders(NOW)
    before = Reminder.objects.count(), Delivery.objects.count(), len(mail.outbox)
    send_reminders(NOW + timedelta(hours=3))
    assert (Reminder.objects.count(), Delivery.objects.count(), len(mail.outbox)) == before


def test_many_issues_make_one_digest_most_urgent_first(cast, inspection):
    for days in (1, 10, 4):
        issue_due(inspection, cast.unit, TODAY - timedelta(days=days))
    send_reminders(NOW)
    mine = [letter for letter in mail.outbox if letter.to == [cast.editor.user.email]]
    (letter,) = mine
    positions = [letter.body.index(f"逾期{days}天") for days in (10, 4, 1)]
    assert positions == sorted(positions)


def test_more_than_twenty_items_are_counted(cast, inspection):
    for _number in range(23):
        issue_due(inspection, cast.unit, TODAY)
    send_reminders(NOW)
    assert "另有 3 件" in mail.outbox[0].body


@pytest.mark.parametrize(
    ("days", "told"),
    [
        (4, {"editor"}),
        (7, {"editor", "head"}),
        (16, {"editor", "head", "office"}),
        (31, {"editor", "head", "office", "leader"}),
    ],
)
def test_levels_reach_up_the_house(cast, inspection, days, told):
    issue_due(inspection, cast.unit, TODAY - timedelta(days=days))
    send_reminders(NOW)
    names = {actor.user.username: name for name, actor in cast.everybody().items()}
    assert {names[username] for username, _level in recipients()} == told


def test_waiting_for_the_checker_reminds_those_who_may_check_not_the_unit(cast, inspection):
    issue_due(inspection, cast.unit, TODAY, State.SUBMITTED)
    send_reminders(NOW)
    assert {level for _name, level in recipients()} == {"checker"}
    people = {name for name, _level in recipients()}
    assert people == {cast.supervisor.user.username, cast.office.user.username}


@pytest.mark.parametrize("state", [State.CLOSED, State.LOOK_BACK, State.WITHDRAWN, State.FOUND])
def test_what_is_at_rest_or_not_yet_handed_over_reminds_nobody(cast, inspection, state):
    issue_due(inspection, cast.unit, TODAY - timedelta(days=4), state)
    send_reminders(NOW)
    assert not Reminder.objects.exists()


def test_without_a_day_nobody_is_reminded(cast, inspection):
    issue_due(inspection, cast.unit, None)
    send_reminders(NOW)
    assert not Reminder.objects.exists()


def test_a_day_off_plans_nothing_and_monday_makes_it_good(cast, inspection):
    issue_due(inspection, cast.unit, TODAY)
    send_reminders(NOW)
    saturday = NOW + timedelta(days=1)
    assert send_reminders(saturday)["planned"] == 0
    send_reminders(NOW + timedelta(days=3))
    assert recipients(TODAY + timedelta(days=3)) == {(cast.editor.user.username, "contact")}


def test_issue_closed_between_plan_and_sending_is_not_sent(cast, inspection, monkeypatch):
    response = issue_due(inspection, cast.unit, TODAY)
    monkeypatch.setattr("lawgov.notifications.claims.Due.codes", lambda *given: [])
    send_reminders(NOW)
    monkeypatch.undo()
    response.state, response.closed_on = State.CLOSED, TODAY
    response.save()
    tally = send_reminders(NOW)
    assert tally["cancelled"] == 2
    assert not mail.outbox


def test_a_person_without_a_role_any_more_gets_nothing(cast, inspection, monkeypatch):
    issue_due(inspection, cast.unit, TODAY)
    monkeypatch.setattr("lawgov.notifications.claims.Due.codes", lambda *given: [])
    send_reminders(NOW)
    monkeypatch.undo()
    membership = cast.editor.membership
    membership.valid_to = TODAY - timedelta(days=1)
    membership.save()
    send_reminders(NOW)
    assert not mail.outbox


def test_undelivered_digest_of_yesterday_becomes_todays_not_a_second_one(
    cast, inspection, monkeypatch
):
    issue_due(inspection, cast.unit, TODAY - timedelta(days=1))
    monkeypatch.setattr("lawgov.notifications.claims.Due.codes", lambda *given: [])
    send_reminders(NOW - timedelta(days=1))  # planned on Thursday, nobody sends
    monkeypatch.undo()
    send_reminders(NOW)
    to_editor = [letter for letter in mail.outbox if letter.to == [cast.editor.user.email]]
    assert len(to_editor) == 1
    assert "逾期1天" in to_editor[0].body
    assert Delivery.objects.filter(status="cancelled").count() == 2
    assert Reminder.objects.filter(status="skipped", reason="not_sent_that_day").exists()


def test_days_without_a_planner_are_recorded(cast, inspection):
    issue_due(inspection, cast.unit, date(2026, 11, 14))
    PlannerRun.objects.create(
        region=cast.region, day=date(2026, 11, 16), started_at=NOW, finished_at=NOW
    )
    send_reminders(NOW)
    skipped = Reminder.objects.filter(status="skipped").values_list("local_day", "reason")
    assert list(skipped) == [(date(2026, 11, 18), "planner_away")]
    assert recipients() == {(cast.editor.user.username, "contact")}


def test_news_of_the_page_ride_with_the_next_digest_once(cast, inspection):
    Notification.objects.create(
        recipient=cast.head.user,
        region=cast.region,
        kind="work.submitted",
        url="/tasks/",
        data={"number": 3, "title": "公平竞争审查", "unit": "区水利局"},
        created_at=NOW,
    )
    send_reminders(NOW)
    send_reminders(NOW + timedelta(days=3))
    assert [letter.to for letter in mail.outbox] == [[cast.head.user.email]]


def test_another_place_is_planned_for_itself(cast, inspection):
    issue_due(inspection, cast.unit, TODAY)
    factories.make_member(
        Role.UNIT_EDITOR,
        cast.foreign_office.region,
        factories.make_unit(cast.foreign_office.region),
    )
    send_reminders(NOW)
    assert set(Delivery.objects.values_list("region", flat=True)) == {cast.region.pk}
