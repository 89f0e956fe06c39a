"""The pages of an import: choose a file, settle its columns, look at what it comes to, write."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action, can
from lawgov.errors import DomainError, GuardFailed
from lawgov.imports import laying_out, showing, staging
from lawgov.imports.forms import doubled, maps_of
from lawgov.imports.kinds import ImportKind, all_kinds, kind_of
from lawgov.imports.models import Upload
from lawgov.jobs import actions as jobs
from lawgov.units.models import Unit
from lawgov.web.editing import posted, uploaded
from lawgov.web.listing import number
from lawgov.web.pages import go, render_page, say

#: Whoever may bring in files of any kind.
ACTIONS = (Action.IMPORT_LEDGER, Action.MANAGE_UNITS, Action.MANAGE_CAMPAIGN)
FORM = ["GET", "HEAD", "POST"]
State = Upload.State


def _kinds(request: HttpRequest) -> list[ImportKind]:
    return [kind for kind in all_kinds() if can(request.actor, kind.action)]


def _upload(request: HttpRequest, pk: int) -> Upload:
    """The person's own upload, while they hold the right to what it is."""
    rows = Upload.objects.visible_to(request.actor).select_related("region")
    upload = get_object_or_404(rows, pk=pk)
    if not can(request.actor, kind_of(upload.kind).action):
        raise Http404
    return upload


@requires(*ACTIONS)
@require_http_methods(FORM)
def new(request: HttpRequest) -> HttpResponse:
    """Choose a file; what it is decides what else is asked."""
    kinds = _kinds(request)
    wanted = request.GET.get("kind", "")
    kind = next((kind for kind in kinds if kind.code == wanted), kinds[0])
    lack = kind.lacks(request.actor)
    form = kind.form(posted(request), uploaded(request), actor=request.actor,
                     initial=_initial(request))  # fmt: skip
    if request.method == "POST" and not lack and form.is_valid():
        upload = staging.receive(
            form.cleaned_data["file"],
            kind,
            form.options(),
            actor=request.actor,
            now=timezone.now(),
        )
        return go(request, upload.get_absolute_url())
    context = {**kind.section, "kind": kind, "kinds": kinds, "form": form, "lack": lack}
    context["back"] = reverse(kind.back[0], args=kind.back[1:])
    status = 422 if form.errors else 200
    return render_page(request, "imports/new.html", context, status=status)


def _initial(request: HttpRequest) -> dict[str, Any]:
    """What the address already knows, such as the inspection whose page led here."""
    return {"inspection": pk} if (pk := number(request, "inspection", 0)) else {}


@requires(*ACTIONS)
@require_safe
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the upload stands: waiting, or on to the step that wants a person."""
    upload = _upload(request, pk)
    if upload.moved_to:
        return go(request, upload.moved_to)
    if upload.state == State.COLUMNS:
        return go(request, reverse("imports:columns", args=[pk]))
    if upload.state == State.READY:
        return go(request, reverse("imports:preview", args=[pk]))
    context = showing.frame(upload)
    partial = "imports/_waiting.html"
    if upload.state == State.APPLIED and request.htmx:
        return go(request, upload.get_absolute_url())
    return render_page(request, "imports/result.html", context, partial=partial)


@requires(*ACTIONS)
@require_http_methods(FORM)
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Which sheets are read, and what each column is taken for."""
    upload = _upload(request, pk)
    if upload.state not in (State.COLUMNS, State.READY):
        return go(request, upload.get_absolute_url())
    kind = kind_of(upload.kind)
    fault = ""
    if request.method == "POST":
        maps = maps_of(kind, upload.sheets_read, request.POST)
        fault = _doubled(kind, upload, request)
        if not fault and "look" not in request.POST:
            try:
                staging.lay_out(upload, maps, actor=request.actor, now=timezone.now())
            except GuardFailed as error:
                fault = str(error.sentences[0])
            else:
                return go(request, upload.get_absolute_url())
        context = laying_out.columns(upload, maps) | {"fault": fault}
        status = 422 if fault and "look" not in request.POST else 200
    else:
        context, status = laying_out.columns(upload, None), 200
    partial = "imports/_looks.html"
    return render_page(request, "imports/columns.html", context, partial=partial, status=status)


def _doubled(kind: ImportKind, upload: Upload, request: HttpRequest) -> str:
    for place, sheet in enumerate(upload.sheets_read):
        if f"s{place}-used" in request.POST and (names := doubled(kind, request.POST, place)):
            values = {"sheet": sheet.name, "names": _("、").join(names)}
            return _("“%(sheet)s”有两列都对应了：%(names)s") % values
    return ""


@requires(*ACTIONS)
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What each row comes to, with what is wrong beside its cell; nothing is written yet."""
    upload = _upload(request, pk)
    if upload.state != State.READY:
        return go(request, upload.get_absolute_url())
    context = showing.preview(request, upload)
    return render_page(request, "imports/preview.html", context, partial="imports/_preview.html")


@requires(*ACTIONS)
@require_POST
def mend(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct cells on the page, or say which unit is meant; then all is judged anew."""
    upload = _upload(request, pk)
    if offer := request.POST.get("take"):
        _take(request, upload, offer)
        return go(request, reverse("imports:preview", args=[pk]))
    cells = showing.corrections(upload, request.POST)
    if not cells:
        say(request, _("没有改动"), bad=True)
        return go(request, reverse("imports:preview", args=[pk]))
    staging.correct(upload, cells, actor=request.actor, now=timezone.now())
    return go(request, upload.get_absolute_url())


def _take(request: HttpRequest, upload: Upload, offer: str) -> None:
    """`offer` is a unit's id and the name as written, put together by the page."""
    unit_id, _sep, name = offer.partition(":")
    units = Unit.objects.in_region(request.actor.region).filter(closed_on=None)
    unit = units.filter(pk=int(unit_id)).first() if unit_id.isdecimal() else None
    if unit is None or not name:
        raise GuardFailed(_("没有这一项，或不能选"))
    staging.choose_unit(upload, name, unit, alias=True, actor=request.actor)
    say(request, _("「%(name)s」按「%(unit)s」读，写入时记为别名") % {"name": name, "unit": unit})


@requires(*ACTIONS)
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Write all of it, in the background and in one transaction."""
    upload = _upload(request, pk)
    if upload.state == State.READY:
        version = request.POST.get("version", "")
        seen = int(version) if version.isdecimal() and len(version) < 10 else 0
        staging.confirm(upload, seen, actor=request.actor, now=timezone.now())
    return go(request, upload.get_absolute_url())


@requires(*ACTIONS)
@require_POST
def marked(request: HttpRequest, pk: int) -> HttpResponse:
    """The file again with its faults marked, made in the background."""
    upload = _upload(request, pk)
    params = {"upload": upload.pk}
    job = jobs.start(request.actor, f"mark_{upload.kind}", params, now=timezone.now())
    return go(request, reverse("jobs:detail", args=[job.pk]))


@requires(*ACTIONS)
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Drop the upload; the file goes with the day."""
    upload = _upload(request, pk)
    kind = kind_of(upload.kind)
    try:
        staging.discard(upload)
    except DomainError as error:
        say(request, error.sentence, bad=True)
        return go(request, upload.get_absolute_url())
    say(request, _("已放弃，什么都没有写入"))
    return go(request, reverse(kind.back[0], args=kind.back[1:]))
