"""A list as a sheet, in the background; a blank form at once."""

from __future__ import annotations

from io import BytesIO

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action, can
from lawgov.desk.exports.blanks import FORMS
from lawgov.desk.exports.lists import Asked
from lawgov.desk.exports.rows import LISTS
from lawgov.jobs import actions
from lawgov.spreadsheets.writer import write
from lawgov.web.listing import query_without
from lawgov.web.pages import go

BLANKS = tuple(dict.fromkeys(form.action for form in FORMS.values()))


@requires(Action.EXPORT)
@require_POST
def export_list(request: HttpRequest, code: str) -> HttpResponse:
    """All rows under the filters that stand in the address; the file comes as a job."""
    found = LISTS.get(code)
    if found is None or not any(can(request.actor, action) for action in found.actions):
        raise Http404
    params = {"query": query_without(request.GET, "page", "after")}
    job = actions.start(request.actor, found.job, params, now=timezone.now())
    return go(request, reverse("jobs:detail", args=[job.pk]))


@requires(*BLANKS)
@require_safe
def blank(request: HttpRequest, code: str) -> FileResponse:
    """The empty sheet of one kind of import."""
    form = FORMS.get(code)
    if form is None or not can(request.actor, form.action):
        raise Http404
    file = BytesIO()
    write(form.book(Asked(request.actor, timezone.now())), file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=form.filename)
