"""Celery entry points of the assessments."""

from celery import shared_task
from django.utils import timezone

from assessments.reminders.actions import remind_by_the_clock
from lawgov.jobs import heartbeats


@shared_task(name="reminders.tick", ignore_result=True)
def tick() -> int:
    """Each minute of the working day: plan if today is not planned yet, and send what is due."""
    done = sum(remind_by_the_clock(timezone.now()).values())
    heartbeats.beat(heartbeats.REMINDERS, timezone.now())
    return done
