"""What the frame of every page shows; asked for only when a template draws the frame."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject, cached_property

from lawgov.accounts.policy import Action, can
from lawgov.notifications.models import Notification
from lawgov.web import navigation
from lawgov.web.errors import has_roles
from lawgov.web.middleware import prefers_large_text
from lawgov.web.pages import shown_at


class Shell:
    """Rail, top bar and menu of one request. A fragment never touches it: no queries there."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.actor = request.actor

    @cached_property
    def counts(self) -> Mapping[str, int]:
        return navigation.counts(self.actor)

    @cached_property
    def rail(self) -> list[navigation.Stop]:
        return navigation.rail(self.actor, self.counts)

    @cached_property
    def unread(self) -> int:
        """Unread reminders of the person; asked for here only when the counts do not say it."""
        if "notices" in self.counts:
            return self.counts["notices"]
        return Notification.objects.for_user(self.actor.user).unread().count()

    @property
    def silent(self) -> int:
        """Minutes for which no reminder was planned or sent, when that is an alarm; else 0."""
        return self.counts.get("silent", 0)

    @cached_property
    def campaign(self) -> object | None:
        return navigation.running_campaign(self.actor)

    @property
    def may_search(self) -> bool:
        return can(self.actor, Action.SEARCH)

    @property
    def has_other_places(self) -> bool:
        """Counted at login, so that a page need not ask; the page behind the link knows better."""
        return has_roles(self.request)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `shell` for the frame, `large_text`, `actor` and `shown_at` for all."""
    return {
        "shell": SimpleLazyObject(lambda: Shell(request)),
        "actor": getattr(request, "actor", None),
        "large_text": prefers_large_text(request),
        "shown_at": shown_at(request),
    }
