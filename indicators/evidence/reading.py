"""Reading proof: details with preview, page pictures, and the one view that hands out files.

Whoever may see a piece may read every version of it. What one may not see is not there: the same
404 for another unit's, another place's, a removed and an absent piece.
"""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from indicators.evidence.models import Evidence, EvidenceLink, EvidenceVersion
from lawgov.accounts.actors import Actor
from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action, can
from lawgov.files import pages
from lawgov.files.store import open_blob
from lawgov.web.pages import render_page

SANDBOX = "sandbox; default-src 'none'"


@require_safe
@requires(Action.VIEW_EVIDENCE)
def preview(request: HttpRequest, pk: int, number: int | None = None) -> HttpResponse:
    """One piece: what is said of it, its versions, and its first pages as pictures.

    `number` chooses an older version; opens in the drawer, and has its own page.
    """
    rows = readable(request.actor).select_related("unit").with_files()
    evidence = get_object_or_404(rows, pk=pk)
    versions = [*evidence.versions.all()]
    shown = next((v for v in versions if v.number == number), None) if number else evidence.current
    if number and shown is None:
        raise Http404
    links = EvidenceLink.objects.visible_to(request.actor).in_force().filter(evidence=evidence)
    # A reminder of a period that ends leads here: whoever may replace the piece finds the way.
    editable = can(request.actor, Action.EDIT_EVIDENCE)
    count = 0
    if shown and pages.has_preview(shown.blob.media_type):
        count = min(shown.pages or 1, pages.SHOWN_PAGES)
    context = {
        "section": "checklist",
        "evidence": evidence,
        "version": shown,
        "versions": versions[::-1],
        "pages": range(1, count + 1),
        "links": [*links.select_related("unit_assignment__assignment__indicator")],
        "own": editable and links.visible_to(request.actor, Action.EDIT_EVIDENCE).first(),
        "now": timezone.now(),
    }
    page = "indicators/evidence/preview.html"
    return render_page(request, page, context, partial="indicators/evidence/_preview.html")


@require_safe
@requires(Action.VIEW_EVIDENCE)
def file(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The bytes of one version, as an attachment that no browser opens in our name."""
    version = _version(request.actor, pk, number)
    try:
        content = open_blob(version.blob)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, content_type=version.blob.media_type)
    response.headers["Content-Length"] = version.blob.size
    response.headers["Content-Disposition"] = content_disposition_header(True, version.filename)
    return _guarded(response)


@require_safe
@requires(Action.VIEW_EVIDENCE)
def page(request: HttpRequest, pk: int, number: int, page_number: int) -> HttpResponse:
    """One page of a version as a fresh picture."""
    version = _version(request.actor, pk, number)
    try:
        picture = pages.page_picture(version.blob.sha256, version.blob.media_type, page_number)
    except pages.Unreadable as error:
        raise Http404 from error
    return _guarded(FileResponse(picture.open("rb"), content_type="image/jpeg"))


def readable(actor: Actor):
    """Pieces in force that the actor may read."""
    return Evidence.objects.visible_to(actor).in_force()


def _version(actor: Actor, pk: int, number: int) -> EvidenceVersion:
    rows = EvidenceVersion.objects.filter(evidence__in=readable(actor)).select_related("blob")
    return get_object_or_404(rows, evidence=pk, number=number)


def _guarded(response: FileResponse) -> FileResponse:
    """Nothing that users bring is run, guessed at, kept or cut into pieces."""
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store, private"
    response.headers["Accept-Ranges"] = "none"
    return response
