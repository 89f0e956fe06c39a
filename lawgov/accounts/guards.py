"""The declaration that every view carries; a URL whose view has none fails a test."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse

from lawgov.accounts.policy import Action, can

PUBLIC = "public"

View = Callable[..., HttpResponse]


def requires(*actions: Action) -> Callable[[View], View]:
    """The view is open to roles that hold any of `actions`; to others it is not there (404)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not any(can(request.actor, action) for action in actions):
                raise Http404
            return view(request, *args, **kwargs)

        guarded.policy = actions
        return guarded

    return decorate


def public(view: View) -> View:
    """The view is open without login."""
    view.policy = PUBLIC
    view.login_required = False
    return view
