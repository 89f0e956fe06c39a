"""Redis flushed, killed, cut off and connected anew while mails go out; robustness guide, E2.

None is lost or doubled, the same worker takes work again, and pages never answer with an error.
"""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
import redis
from celery import Celery
from django.conf import settings

from lawgov.settings import env
from tests.assessments.reminders.faults import rig
from tests.servers.product import wait_for
from tests.servers.proxy import Proxy
from tests.tiers import amount

pytestmark = pytest.mark.servers

PEOPLE, EACH = amount(200, 2_000), 1
PARTITION = amount(5, 60)  # seconds
CUTS = amount(3, 10)
AGAIN = 60  # seconds within which the worker works again
TWO_HANDS = 2  # calls of the worker at one moment; a lost connection ends its tasks


def nudge(url: str) -> None:
    """As beat does each minute, past the proxy."""
    app = Celery(broker=env.broker(url))
    app.conf.broker_transport_options = {"global_keyprefix": settings.BROKER_KEY_PREFIX}
    with suppress(OSError), app.connection_for_write() as line:
        queue = settings.CELERY_TASK_DEFAULT_QUEUE
        app.send_task("reminders.tick", queue=queue, connection=line, expires=30, retry=False)


def test_whatever_happens_to_redis_nothing_is_lost(make_product, own_redis, sink):
    rig.wait_out_midnight(amount(3, 8))
    proxy = Proxy(own_redis.port)
    product = make_product(
        EMAIL_URL=sink.url, REDIS_URL=own_redis.url.replace(str(own_redis.port), str(proxy.port))
    )
    rig.sow(product, people=PEOPLE, each=EACH)
    product.start()
    worker = product.pid("worker")
    sink.on_recipient = lambda number: time.sleep(0.02)

    def well() -> None:
        assert product.get("/login/")[0] == 200, "pages answer without their broker"

    def works_up_to(goal: int) -> None:
        """The worker itself takes tasks again until so many mails have gone out."""
        until = time.monotonic() + AGAIN + PEOPLE * 0.2
        while len(sink.mails) < goal:
            assert time.monotonic() < until, f"{len(sink.mails)} of {goal} mails"
            nudge(own_redis.url)
            time.sleep(1)

    try:
        works_up_to(PEOPLE // 10)
        with redis.Redis.from_url(own_redis.url) as client:
            client.flushall()
        well()
        works_up_to(PEOPLE * 3 // 10)
        own_redis.kill()
        well()
        own_redis.start()
        works_up_to(PEOPLE * 5 // 10)
        proxy.stall()
        until = time.monotonic() + PARTITION
        while time.monotonic() < until:
            well()
        proxy.mend()
        works_up_to(PEOPLE * 7 // 10)
        for _cut in range(CUTS):
            proxy.cut()
            well()
            time.sleep(0.5)
        works_up_to(PEOPLE)
    finally:
        proxy.close()
    assert product.pid("worker") == worker, "without a restart"
    wait_for(lambda: rig.state(product)["statuses"].keys() == {"sent"}, seconds=60)
    faults = 3 + CUTS
    found = rig.state(product)
    rig.check_effects(sink, found, people=PEOPLE, each=EACH, most_again=faults * TWO_HANDS)
