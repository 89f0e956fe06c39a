"""A broker that is connected and says nothing holds up nobody; robustness guide, E2."""

from __future__ import annotations

import json
import logging
import os
import select
import signal
import statistics
import threading
import time
import urllib.request
from collections.abc import Callable

import pytest

from lawgov import broker
from tests.assessments.reminders.faults import rig
from tests.servers.product import wait_for
from tests.servers.proxy import Proxy

log = logging.getLogger(__name__)

CALLS = 7
LONG = 2.0  # seconds; asking a broker that hangs takes longer, however it is asked
TOKEN = """
from datetime import timedelta
from lawgov.accounts.models import ApiToken, Membership, User
from lawgov.units.models import Region
region = Region.objects.create(code="here", name="本区")
user = User.objects.create(username="office")
membership = Membership.objects.create(user=user, region=region, role="office_admin")
print(ApiToken.objects.create(user=user, membership=membership, expiry=timedelta(days=1))[1])
"""


def seconds(call: Callable[[], object]) -> float:
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


@pytest.mark.servers
def test_pages_and_the_api_answer_at_once_while_the_broker_hangs(make_product, own_redis):
    """Also where they ask for a worker; the work is done when the broker is back."""
    proxy = Proxy(own_redis.port)
    product = make_product(REDIS_URL=own_redis.url.replace(str(own_redis.port), str(proxy.port)))
    token = rig.manage(product, "shell", "-v0", script=TOKEN).split()[-1]
    product.start()

    def asked(path: str, body: bytes | None = None) -> dict:
        headers = {"Authorization": f"Token {token}", "Content-Type": "application/json"}
        request = urllib.request.Request(product.address + path, body, headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    made: list[int] = []
    works = {
        "read": lambda: asked("/api/v1/tokens/"),
        "export": lambda: made.append(asked("/api/v1/exports/units/", b"{}")["id"]),
        "page": lambda: product.get("/login/"),
    }

    def taken() -> dict[str, list[float]]:
        return {name: [seconds(work) for _call in range(CALLS)] for name, work in works.items()}

    try:
        taken()
        before = taken()
        proxy.stall()
        during = taken()
        health = seconds(product.health)
        assert product.health()["broker"] == "down"
    finally:
        proxy.mend()
    for name, times in during.items():
        ratio = statistics.median(times) / statistics.median(before[name])
        log.info("%s: %.2f of its time before, longest %.3f s", name, ratio, max(times))
        assert max(times) < LONG, f"{name} waits for the broker"
    log.info("healthz: %.1f s", health)
    assert health < 2 * LONG
    states = {number: f"/api/v1/jobs/{number}/" for number in made}
    try:
        wait_for(
            lambda: {asked(path)["state"] for path in states.values()} == {"done"}, seconds=120
        )
    finally:
        proxy.close()


def test_a_hint_that_finds_no_room_is_dropped_and_said(monkeypatch, caplog):
    """The first holds the thread up; nobody who gives one waits."""
    monkeypatch.setattr(broker, "WAITING", 1)
    broker._hints.cache_clear()
    begun, free, came = threading.Event(), threading.Event(), []

    def hang() -> None:
        begun.set()
        assert free.wait(30)

    try:
        broker.hint(hang, "the first")
        assert begun.wait(30)
        broker.hint(lambda: came.append("second"), "the second")
        broker.hint(lambda: came.append("third"), "the third")
        assert "the third: the broker does not answer" in caplog.messages
        free.set()
        wait_for(lambda: came == ["second"])
    finally:
        free.set()
        broker._hints.cache_clear()


def test_a_hint_that_fails_is_said_and_the_next_one_comes_through(caplog):
    came = []

    def fail() -> None:
        raise OSError

    broker.hint(fail, "job 1 waits")
    broker.hint(lambda: came.append(2), "job 2 waits")
    wait_for(lambda: came == [2])
    assert "job 1 waits: the broker did not answer" in caplog.messages


def test_a_process_that_was_forked_gives_hints_of_its_own():
    """The thread of its parent did not come along."""
    broker.hint(lambda: None, "the parent's")
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        broker.hint(lambda: os.write(writer, b"came"), "the child's")
        time.sleep(10)
        os._exit(1)
    try:
        ready, _writable, _odd = select.select([reader], [], [], 8)
        assert ready
        assert os.read(reader, 4) == b"came"
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(reader)
        os.close(writer)
