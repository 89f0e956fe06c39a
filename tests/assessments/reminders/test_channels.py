"""Digests over robots: a person's own, the place's in a group, limits, and channels that went."""

import json
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from django.core import mail

from assessments.rectification.states import State
from assessments.reminders.actions import send_reminders
from assessments.reminders.digest import compose
from lawgov.accounts.models import User
from lawgov.notifications import claims, sender
from lawgov.notifications.messages import Message
from lawgov.notifications.models import Channel, Delivery, Notification
from tests import factories
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def inspection(cast):
    return factories.make_inspection(cast.region)


def due(inspection, unit, days: int) -> None:
    issue = factories.make_issue(inspection, deadline_date=TODAY + timedelta(days=days))
    factories.make_response(issue, unit, State.RECTIFYING)


def robot(cast, sink, **fields) -> Channel:
    defaults = {"region": cast.region, "kind": "wecom", "name": "群", "address": sink.url}
    return Channel.objects.create(**(defaults | {"created_at": NOW} | fields))


def texts(sink) -> list[str]:
    return [json.loads(body)["markdown"]["content"] for _path, _head, body in sink.calls]


def test_a_mail_is_whole(cast, inspection):
    due(inspection, cast.unit, 0)
    send_reminders(NOW)
    (letter,) = mail.outbox
    message = message_from_bytes(letter.message().as_bytes(linesep="\r\n"), policy=default)
    assert message.is_multipart()
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == ["multipart/alternative", "text/plain", "text/html"]
    assert b"Subject: =?utf-8?" in letter.message().as_bytes(), "a Chinese subject is encoded"
    assert message["Subject"] == letter.subject
    plain, page = (part.get_content() for part in message.iter_parts())
    assert plain.strip() == letter.body.strip()
    assert page.strip() == letter.alternatives[0][0].strip()
    assert not message.defects
    assert "【催办】" in letter.subject
    for name in ("List-Id", "List-Help", "Message-ID", "X-Idempotency-Key", "Auto-Submitted"):
        assert message[name], name


def test_a_persons_own_robot_carries_their_digest_once(cast, inspection, sink):
    due(inspection, cast.unit, 0)
    due(inspection, cast.other_unit, 0)
    robot(cast, sink, owner=cast.editor.user)
    send_reminders(NOW)
    send_reminders(NOW + timedelta(hours=2))
    (text,) = texts(sink)
    assert "区水利局" in text
    assert "区林业局" not in text
    key = sink.calls[0][1]["X-Idempotency-Key"]
    assert Delivery.objects.get(key=key).status == "sent"


def test_the_places_robot_names_units_and_figures_but_no_person(cast, inspection, sink):
    due(inspection, cast.unit, -5)
    due(inspection, cast.unit, -2)
    due(inspection, cast.other_unit, 3)
    robot(cast, sink)
    send_reminders(NOW)
    (text,) = texts(sink)
    assert "逾期 2 件，七天内到期 1 件" in text
    assert text.index("区水利局") < text.index("区林业局"), "the oldest delay first"
    assert "最久 5 天" in text
    assert not [a.user.name for a in cast.everybody().values() if a.user.name in text]


@pytest.mark.parametrize(
    ("person", "own", "said"),
    [("zh-hans", "", "逾期 1 件"), ("en", "", "1 overdue"), ("en", "zh-hans", "逾期 1 件"),
     ("zh-hans", "en", "1 overdue")],
)  # fmt: skip
def test_a_persons_robot_speaks_their_language_unless_told_otherwise(
    cast, inspection, sink, person, own, said
):
    User.objects.filter(pk=cast.editor.user.pk).update(language=person)
    due(inspection, cast.unit, -1 - 3 * 2)
    robot(cast, sink, owner=cast.editor.user, language=own)
    send_reminders(NOW)
    assert said in texts(sink)[0]


def test_a_units_link_opens_the_ledger_that_holds_its_oldest(cast, inspection, sink):
    common = factories.make_issue(inspection, kind="common", deadline_date=TODAY)
    factories.make_response(common, cast.unit, State.RECTIFYING)
    due(inspection, cast.other_unit, -1)
    robot(cast, sink)
    send_reminders(NOW)
    (text,) = texts(sink)
    assert f"/ledger/common/?unit={cast.unit.pk})" in text
    assert f"/ledger/individual/?unit={cast.other_unit.pk})" in text


