"""Celery entry points of imports."""

from celery import shared_task
from django.utils import timezone

from lawgov.imports import staging


@shared_task(name="imports.sweep", ignore_result=True)
def sweep_uploads() -> int:
    """Each hour: uploads that nobody confirmed within a day go."""
    return staging.sweep(timezone.now())
