"""Celery entry points of accounts."""

from celery import shared_task
from django.utils import timezone

from lawgov.accounts import answered, lockout, sessions


@shared_task(name="accounts.sweep", ignore_result=True)
def sweep_logins() -> int:
    """Each hour: logins, attempts and answered calls that have run out are forgotten."""
    now = timezone.now()
    return lockout.sweep(now) + sessions.sweep(now) + answered.sweep(now)