@pytest.mark.parametrize(("own", "said"), [("", "逾期 1 件"), ("en", "1 overdue")])
def test_the_places_robot_speaks_chinese_unless_told_otherwise(cast, inspection, sink, own, said):
    User.objects.update(language="en")
    due(inspection, cast.unit, -1)
    robot(cast, sink, language=own)
    send_reminders(NOW)
    assert said in texts(sink)[0]


def test_a_digest_of_news_alone_presses_nobody(cast):
    Notification.objects.create(
        recipient=cast.editor.user, region=cast.region, kind="response.close",
        data={"number": "7", "text": "公示不及时"}, created_at=NOW, url="/issues/7/",
    )  # fmt: skip
    send_reminders(NOW)
    (letter,) = mail.outbox
    assert letter.subject == "【提醒】11月20日 新消息 1 条"
    assert "办理" not in letter.body
    assert "已销号：问题 7 公示不及时" in letter.body
    assert "\n   \n" not in letter.body


def test_with_nothing_to_say_a_group_is_left_in_peace(cast, sink):
    robot(cast, sink)
    send_reminders(NOW)
    assert not sink.calls


def test_a_channel_that_was_taken_away_cancels_what_was_planned(
    cast,
    inspection,
    sink,
    monkeypatch,
):
    due(inspection, cast.unit, 0)
    row = robot(cast, sink, owner=cast.editor.user)
    monkeypatch.setattr(claims.Due, "codes", lambda *given: [])
    send_reminders(NOW)
    monkeypatch.undo()
    code = row.code
    row.delete()
    send_reminders(NOW)
    assert Delivery.objects.get(channel=code).status == "cancelled"
    assert not sink.calls


def test_a_failing_robot_keeps_neither_mail_nor_page_back(cast, inspection, sink):
    sink.answers = [(500, b"", {})]
    due(inspection, cast.unit, 0)
    row = robot(cast, sink, owner=cast.editor.user)
    send_reminders(NOW)
    assert [letter.to for letter in mail.outbox] == [[cast.editor.user.email]]
    delivery = Delivery.objects.get(channel=row.code)
    assert (delivery.status, delivery.attempts) == ("sending", 1)
    row.refresh_from_db()
    assert "HTTP 500" in row.last_error


def deliveries(cast, code: str, count: int) -> None:
    for _n in range(count):
        person = factories.make_member("office_admin", cast.region).user
        Delivery.objects.create(
            region=cast.region, person=person, day=TODAY, channel=code,
            key=f"{code}-{person.pk}", created_at=NOW,
        )  # fmt: skip


def test_a_channels_own_limit_holds_over_runs(cast, sink):
    row = robot(cast, sink, per_minute=2)
    deliveries(cast, row.code, 5)
    message = compose_something()
    clock = [NOW]
    run = lambda: sender.drain(  # noqa: E731
        lambda delivery: message, today=TODAY, clock=lambda: clock[0]
    )
    assert run() == {"sent": 2, "postponed": 3}
    clock[0] += timedelta(seconds=30)
    assert run() == {"postponed": 3}, "another run in the same minute sends none"
    clock[0] += timedelta(seconds=31)
    assert run()["sent"] == 2
    clock[0] += timedelta(seconds=61)
    assert run()["sent"] == 1
    assert len(sink.calls) == 5


def test_mail_keeps_to_the_operators_limit(cast, settings):
    settings.EMAIL_PER_MINUTE = 2
    deliveries(cast, "email", 3)
    message = compose_something()
    assert sender.drain(lambda delivery: message, today=TODAY) == {"sent": 2, "postponed": 1}
    assert len(mail.outbox) == 2


def test_control_without_the_limit_all_go_out_at_once(cast, sink, monkeypatch):
    row = robot(cast, sink, per_minute=2)
    deliveries(cast, row.code, 5)
    monkeypatch.setattr(claims, "_used", lambda *given: -100)
    message = compose_something()
    assert sender.drain(lambda delivery: message, today=TODAY)["sent"] == 5


def compose_something():
    return Message("题", "问")


def test_compose_is_one_persons_digest(cast, inspection):
    due(inspection, cast.unit, 0)
    send_reminders(NOW)
    delivery = Delivery.objects.get(channel="email", person=cast.editor.user)
    assert compose(delivery).counts == {"before": 1, "news": 0}
