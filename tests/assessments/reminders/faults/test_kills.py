"""Reminders under `kill -9` of senders, workers and beat: none lost, none doubled in effect.

Robustness guide, E1. Two senders work beside the product's own worker and beat, and each of them
is killed at seeded moments. The control tests take one guard away and must find the loss.
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random

import pytest
from celery import Celery
from django.conf import settings

from lawgov.settings import env
from tests.assessments.reminders.faults import rig
from tests.servers.product import Product, wait_for
from tests.tiers import amount

pytestmark = pytest.mark.servers
log = logging.getLogger(__name__)

PEOPLE, EACH, KILLS = amount(334, 10_000), 3, amount(5, 20)
DRAIN = 300  # seconds, from the first mail to the last
VICTIMS = ("sender", "worker", "beat", "sender", "worker")
IN_FLIGHT = {"sender": 1, "worker": 2, "beat": 0}  # calls at one moment; the worker has two hands


class Crew:
    """Senders that are always two, and the product's processes; any of them can be killed."""

    def __init__(self, product: Product, sink: rig.MailSink, random: Random) -> None:
        self.product, self.sink, self.random = product, sink, random
        self.senders: list[subprocess.Popen[bytes]] = []
        self.killed: list[str] = []
        self.allowed = 0
        url = product.environment.get("REDIS_URL") or f"unix://{product.socket}"
        self.app = Celery(broker=env.broker(url))
        self.app.conf.broker_transport_options = {"global_keyprefix": settings.BROKER_KEY_PREFIX}

    def keep_busy(self) -> None:
        """Two senders at work, and a nudge as beat gives one each minute."""
        self.senders = [sender for sender in self.senders if sender.poll() is None]
        while len(self.senders) < 2:
            command = [*rig.MANAGE, "send_reminders"]
            self.senders.append(
                subprocess.Popen(
                    command,
                    env=self.product.environment,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            )
        with suppress(OSError):
            queue = settings.CELERY_TASK_DEFAULT_QUEUE
            self.app.send_task("reminders.tick", queue=queue, expires=30)

    def kill(self, victim: str) -> None:
        if victim == "sender":
            pid = self.random.choice(self.senders).pid
            os.kill(pid, signal.SIGKILL)
        else:
            wait_for(lambda: self._kill_child(victim), seconds=120)
        self.killed.append(victim)
        self.allowed += IN_FLIGHT[victim]

    def _kill_child(self, name: str) -> bool:
        with suppress(OSError):
            os.killpg(self.product.pid(name), signal.SIGKILL)
            return True
        return False

    def dismiss(self) -> None:
        for sender in self.senders:
            sender.kill()
            sender.wait()


def drain_under_kills(crew: Crew, kills: int, people: int) -> float:
    """Kill at mails spread over the whole, then wait until everybody has theirs; seconds."""
    goals = sorted(crew.random.randrange(people) for _kill in range(kills))
    began = 0.0
    while len(crew.sink.keys) < people:
        crew.keep_busy()
        for _turn in range(20):
            count = len(crew.sink.mails)
            began = began or (time.monotonic() if count else 0.0)
            if goals and count >= goals[0]:
                goals.pop(0)
                crew.kill(VICTIMS[len(crew.killed) % len(VICTIMS)])
                crew.keep_busy()
            time.sleep(0.005)
        assert not began or time.monotonic() - began < DRAIN, "not drained in time"
    return time.monotonic() - began


@pytest.mark.parametrize("stack", ["sqlite and valkey", "postgresql and redis"])
def test_nothing_is_lost_or_doubled_under_kills(stack, request, make_product, sink):
    rig.wait_out_midnight(amount(3, 15))
    given = {}
    if stack == "postgresql and redis":
        postgres, redis = map(request.getfixturevalue, ("own_postgres", "own_redis"))
        given = {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url}
    product = make_product(EMAIL_URL=sink.url, **given)
    rig.manage(product, "prepare", "--empty")
    rig.sow(product, people=PEOPLE, each=EACH)
    product.start()
    seed = int(time.time())
    crew = Crew(product, sink, Random(seed))
    try:
        seconds = drain_under_kills(crew, KILLS, PEOPLE)
        rig.settle(product)
    finally:
        crew.dismiss()
    found = rig.state(product)
    rig.check_effects(sink, found, people=PEOPLE, each=EACH, most_again=crew.allowed)
    again = len(sink.mails) - PEOPLE
    log.info("%s: %s digests in %.0f s, killed %s, %s again on the wire, seed %s",
             stack, PEOPLE, seconds, crew.killed, again, seed)  # fmt: skip


# -- controls: a product with one guard taken away ------------------------------------------------

RUN = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "lawgov.settings"
sys.path.insert(0, {base!r})
import django
django.setup()
{patch}
from django.core.management import call_command
from lawgov.notifications import sender
drain = sender.drain
def together(*args, **options):
    print("ready", flush=True)
    sys.stdin.readline()
    return drain(*args, **options)
sender.drain = together
call_command("send_reminders")
"""
MARKED_BEFORE = """
from lawgov.notifications.models import Delivery
from lawgov.notifications.steps import Steps
begin = Steps.begin
def hasty(self, delivery, now, *message):
    begun = begin(self, delivery, now, *message)
    Delivery.objects.filter(pk=delivery.pk).update(status="sent", sent_at=now)
    return begun
Steps.begin = hasty
"""
ANOTHER_KEY = """
import uuid
from lawgov.notifications.channels import email, mails
made = email.digest_mail
def fresh(delivery, message, connection):
    delivery.key = uuid.uuid4().hex
    return made(delivery, message, connection)
email.digest_mail = fresh
"""
NO_CLAIM = """
from lawgov.notifications import claims, steps
from lawgov.notifications.models import Delivery
claims.Due.rows = lambda self, now: Delivery.objects.exclude(status="sent")
steps.NEXT = steps.NEXT.replace("leased_by = %(token)s", "1 = 1").replace(
    "AND status = 'leased'", "AND 1 = 1")
assert "token" not in steps.NEXT and "'leased'" not in steps.NEXT
"""
FEW = 40


@pytest.fixture(scope="module")
def sown(prepared, tmp_path_factory) -> Path:
    """A data folder with a few people and what they are owed, to be copied."""
    folder = tmp_path_factory.mktemp("sown") / "data"
    shutil.copytree(prepared, folder, symlinks=True)
    rig.wait_out_midnight(4)
    rig.sow(Product(folder), people=FEW, each=EACH)
    return folder


@pytest.fixture
def product(make_product, sown, sink, tmp_path) -> Product:
    shutil.copytree(sown, tmp_path / "data", symlinks=True)
    return make_product("data", EMAIL_URL=sink.url)


def ready(command: list[str], product: Product) -> subprocess.Popen[bytes]:
    """A sender that has planned and waits for the word to send."""
    pipe = subprocess.PIPE
    sender = subprocess.Popen(command, env=product.environment, stdin=pipe, stdout=pipe)
    assert sender.stdout and sender.stdout.readline() == b"ready\n"
    return sender


def begin(crew: list[subprocess.Popen[bytes]]) -> None:
    """All at once, however long each took to get there; until they have ended."""
    for sender in crew:
        assert sender.stdin
        sender.stdin.write(b"\n")
        sender.stdin.flush()
    for sender in crew:
        sender.communicate(timeout=120)


def outcome(product: Product, sink: rig.MailSink, patch: str, senders: int) -> tuple[dict, int]:
    """Senders of the product with `patch`, all killed once before the mail server takes a mail and
    once before it answers that it has; then one that is left in peace."""
    command = [sys.executable, "-c", RUN.format(base=str(settings.BASE_DIR), patch=patch)]
    crew: list[subprocess.Popen[bytes]] = []

    def kill_all(number: int, at: int) -> None:
        time.sleep(0.02)  # a mail server takes its time, and the other sender gets its turn
        if number == at:
            for sender in crew:
                sender.kill()

    sink.on_recipient, sink.on_mail = partial(kill_all, at=8), partial(kill_all, at=20)
    for _round in range(2):
        crew[:] = [ready(command, product) for _one in range(senders)]
        begin(crew)
    begin([last := ready(command, product)])
    assert last.returncode == 0
    return rig.state(product), 2 * senders


def judged(sink, found, allowed) -> None:
    rig.check_effects(sink, found, people=FEW, each=EACH, most_again=allowed)


def test_killed_in_the_middle_of_calls_all_is_well(product, sink):
    judged(sink, *outcome(product, sink, "", senders=2))


@pytest.mark.parametrize(
    ("patch", "senders", "why"),
    [
        pytest.param(MARKED_BEFORE, 1, "lost", id="marked as sent before the call"),
        pytest.param(ANOTHER_KEY, 1, "lost|one key a person", id="a new key for every try"),
        pytest.param(NO_CLAIM, 2, "duplicates on the wire", id="nobody claims"),
    ],
)
def test_control_without_the_guard_it_fails(product, sink, patch, senders, why):
    with pytest.raises(AssertionError, match=why):
        judged(sink, *outcome(product, sink, patch, senders))
