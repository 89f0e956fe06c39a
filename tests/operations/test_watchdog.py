from __future__ import annotations

import pytest
import redis
from django.conf import settings

from lawgov.operations.watchdog import Watchdog

pytestmark = pytest.mark.servers

QUEUE = settings.BROKER_KEY_PREFIX + settings.CELERY_TASK_DEFAULT_QUEUE
TAKEN = settings.BROKER_KEY_PREFIX + "unacked_index"


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    """Seconds; tests set the one number in it."""
    now = [1000.0]
    monkeypatch.setattr("lawgov.operations.watchdog.time.monotonic", lambda: now[0])
    return now


@pytest.fixture
def broker(own_redis) -> redis.Redis:
    with redis.Redis.from_url(own_redis.url) as client:
        yield client


def findings(dog: Watchdog, clock: list[float], *, minutes: int) -> int:
    """How often it barks when asked every second."""
    barks = 0
    for _second in range(minutes * 60):
        clock[0] += 1
        barks += dog.is_deaf()
    return barks


def test_messages_that_nobody_takes_are_noticed_after_a_minute(own_redis, broker, clock):
    dog = Watchdog(own_redis.url)
    assert findings(dog, clock, minutes=3) == 0
    broker.rpush(QUEUE, "task")
    assert findings(dog, clock, minutes=1) == 0
    assert findings(dog, clock, minutes=1) == 1


def test_a_worker_that_is_busy_is_not_deaf(own_redis, broker, clock):
    dog = Watchdog(own_redis.url)
    broker.rpush(QUEUE, "next task")
    for minute in range(4):
        broker.zadd(TAKEN, {f"task {minute}": minute})
        assert findings(dog, clock, minutes=5) == 0
    broker.delete(TAKEN)
    assert findings(dog, clock, minutes=2) == 1


def test_what_is_in_hand_for_longer_than_a_task_may_take_is_not_work(own_redis, broker, clock):
    """A worker that was cut off may hold on to what it could not tell the end of."""
    assert settings.CELERY_TASK_TIME_LIMIT == 5 * 60
    dog = Watchdog(own_redis.url)
    broker.rpush(QUEUE, "next task")
    broker.zadd(TAKEN, {"tag": 1})
    assert findings(dog, clock, minutes=6) == 0
    assert findings(dog, clock, minutes=1) == 1


def test_a_worker_that_catches_up_is_not_deaf(own_redis, broker, clock):
    dog = Watchdog(own_redis.url)
    for _turn in range(5):
        broker.rpush(QUEUE, "task")
        assert findings(dog, clock, minutes=1) == 0
        broker.delete(QUEUE)
        findings(dog, clock, minutes=1)


def test_a_broker_that_is_away_is_not_the_workers_fault(own_redis, broker, clock):
    dog = Watchdog(own_redis.url)
    broker.rpush(QUEUE, "task")
    own_redis.kill()
    assert findings(dog, clock, minutes=5) == 0
