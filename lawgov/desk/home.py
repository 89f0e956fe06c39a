"""The first page after login: where each role's work begins."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.models import Issue, UnitResponse
from lawgov.accounts.actors import Actor
from lawgov.accounts.guards import public
from lawgov.accounts.policy import Action, can
from lawgov.calendars import local_day
from lawgov.web.pages import render_page


@require_safe
@public
def home(request: HttpRequest) -> HttpResponse:
    """Send everybody to their list; those who have none are told so.

    Open, because it holds nothing, and because an account without any role has to land somewhere.
    """
    if not request.user.is_authenticated:
        return redirect("accounts:login")
    target = first_page(request.actor)
    if target:
        return redirect(*target)
    return render_page(request, "desk/landing.html", {"section": "home"})


def first_page(actor: Actor) -> tuple[str, ...] | None:
    """URL name and arguments of the first page; None for those who have no list.

    Leaders and those who report begin with the dashboard; units and reviewers with their tasks;
    the office with the ledger while anything is overdue, else with the checklist.
    """
    if can(actor, Action.MANAGE_CAMPAIGN):
        return _office(actor)
    if can(actor, Action.VIEW_TASKS):
        return ("tasks:list",)
    if can(actor, Action.VIEW_DASHBOARD) and not can(actor, Action.SCORE):
        return ("reports:dashboard",)
    if can(actor, Action.VIEW_CHECKLIST):
        return ("indicators:list",)
    return ("reports:places",) if can(actor, Action.VIEW_PLACES) else None


def _office(actor: Actor) -> tuple[str, ...]:
    today = local_day(timezone.now())
    late = UnitResponse.objects.visible_to(actor).overdue(today)
    if late.exists():
        return ("rectification:list", Issue.Kind.INDIVIDUAL.value)
    return ("indicators:list",)
