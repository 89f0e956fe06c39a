"""The leader's dashboard: a sentence with figures, then what stands behind them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action, can
from lawgov.calendars import local_day
from lawgov.desk.campaigns import running
from lawgov.desk.dashboard import queries
from lawgov.web.pages import render_page


@require_safe
@requires(Action.VIEW_DASHBOARD)
def dashboard(request: HttpRequest) -> HttpResponse:
    """`?as=table` shows the map of units as a table; the other charts carry theirs with them."""
    now, found = timezone.now(), running(request.actor.region)
    today = local_day(now)
    context: dict[str, Any] = {"section": "dashboard", "now": now, "today": today}
    if found:
        figures = queries.dashboard(request.actor, found, today)
        context |= {
            "campaign": found.campaign,
            "figures": figures,
            "map": figures.map,
            "as_table": request.GET.get("as") == "table",
            "kind": queries.KIND,
            "may_rank": can(request.actor, Action.VIEW_RANKING),
        }
    return render_page(request, "desk/dashboard/page.html", context)
