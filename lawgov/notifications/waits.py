"""How long to wait after a failure: rules without rows or clocks.

Source: robustness guide, E4 (at most 8 tries in 24 hours, then a dead letter; one bad channel
delays the others by less than 30 seconds).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

TRIES = 8
WITHIN = timedelta(hours=24)  # from the first try
BACK_OFF = timedelta(minutes=2)  # doubled by every failure: eight tries span 4 to 5.5 hours
JITTER = 0.25  # at most so much longer, so that what failed together does not return together

FAILURES = 3  # in a row, after which a channel rests
REST = timedelta(minutes=1)  # doubled by every failure of the one that tries it again
LONGEST_REST = timedelta(minutes=15)
LONGEST_ASKED = timedelta(hours=1)  # a receiver may ask for more and is asked again


def back_off(attempts: int, key: str) -> timedelta:
    """How long a delivery waits after `attempts` failed tries (1 or more).

    The jitter comes from the key, so that it differs between deliveries and can be told again.
    """
    wait = BACK_OFF * 2 ** (attempts - 1)
    return wait + wait * JITTER * Random(f"{key}.{attempts}").random()


def is_over(attempts: int, first_try_at: datetime | None, now: datetime) -> bool:
    """Whether no further try is made: the delivery is a dead letter."""
    return attempts >= TRIES or (first_try_at is not None and now - first_try_at >= WITHIN)


def rest(failures: int, asked: timedelta | None = None) -> timedelta | None:
    """How long a channel rests after `failures` in a row, None while it goes on.

    `asked` is what the receiver itself wants (429 and Retry-After); it counts at once.
    """
    if asked is not None:
        return min(max(asked, timedelta(seconds=1)), LONGEST_ASKED)
    if failures < FAILURES:
        return None
    doubled = min(failures - FAILURES, 10)
    return min(REST * 2**doubled, LONGEST_REST)
