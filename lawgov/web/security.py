"""The outermost layers: protecting headers, the number of the request, body limit, a log line."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from lawgov.web.errors import error_page

Handler = Callable[[HttpRequest], HttpResponse]

#: The number of the request this thread answers; "-" outside of one. Log lines carry it.
current_request_id: ContextVar[str] = ContextVar("current_request_id", default="-")

log = logging.getLogger("lawgov.request")

GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,40}")
REFUSED_METHODS = {"TRACE", "TRACK", "CONNECT"}

POLICY = (
    "default-src 'self'; "
    "script-src 'self' 'nonce-{nonce}'; "
    "style-src 'self' 'nonce-{nonce}'; "
    "style-src-attr 'unsafe-inline'; "  # widths of bars, nothing else
    "img-src 'self' data: blob:; "
    "frame-ancestors {ancestors}; "
    "base-uri 'none'; form-action 'self'; object-src 'none'"
)

FIXED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}


class HeadersMiddleware:
    """Puts the protecting headers on every answer; stands first, so that errors have them too.

    `request.csp_nonce` is for the script and style elements of templates. A view that is shown
    inside a frame of our own pages says so with Django's `xframe_options_sameorigin`; a view that
    sets a policy of its own (downloads, with `sandbox`) keeps it.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.csp_nonce = secrets.token_urlsafe(16)
        response = self.get_response(request)
        framed = response.headers.get("X-Frame-Options", "").upper() == "SAMEORIGIN"
        policy = POLICY.format(nonce=request.csp_nonce, ancestors="'self'" if framed else "'none'")
        response.headers.setdefault("Content-Security-Policy", policy)
        for name, value in FIXED_HEADERS.items():
            response.headers.setdefault(name, value)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class RequestMiddleware:
    """Numbers the request, finds the client behind a trusted proxy, and refuses what is too big.

    The number stands in the log, in the audit trail, on error pages and in `X-Request-ID`.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.request_id = self._identify(request)
        token = current_request_id.set(request.request_id)
        started = time.monotonic()
        try:
            response = self._refuse(request) or self.get_response(request)
            self._log(request, response, time.monotonic() - started)
        finally:
            current_request_id.reset(token)
        response.headers["X-Request-ID"] = request.request_id
        return response

    def _log(self, request: HttpRequest, response: HttpResponse, seconds: float) -> None:
        """A line without query and body, which may hold names. Good health is not news."""
        quiet = request.path == "/healthz" and response.status_code == 200
        level = logging.DEBUG if quiet else logging.INFO
        facts = request.method, request.path, response.status_code, seconds * 1000
        log.log(level, "%s %s %s %.0f ms", *facts)

    def _identify(self, request: HttpRequest) -> str:
        """The request's number; a proxy that we trust may bring one, and names the client."""
        if request.META.get("REMOTE_ADDR", "") in settings.TRUSTED_PROXIES:
            forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
            if forwarded:
                request.META["REMOTE_ADDR"] = forwarded
            given = request.headers.get("X-Request-ID", "")
            if GIVEN_ID.fullmatch(given):
                return given
        return secrets.token_hex(8)

    def _refuse(self, request: HttpRequest) -> HttpResponse | None:
        if request.method in REFUSED_METHODS:
            return error_page(request, 405)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.MAX_BODY_BYTES:
            response = error_page(request, 413)
            response.headers["Connection"] = "close"  # the rest of the body is not read
            return response
        return None
