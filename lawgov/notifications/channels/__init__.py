"""The ways out of the house, by code: classes with `session` and `deliver`."""

from __future__ import annotations

from collections.abc import Sequence

from lawgov.accounts.models import User
from lawgov.notifications.channels.email import EmailChannel
from lawgov.notifications.channels.page import PageChannel

CHANNELS = {"page": PageChannel, "email": EmailChannel}

__all__ = ["CHANNELS", "channels_of"]


def channels_of(region: object, people: Sequence[int]) -> list[tuple[int, str]]:
    """Over which channels each of `people` is told, as (person, channel); the page always."""
    with_mail = set(
        User.objects.filter(pk__in=people).exclude(email="").values_list("pk", flat=True)
    )
    return [
        (person, channel)
        for person in people
        for channel in CHANNELS
        if channel != "email" or person in with_mail
    ]
