"""The ways out of the house, by code. A channel is a class with `deliver`, perhaps with a session."""

from lawgov.notifications.channels.email import EmailChannel
from lawgov.notifications.channels.page import PageChannel

CHANNELS = {"page": PageChannel, "email": EmailChannel}

__all__ = ["CHANNELS"]
