"""Celery entry points of the assessments."""

from celery import shared_task
from django.utils import timezone

from assessments.reminders.actions import remind_by_the_clock


@shared_task(name="reminders.tick", ignore_result=True)
def tick() -> int:
    """Each minute of the working day: plan if today is not planned yet, and send what is due."""
    return sum(remind_by_the_clock(timezone.now()).values())
