"""Celery entry points of the assessments."""

import logging
from typing import Any

from celery import shared_task
from django.utils import timezone

from assessments.reminders.actions import remind_by_the_clock
from lawgov.jobs import heartbeats

log = logging.getLogger(__name__)

MOST = 100  # deliveries of one task; the next task takes the next


@shared_task(name="reminders.tick", bind=True, ignore_result=True)
def tick(self: Any) -> int:
    """Each minute: plan if today is not planned yet, and send what is due.

    A worker sends up to a hundred and asks for another task, until there is nothing to do; if
    that is lost, the next minute's goes on. Called directly, as `run_scheduler` does, it sends
    until nothing is due.
    """
    heartbeats.beat(heartbeats.CLOCK, timezone.now())
    most = None if self.request.called_directly else MOST
    tally = remind_by_the_clock(timezone.now(), most)
    heartbeats.beat(heartbeats.REMINDERS, timezone.now())
    done = tally.total() - tally["planned"]
    if most and done:
        _go_on()
    return done


def _go_on() -> None:
    try:
        tick.apply_async(expires=55)
    except Exception:
        log.warning("the rest waits for the next minute: the broker did not answer")
