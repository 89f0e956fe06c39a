"""The command alone: while the broker is gone, and killed again and again while it works."""

from __future__ import annotations

import signal
import subprocess
import time
from random import Random

import pytest

from tests.assessments.reminders.faults import rig
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


def test_senders_killed_at_work_lose_nothing(make_product, sink):
    rig.wait_out_midnight(amount(3, 15))
    people, kills, seed = amount(1000, 10_000), amount(5, 20), int(time.time())
    product, random = make_product(EMAIL_URL=sink.url), Random(seed)
    rig.sow(product, people=people, each=3)
    command = [*rig.MANAGE, "send_reminders"]
    for number in range(1, kills + 1):
        goal = random.randint(len(sink.mails) + 1, people * number // (kills + 1))
        process = subprocess.Popen(command, env=product.environment, start_new_session=True)
        while process.poll() is None and len(sink.mails) < goal:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
    rig.settle(product)
    rig.check_effects(sink, rig.state(product), people=people, each=3, most_again=kills)
