"""The page of one indicator, and of one unit's part of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assessments.models import Score
from indicators.models import Assignment
from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.desk.campaigns import running
from lawgov.desk.checklist import queries as checklist
from lawgov.desk.checklist.filters import Filters
from lawgov.desk.deadlines import due
from lawgov.desk.indicator import trail
from lawgov.desk.indicator.forms import LeadScoreForm, ReasonForm, SelfScoreForm, VerifyForm
from lawgov.desk.indicator.queries import IndicatorPage, load
from lawgov.web.pages import go, render_page, say
from lawgov.web.shown import Due

PAGE = "desk/indicator/page.html"


@require_safe
@requires(Action.VIEW_CHECKLIST)
def detail(request: HttpRequest, number: int) -> HttpResponse:
    """One indicator; a unit's people see their own part of it at once."""
    return show(request, load(request.actor, number))


@require_safe
@requires(Action.VIEW_CHECKLIST)
def unit(request: HttpRequest, number: int, unit_id: int) -> HttpResponse:
    """One unit's part of an indicator: its proof, its self-score, what to decide."""
    return show(request, load(request.actor, number, unit_id))


@require_safe
@requires(Action.EDIT_EVIDENCE)
def next_actions(request: HttpRequest, number: int, unit_id: int) -> HttpResponse:
    """Buttons and counts of the page's head alone, asked for anew when the proof has changed."""
    page = load(request.actor, number, unit_id)
    context = {"page": page, "work": page.work, "indicator": page.assignment.indicator}
    part = "desk/indicator/_actions_again.html"
    return render_page(request, part, context, partial=part)


@require_safe
@requires(Action.VIEW_CHECKLIST)
def step(request: HttpRequest, number: int, where: str) -> HttpResponse:
    """On to the previous or next indicator of the list that one came from, filters kept.

    A redirect, so that the page itself need not know the whole list.
    """
    actor, found = request.actor, running(request.actor.region)
    mine = Assignment.objects.visible_to(actor).filter(indicator__number=number)
    if found is None or not mine.filter(campaign=found.campaign).exists():
        raise Http404
    filters = Filters.read(request)
    numbers = [item.number for item in checklist.board(actor, found.campaign, filters).items]
    if where == "next":
        target = next((other for other in numbers if other > number), None)
    else:
        target = next((other for other in reversed(numbers) if other < number), None)
    if target is None:
        say(request, _("这是最后一项") if where == "next" else _("这是第一项"))
    address = reverse("indicators:detail", args=[number if target is None else target])
    return go(request, f"{address}?{filters.query}" if filters.query else address)


def show(
    request: HttpRequest, page: IndicatorPage, *, status: int = 200, **bound: Any
) -> HttpResponse:
    """The page, or with a refused form in `bound` the page again with what was typed."""
    assignment, now = page.assignment, timezone.now()
    today = local_day(now)
    context = {
        "section": "checklist",
        "page": page,
        "assignment": assignment,
        "indicator": assignment.indicator,
        "work": page.work,
        "now": now,
        "today": today,
        "due": due_of(assignment, today),
        "lines": trail.lines(
            assignment,
            page.actor,
            {work.pk: work for work in page.works},
            page.work.pk if page.one_unit else None,
        ),
        "filters": Filters.read(request).query,
        **forms_of(page),
        **bound,
    }
    return render_page(request, PAGE, context, status=status)


def due_of(assignment: Assignment, today: date) -> Due | None:
    """Light and deadline of an indicator that comes with its campaign."""
    near = assignment.campaign.light_days
    return due(assignment.due_on, today, near=near, text=assignment.due_text)


def forms_of(page: IndicatorPage) -> dict[str, Any]:
    """The forms that this reader gets, filled with what is known."""
    full = page.assignment.points
    forms: dict[str, Any] = {"reason_form": ReasonForm()}
    if page.may_edit:
        forms["self_form"] = SelfScoreForm(full, initial=self_score(page))
    if page.may_score:
        scores = page.scores
        own = scores.points(Score.Source.SELF)
        proposed = scores.lowest if own is None else own
        lead = scores.given.get(Score.Source.LEAD)
        initial = {
            "self_points": proposed,
            "points": lead.points if lead else proposed,
            "reason": lead.reason if lead else "",
        }
        forms["lead_form"] = LeadScoreForm(full, initial=initial)
    if page.may_verify:
        points = page.scores.points(Score.Source.LEAD)
        forms["verify_form"] = VerifyForm(full, initial={"points": points})
    return forms


def self_score(page: IndicatorPage) -> dict[str, Any]:
    """What the self-score form opens with: the draft, else what was handed in last."""
    if page.draft:
        draft = page.draft
        return {"points": draft.points, "statement": draft.statement, "version": draft.version}
    given = page.scores.units.get(page.work.unit_id) if page.scores else None
    if given:
        return {"points": given.points, "statement": given.reason, "version": 0}
    return {"version": 0}
