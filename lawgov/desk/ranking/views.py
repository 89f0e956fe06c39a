"""The order of units 季度排序, as the sheet that leaves will have it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from assessments.reports.standings import SOURCES, ranking
from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action, can
from lawgov.calendars import local_day
from lawgov.desk.ranking.queries import Asked, offered_quarters, ranked_campaign
from lawgov.web.pages import render_page

PAGE, PART = "desk/ranking/page.html", "desk/ranking/_list.html"


@require_safe
@requires(Action.VIEW_RANKING)
def units(request: HttpRequest) -> HttpResponse:
    """Units by the points of their indicators; `?period=2023Q2&source=lead`."""
    today = local_day(timezone.now())
    context: dict[str, Any] = {"section": "dashboard", "today": today}
    campaign = ranked_campaign(request.actor)
    if campaign:
        asked = Asked.read(request, campaign, today)
        context |= {
            "campaign": campaign,
            "asked": asked,
            "ranking": ranking(campaign, asked.quarter, asked.source, today),
            "quarters": offered_quarters(campaign, today),
            "sources": SOURCES,
            "may_export": can(request.actor, Action.EXPORT),
        }
    return render_page(request, PAGE, context, partial=PART)
