"""A run keeps one mail connection, and gets a new one after the server hung up."""

from __future__ import annotations

import pytest

from lawgov.notifications import sender
from lawgov.notifications.messages import Message
from lawgov.notifications.models import Delivery
from tests import factories
from tests.assessments.reminders.faults.rig import mail_sink
from tests.factories import NOW, TODAY, make_region

pytestmark = pytest.mark.django_db

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def server(settings):
    with mail_sink() as sink:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "127.0.0.1"
        settings.EMAIL_PORT, settings.EMAIL_USE_TLS = sink.port, False
        yield sink


def plan(count: int) -> None:
    region = make_region()
    for number in range(count):
        person = factories.make_member("office_admin", region).user
        Delivery.objects.create(region=region, person=person, day=TODAY, channel="email",
                                key=f"one-{number}", created_at=NOW)  # fmt: skip


def test_over_several_batches_one_connection(server, monkeypatch):
    monkeypatch.setattr(sender, "BATCH", 3)
    plan(10)
    sender.drain(lambda delivery: Message("题", "问"), today=TODAY)
    assert len(server.mails) == 10
    assert server.connections == 1


def test_a_task_takes_a_hundred_at_most(server):
    plan(130)
    assert sender.drain(lambda delivery: Message("题", "问"), today=TODAY, most=100)["sent"] == 100
    assert Delivery.objects.filter(status="planned").count() == 30


def test_one_refused_address_stops_no_other(server, monkeypatch):
    async def refuse_one(server_, session, envelope, address, options) -> str:
        if server.recipients == 1:
            server.recipients += 1
            return "550 no such mailbox"
        server.recipients += 1
        envelope.rcpt_tos.append(address)
        return "250 OK"

    monkeypatch.setattr(server, "handle_RCPT", refuse_one)
    plan(6)
    tally = sender.drain(lambda delivery: Message("题", "问"), today=TODAY)
    assert tally["sent"] == 5
    (left,) = Delivery.objects.filter(status="sending")
    assert "550" in left.last_error
    assert "@" not in left.last_error
    assert server.connections == 1
