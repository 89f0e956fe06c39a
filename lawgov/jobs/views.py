"""One job: its progress, which may be left and found again, its file, and the same once more."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.jobs import actions
from lawgov.jobs.kinds import kind_of
from lawgov.jobs.models import Job
from lawgov.web.pages import go, render_page


@requires(Action.OWN_ACCOUNT)
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The page; htmx asks it again for the bar alone until the job has ended."""
    job = get_object_or_404(_mine(request), pk=pk)
    context = {
        "job": job,
        "kind": kind_of(job.kind),
        "ready": _ready(request, job),
        "repeatable": actions.may_repeat(request.actor, job, timezone.now()),
    }
    return render_page(request, "jobs/detail.html", context, partial="jobs/_status.html")


@requires(Action.OWN_ACCOUNT)
@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The result, for its owner, while the right still stands and the file is kept."""
    job = get_object_or_404(_mine(request), pk=pk)
    if not _ready(request, job):
        raise Http404
    return actions.send_file(request.actor, job, now=timezone.now())


@requires(Action.OWN_ACCOUNT)
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """The export once more, after it failed or its file was deleted."""
    job = get_object_or_404(_mine(request), pk=pk)
    made = actions.repeat(job, actor=request.actor, now=timezone.now())
    return go(request, reverse("jobs:detail", args=[made.pk]))


def _mine(request: HttpRequest):
    return Job.objects.owned_by(request.user).filter(membership=request.actor.membership)


def _ready(request: HttpRequest, job: Job) -> bool:
    return actions.may_fetch(request.actor, job, timezone.now())
