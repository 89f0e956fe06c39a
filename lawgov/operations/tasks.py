"""Celery entry points of the installation itself."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from lawgov.accounts import lockout, sessions
from lawgov.audit.heads import write_heads


@shared_task(name="operations.audit_heads", ignore_result=True)
def note_audit_heads() -> int:
    """How many chains had grown."""
    return write_heads(timezone.now())


@shared_task(name="operations.tidy", ignore_result=True)
def tidy() -> int:
    """How many rows of logins that are over, and of old attempts, have gone."""
    SessionStore.clear_expired()
    now = timezone.now()
    return sessions.sweep(now) + lockout.sweep(now)
