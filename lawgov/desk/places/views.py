"""The places below, for the supervisor of a higher place 上级督察."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.desk.places.queries import places_below
from lawgov.web.pages import render_page


@require_safe
@requires(Action.VIEW_PLACES)
def places(request: HttpRequest) -> HttpResponse:
    """Counters only; the places' own rows stay with the places."""
    now = timezone.now()
    found = places_below(request.actor, local_day(now))
    context = {"section": "places", "places": found, "now": now, "today": local_day(now)}
    return render_page(request, "desk/places/page.html", context)
