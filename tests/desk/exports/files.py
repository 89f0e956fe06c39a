"""A file as a person gets it who presses a button that starts a job."""

from __future__ import annotations

from lawgov.accounts.actors import Actor
from lawgov.jobs import actions
from lawgov.jobs.models import Job
from tests.people import browser


def started(actor: Actor, address: str) -> Job:
    """The job behind a button at this address, at its end."""
    client = browser(actor)
    page = client.post(address)
    assert page.status_code == 302, page.status_code
    job = Job.objects.get(pk=int(page["Location"].split("/")[-2]))
    assert actions.run(job.pk)
    job.refresh_from_db()
    return job


def downloaded(actor: Actor, address: str) -> tuple[bytes, str]:
    """Content and name of the file."""
    job = started(actor, address)
    assert job.state == Job.State.DONE, job.message
    file = browser(actor).get(f"/jobs/{job.pk}/file/")
    assert file.status_code == 200
    return b"".join(file.streaming_content), job.filename
