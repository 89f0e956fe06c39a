"""Crashes around the call to a channel: nothing lost, and every try carries the same key."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from assessments.reminders.digest import compose
from assessments.reminders.planner import plan_all
from lawgov.notifications import leases, sender, waits
from lawgov.notifications.channels.email import EmailChannel
from lawgov.notifications.models import Delivery
from lawgov.notifications.steps import Steps
from tests import factories
from tests.factories import NOW, TODAY
from tests.people import make_cast

pytestmark = pytest.mark.django_db(transaction=True)


class Crash(BaseException):
    """The process is gone: nothing after this line of the sender runs."""


@pytest.fixture
def planned():
    cast = make_cast()
    inspection = factories.make_inspection(cast.region)
    issue = factories.make_issue(inspection, deadline_date=TODAY)
    factories.make_response(issue, cast.unit, "rectifying")
    plan_all(NOW)
    return Delivery.objects.get(channel="email")


def later(seconds: int):
    return lambda: timezone.now() + timedelta(seconds=seconds)


def crash_at(monkeypatch, *, after_sending: bool) -> list[str]:
    """The first call dies, before or after the mail went out; later calls work."""
    deliver, keys = EmailChannel.deliver, []

    def dying(self, delivery, message):
        keys.append(delivery.key)
        if len(keys) > 1 or after_sending:
            deliver(self, delivery, message)
        if len(keys) == 1:
            raise Crash

    monkeypatch.setattr(EmailChannel, "deliver", dying)
    return keys


@pytest.mark.parametrize("after_sending", [False, True])
def test_a_crash_around_the_call_is_made_good_with_the_same_key(
    planned, monkeypatch, after_sending
):
    keys = crash_at(monkeypatch, after_sending=after_sending)
    with pytest.raises(Crash):
        sender.drain(compose, today=TODAY)
    planned.refresh_from_db()
    assert planned.status == "sending"
    assert not sender.drain(compose, today=TODAY)["sent"], "the lease still holds"
    assert sender.drain(compose, today=TODAY, clock=later(60))["sent"] == 1
    assert len(set(keys)) == 1
    ids = {letter.extra_headers["Message-ID"] for letter in mail.outbox}
    assert len(ids) == 1, "a receiver that honours keys sees one effect"
    assert len(mail.outbox) == (2 if after_sending else 1)


def test_control_marking_before_the_call_loses_it(planned, monkeypatch):
    """The guard removed: `sent` is written before the call, as the best-known alert loop does."""
    crash_at(monkeypatch, after_sending=False)
    begin = Steps.begin

    def hasty(self, delivery, *given):
        begun = begin(self, delivery, *given)
        Delivery.objects.filter(pk=delivery.pk).update(status="sent")
        return begun

    monkeypatch.setattr(Steps, "begin", hasty)
    with pytest.raises(Crash):
        sender.drain(compose, today=TODAY)
    sender.drain(compose, today=TODAY, clock=later(60))
    assert not mail.outbox, "lost for ever"


def test_a_lease_of_a_process_that_is_gone_is_taken_over_at_once(planned, monkeypatch):
    crash_at(monkeypatch, after_sending=False)
    with pytest.raises(Crash):
        sender.drain(compose, today=TODAY)
    host, _pid, _started = leases.holder().split(":")
    Delivery.objects.filter(pk=planned.pk).update(leased_by=f"{host}:4194303:1:abc")
    assert sender.drain(compose, today=TODAY)["sent"] == 1


def test_a_refusing_receiver_backs_off_and_ends_as_a_dead_letter(planned, monkeypatch):
    def refuse(self, delivery, message):
        raise OSError("550 no such mailbox")

    monkeypatch.setattr(EmailChannel, "deliver", refuse)
    for attempt in range(waits.TRIES):
        sender.drain(compose, today=TODAY, clock=later(3600 * 3 * attempt))
    planned.refresh_from_db()
    assert (planned.status, planned.attempts) == ("dead", waits.TRIES)
    assert "550" in planned.last_error


def test_between_two_tries_there_is_a_pause(planned, monkeypatch):
    calls = []

    def refuse(self, delivery, message):
        calls.append(1)
        raise OSError("421 later")

    monkeypatch.setattr(EmailChannel, "deliver", refuse)
    for _again in range(5):
        sender.drain(compose, today=TODAY)
    assert len(calls) == 1
