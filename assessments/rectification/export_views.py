"""The button 导出台账: a job with the filter of the page that it stands on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.jobs import actions
from lawgov.web.listing import picked, query_without
from lawgov.web.pages import go


@requires(Action.EXPORT)
@require_POST
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """All rows under the page's filter, or those that were selected for the bulk bar."""
    choice = picked(request)
    query = choice.query.urlencode() if choice.query is not None else ""
    if not choice.pks and not query:
        query = query_without(request.GET, "page", "after", "from")
    params = {"kind": kind, "query": query, "pks": choice.pks}
    job = actions.start(request.actor, "export_ledger", params, now=timezone.now())
    return go(request, reverse("jobs:detail", args=[job.pk]))
