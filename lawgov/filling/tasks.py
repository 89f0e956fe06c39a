"""Celery entry points of filled sheets."""

from celery import shared_task
from django.utils import timezone

from lawgov.filling import actions


@shared_task(name="filling.sweep", ignore_result=True)
def sweep_sheets() -> int:
    """Each day: uploads past their week go."""
    return actions.sweep(timezone.now())
