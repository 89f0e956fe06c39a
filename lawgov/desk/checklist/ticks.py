"""Ticking in the checklist 打勾: three addresses that answer with the row as it then is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.rounds import actions
from indicators.assignments.models import UnitAssignment
from indicators.assignments.proof import missing_proof
from indicators.assignments.states import UnitState
from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.desk.checklist import ticking
from lawgov.desk.checklist.filters import Filters
from lawgov.desk.checklist.rows import Rows
from lawgov.desk.checklist.views import look_of
from lawgov.errors import GuardFailed
from lawgov.web.listing import number
from lawgov.web.pages import go, render_page, safe_next, say, wants_fragment


@require_POST
@requires(Action.TICK)
def tick(request: HttpRequest, pk: int) -> HttpResponse:
    """Tick; refused with the names of what is missing (422)."""
    return _move(request, pk, "tick", _("已打勾：%(what)s，已保存"))


@require_POST
@requires(Action.TICK)
def untick(request: HttpRequest, pk: int) -> HttpResponse:
    """Untick; as long as nothing has been handed in."""
    return _move(request, pk, "untick", _("已取消打勾：%(what)s"))


@require_POST
@requires(Action.TICK)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the last tick or untick, by its author, within seconds; else 409."""
    filters = Filters.read(request)
    work = ticking.find(request.actor, pk, filters.scope)
    before, version = work.state, number(request, "version", 0)
    actions.undo(work, actor=request.actor, now=timezone.now(), version=version)
    say(request, _("已撤销：%(what)s") % {"what": work.assignment.indicator})
    return _answer(request, work, before)


def _move(request: HttpRequest, pk: int, edge: str, done: str) -> HttpResponse:
    filters = Filters.read(request)
    work = ticking.find(request.actor, pk, filters.scope)
    before, seen = work.state, request.POST.get("version", "")
    version = int(seen) if seen.isascii() and seen.isdigit() else 0
    try:
        actions.move(work, edge, actor=request.actor, now=timezone.now(), version=version)
    except GuardFailed as refusal:
        return _refuse(request, _("未打勾：%(why)s") % {"why": refusal.sentence})
    query = request.GET.copy()
    query["version"] = str(work.version)
    address = f"{reverse('indicators:undo_tick', args=[pk])}?{query.urlencode()}"
    row = f"i{work.assignment_id}"
    say(request, done % {"what": work.assignment.indicator}, undo=address, row=row)
    return _answer(request, work, before)


def _refuse(request: HttpRequest, sentence: str) -> HttpResponse:
    """The sentence as a toast; the row stays as it is."""
    if not wants_fragment(request):
        say(request, sentence, bad=True)
        return go(request, safe_next(request, reverse("indicators:list")))
    answer = render(request, "web/_error.html", {"title": sentence}, status=422)
    answer.headers["HX-Reswap"] = "none"
    return answer


def _answer(request: HttpRequest, work: UnitAssignment, before: str) -> HttpResponse:
    """The row as it is now, with the progress of its area; without htmx the list again."""
    if not wants_fragment(request):
        return go(request, safe_next(request, reverse("indicators:list")))
    filters = Filters.read(request)
    look = look_of(request.actor, filters, near=work.assignment.campaign.light_days)
    rows, item = Rows(look), ticking.item_of(work, _missing(work))
    every, area = ticking.totals_after(work, before)
    parts = [
        rows.row(item, number(request, "span", 0)),
        rows.progress(area, swap=True),
        rows.facet(every, swap=True),
        rows.facet(area, swap=True),
    ]
    context = {"parts": mark_safe("".join(parts))}
    part = "desk/checklist/_row.html"
    return render_page(request, part, context, partial=part)


def _missing(work: UnitAssignment) -> list[str]:
    """What the row says is missing; a tick has just proved that nothing is."""
    if work.state == UnitState.TICKED:
        return []
    slots = work.evidence_links.filter(removed_at=None).values_list("slot", flat=True)
    return missing_proof(work.assignment.required, slots)
