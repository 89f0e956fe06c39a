"""Pages of sheets to be filled in: what there is to download, an upload, its preview, the act."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.errors import GuardFailed, StaleState
from lawgov.filling import actions
from lawgov.filling.forms import UploadForm
from lawgov.filling.merged import Side
from lawgov.filling.models import FilledSheet
from lawgov.filling.preview import Preview
from lawgov.filling.subjects import open_to, subject_of
from lawgov.jobs import actions as jobs
from lawgov.web.editing import posted, show_faults, uploaded
from lawgov.web.listing import number
from lawgov.web.pages import go, render_page, say

RECENT = 20  # uploads that the page lists
SIDES = {side.value: side for side in Side}


@requires(Action.EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet_list(request: HttpRequest) -> HttpResponse:
    """What the person may fill in, an upload, and their uploads of the last week."""
    form = UploadForm(posted(request), uploaded(request))
    if request.method == "POST" and form.is_valid():
        try:
            sheet, _job = actions.receive(
                form.cleaned_data["file"], actor=request.actor, now=timezone.now()
            )
        except GuardFailed as refusal:
            show_faults(form, refusal)
        else:
            return go(request, sheet.get_absolute_url())
    context = {
        "form": form,
        "subjects": open_to(request.actor),
        "sheets": FilledSheet.objects.of(request.actor)[:RECENT],
        "now": timezone.now(),
        "section": "tasks",
    }
    status = 422 if form.errors else 200
    return render_page(request, "filling/list.html", context, status=status)


@requires(Action.EXPORT)
@require_POST
def export(request: HttpRequest, code: str) -> HttpResponse:
    """Start the job that writes the sheet; its page offers the file."""
    subject = subject_of(code)
    if subject is None or not subject.may(request.actor):
        raise Http404
    job = jobs.start(request.actor, "export_sheet", {"subject": code}, now=timezone.now())
    return go(request, reverse("jobs:detail", args=[job.pk]))


@requires(Action.EXPORT)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The upload as it stands: being read, refused, to be decided, applied.

    Only the page of a sheet that is being read asks by htmx; it is led on to a page of its own.
    """
    sheet = get_object_or_404(_mine(request), pk=pk)
    if request.htmx and sheet.state != FilledSheet.State.READING:
        return go(request, sheet.get_absolute_url())
    return _page(request, sheet)


def _mine(request: HttpRequest):
    return FilledSheet.objects.of(request.actor).select_related("blob")


def _page(request: HttpRequest, sheet: FilledSheet, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    context = {
        "sheet": sheet,
        "now": now,
        "today": local_day(now),
        "section": sheet.subject.section if sheet.subject_code else "tasks",
    }
    template = "filling/state.html"
    if sheet.state == FilledSheet.State.OPEN:
        stands = actions.merge_of(sheet, request.actor, now=now)
        tab, page = request.GET.get("show", ""), number(request, "page", 1)
        context["preview"] = Preview(sheet, stands, tab=tab, page=page)
        template = "filling/preview.html"
    return render_page(
        request, template, context, partial=template.replace("/", "/_"), status=status
    )


@requires(Action.EXPORT)
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what was chosen in conflicts and typed for faults; the preview follows."""
    sheet = get_object_or_404(_mine(request), pk=pk)
    actions.decide(
        sheet,
        actor=request.actor,
        now=timezone.now(),
        sides={name: side for name, side in _named(request, "side-") if side in SIDES},
        texts=dict(_named(request, "text-")),
        every=SIDES.get(request.POST.get("every", "")),
    )
    if request.htmx:
        return _page(request, sheet)
    return go(request, f"{sheet.get_absolute_url()}?{request.GET.urlencode()}".rstrip("?"))


def _named(request: HttpRequest, prefix: str) -> list[tuple[str, str]]:
    return [
        (name.removeprefix(prefix), value)
        for name, value in request.POST.items()
        if name.startswith(prefix)
    ]


@requires(Action.EXPORT)
@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Write all of it or nothing; what has moved since the preview is shown again (409)."""
    sheet = get_object_or_404(_mine(request), pk=pk)
    try:
        actions.apply(
            sheet, actor=request.actor, now=timezone.now(), seen=request.POST.get("seen", "")
        )
    except (StaleState, GuardFailed) as refusal:
        say(request, str(refusal), bad=True)
        return _page(request, sheet, status=refusal.status)
    say(request, _("已写入 %(rows)s 行") % {"rows": sheet.outcome["rows"]})
    return go(request, sheet.get_absolute_url())


@requires(Action.EXPORT)
@require_POST
def marked(request: HttpRequest, pk: int) -> HttpResponse:
    """The file again with its faults and conflicts marked, made in the background."""
    sheet = get_object_or_404(_mine(request), pk=pk)
    job = jobs.start(request.actor, "mark_sheet", {"sheet": sheet.pk}, now=timezone.now())
    return go(request, reverse("jobs:detail", args=[job.pk]))


@requires(Action.EXPORT)
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget the upload; nothing of it was written."""
    sheet = get_object_or_404(_mine(request), pk=pk)
    actions.discard(sheet)
    say(request, _("已放弃，什么都没有写入"))
    return go(request, reverse("filling:list"))
