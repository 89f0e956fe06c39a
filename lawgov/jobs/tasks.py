"""Celery entry points of jobs."""

from celery import shared_task
from django.utils import timezone

from lawgov.jobs import actions


@shared_task(name="jobs.run", acks_late=True, ignore_result=True)
def run_job(job_id: int) -> bool:
    return actions.run(job_id)


@shared_task(name="jobs.sweep", ignore_result=True)
def sweep_jobs() -> int:
    """Each minute: what the queue lost is run here."""
    waiting = actions.sweep(timezone.now())
    for job_id in waiting:
        actions.run(job_id)
    return len(waiting)
