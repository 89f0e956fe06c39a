"""What became of the reminders: the two logs, the issue's own, and sending a dead one again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.models import Reminder
from assessments.reminders.digest import Digests
from assessments.reminders.kinds import Kind, Level
from assessments.reminders.resending import resend
from lawgov.audit.models import AuditEntry
from lawgov.errors import StaleState
from lawgov.jobs import heartbeats
from lawgov.notifications import sender
from lawgov.notifications.models import Delivery
from tests import factories
from tests.factories import NOW, TODAY
from tests.people import browser

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

SENT, OWED = "/settings/reminders/sent/", "/settings/reminders/owed/"


@pytest.fixture
def answer(cast):
    issue = factories.make_issue(factories.make_inspection(cast.region))
    return factories.make_response(issue, cast.unit, deadline_date=TODAY - timedelta(days=1))


def delivery(cast, person=None, **fields) -> Delivery:
    number = Delivery.objects.count()
    given = {"day": TODAY - timedelta(days=number), "channel": "email", "key": f"key-{number}"}
    given |= {"subject": f"今日提醒 {number}", "created_at": NOW}
    person = person or cast.editor.user
    return Delivery.objects.create(region=cast.region, person=person, **(given | fields))


def reminder(answer, recipient, **fields) -> Reminder:
    given = {"kind": Kind.OVERDUE, "level": Level.CONTACT, "local_day": TODAY, "days": -1}
    given |= {"status": "covered", "created_at": NOW, "response": answer}
    return Reminder.objects.create(region=answer.region, recipient=recipient, **(given | fields))


def body(client, url) -> str:
    return client.get(url).content.decode()


def test_the_log_tells_each_digest_and_filters(cast):
    delivery(cast, status="sent")
    delivery(cast, status="dead", last_error="SMTPRefused: 550 no such user")
    page = body(browser(cast.office), SENT)
    assert "今日提醒 0" in page
    assert "1 条发不出去" in page
    dead = body(browser(cast.office), f"{SENT}?status=dead")
    assert "550 no such user" in dead
    assert "今日提醒 0" not in dead
    assert "没有符合条件的记录" in body(browser(cast.office), f"{SENT}?q=没有这个人")


def test_what_was_owed_says_why_nothing_went_out(cast, answer):
    reminder(answer, cast.editor.user)
    reminder(answer, cast.head.user, status="skipped", reason="planner_away")
    page = body(browser(cast.office), OWED)
    assert "那天后台没有运行" in page
    assert answer.issue.text[:10] in page
    assert "那天后台没有运行" not in body(browser(cast.office), f"{OWED}?status=covered")


def test_what_was_owed_says_how_its_digest_went(cast, answer):
    reminder(answer, cast.editor.user)
    delivery(cast, status="sent", channel="page", day=TODAY)
    delivery(cast, status="dead", channel="email", day=TODAY)
    delivery(cast, status="sent", channel="email", day=TODAY - timedelta(days=9))
    for url in (OWED, f"/issues/{answer.issue_id}/reminders/"):
        page = body(browser(cast.office), url)
        assert "已发：站内提醒；发不出去：邮件" in page
    Reminder.objects.update(kind=Kind.MANUAL)
    assert "已发：站内提醒" not in body(browser(cast.office), OWED)


def test_both_logs_are_filtered_by_days_and_the_digests_by_channel(cast, answer):
    reminder(answer, cast.editor.user)
    reminder(answer, cast.head.user, local_day=TODAY - timedelta(days=3))
    delivery(cast, status="sent", channel="page")
    delivery(cast, status="sent")
    client = browser(cast.office)
    total = lambda url: client.get(url).context["listing"].total  # noqa: E731
    assert total(f"{OWED}?from={TODAY}") == total(f"{OWED}?to={TODAY - timedelta(days=1)}") == 1
    assert total(f"{SENT}?from={TODAY}&to={TODAY}") == 1
    assert total(f"{SENT}?channel=email") == 1
    assert total(f"{SENT}?channel=nothing&from=yesterday&to=2026-02-31") == 2


def test_the_log_says_when_the_background_ran_and_what_waits(cast):
    page = browser(cast.office).get(SENT)
    assert "后台还没有运行过" in page.content.decode()
    assert page.context["oldest"] is None
    heartbeats.beat(heartbeats.REMINDERS, NOW)
    heartbeats.beat(heartbeats.CLOCK, NOW)
    row = delivery(cast, status="planned")
    delivery(cast, status="sent", created_at=NOW - timedelta(days=1))
    page = browser(cast.office).get(SENT)
    assert page.context["oldest"] == row
    assert "后台最近一次运行" in page.content.decode()
    assert browser(cast.foreign_office).get(SENT).context["oldest"] is None


def test_another_place_is_not_in_it(cast, answer):
    delivery(cast, status="sent")
    reminder(answer, cast.editor.user)
    client = browser(cast.foreign_office)
    assert client.get(SENT).context["listing"].total == 0
    assert client.get(OWED).context["listing"].total == 0
    again = client.post(f"{SENT}{Delivery.objects.get().pk}/again/")
    assert again.status_code == 404


def test_a_dead_one_goes_out_again_whatever_its_day(cast, answer):
    row = delivery(cast, status="dead", attempts=8, last_error="gone", channel="page",
                   day=TODAY - timedelta(days=3))  # fmt: skip
    reminder(answer, cast.editor.user, local_day=row.day)
    page = browser(cast.office).post(f"{SENT}{row.pk}/again/")
    assert page.status_code == 302
    assert AuditEntry.objects.filter(verb="reminder.resent", actor=cast.office.user).exists()
    tally = sender.drain(Digests().compose, today=TODAY)
    assert tally["sent"] == 1
    row.refresh_from_db()
    assert (row.status, row.attempts) == ("sent", 0)


@pytest.mark.parametrize("status", ["planned", "sending", "sent", "cancelled"])
def test_only_what_ended_badly_is_sent_again(cast, status):
    row = delivery(cast, status=status)
    with pytest.raises(StaleState):
        resend(row, actor=cast.office, now=NOW)
    assert Delivery.objects.get().status == status
    assert not AuditEntry.objects.exists()


def test_the_issue_shows_its_reminders_to_who_may_read_it(cast, answer):
    reminder(answer, cast.editor.user)
    url = f"/issues/{answer.issue_id}/reminders/"
    assert cast.editor.user.name in body(browser(cast.office), url)
    assert cast.editor.user.name in body(browser(cast.editor), url)
    assert browser(cast.stranger).get(url).status_code == 404
    assert "还没有提醒过" in body(browser(cast.office), _other(cast))


def _other(cast) -> str:
    issue = factories.make_issue(factories.make_inspection(cast.region))
    factories.make_response(issue, cast.unit)
    return f"/issues/{issue.pk}/reminders/"


def test_the_endpoints_tell_the_same(cast, answer):
    row = delivery(cast, status="dead")
    reminder(answer, cast.editor.user)
    reminder(answer, cast.head.user)
    client = browser(cast.office)
    assert [one["id"] for one in client.get("/api/v1/deliveries/").json()["results"]] == [row.pk]
    assert client.post(f"/api/v1/deliveries/{row.pk}/again/").json()["status"] == "sending"
    assert client.post(f"/api/v1/deliveries/{row.pk}/again/").status_code == 409
    assert len(client.get("/api/v1/reminders/").json()["results"]) == 2
    assert browser(cast.stranger).get("/api/v1/reminders/").json()["results"] == []


@pytest.mark.parametrize("url", [SENT, OWED])
def test_queries_do_not_grow_with_the_rows(cast, answer, url):
    def asked(rows: int) -> int:
        for number in range(rows):
            delivery(cast, status="sent", person=factories.make_user())
            day = TODAY - timedelta(days=number)
            reminder(answer, factories.make_user(), local_day=day)
        client = browser(cast.office)
        client.get(url)
        with CaptureQueriesContext(connection) as found:
            client.get(url)
        return len(found)

    assert asked(2) == asked(20)
