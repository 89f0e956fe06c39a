"""Ticking in place 打勾: three edges, taken from the checklist and from my tasks.

Each page has addresses of its own, because each wants its own row back; the move is the same.
"""

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
from lawgov.calendars import local_day
from lawgov.desk import ticking
from lawgov.desk.checklist.filters import Filters
from lawgov.desk.checklist.rows import Rows
from lawgov.desk.checklist.views import look_of
from lawgov.desk.tasks import own
from lawgov.desk.tasks.queries import Progress
from lawgov.desk.tasks.reader import Reader
from lawgov.errors import GuardFailed
from lawgov.web.listing import number
from lawgov.web.pages import go, render_page, safe_next, say, wants_fragment

CHECKLIST, TASKS = "indicators", "tasks"  # the pages, by their namespace


@require_POST
@requires(Action.TICK)
def tick(request: HttpRequest, pk: int, page: str) -> HttpResponse:
    """Tick; refused with the names of what is missing (422)."""
    return _move(request, pk, page, "tick", _("已打勾：%(what)s，已保存"))


@require_POST
@requires(Action.TICK)
def untick(request: HttpRequest, pk: int, page: str) -> HttpResponse:
    """Untick; as long as nothing has been handed in."""
    return _move(request, pk, page, "untick", _("已取消打勾：%(what)s"))


@require_POST
@requires(Action.TICK)
def undo(request: HttpRequest, pk: int, page: str) -> HttpResponse:
    """Take back the last tick or untick, by its author, within seconds; else 409."""
    work = ticking.find(request.actor, pk, Filters.read(request).scope)
    before, version = work.state, number(request, "version", 0)
    actions.undo(work, actor=request.actor, now=timezone.now(), version=version)
    say(request, _("已撤销：%(what)s") % {"what": work.assignment.indicator})
    return _answer(request, page, work, before)


def _move(request: HttpRequest, pk: int, page: str, edge: str, done: str) -> HttpResponse:
    work = ticking.find(request.actor, pk, Filters.read(request).scope)
    before, seen = work.state, request.POST.get("version", "")
    version = int(seen) if seen.isascii() and seen.isdigit() else 0
    try:
        actions.move(work, edge, actor=request.actor, now=timezone.now(), version=version)
    except GuardFailed as refusal:
        return _refuse(request, page, _("未打勾：%(why)s") % {"why": refusal.sentence})
    query = request.GET.copy()
    query["version"] = str(work.version)
    address = f"{reverse(f'{page}:undo_tick', args=[pk])}?{query.urlencode()}"
    row = f"i{work.assignment_id}" if page == CHECKLIST else f"w{work.pk}"
    say(request, done % {"what": work.assignment.indicator}, undo=address, row=row)
    return _answer(request, page, work, before)


def _refuse(request: HttpRequest, page: str, sentence: str) -> HttpResponse:
    """The sentence as a toast; the row stays as it is."""
    if not wants_fragment(request):
        say(request, sentence, bad=True)
        return go(request, safe_next(request, reverse(f"{page}:list")))
    answer = render(request, "web/_error.html", {"title": sentence}, status=422)
    answer.headers["HX-Reswap"] = "none"
    return answer


def _answer(request: HttpRequest, page: str, work: UnitAssignment, before: str) -> HttpResponse:
    """The row as it is now, with the progress beside it; without htmx the list again."""
    if not wants_fragment(request):
        return go(request, safe_next(request, reverse(f"{page}:list")))
    slots = _slots(work)
    if page == TASKS:
        return _task_row(request, work, before, slots)
    filters = Filters.read(request)
    look = look_of(request.actor, filters, near=work.assignment.campaign.light_days)
    rows = Rows(look)
    item = ticking.item_of(work, missing_proof(work.assignment.required, slots))
    every, area = ticking.totals_after(work, before)
    parts = [
        rows.row(item, number(request, "span", 0)),
        rows.progress(area, swap=True),
        rows.facet(every, swap=True),
        rows.facet(area, swap=True),
    ]
    part = "desk/checklist/_row.html"
    return render_page(request, part, {"parts": mark_safe("".join(parts))}, partial=part)


def _slots(work: UnitAssignment) -> list[str]:
    """Slots of the proof in force; a tick has just proved that all that is required is there."""
    if work.state == UnitState.TICKED:
        return [*work.assignment.required, *[""] * work.pieces][: max(work.pieces, 1)]
    return list(work.evidence_links.filter(removed_at=None).values_list("slot", flat=True))


def _task_row(
    request: HttpRequest, work: UnitAssignment, before: str, slots: list[str]
) -> HttpResponse:
    near = work.assignment.campaign.light_days
    reader = Reader(request.actor, local_day(timezone.now()), near)
    every, _area = ticking.totals_after(work, before)
    context = {
        "task": own.work_task(reader, work, slots, named=True),
        "progress": Progress(every.done, every.total, 0, 0),
        "today": reader.today,
        "swap": True,
    }
    part = "desk/tasks/_ticked.html"
    return render_page(request, part, context, partial=part)
