"""The inbox 提醒: what a person was told, what is unread, and their background work."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.jobs.models import Job
from lawgov.notifications.channels import channel_label, channel_names
from lawgov.notifications.kinds import sentence
from lawgov.notifications.messages import told_rest
from lawgov.notifications.models import Delivery, Notification
from lawgov.web.listing import list_page
from lawgov.web.pages import go, render_page, say


@requires(Action.OWN_ACCOUNT)
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """All reminders of the person in this place, newest first; `?unread=1` only the unread."""
    mine = _mine(request)
    only_unread = request.GET.get("unread") == "1"
    listing = list_page(
        request, mine.unread() if only_unread else mine, sorts={"new": ["-id"]}, default="new"
    )
    jobs = Job.objects.owned_by(request.user).filter(region=request.actor.region)[:10]
    context = {
        "listing": listing,
        "lines": [(item, sentence(item)) for item in listing.rows],
        "only_unread": only_unread,
        "unread": mine.unread().count(),
        "jobs": jobs,
    }
    return render_page(
        request, "notifications/inbox.html", context, partial="notifications/_lines.html"
    )


@requires(Action.OWN_ACCOUNT)
@require_POST
def open_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark one as read and go to the thing itself."""
    item = get_object_or_404(_mine(request), pk=pk)
    _mine(request).unread().filter(pk=pk).update(read_at=timezone.now())
    return HttpResponseRedirect(item.url or "/notices/")


@requires(Action.OWN_ACCOUNT)
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    count = _mine(request).unread().update(read_at=timezone.now())
    say(request, _("%(count)s 条已标为已读") % {"count": count})
    return go(request, "/notices/")


@requires(Action.OWN_ACCOUNT)
@require_safe
def digest(request: HttpRequest, pk: int) -> HttpResponse:
    """One digest as it was sent: one's own, and every one of the place for its office."""
    rows = Delivery.objects.visible_to(request.actor).select_related("person")
    found = get_object_or_404(rows, pk=pk)
    rest = found.body.get("rest", 0)
    context = {
        "delivery": found,
        "is_own": found.person == request.user,
        "channel": channel_label(found.channel, channel_names(found.region_id)),
        "rest": told_rest(rest) if rest else "",
        "today": local_day(timezone.now()),
    }
    return render_page(request, "notifications/told.html", context)


def _mine(request: HttpRequest):
    return Notification.objects.for_user(request.user).filter(region=request.actor.region)
