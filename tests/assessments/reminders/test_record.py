"""What was told to whom stays readable: the digest as it was sent, on a page of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assessments.reminders.digest import Digests
from assessments.reminders.planner import plan_all
from lawgov.accounts.policy import Role
from lawgov.notifications import sender
from lawgov.notifications.channels.email import EmailChannel
from lawgov.notifications.models import Channel, Delivery, Notification
from tests import factories
from tests.api.caller import Caller
from tests.assessments.rectification.moves import make_proof_of, take
from tests.factories import NOW, TODAY
from tests.people import browser

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def answer(cast):
    issue = factories.make_issue(factories.make_inspection(cast.region), deadline_date=TODAY)
    return factories.make_response(issue, cast.unit, "rectifying")


@pytest.fixture
def sent(answer) -> dict[str, Delivery]:
    """The digests of one person by channel."""
    plan_all(NOW)
    sender.drain(Digests().compose, today=TODAY, clock=lambda: NOW)
    return {row.channel: row for row in Delivery.objects.all()}


def page(member, delivery) -> str:
    return browser(member).get(f"/notices/digests/{delivery.pk}/").content.decode()


def test_the_line_in_the_inbox_opens_what_was_said_and_each_item_opens_itself(cast, answer, sent):
    person = browser(cast.editor)
    notice = Notification.objects.get(kind="digest")
    opened = person.post(f"/notices/{notice.pk}/open/", follow=True)
    text = opened.content.decode()
    assert opened.redirect_chain == [(f"/notices/digests/{sent['page'].pk}/", 302)]
    assert sent["page"].subject in text
    assert answer.issue.text in text
    assert f'href="{answer.get_absolute_url()}"' in text


def test_what_was_said_stays_when_the_thing_is_settled(cast, answer, sent):
    make_proof_of(answer)
    take(answer, "request", cast.head)
    take(answer, "check", cast.supervisor)
    take(answer, "close", cast.supervisor)
    assert answer.issue.text in page(cast.editor, sent["page"])


def test_every_channel_keeps_its_own_words(cast, answer, settings):
    settings.PUBLIC_URL = "https://rule-of-law.invalid"
    Channel.objects.create(
        region=cast.region, owner=cast.editor.user, kind="wecom", name="我的", language="en",
        address="https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1", created_at=NOW,
    )  # fmt: skip
    plan_all(NOW)
    sender.drain(Digests().compose, today=TODAY, clock=lambda: NOW)
    said = {row.channel: row.body for row in Delivery.objects.all()}
    robot = next(code for code in said if code.startswith("robot-"))
    assert said["page"] == said["email"]
    assert said["page"]["greeting"] != said[robot]["greeting"]
    ((_text, _note, path),) = said["email"]["lines"]
    assert path == answer.get_absolute_url()


def test_it_is_written_down_before_the_call(answer, monkeypatch):
    found = []

    def look(self, delivery, message):
        found.append(Delivery.objects.get(pk=delivery.pk))

    monkeypatch.setattr(EmailChannel, "deliver", look)
    plan_all(NOW)
    sender.drain(Digests().compose, today=TODAY, clock=lambda: NOW)
    (seen,) = found
    assert (seen.status, len(seen.body["lines"])) == ("sending", 1)
    assert seen.subject


def test_the_next_call_ends_the_one_before_and_touches_nothing_else_of_it(cast, answer):
    """Both are one statement."""
    factories.make_member(Role.UNIT_EDITOR, cast.region, cast.unit)
    plan_all(NOW)
    later = iter(NOW + timedelta(seconds=n) for n in range(1000))
    sender.drain(Digests().compose, today=TODAY, clock=lambda: next(later))
    rows = list(Delivery.objects.filter(channel="email").order_by("pk"))
    assert [row.status for row in rows] == ["sent", "sent"]
    assert [row.attempts for row in rows] == [1] * len(rows)
    assert all(row.first_try_at < row.sent_at for row in rows)
    greetings = [row.body["greeting"] for row in rows]
    assert all(row.person.name in said for row, said in zip(rows, greetings, strict=True))


def test_others_do_not_find_it_and_the_office_does(cast, sent):
    url = f"/notices/digests/{sent['email'].pk}/"
    assert browser(cast.head).get(url).status_code == 404
    assert browser(cast.office).get(url).status_code == 200
    log = browser(cast.office).get("/settings/reminders/sent/").content.decode()
    assert url in log


def test_before_it_is_sent_and_without_words_the_page_says_so(cast, answer):
    plan_all(NOW)
    planned = Delivery.objects.get(channel="email")
    assert "还没有发出" in page(cast.office, planned)
    Delivery.objects.filter(pk=planned.pk).update(status="cancelled")
    assert "已取消，没有发出" in page(cast.office, planned)
    Delivery.objects.filter(pk=planned.pk).update(status="sent")
    assert "没有存下内容" in page(cast.office, planned)


@pytest.mark.parametrize(
    ("status", "said"),
    [("dead", "发不出去"), ("uncertain", "结果不明"), ("sending", "发送中"), ("planned", "待发")],
)
def test_what_was_not_sent_is_not_called_sent(cast, answer, sent, status, said):
    Delivery.objects.filter(pk=sent["email"].pk).update(status=status, sent_at=None)
    text = page(cast.office, sent["email"])
    assert f"{said}：准备发出的内容" in text
    assert "发出时的内容" not in text


def test_what_was_left_out_is_counted_and_leads_only_the_reader_home(cast, sent):
    body = sent["page"].body | {"rest": 7}
    Delivery.objects.filter(pk=sent["page"].pk).update(body=body)
    assert '<a href="/">另有 7 件</a>' in page(cast.editor, sent["page"])
    assert "<p>另有 7 件</p>" in page(cast.office, sent["page"])


def test_the_api_gives_the_words_with_the_one_and_not_with_the_list(cast, answer, sent):
    found = Caller(cast.editor).get(f"deliveries/{sent['page'].pk}/")
    assert answer.issue.text in found["body"]["lines"][0][0]
    (row, *_rest) = Caller(cast.office).get("deliveries/")["results"]
    assert "body" not in row
