"""Celery entry points of the store."""

from celery import shared_task
from django.utils import timezone

from lawgov.files import upkeep


@shared_task(name="files.sweep", ignore_result=True)
def sweep_files() -> int:
    """Once a day: files that no row has come to point to."""
    return upkeep.sweep(timezone.now())


@shared_task(name="files.verify", ignore_result=True)
def verify_files() -> int:
    """Once a day: a seventh of the files is read again."""
    return upkeep.verify(timezone.now())
