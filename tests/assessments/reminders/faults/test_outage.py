"""Without Celery: the command and the scheduler alone, while the broker is gone, and killed again
and again while they work."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest

from tests.assessments.reminders.faults import rig
from tests.servers.base import free_port
from tests.servers.product import wait_for
from tests.tiers import amount

pytestmark = pytest.mark.servers


def test_broker_gone_while_200_are_due_each_stands_in_one_digest(make_product, own_redis, sink):
    rig.wait_out_midnight(3)
    product = make_product(REDIS_URL=own_redis.url, EMAIL_URL=sink.url)
    product.start()
    assert product.health()["code"] == 200
    own_redis.stop()
    rig.sow(product, people=20, each=10)
    rig.manage(product, "send_reminders")
    status, _headers, _body = product.get("/login/")
    assert status == 200, "the web answers without its broker"
    assert product.health()["code"] == 503
    rig.check_effects(sink, rig.state(product), people=20, each=10, most_again=0)


@pytest.mark.parametrize("command", ["send_reminders", "run_scheduler"])
def test_killed_again_and_again_at_work_it_loses_nothing(command, make_product, sink):
    rig.wait_out_midnight(amount(3, 15))
    people, kills, seed = amount(500, 10_000), amount(5, 20), int(time.time())
    product, random = make_product(EMAIL_URL=sink.url), Random(seed)
    rig.sow(product, people=people, each=3)
    for number in range(1, kills + 1):
        goal = random.randint(len(sink.mails) + 1, people * number // (kills + 1))
        with running(product, command) as process:
            wait_for(lambda goal=goal: len(sink.mails) >= goal or process.poll() is not None)
    with running(product, command):
        wait_for(lambda: len(sink.keys) >= people, seconds=300)
        wait_for(lambda: rig.state(product)["statuses"].keys() == {"sent"})
    rig.check_effects(sink, rig.state(product), people=people, each=3, most_again=kills)


def test_the_scheduler_needs_no_broker_and_two_of_it_add_nothing(make_product, sink):
    rig.wait_out_midnight(3)
    nobody = f"redis://127.0.0.1:{free_port()}/0"
    product = make_product(EMAIL_URL=sink.url, REDIS_URL=nobody)
    rig.sow(product, people=40, each=3)
    with running(product, "run_scheduler"), running(product, "run_scheduler"):
        wait_for(lambda: len(sink.keys) == 40, seconds=120)
        wait_for(lambda: rig.state(product)["statuses"].keys() == {"sent"})
    rig.check_effects(sink, rig.state(product), people=40, each=3, most_again=0)


@contextmanager
def running(product, command: str) -> Iterator[subprocess.Popen[bytes]]:
    """The command at work; at the end it is killed, without a goodbye."""
    process = subprocess.Popen(
        [*rig.MANAGE, command], env=product.environment, start_new_session=True
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
