"""What every answer needs from the person's preferences, and from errors that have a sentence."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from lawgov.errors import DomainError
from lawgov.web import errors

LARGE_TEXT_COOKIE = "large_text"
Handler = Callable[[HttpRequest], HttpResponse]


def prefers_large_text(request: HttpRequest) -> bool:
    """大字版: the account's choice, before login the browser's cookie."""
    user = getattr(getattr(request, "actor", None), "user", None)
    return user.large_text if user else request.COOKIES.get(LARGE_TEXT_COOKIE) == "1"


def preferred_language(request: HttpRequest) -> str:
    """The account's language; before login ?lang=, the cookie, then Chinese.

    The browser's own list is not asked: office machines often carry an English system, and the
    product is Chinese first.
    """
    known = dict(settings.LANGUAGES)
    user = getattr(getattr(request, "actor", None), "user", None)
    asked = [
        user.language if user else request.GET.get("lang"),
        request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME),
    ]
    return next((code for code in asked if code in known), settings.LANGUAGE_CODE)


class PreferenceMiddleware:
    """Puts the request into the person's language. Stands behind ActorMiddleware."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = preferred_language(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
            patch_vary_headers(response, ["Cookie"])
            return response


class ErrorPageMiddleware:
    """Turns errors that carry a sentence into their page, and bare refusals into a readable one.

    Stands last, so that language and actor are known. The API answers its own way before.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            page = errors.error_page(request, 405)
            page.headers["Allow"] = response.headers["Allow"]
            return page
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, DomainError):
            return errors.domain_error(request, error)
        return None
