"""Speaking with the broker, Redis, so that one which hangs holds nobody up."""

from __future__ import annotations

import logging
import os
import queue
import threading
from collections.abc import Callable
from functools import cache

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)

WAITING = 100  # hints at once; beyond that the sweepers have work enough for the next minute


def client(url: str, *, seconds: float) -> redis.Redis:
    """One that asks once and waits so long for the answer; redis-py's own would ask eleven times.

    Its calls raise redis.RedisError.
    """
    return redis.Redis.from_url(
        url, socket_connect_timeout=seconds, socket_timeout=seconds, retry=Retry(NoBackoff(), 0)
    )


def hint(send: Callable[[], object], otherwise: str) -> None:
    """Call `send`, which asks for a worker, while the caller goes on.

    A hint may be lost: whatever it is about must be found in the database within a minute.
    `otherwise` is what the log then says.
    """
    try:
        _hints().put_nowait((send, otherwise))
    except queue.Full:
        log.warning("%s: the broker does not answer", otherwise)


@cache
def _hints() -> queue.Queue[tuple[Callable[[], object], str]]:
    """Of this process, with the thread that works it off."""
    hints: queue.Queue[tuple[Callable[[], object], str]] = queue.Queue(WAITING)

    def work() -> None:
        while True:
            send, otherwise = hints.get()
            try:
                send()
            except Exception:
                log.warning("%s: the broker did not answer", otherwise)

    threading.Thread(target=work, name="hints", daemon=True).start()
    return hints


os.register_at_fork(after_in_child=_hints.cache_clear)  # a thread does not come along
