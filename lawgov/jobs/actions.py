"""Starting, running and cleaning up jobs. The row decides; the queue only makes it quick."""

from __future__ import annotations

import errno
import logging
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError, transaction
from django.db.models import Q
from django.http import FileResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from lawgov.accounts.actors import Actor
from lawgov.accounts.models import Membership
from lawgov.audit.record import record
from lawgov.broker import hint
from lawgov.calendars import local_day
from lawgov.errors import DomainError, NotAllowed, StaleState
from lawgov.jobs.kinds import JobKind, Outcome, Work, kind_of
from lawgov.jobs.models import Job
from lawgov.notifications.models import Notification

log = logging.getLogger(__name__)

KEEP = timedelta(hours=24)
LOST_AFTER = timedelta(minutes=3)  # longer than the gap between two reports of a living job
REPORT_EVERY = timedelta(seconds=1)
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def start(actor: Actor, kind: str, params: dict[str, Any], *, now: datetime) -> Job:
    """Make a job for `actor`; it starts after the commit. Raises NotAllowed by the kind's action.

    The filter of an export is kept in `params`, for the audit trail.
    """
    if not kind_of(kind).open_to(actor):
        raise NotAllowed(_("这件事不归你办"))
    with transaction.atomic():
        job = Job.objects.create(
            owner=actor.user,
            membership=actor.membership,
            region=actor.region,
            kind=kind,
            params=params,
            created_at=now,
        )
        record(actor, f"job.{kind}", job, now=now, data={"params": params})
        transaction.on_commit(lambda: nudge(job.pk))
    return job


def nudge(job_id: int) -> None:
    """Hint the workers; when the broker is away the sweeper finds the job within a minute."""
    from lawgov.jobs.tasks import run_job

    hint(lambda: run_job.delay(job_id), f"job {job_id} waits for the sweeper")


def run(job_id: int, *, now: datetime | None = None) -> bool:
    """Run one job if it is still waiting; False when somebody else has it or it is done."""
    now = now or timezone.now()
    claimed = Job.objects.filter(pk=job_id, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING, started_at=now, beat_at=now, message=""
    )
    if not claimed:
        return False
    job = Job.objects.select_related("membership__user", "membership__region").get(pk=job_id)
    kind = kind_of(job.kind)
    target = exports_folder() / f"{job.pk}-{secrets.token_hex(8)}{kind.suffix}"
    try:
        with override(job.membership.user.language):
            outcome = kind.run(Work(_actor(job, kind, now), job.params, target, _reporter(job)))
    except DomainError as error:
        _finish(job, Job.State.FAILED, Outcome(message=error.sentence), None)
        target.unlink(missing_ok=True)
    except Exception as error:
        log.exception("job %s failed", job.pk)
        _finish(job, Job.State.FAILED, Outcome(message=_told(error)), None)
        target.unlink(missing_ok=True)
    else:
        _finish(job, Job.State.DONE, outcome, target if target.exists() else None)
    return True


def _told(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return _("没有完成：服务器上没有空间了；请管理员腾出空间后再试")
    return _("没有完成，出了意外；已记录，可以再试一次")


def sweep(now: datetime) -> list[int]:
    """Ids of jobs to run again: never started, or left by a worker that died; and old files go."""
    lost = Q(state=Job.State.RUNNING, beat_at__lt=now - LOST_AFTER)
    Job.objects.filter(lost).update(state=Job.State.QUEUED, started_at=None, beat_at=None)
    for job in Job.objects.expired(now):
        (exports_folder() / job.result).unlink(missing_ok=True)
        Job.objects.filter(pk=job.pk).update(result="")
    waiting = Job.objects.filter(state=Job.State.QUEUED)
    return list(waiting.order_by("id").values_list("pk", flat=True)[:100])


def may_fetch(actor: Actor, job: Job, now: datetime) -> bool:
    """The owner, still holding the right in the same membership, while the file is kept."""
    return (
        _still_theirs(actor, job)
        and job.state == Job.State.DONE
        and bool(job.result)
        and job.expires_at is not None
        and job.expires_at > now
    )


def may_repeat(actor: Actor, job: Job, now: datetime) -> bool:
    """The owner, where an export failed or its file is no longer kept."""
    wanted = not job.is_open and not may_fetch(actor, job, now)
    return wanted and kind_of(job.kind).repeatable and _still_theirs(actor, job)


def repeat(job: Job, *, actor: Actor, now: datetime) -> Job:
    """The same export once more, of the rows as they are today. Raises NotAllowed, and StaleState
    while it runs or its file is still kept."""
    if not may_repeat(actor, job, now):
        if job.is_open or may_fetch(actor, job, now):
            raise StaleState(_("文件正在生成，或者还可以下载，不用再做一次"))
        raise NotAllowed(_("这件后台任务不能再做一次"))
    return start(actor, job.kind, job.params, now=now)


def _still_theirs(actor: Actor, job: Job) -> bool:
    return (
        job.owner_id == actor.user.pk
        and job.membership_id == actor.membership.pk
        and kind_of(job.kind).open_to(actor)
    )


def send_file(actor: Actor, job: Job, *, now: datetime) -> FileResponse:
    """The job's file as a download, with a line in the audit trail; ask `may_fetch` first."""
    with transaction.atomic():
        record(actor, "job.fetched", job, now=now, data={"file": job.filename})
    file = (exports_folder() / job.result).open("rb")
    response = FileResponse(file, as_attachment=True, filename=job.filename)
    response.headers["Cache-Control"] = "no-store"
    return response


def exports_folder() -> Path:
    folder = Path(settings.DATA_DIR) / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _actor(job: Job, kind: JobKind, now: datetime) -> Actor:
    """The owner as they stand now; a revoked role stops the job."""
    valid = Membership.objects.valid_on(local_day(now)).select_related("user", "region", "unit")
    membership = valid.filter(pk=job.membership_id).first()
    if membership is None or not kind.open_to(Actor.of(membership)):
        raise NotAllowed(_("已经没有办这件事的权限"))
    return Actor.of(membership)


def _reporter(job: Job):
    last = timezone.now()

    def report(done: int, total: int) -> None:
        nonlocal last
        now = timezone.now()
        if done < total and now - last < REPORT_EVERY:
            return
        last = now
        try:
            Job.objects.filter(pk=job.pk).update(done=done, total=total, beat_at=now)
        except OperationalError:
            # SQLite lets nobody write who still reads rows from before another's write. The bar
            # stands still for a while; the work goes on.
            log.info("job %s could not tell how far it is", job.pk)

    return report


def _finish(job: Job, state: str, outcome: Outcome, target: Path | None) -> None:
    """Write the end and tell the owner, in one transaction."""
    now = timezone.now()
    with transaction.atomic():
        Job.objects.filter(pk=job.pk).update(
            state=state,
            message=outcome.message,
            filename=outcome.filename,
            url=outcome.url,
            result=target.name if target else "",
            finished_at=now,
            expires_at=now + KEEP,
        )
        Notification.objects.create(
            recipient_id=job.owner_id,
            region_id=job.region_id,
            kind="job.done" if state == Job.State.DONE else "job.failed",
            subject_type="job",
            subject_id=job.pk,
            url=f"/jobs/{job.pk}/",
            data={"kind": job.kind, "filename": outcome.filename, "message": outcome.message},
            created_at=now,
        )
