"""Pages of channels: the place's robots for the office, and everybody's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Max, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.errors import GuardFailed
from lawgov.notifications import breaker
from lawgov.notifications.changing import (
    add_channel,
    change_channel,
    delete_channel,
    try_channel,
    try_mail,
)
from lawgov.notifications.channels.robots import remedy
from lawgov.notifications.forms import ChannelForm
from lawgov.notifications.models import Channel, Delivery
from lawgov.web.editing import edit_page, posted
from lawgov.web.pages import go, render_page, safe_next, say

FORM = ["GET", "HEAD", "POST"]


@dataclass(frozen=True)
class MailState:
    """How the place's mail is doing; `to_files` where no mail server is configured."""

    to_files: bool
    last_ok_at: datetime | None
    last_error: str
    rests_until: datetime | None


@dataclass(frozen=True)
class Desk:
    """Whose channels a page is about: how its addresses are called and which rows it opens."""

    rows: QuerySet[Channel]
    names: str
    context: dict[str, Any]
    owner: object | None = None

    def url(self, name: str, *args: object) -> str:
        return reverse(f"{self.names}{name}", args=args)


def place_desk(request: HttpRequest) -> Desk:
    rows = Channel.objects.visible_to(request.actor).filter(owner=None)
    return Desk(rows, "settings:channel", {"section": "settings", "tab": "channels"})


def own_desk(request: HttpRequest) -> Desk:
    rows = Channel.objects.in_region(request.actor.region).filter(owner=request.user)
    return Desk(rows, "reminders:own_channel", {"own": True}, request.user)


def _listed(request: HttpRequest, desk: Desk, **more: Any) -> HttpResponse:
    resting = breaker.resting_until(timezone.now())
    lines = [
        (row, desk.url("", row.pk), desk.url("_test", row.pk), desk.url("_delete", row.pk),
         resting.get(row.code), remedy(row.last_error))
        for row in desk.rows
    ]  # fmt: skip
    context = desk.context | {"lines": lines, "new_url": desk.url("_new"), "desk": desk} | more
    return render_page(request, "notifications/channels.html", context)


def _edited(request: HttpRequest, desk: Desk, channel: Channel) -> HttpResponse:
    form = ChannelForm(posted(request), instance=channel)
    now = timezone.now()

    def save() -> str:
        values = form.values()
        if channel.pk:
            stored = form.stored()
            change_channel(stored, values, actor=request.actor, now=now, version=form.seen)
        else:
            fresh = Channel(region=request.actor.region, owner=desk.owner)
            add_channel(fresh, values, actor=request.actor, now=now)
        return _("已保存提醒渠道 %(name)s") % {"name": values["name"]}

    context = desk.context | {"channel": channel if channel.pk else None, "back": desk.url("s")}
    after = desk.url("s")
    return edit_page(request, form, "notifications/channel.html", context, save=save, after=after)


def _tried(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    channel = get_object_or_404(desk.rows, pk=pk)
    try:
        try_channel(channel, actor=request.actor, now=timezone.now())
    except GuardFailed as refused:
        say(request, str(refused), bad=True)
    else:
        say(request, _("已试发：%(name)s") % {"name": channel.name})
    return go(request, desk.url("s"))


def _deleted(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    channel = get_object_or_404(desk.rows, pk=pk)
    delete_channel(channel, actor=request.actor, now=timezone.now())
    say(request, _("已去掉提醒渠道 %(name)s") % {"name": channel.name})
    return go(request, desk.url("s"))


# -- the place's ----------------------------------------------------------------------------------


@requires(Action.MANAGE_CAMPAIGN)
@require_safe
def channel_list(request: HttpRequest) -> HttpResponse:
    """The place's robots, and how its mail is doing."""
    mails = Delivery.objects.filter(region=request.actor.region, channel="email")
    found = mails.aggregate(
        ok=Max("sent_at"), failed=Max("pk", filter=~Q(last_error="") & ~Q(status="cancelled"))
    )
    failed = mails.filter(pk=found["failed"]).values_list("last_error", flat=True).first()
    state = MailState("filebased" in settings.EMAIL_BACKEND, found["ok"], failed or "",
                      breaker.resting_until(timezone.now()).get("email"))  # fmt: skip
    return _listed(request, place_desk(request), mail=state)


@requires(Action.MANAGE_CAMPAIGN)
@sensitive_post_parameters("address", "secret")
@require_http_methods(FORM)
def channel_new(request: HttpRequest) -> HttpResponse:
    return _edited(request, place_desk(request), Channel(region=request.actor.region))


@requires(Action.MANAGE_CAMPAIGN)
@sensitive_post_parameters("address", "secret")
@require_http_methods(FORM)
def channel_edit(request: HttpRequest, pk: int) -> HttpResponse:
    desk = place_desk(request)
    return _edited(request, desk, get_object_or_404(desk.rows, pk=pk))


@requires(Action.MANAGE_CAMPAIGN)
@require_POST
def channel_test(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a test message now."""
    return _tried(request, place_desk(request), pk)


@requires(Action.MANAGE_CAMPAIGN)
@require_POST
def channel_delete(request: HttpRequest, pk: int) -> HttpResponse:
    return _deleted(request, place_desk(request), pk)


@requires(Action.OWN_ACCOUNT)
@require_POST
def mail_test(request: HttpRequest) -> HttpResponse:
    """Send a test mail to one's own address."""
    address = request.user.email
    if not address:
        say(request, _("还没有登记邮箱，请创建办填写"), bad=True)
    else:
        try:
            try_mail(address)
        except GuardFailed as refused:
            say(request, str(refused), bad=True)
        else:
            say(request, _("已试发到 %(address)s") % {"address": address})
    return go(request, safe_next(request, reverse("reminders:own_channels")))


# -- one's own ------------------------------------------------------------------------------------


@requires(Action.OWN_ACCOUNT)
@require_safe
def own_channel_list(request: HttpRequest) -> HttpResponse:
    return _listed(request, own_desk(request))


@requires(Action.OWN_ACCOUNT)
@sensitive_post_parameters("address", "secret")
@require_http_methods(FORM)
def own_channel_new(request: HttpRequest) -> HttpResponse:
    return _edited(request, own_desk(request), Channel(region=request.actor.region))


@requires(Action.OWN_ACCOUNT)
@sensitive_post_parameters("address", "secret")
@require_http_methods(FORM)
def own_channel_edit(request: HttpRequest, pk: int) -> HttpResponse:
    desk = own_desk(request)
    return _edited(request, desk, get_object_or_404(desk.rows, pk=pk))


@requires(Action.OWN_ACCOUNT)
@require_POST
def own_channel_test(request: HttpRequest, pk: int) -> HttpResponse:
    return _tried(request, own_desk(request), pk)


@requires(Action.OWN_ACCOUNT)
@require_POST
def own_channel_delete(request: HttpRequest, pk: int) -> HttpResponse:
    return _deleted(request, own_desk(request), pk)
