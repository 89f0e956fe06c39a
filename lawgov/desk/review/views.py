"""The review queue 审核, and its rows one by one."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indicators.assignments.states import UnitState
from indicators.evidence.queries import Proof
from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.desk.indicator.queries import IndicatorPage, load
from lawgov.desk.indicator.views import due_of, forms_of
from lawgov.desk.review import queue
from lawgov.desk.review.queue import Filters, Step
from lawgov.files import pages as file_pages
from lawgov.web.listing import list_page, number
from lawgov.web.pages import go, render_page, say
from lawgov.web.shown import Due

REVIEWERS = (
    Action.APPROVE, Action.REVIEW, Action.DECIDE_EXEMPTION, Action.VERIFY_INDICATOR,
)  # fmt: skip
SHOWN_AT_ONCE = 3  # pages of each file; the rest opens in the drawer


@require_safe
@requires(*REVIEWERS)
def review_list(request: HttpRequest) -> HttpResponse:
    """One tab of the queue under the filters of the address."""
    actor, filters = request.actor, Filters.read(request)
    steps = queue.steps_of(actor)
    counts = queue.counts(actor, steps)
    step = chosen_step(request.GET.get("step", ""), steps, counts)
    rows = queue.with_figures(step, queue.waiting(step, actor, filters))
    listing = list_page(request, rows, sorts=sorts(step), default="number")
    today = local_day(timezone.now())
    context = {
        "section": "review",
        "steps": [(each, counts[each.key]) for each in steps],
        "step": step,
        "filters": filters,
        "listing": listing,
        "export": "review",
        "rows": [(row, _due(row, step, today), _state(row, step)) for row in listing.rows],
        "actions": bulk_actions(step),
        "today": today,
        **queue.choices(step, actor),
    }
    return render_page(request, "desk/review/list.html", context, partial="desk/review/_parts.html")


@require_safe
@requires(*REVIEWERS)
def one_by_one(request: HttpRequest) -> HttpResponse:
    """The next row of a tab with all that is needed to decide: `A` passes, `R` sends back.

    `at` opens a row, `after` the one behind it, under the same filters.
    """
    actor, filters = request.actor, Filters.read(request)
    steps = queue.steps_of(actor)
    step = chosen_step(request.GET.get("step", ""), steps, queue.counts(actor, steps))
    rows = queue.waiting(step, actor, filters)
    pk, position, total = queue.follower(step, rows, number(request, "after", 0))
    at = number(request, "at", 0)
    if at and rows.filter(pk=at).exists():
        pk, position = at, 0
    if pk is None:
        say(request, _("这一步已经审完"))
        return go(request, f"{reverse('review:list')}?step={step.key}")
    page = _page(request, step, pk)
    query = {"step": step.key} | {k: v for k, v in vars(filters).items() if v}
    here = reverse("review:next")
    context = {
        "section": "review",
        "step": step,
        "page": page,
        "assignment": page.assignment,
        "indicator": page.assignment.indicator,
        "work": page.work,
        "position": position,
        "total": total,
        "back": f"{reverse('review:list')}?{urlencode(query)}",
        "next": f"{here}?{urlencode(query | {'after': pk})}",
        "pieces": shown_pages(page.proof) if page.proof else [],
        "due": due_of(page.assignment, local_day(timezone.now())),
        **forms_of(page),
    }
    return render_page(request, "desk/review/next.html", context)


def chosen_step(wanted: str, steps: list[Step], counts: Any) -> Step:
    """The tab of the address, else the first with work in it, else the first."""
    if not steps:
        raise Http404
    named = next((step for step in steps if step.key == wanted), None)
    return named or next((step for step in steps if counts[step.key]), steps[0])


def sorts(step: Step) -> dict[str, list[str]]:
    if step.whole:
        return {"number": ["indicator__number"], "due": ["due_on", "indicator__number"]}
    by_number = ["assignment__indicator__number", "unit__order"]
    return {
        "number": by_number,
        "unit": ["unit__order", "assignment__indicator__number"],
        "since": ["submitted_at"],
        "due": ["assignment__due_on", *by_number],
    }


def bulk_actions(step: Step) -> list[dict[str, Any]]:
    """What the bulk bar offers: pass, and send back with one reason for all."""
    found = []
    if step.edge:
        url = reverse("review:pass", args=[step.key])
        found.append({"label": step.done, "url": url, "icon": "check", "primary": True})
    if step.back:
        url = reverse("review:back", args=[step.key])
        label = _("退回") if step.back == "return" else _("不同意")
        found.append({"label": label, "url": url, "icon": "back", "asks": True})
    return found


def shown_pages(proof: Proof) -> list[tuple[Any, range]]:
    """Each piece with the numbers of its first pages, empty where it has no pictures."""
    found = []
    for piece in proof.pieces:
        file = piece.evidence.current
        seen = file is not None and file_pages.has_preview(file.blob.media_type)
        count = min(file.pages or 1, SHOWN_AT_ONCE) if seen else 0
        found.append((piece, range(1, count + 1)))
    return found


def _page(request: HttpRequest, step: Step, pk: int) -> IndicatorPage:
    row = step.rows(request.actor).filter(pk=pk)
    if step.whole:
        (indicator,) = row.values_list("indicator__number", flat=True)
        return load(request.actor, indicator)
    ((indicator, unit),) = row.values_list("assignment__indicator__number", "unit_id")
    return load(request.actor, indicator, unit)


def _due(row: Any, step: Step, today: date) -> Due | None:
    return due_of(row if step.whole else row.assignment, today)


def _state(row: Any, step: Step) -> UnitState | None:
    return None if step.whole else UnitState(row.state)
