"""The page of one's calendar address, and the calendar itself, which needs no login."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.reminders.feeds import (
    calendar_text,
    entries,
    make_feed,
    membership_of,
    revoke_feed,
)
from lawgov.accounts.actors import Actor
from lawgov.accounts.guards import public, requires
from lawgov.accounts.policy import Action
from lawgov.notifications.messages import absolute
from lawgov.notifications.models import CalendarFeed
from lawgov.web.pages import go, render_page, say
from lawgov.web.shown_once import show_next, shown_now


@requires(Action.OWN_ACCOUNT)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """Whether there is an address; a POST makes a new one, which stands on the next page alone."""
    if request.actor.membership is None:
        raise Http404
    if request.method == "POST":
        token = make_feed(request.actor, now=timezone.now())
        show_next(request, "feed", absolute(reverse("reminding:ics", args=[token])))
        return go(request, reverse("reminding:feed"))
    feed = CalendarFeed.objects.filter(membership=request.actor.membership, revoked_at=None).first()
    context = {"feed": feed, "made": shown_now(request, "feed")}
    return render_page(request, "assessments/reminders/feed.html", context)


@requires(Action.OWN_ACCOUNT)
@require_POST
def feed_revoke(request: HttpRequest) -> HttpResponse:
    if request.actor.membership is None:
        raise Http404
    revoke_feed(request.actor, now=timezone.now())
    say(request, _("日历订阅网址已停用"))
    return go(request, reverse("reminding:feed"))


@public
@never_cache
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of whoever holds the address, as they may read it at this moment."""
    now = timezone.now()
    membership = membership_of(token, now)
    if membership is None:
        raise Http404
    with override(membership.user.language):
        name = _("法治创建到期 · %(place)s") % {"place": membership.place}
        text = calendar_text(name, entries(Actor.of(membership)), now)
    return HttpResponse(text, content_type="text/calendar; charset=utf-8")
