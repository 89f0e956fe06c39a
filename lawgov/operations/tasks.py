"""Celery entry points of the installation itself."""

from celery import shared_task
from django.utils import timezone

from lawgov.audit.heads import write_heads


@shared_task(name="operations.audit_heads", ignore_result=True)
def note_audit_heads() -> int:
    """Each hour: how many chains had grown."""
    return write_heads(timezone.now())
