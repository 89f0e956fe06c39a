"""A mail server in trouble, by its own protocol: back-off, dead letter on the page, sent by hand.

Robustness guide, E4. `test_receivers.py` has the same for robots and webhooks.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from assessments.reminders.digest import Digests
from assessments.reminders.planner import plan_all
from lawgov.accounts.models import User
from lawgov.accounts.policy import Role
from lawgov.notifications import sender, waits
from lawgov.notifications.channels import email, mails
from lawgov.notifications.messages import Message
from lawgov.notifications.models import Channel, Delivery
from lawgov.settings import env
from tests import factories
from tests.assessments.reminders.faults.rig import MailSink, mail_sink
from tests.factories import NOW, TODAY
from tests.people import browser

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

DEAD = "/settings/reminders/sent/?status=dead"


class Server(MailSink):
    """Mode: "well", "refuses" every mail, "drops" the line after it took one, or "hangs"."""

    mode = "well"

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    async def handle_DATA(self, server, session, envelope) -> str:
        if self.mode == "refuses":
            return "451 not now"
        answer = await super().handle_DATA(server, session, envelope)
        if self.mode == "drops":
            server.transport.abort()
        return answer

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        self.addresses.append(address)
        if self.mode == "hangs":
            await server.loop.create_future()
        return await super().handle_RCPT(server, session, envelope, address, options)


@pytest.fixture
def server(settings) -> Iterator[Server]:
    with mail_sink(Server()) as made:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", made.port
        yield made


@pytest.fixture
def due(cast) -> Delivery:
    """The mail of one person, planned."""
    issue = factories.make_issue(factories.make_inspection(cast.region), deadline_date=TODAY)
    factories.make_response(issue, cast.unit, "rectifying")
    plan_all(NOW)
    return Delivery.objects.get(channel="email")


def drain(at: datetime) -> None:
    sender.drain(Digests().compose, today=TODAY, clock=lambda: at)


def test_a_digest_nobody_takes_ends_on_the_page_and_is_sent_again_by_hand(cast, server, due):
    server.mode = "refuses"
    for minute in range(0, 24 * 60, 5):
        drain(NOW + timedelta(minutes=minute))
    due.refresh_from_db()
    assert (due.status, due.attempts, server.recipients) == ("dead", waits.TRIES, waits.TRIES)
    office = browser(cast.office)
    page = office.get(DEAD).content.decode()
    assert cast.editor.user.name in page
    assert "451" in page
    again = f"/settings/reminders/sent/{due.pk}/again/"
    assert again in page
    server.mode = "well"
    assert office.post(again).status_code == 302
    drain(datetime.now(NOW.tzinfo))
    due.refresh_from_db()
    assert due.status == "sent"
    assert list(server.keys) == [due.key]
    assert cast.editor.user.name not in office.get(DEAD).content.decode()


def test_a_reply_lost_after_the_server_took_the_mail_is_tried_again_with_the_same_key(server, due):
    assert sent_twice(server, due) == {due.key}


def test_control_with_a_new_key_for_each_try_it_is_two_effects(server, due, monkeypatch):
    made = mails.digest_mail

    def fresh(delivery, message, connection):
        delivery.key = uuid4().hex
        return made(delivery, message, connection)

    monkeypatch.setattr(email, "digest_mail", fresh)
    assert len(sent_twice(server, due)) == 2


def sent_twice(server: Server, due: Delivery) -> set[str]:
    """The keys under which one mail arrives whose first reply is lost."""
    server.mode = "drops"
    drain(NOW)
    due.refresh_from_db()
    assert (due.status, len(server.mails)) == ("sending", 1)
    server.mode = "well"
    drain(NOW + timedelta(minutes=4))
    due.refresh_from_db()
    assert (due.status, len(server.mails)) == ("sent", 2)
    return set(server.keys)


@pytest.mark.parametrize(
    ("address", "travels"),
    [
        ("li.si+gov@a-b.demo.invalid", "li.si+gov@a-b.demo.invalid"),
        ("lisi@例子.invalid", "lisi@xn--fsqu00a.invalid"),
        ('"li si"@demo.invalid', '"li si"@demo.invalid'),
    ],
)
def test_an_address_is_taken_as_it_is_or_made_fit_to_travel(server, due, address, travels):
    User.objects.filter(pk=due.person_id).update(email=address)
    drain(NOW)
    assert server.addresses == [travels]
    assert len(server.mails) == 1


def crowd(cast, code: str, count: int) -> None:
    for number in range(count):
        person = factories.make_member(Role.OFFICE_ADMIN, cast.region).user
        Delivery.objects.create(
            region=cast.region, person=person, day=TODAY, channel=code,
            key=f"{code}-{number}", created_at=NOW,
        )  # fmt: skip


def seconds_until_the_others_went_out(cast, sink, settings) -> float:
    """With a mail server that hangs and thirty people each way; a call may take 0.2 s."""
    settings.EMAIL_TIMEOUT = 0.2
    robot = Channel.objects.create(
        region=cast.region, kind="webhook", name="其他系统", address=sink.url,
        per_minute=600, created_at=NOW,
    )  # fmt: skip
    crowd(cast, "email", 30)
    crowd(cast, robot.code, 30)
    began = time.monotonic()
    sender.drain(lambda delivery: Message("题", "问"), today=TODAY, clock=lambda: NOW)
    assert Delivery.objects.filter(channel=robot.code, status="sent").count() == 30
    return time.monotonic() - began


def test_a_mail_server_that_hangs_delays_the_others_by_less_than_half_a_minute(
    cast, server, sink, settings
):
    server.mode = "hangs"
    seconds_until_the_others_went_out(cast, sink, settings)
    assert server.recipients == 0
    assert server.connections <= waits.FAILURES
    limit = env.email("smtp://localhost:25", Path())["EMAIL_TIMEOUT"]
    assert waits.FAILURES * limit < 30, "with the true limit of a call"


def test_control_without_a_rest_each_mail_waits_for_the_server_that_hangs(
    cast, server, sink, settings, monkeypatch
):
    monkeypatch.setattr(waits, "rest", lambda *given: None)
    server.mode = "hangs"
    seconds_until_the_others_went_out(cast, sink, settings)
    assert server.connections > waits.FAILURES
