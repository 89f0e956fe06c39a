"""The ways out of the house, by code: things with `session` and `deliver`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lawgov.accounts.models import User
from lawgov.notifications.channels.email import EmailChannel
from lawgov.notifications.channels.page import PageChannel
from lawgov.notifications.channels.robots import RobotChannel
from lawgov.notifications.models import Channel

ROBOT = "robot-"
OWN = gettext_lazy("个人渠道")
CHANNELS = {"page": PageChannel, "email": EmailChannel}

__all__ = [
    "CHANNELS",
    "OWN",
    "Gone",
    "channel_label",
    "channel_names",
    "channels_of",
    "place_channels",
    "way_out",
]


class Gone(Exception):
    """The channel was taken away or turned off since the delivery was planned."""


def way_out(code: str, clock: Callable[[], datetime]) -> Any:
    """The channel of a code, ready for its session; Gone when there is none any more."""
    if not code.startswith(ROBOT):
        return CHANNELS[code]()
    found = Channel.objects.filter(pk=int(code.removeprefix(ROBOT)), active=True).first()
    if found is None:
        raise Gone(code)
    return RobotChannel(found, clock)


def channels_of(region: object, people: Sequence[int]) -> list[tuple[int, str]]:
    """Over which channels each of `people` is told, as (person, channel); the page always."""
    own: dict[int, list[str]] = defaultdict(lambda: ["page"])
    mailed = User.objects.filter(pk__in=people).exclude(email="")
    for person in mailed.values_list("pk", flat=True):
        own[person].append("email")
    robots = Channel.objects.filter(region=region, active=True, owner__in=people)
    for channel in robots.order_by("pk"):
        own[channel.owner_id].append(channel.code)
    return [(person, code) for person in people for code in own[person]]


def place_channels(region: object) -> list[str]:
    """The place's own robots, which carry the place's digest."""
    return [channel.code for channel in Channel.objects.of_place(region).filter(active=True)]


def channel_names(region_id: int | None) -> dict[str, str]:
    """Code of a delivery's channel → as people call it; one query. How somebody calls a channel of
    their own is their affair."""
    robots = Channel.objects.filter(region=region_id)
    always = {"page": _("站内提醒"), "email": _("邮件")}
    return always | {robot.code: OWN if robot.owner_id else robot.name for robot in robots}


def channel_label(code: str, names: Mapping[str, str]) -> str:
    """A delivery outlives the robot that it was for."""
    return str(names.get(code) or _("已去掉的渠道"))
