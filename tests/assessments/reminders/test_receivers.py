"""Receivers in trouble, by a clock that the test moves: back-off, rests, dead letters, catching up.

Robustness guide, E3 and E4; each guard has a control in which it is taken away.
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from django.core import mail

from assessments.models import Reminder
from assessments.rectification.states import State
from assessments.reminders.actions import remind_by_the_clock
from lawgov.notifications import breaker, outbound, sender, waits
from lawgov.notifications.channels.email import EmailChannel
from lawgov.notifications.messages import Message
from lawgov.notifications.models import Channel, ChannelHealth, Delivery
from tests import factories
from tests.factories import NOW, TODAY
from tests.people import make_cast
from tests.servers.base import free_port

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

MESSAGE = Message("题", "问")


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cast():
    return make_cast()


@pytest.fixture
def robot(cast, sink) -> Channel:
    return Channel.objects.create(
        region=cast.region, kind="webhook", name="其他系统", address=sink.url,
        per_minute=600, created_at=NOW,
    )  # fmt: skip


def planned(cast, code: str, count: int = 1) -> list[Delivery]:
    people = [factories.make_member("office_admin", cast.region).user for _one in range(count)]
    return [
        Delivery.objects.create(
            region=cast.region, person=person, day=TODAY, channel=code,
            key=f"{code}-{person.pk}", created_at=NOW,
        )
        for person in people
    ]  # fmt: skip


def drain(clock: Clock, **given) -> Counter:
    return sender.drain(lambda delivery: MESSAGE, today=TODAY, clock=clock, **given)


def days_of_trying(clock: Clock, minutes: int = 24 * 60) -> None:
    for _minute in range(0, minutes, 5):
        drain(clock)
        clock.now += timedelta(minutes=5)


def hang(sink) -> None:
    sink.delay = 0.5


def refuse(sink) -> None:
    Channel.objects.update(address=sink.url.replace(str(sink.port), str(free_port())))


def say(status: int):
    def set_(sink) -> None:
        sink.answers = [(status, b"", {})]

    return set_


@pytest.mark.parametrize(
    "trouble",
    [hang, refuse, say(500), say(429), say(404)],
    ids=["hang", "refuse", "500", "429", "404"],
)
def test_at_most_eight_tries_in_a_day_then_a_dead_letter(
    cast, robot, sink, clock, monkeypatch, settings, trouble
):
    monkeypatch.setattr(outbound, "SECONDS", 0.1)
    (delivery,) = planned(cast, robot.code)
    trouble(sink)
    settings.OUTBOUND_HOSTS = settings.OUTBOUND_RELAYS = [
        robot.__class__.objects.get().address.split("/")[2]
    ]
    days_of_trying(clock)
    delivery.refresh_from_db()
    assert delivery.status == "dead"
    assert 1 < delivery.attempts <= waits.TRIES
    assert delivery.last_error
    keys = {head["X-Idempotency-Key"] for _path, head, _body in sink.calls}
    assert keys <= {delivery.key}
    drain(clock)
    assert Delivery.objects.get().attempts == delivery.attempts, "a dead letter is left alone"


def test_control_without_an_end_it_is_tried_for_ever(cast, robot, sink, clock, monkeypatch):
    monkeypatch.setattr(waits, "is_over", lambda *given: False)
    monkeypatch.setattr(waits, "back_off", lambda *given: timedelta(minutes=2))
    sink.answers = [(500, b"", {})]
    (delivery,) = planned(cast, robot.code)
    days_of_trying(clock)
    delivery.refresh_from_db()
    assert delivery.attempts > waits.TRIES


def test_the_back_off_grows_and_its_jitter_is_bounded_and_told_again():
    for attempts in range(1, waits.TRIES):
        plain = waits.BACK_OFF * 2 ** (attempts - 1)
        drawn = [waits.back_off(attempts, f"key-{n}") for n in range(50)]
        assert all(plain <= wait <= plain * (1 + waits.JITTER) for wait in drawn)
        assert len(set(drawn)) > 40, "what failed together does not return together"
        assert drawn == [waits.back_off(attempts, f"key-{n}") for n in range(50)]
    whole = sum((waits.back_off(n, "k") for n in range(1, waits.TRIES)), timedelta(0))
    assert whole < waits.WITHIN


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        ((429, b"", {"Retry-After": "300"}), 300),
        ((503, b"", {"Retry-After": "Fri, 20 Nov 2026 02:10:00 GMT"}), 600),
        ((429, b"", {}), 60),
    ],
)
def test_a_receiver_that_asks_for_a_pause_gets_it(cast, robot, sink, clock, answer, seconds):
    sink.answers = [answer, (200, b"", {})]
    planned(cast, robot.code, 3)
    drain(clock)
    assert len(sink.calls) == 1, "the others wait as well"
    clock.now += timedelta(seconds=seconds - 1)
    drain(clock)
    assert len(sink.calls) == 1
    clock.now += timedelta(seconds=2)
    drain(clock)
    assert len(sink.calls) >= 3
    assert not ChannelHealth.objects.filter(failures__gt=0).exists()


def test_control_without_listening_it_is_called_again_at_once(
    cast, robot, sink, clock, monkeypatch
):
    monkeypatch.setattr(waits, "rest", lambda *given: None)
    sink.answers = [(429, b"", {"Retry-After": "300"}), (200, b"", {})]
    planned(cast, robot.code, 3)
    drain(clock)
    assert len(sink.calls) > 1


@pytest.mark.parametrize(("code", "minutes"), [(45009, 1), (130101, 10)])
def test_a_robot_that_has_had_too_much_is_left_alone(cast, robot, sink, clock, code, minutes):
    """As the vendors say: WeCom counts a minute, DingTalk refuses for ten."""
    Channel.objects.update(kind="wecom")
    sink.answers = [(200, f'{{"errcode": {code}}}'.encode(), {}), (200, b'{"errcode": 0}', {})]
    planned(cast, robot.code, 2)
    drain(clock)
    assert breaker.resting_until(clock.now) == {robot.code: clock.now + timedelta(minutes=minutes)}


def test_one_bad_channel_delays_the_others_by_less_than_half_a_minute(
    cast, robot, sink, clock, monkeypatch
):
    """It hangs until the client gives up; each call costs what a call may cost."""
    monkeypatch.setattr(outbound, "SECONDS", 0.2)
    sink.delay = 0.5
    planned(cast, robot.code, 60)
    planned(cast, "email", 60)
    began = time.monotonic()
    drain(clock)
    calls = len(sink.calls)
    assert calls <= waits.FAILURES
    assert calls * 5.0 < 30, "with the client's true limit of five seconds"
    assert time.monotonic() - began < 30
    assert len(mail.outbox) == 60
    assert robot.code in breaker.resting_until(clock.now)
    drain(clock)
    assert len(sink.calls) == calls, "it is left in peace"


def test_control_without_a_rest_the_bad_channel_is_called_for_each(
    cast, robot, sink, clock, monkeypatch
):
    monkeypatch.setattr(waits, "rest", lambda *given: None)
    sink.answers = [(500, b"", {})]
    planned(cast, robot.code, 12)
    drain(clock)
    assert len(sink.calls) > waits.FAILURES


def test_after_its_rest_one_tries_and_the_others_follow(cast, robot, sink, clock):
    sink.answers = [(500, b"", {})] * 3 + [(200, b"", {})]
    planned(cast, robot.code, 10)
    drain(clock)
    assert len(sink.calls) == waits.FAILURES
    clock.now += timedelta(minutes=1, seconds=1)
    drain(clock)
    assert Delivery.objects.filter(status="sent").count() == 7, "three are still backing off"
    clock.now += timedelta(minutes=3)
    drain(clock)
    assert Delivery.objects.filter(status="sent").count() == 10


def test_a_reply_lost_after_the_mail_was_taken_is_one_effect(cast, clock, monkeypatch):
    deliver, taken = EmailChannel.deliver, []

    def dropping(self, delivery, message):
        deliver(self, delivery, message)
        taken.append(delivery.key)
        if len(taken) == 1:
            raise ConnectionResetError("the line went dead")

    monkeypatch.setattr(EmailChannel, "deliver", dropping)
    (delivery,) = planned(cast, "email")
    drain(clock)
    clock.now += timedelta(minutes=3)
    drain(clock)
    delivery.refresh_from_db()
    assert (delivery.status, taken) == ("sent", [delivery.key] * 2)
    assert len({letter.extra_headers["Message-ID"] for letter in mail.outbox}) == 1


def test_a_digest_that_cannot_be_written_stops_no_other(cast, clock):
    bad, *_others = planned(cast, "email", 5)

    def compose(delivery: Delivery) -> Message:
        if delivery.pk == bad.pk:
            raise ValueError("a row nobody thought of")
        return MESSAGE

    sender.drain(compose, today=TODAY, clock=clock)
    assert len(mail.outbox) == 4
    bad.refresh_from_db()
    assert (bad.status, bad.attempts) == ("sending", 1)
    assert "nobody thought of" in bad.last_error


@pytest.mark.parametrize("limit", [7, 20])
def test_never_more_than_the_limit_in_any_minute(cast, robot, sink, clock, settings, limit):
    Channel.objects.update(per_minute=limit)
    settings.EMAIL_PER_MINUTE = limit
    planned(cast, robot.code, 50)
    planned(cast, "email", 50)
    for _turn in range(40):
        drain(clock)
        clock.now += timedelta(seconds=13)
    for code in (robot.code, "email"):
        rows = Delivery.objects.filter(channel=code, status="sent").order_by("sent_at")
        times = list(rows.values_list("sent_at", flat=True))
        assert len(times) == 50
        windows = zip(times, times[limit:], strict=False)
        assert all(later - earlier >= timedelta(minutes=1) for earlier, later in windows)


# -- away for three days --------------------------------------------------------------------------


def owed(cast) -> None:
    inspection = factories.make_inspection(cast.region)
    for days in (0, 1, 5, 8, 16, 31):
        issue = factories.make_issue(inspection, deadline_date=TODAY - timedelta(days=days))
        factories.make_response(issue, cast.unit, State.RECTIFYING)


def told(day: date) -> Counter:
    """How often each (answer, person) stands in digests of a day."""
    rows = Reminder.objects.filter(local_day=day, status="covered")
    return Counter(rows.values_list("response_id", "recipient_id"))


def test_back_after_three_days_each_issue_is_told_once_and_the_missed_days_are_recorded(cast):
    owed(cast)
    monday = NOW - timedelta(days=4)
    remind_by_the_clock(monday)
    mail.outbox.clear()
    for minute in range(0, 30, 5):
        remind_by_the_clock(NOW + timedelta(minutes=minute))
    assert told(TODAY)
    assert set(told(TODAY).values()) == {1}
    letters = Counter(letter.to[0] for letter in mail.outbox)
    assert letters
    assert set(letters.values()) == {1}, "one digest a person"
    missed = Reminder.objects.filter(status="skipped", reason="planner_away")
    days = set(missed.values_list("local_day", flat=True))
    assert days <= {TODAY - timedelta(days=n) for n in (1, 2, 3)}
    assert days
    for row in Reminder.objects.filter(local_day=TODAY, status="covered", kind="overdue"):
        assert row.days == -(TODAY - row.response.deadline_date).days, "the level of today"


def test_what_a_killed_sender_had_leased_yesterday_is_told_today(cast, monkeypatch):
    """Leased and never begun: before the guard it was neither sent nor carried over."""
    owed(cast)
    yesterday = NOW - timedelta(days=1)
    monkeypatch.setattr("lawgov.notifications.claims.Due.codes", lambda *given: [])
    remind_by_the_clock(yesterday)
    monkeypatch.undo()
    Delivery.objects.update(status="leased", leased_by="h:1:1:x", leased_until=yesterday)
    before = told(TODAY - timedelta(days=1))
    remind_by_the_clock(NOW)
    assert before
    assert set(before) <= set(told(TODAY))
    assert Delivery.objects.filter(day=TODAY, status="sent").exists()
    assert not Delivery.objects.filter(status="leased").exists()


def test_two_beats_at_every_minute_add_nothing(cast):
    owed(cast)
    for first, second in pairwise(NOW + timedelta(minutes=n) for n in range(5)):
        remind_by_the_clock(first)
        remind_by_the_clock(second)
    assert set(told(TODAY).values()) == {1}
    assert set(Counter(letter.to[0] for letter in mail.outbox).values()) == {1}
