"""The ways out of the house, by code: classes with `session` and `deliver`."""

from lawgov.notifications.channels.email import EmailChannel
from lawgov.notifications.channels.page import PageChannel

CHANNELS = {"page": PageChannel, "email": EmailChannel}

__all__ = ["CHANNELS"]
