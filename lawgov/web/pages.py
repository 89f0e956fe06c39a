"""How a view answers: the full page or the fragment that htmx asked for, and the toast."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme


def wants_fragment(request: HttpRequest) -> bool:
    """True when htmx swaps a part of the page; False for full loads and for history."""
    htmx = request.htmx
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def render_page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    partial: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render `template`, or `partial` with the same context when htmx asks for a fragment.

    Waiting toasts travel with a fragment in the HX-Trigger header. Both answers say that they
    vary, so that no cache hands one out for the other.
    """
    fragment = partial if wants_fragment(request) else None
    response = render(request, fragment or template, context, status=status)
    if fragment and (toasts := _waiting_toasts(request)):
        response.headers["HX-Trigger"] = json.dumps({"toast": {"toasts": toasts}})
    patch_vary_headers(response, ["HX-Request"])
    return response


def say(
    request: HttpRequest, text: str, *, undo: str = "", row: str = "", bad: bool = False
) -> None:
    """Put up a toast: at the next full page, or with this answer when it is a fragment.

    `undo` is the address that a 撤销 button posts to; `row` the element id that its answer
    replaces (without it the page is loaded anew). A `bad` toast stays until it is closed.
    """
    level = messages.ERROR if bad else messages.SUCCESS
    messages.add_message(request, level, text, extra_tags=f"{undo} {row}".strip())


def toast_of(message: Message) -> dict[str, Any]:
    undo, _, row = (message.extra_tags or "").partition(" ")
    return {
        "text": str(message.message),
        "undo": undo,
        "row": row,
        "bad": message.level >= messages.ERROR,
    }


def _waiting_toasts(request: HttpRequest) -> list[dict[str, Any]]:
    return [toast_of(message) for message in messages.get_messages(request)]


def sent(request: HttpRequest) -> QueryDict | None:
    """What the form sent; None when the page is only opened. An empty form is sent all the same."""
    return request.POST if request.method == "POST" else None


def safe_next(request: HttpRequest, default: str) -> str:
    """Where the form wants to go afterwards, if that is an address of this site."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    good = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if good else default


def shown_at(request: HttpRequest) -> str:
    """The address of the page that the person has before them, to come back to.

    A form or an htmx call goes to an address of its own, which often cannot be opened (405) and
    never shows what was typed; the page it stands on does. The browser names that page.
    """
    if request.method in ("GET", "HEAD") and not request.headers.get("HX-Request"):
        return request.get_full_path()
    named = request.headers.get("HX-Current-URL") or request.headers.get("Referer") or ""
    good = url_has_allowed_host_and_scheme(
        named, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    page = urlsplit(named)._replace(scheme="", netloc="").geturl() if good else ""
    return page or request.get_full_path()


def go(request: HttpRequest, url: str) -> HttpResponse:
    """Redirect after a form; htmx is told to load the page, so that the address is true."""
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
