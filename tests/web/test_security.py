from __future__ import annotations

import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.views.decorators.clickjacking import xframe_options_sameorigin

from lawgov.web.security import HeadersMiddleware, RequestMiddleware, current_request_id

NAMES = [
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Permissions-Policy",
    "Cross-Origin-Opener-Policy",
    "X-Request-ID",
]


def boom(request: HttpRequest) -> HttpResponse:
    raise RuntimeError


def test_every_answer_is_protected(client: Client, db):
    client.raise_request_exception = False
    answers = {
        200: client.get("/healthz"),
        404: client.get("/no-such-page/"),
        405: client.post("/healthz"),
        400: client.get("/healthz", headers={"Host": "evil.test"}),
        403: Client(enforce_csrf_checks=True).post("/login/"),
        413: client.post("/login/", headers={"Content-Length": str(61 * 1024 * 1024)}),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        missing = [name for name in NAMES if name not in answer.headers]
        assert missing == [], status


def test_scripts_and_style_elements_need_the_nonce(client: Client, db):
    answer = client.get("/login/")
    policy = answer.headers["Content-Security-Policy"]
    nonce = re.search(r"script-src 'self' 'nonce-([^']{20,})'", policy).group(1)
    assert nonce in answer.content.decode()
    assert "unsafe-inline" not in policy.replace("style-src-attr 'unsafe-inline'", "")
    assert "unsafe-eval" not in policy
    for part in ("default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'",
                 "form-action 'self'", "object-src 'none'"):  # fmt: skip
        assert part in policy
    assert nonce not in client.get("/login/").headers["Content-Security-Policy"]


def answered(view, **meta: str) -> HttpResponse:
    request = RequestFactory().get("/", **meta)
    return HeadersMiddleware(RequestMiddleware(view))(request)


def test_a_view_may_be_framed_by_our_own_pages():
    framed = xframe_options_sameorigin(lambda request: HttpResponse())
    answer = answered(framed)
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_a_view_keeps_a_policy_of_its_own():
    strict = {"Content-Security-Policy": "sandbox"}
    answer = answered(lambda request: HttpResponse(headers=strict))
    assert answer.headers["Content-Security-Policy"] == "sandbox"


def test_pages_of_people_are_not_kept():
    class Person:
        is_authenticated = True

    def view(request: HttpRequest) -> HttpResponse:
        request.user = Person()
        return HttpResponse()

    assert answered(view).headers["Cache-Control"] == "private, no-store"
    assert "Cache-Control" not in answered(lambda request: HttpResponse()).headers


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT"])
def test_methods_that_only_probe_are_refused(client: Client, method):
    assert client.generic(method, "/login/").status_code == 405


def seen(settings, trusted: list[str], **meta: str) -> HttpRequest:
    settings.TRUSTED_PROXIES = trusted
    found: list[HttpRequest] = []

    def view(request: HttpRequest) -> HttpResponse:
        found.append(request)
        assert current_request_id.get() == request.request_id
        return HttpResponse()

    answered(view, **meta)
    assert current_request_id.get() == "-"
    return found[0]


FORWARDED = {
    "REMOTE_ADDR": "127.0.0.1",
    "HTTP_X_FORWARDED_FOR": "6.6.6.6, 10.1.2.3",
    "HTTP_X_REQUEST_ID": "proxy-number-1",
}


def test_the_client_behind_a_trusted_proxy(settings):
    request = seen(settings, ["127.0.0.1"], **FORWARDED)
    assert request.META["REMOTE_ADDR"] == "10.1.2.3"  # what the proxy itself saw
    assert request.request_id == "proxy-number-1"


def test_others_cannot_say_who_they_are(settings):
    request = seen(settings, [], **FORWARDED)
    assert request.META["REMOTE_ADDR"] == "127.0.0.1"
    assert request.request_id != "proxy-number-1"


def test_a_number_that_would_spoil_the_log_is_not_taken(settings):
    request = seen(settings, ["127.0.0.1"], **FORWARDED | {"HTTP_X_REQUEST_ID": "a\nb" * 5})
    assert re.fullmatch("[0-9a-f]{16}", request.request_id)


def test_the_log_has_a_line_per_request_without_what_was_asked_for(client: Client, db, caplog):
    with caplog.at_level("INFO", logger="lawgov.request"):
        client.get("/login/?q=张三")
        client.get("/healthz")
    [line] = [record.getMessage() for record in caplog.records if record.name == "lawgov.request"]
    assert re.fullmatch(r"GET /login/ 200 \d+ ms", line)
