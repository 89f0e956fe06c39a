"""Writing channels and trying them out; the trail names them and never their keys."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.utils.translation import get_language, gettext_lazy, override
from django.utils.translation import gettext as _

from lawgov.accounts.actors import Actor
from lawgov.audit import verbs
from lawgov.audit.record import record
from lawgov.errors import GuardFailed, StaleState
from lawgov.notifications import breaker, outbound
from lawgov.notifications.channels.robots import NotTaken, send
from lawgov.notifications.messages import Message
from lawgov.notifications.models import Channel

OWN_MOST = 5  # channels of one person
PLACE_MOST = 20
PAUSE = timedelta(seconds=10)  # between two tries of one channel

verbs.add(
    {
        "channel.created": gettext_lazy("加提醒渠道 %(name)s"),
        "channel.changed": gettext_lazy("改提醒渠道 %(name)s"),
        "channel.deleted": gettext_lazy("去掉提醒渠道 %(name)s"),
        "channel.tested": gettext_lazy("试发提醒渠道 %(name)s"),
    }
)


def add_channel(
    channel: Channel, values: Mapping[str, Any], *, actor: Actor, now: datetime
) -> None:
    """A new channel of the place, or of its owner; GuardFailed when there are too many."""
    rows = Channel.objects.filter(region=channel.region, owner=channel.owner)
    most = OWN_MOST if channel.owner else PLACE_MOST
    with transaction.atomic():
        if rows.count() >= most:
            raise GuardFailed(_("最多 %(most)s 个，先去掉不用的") % {"most": most})
        for name, value in values.items():
            setattr(channel, name, value)
        channel.created_at = now
        channel.save()
        record(actor, "channel.created", channel, now=now, data=_told(channel))


def change_channel(
    channel: Channel, values: Mapping[str, Any], *, actor: Actor, now: datetime, version: int
) -> None:
    with transaction.atomic():
        changed = sorted(name for name, value in values.items() if getattr(channel, name) != value)
        rows = Channel.objects.filter(pk=channel.pk, version=version)
        if not rows.update(**values, version=F("version") + 1):
            raise StaleState(_("没有保存：别人刚改过这个渠道"))
        data = _told(channel) | {"fields": changed}
        record(actor, "channel.changed", channel, now=now, data=data)


def delete_channel(channel: Channel, *, actor: Actor, now: datetime) -> None:
    """What was planned for it is cancelled when its turn comes."""
    with transaction.atomic():
        record(actor, "channel.deleted", channel, now=now, data=_told(channel))
        channel.delete()


def try_channel(channel: Channel, *, actor: Actor, now: datetime) -> None:
    """Send a test message at once. GuardFailed says what went wrong, or that it is too soon."""
    last = max(filter(None, [channel.last_ok_at, channel.last_error_at]), default=None)
    if last and now - last < PAUSE:
        raise GuardFailed(_("刚试过，过 10 秒再试"))
    with transaction.atomic():
        record(actor, "channel.tested", channel, now=now, data=_told(channel))
    key = f"test.{channel.pk}.{int(now.timestamp())}"
    try:
        with override(channel.language or get_language()):
            message = test_message(channel.name)
        send(channel, message, key, now)
    except (NotTaken, outbound.Refused, outbound.Failed) as error:
        why = str(error).replace(channel.address, channel.host)
        raise GuardFailed(_("没有发出去：%(why)s") % {"why": why}) from error
    breaker.went_well(channel.code)


def try_mail(address: str) -> None:
    """Send a test mail at once; GuardFailed says what went wrong."""
    message = test_message(address)
    try:
        EmailMessage(message.subject, message.greeting, to=[address]).send()
    except OSError as error:
        raise GuardFailed(_("没有发出去：%(why)s") % {"why": error}) from error
    breaker.went_well("email")


def test_message(name: str) -> Message:
    return Message(
        subject=_("【测试】提醒渠道"),
        greeting=_("这是一条测试消息，收到说明 %(name)s 可以用。") % {"name": name},
    )


def _told(channel: Channel) -> dict[str, Any]:
    return {"name": channel.name, "kind": channel.kind, "host": channel.host}
