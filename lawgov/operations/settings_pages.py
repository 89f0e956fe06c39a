"""The overview of the settings: how far the place is set up."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.operations.setup.progress import steps
from lawgov.web.pages import render_page


@requires(Action.VIEW_SETTINGS)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """How far the place is set up, and where each part is kept."""
    today = local_day(timezone.now())
    found = steps(request.actor.region, today)
    context = {
        "section": "settings",
        "tab": "home",
        "steps": found,
        "open": sum(not step.done for step in found),
        "today": today,
    }
    return render_page(request, "operations/settings.html", context)
