"""What is shown a single time: a first password, the text of a token, an address with a key.

The POST that made it leads on like any other, and the page behind shows it once; so a second click
is led to the same page and does not make another. It waits in the person's own session.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

KEY = "shown_once"


def show_next(request: HttpRequest, name: str, value: Any) -> None:
    """Let the next page that asks for `name` show `value`, something that JSON can hold."""
    request.session[KEY] = {**request.session.get(KEY, {}), name: value}


def shown_now(request: HttpRequest, name: str) -> Any:
    """The value, which is forgotten with this answer; None when there is none, or no page."""
    waiting = request.session.get(KEY, {})
    if request.method != "GET" or name not in waiting:
        return None
    request.session[KEY] = {other: waiting[other] for other in waiting if other != name}
    return waiting[name]
