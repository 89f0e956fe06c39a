"""Redis flushed, killed, cut off and connected anew while mails go out; robustness guide, E2.

None is lost or doubled, the same worker takes work again, and pages never answer with an error.
Each fault has a control: with the queue as the truth, or a worker that does not connect anew, the
same fault loses mails.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

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


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_whatever_happens_to_redis_nothing_is_lost(
    database, request, make_product, own_redis, sink
):
    rig.wait_out_midnight(amount(3, 15))
    proxy = Proxy(own_redis.port)
    given = {"REDIS_URL": own_redis.url.replace(str(own_redis.port), str(proxy.port))}
    if database == "postgresql":
        given["DATABASE_URL"] = request.getfixturevalue("own_postgres").url
    product = make_product(EMAIL_URL=sink.url, **given)
    rig.manage(product, "prepare", "--empty")
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


# -- each fault alone, with a worker of our own that may lack a guard ------------------------------

WORKER = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "lawgov.settings"
sys.path.insert(0, {base!r})
import django
django.setup()
from assessments import tasks
from lawgov.celery import app
tasks.MOST = 5
app.conf.broker_transport_options["socket_timeout"] = 1
{patch}
app.worker_main(["--quiet", "worker", "-c", "1", "--without-gossip", "--without-mingle",
                 "--without-heartbeat", "-l", "CRITICAL"])
"""
# A message is what is owed: once a day each delivery is put into the queue, and nobody looks again.
QUEUE_IS_TRUTH = """
from collections import Counter
from lawgov.notifications import claims
from lawgov.notifications.models import Delivery
from assessments.models import PlannerRun
turn, rows, wanted = tasks.remind_by_the_clock, claims.Due.rows, []
claims.Due.rows = lambda self, now: rows(self, now).filter(pk__in=wanted)
@app.task(name="control.one", ignore_result=True)
def one(pk):
    wanted[:] = [pk]
    turn(tasks.timezone.now(), 1)
def once(now, most):
    if not PlannerRun.objects.exists():
        turn(now, most)
        for pk in Delivery.objects.filter(channel="email").values_list("pk", flat=True):
            one.delay(pk)
    return Counter()
tasks.remind_by_the_clock = once
"""
CONNECTS_ONCE = """
app.conf.broker_connection_retry = False
app.conf.broker_connection_max_retries = 0
"""
IN_HAND_FOR_EVER = """
from lawgov.celery import HearingTask
HearingTask.Request = "celery.worker.request:Request"
"""
FEW = 40
PATIENCE = 20  # seconds after the fault within which the next mail goes out


def flush(redis_server, proxy: Proxy) -> None:
    with redis.Redis.from_url(redis_server.url) as client:
        client.flushall()


def kill(redis_server, proxy: Proxy) -> None:
    """With what it held: the disk is gone as well."""
    redis_server.kill()
    for file in redis_server.folder.rglob("appendonly*"):
        if file.is_file():
            file.unlink()
    redis_server.start()


def part(redis_server, proxy: Proxy) -> None:
    """Cut off for a while; then the old connections are dead."""
    proxy.stall()
    time.sleep(5)
    proxy.cut()
    proxy.mend()


def hold(redis_server, proxy: Proxy) -> None:
    """Nothing comes through for so long that the end of a task cannot be told, which is tried
    three times; then all does."""
    proxy.stall()
    time.sleep(10)
    proxy.mend()


@contextmanager
def worker(product, patch: str) -> Iterator[None]:
    command = [sys.executable, "-c", WORKER.format(base=str(settings.BASE_DIR), patch=patch)]
    process = subprocess.Popen(command, env=product.environment)
    try:
        yield
    finally:
        process.terminate()
        process.wait(60)


def lost_after(fault: Callable, patch: str, make_product, own_redis, sink) -> int:
    """How many of a few mails do not go out when one fault comes in the middle of them."""
    rig.wait_out_midnight(4)
    proxy = Proxy(own_redis.port)
    url = own_redis.url.replace(str(own_redis.port), str(proxy.port))
    product = make_product(EMAIL_URL=sink.url, REDIS_URL=url)
    rig.sow(product, people=FEW, each=EACH)
    sink.on_recipient = lambda number: time.sleep(0.1)
    try:
        with worker(product, patch):
            _nudged_up_to(FEW // 4, own_redis, sink)
            fault(own_redis, proxy)
            _nudged_up_to(FEW, own_redis, sink)
    finally:
        proxy.close()
    return FEW - len(sink.keys)


def _nudged_up_to(goal: int, redis_server, sink) -> None:
    """Nudge until so many mails are out, or none has come for a while."""
    seen, since = len(sink.mails), time.monotonic()
    while len(sink.mails) < goal and time.monotonic() - since < PATIENCE:
        nudge(redis_server.url)
        time.sleep(0.5)
        if len(sink.mails) > seen:
            seen, since = len(sink.mails), time.monotonic()


FAULTS = [
    pytest.param(flush, QUEUE_IS_TRUTH, id="flushed"),
    pytest.param(kill, QUEUE_IS_TRUTH, id="killed"),
    pytest.param(part, CONNECTS_ONCE, id="cut off"),
    pytest.param(hold, IN_HAND_FOR_EVER, id="held up"),
]


@pytest.mark.parametrize("fault", [flush, kill, part, hold])
def test_one_fault_of_redis_loses_nothing(fault, make_product, own_redis, sink):
    assert lost_after(fault, "", make_product, own_redis, sink) == 0


@pytest.mark.parametrize(("fault", "without"), FAULTS)
def test_control_without_the_guard_it_loses(fault, without, make_product, own_redis, sink):
    assert lost_after(fault, without, make_product, own_redis, sink) > 0
