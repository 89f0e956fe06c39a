"""A form that makes something new has one effect, however often it is sent.

`{% once %}` puts a key into the form. The first submission claims it before the view runs; a
second click, a resent page or a step back finds the claim, waits for its answer and is led to the
same place, told that it was submitted already. Forms that change a row need none of this: their
version refuses the second time.

Unlike the API's `Idempotency-Key` (idempotency.py), whose rows these share, the claim is committed
by itself and not in the transaction of the effect: a view that takes files would otherwise hold
SQLite's one write lock while it reads them. A process that dies in between leaves a claim without
an answer: then the person is sent to look, and nothing is done twice.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from lawgov.accounts.answered import KEPT, AnsweredCall
from lawgov.web.errors import error_page
from lawgov.web.idempotency import add_fields
from lawgov.web.pages import go, say

FIELD = "once"
CSRF = "csrfmiddlewaretoken"
#: Stands before the digest in the table; a key of the API holds no space.
PREFIX = "form "
WAIT = timedelta(seconds=10)  # for the first click's answer
POLL = 0.05  # seconds

Handler = Callable[[HttpRequest], HttpResponse]


class OnceMiddleware:
    """Lets one of several equal submissions through; forms without a key pass untouched.

    Stands behind the check of the page's token and the actor.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        claimed: AnsweredCall | None = getattr(request, "submission", None)
        if claimed is not None:
            _settle(claimed, response)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Claim the submission; an answer where it was made before."""
        if request.method != "POST" or not request.user.is_authenticated:
            return None
        if not request.POST.get(FIELD):
            return None
        digest, until = fingerprint(request), timezone.now() + WAIT
        while (claimed := _claim(request, digest, now := timezone.now())) is None:
            row = AnsweredCall.objects.filter(user=request.user, key=PREFIX + digest).first()
            if row is None:
                continue  # the first was refused meanwhile: now it is this one's turn
            if row.made_at <= now - KEPT:
                row.delete()
            elif row.status:
                return _repeated(request, row)
            elif now > until or row.made_at < now - WAIT:
                return _unanswered(request)
            else:
                time.sleep(POLL)
        request.submission = claimed
        return None


def fingerprint(request: HttpRequest) -> str:
    """SHA-256 hex of who sends which form with which content; the page's token is left out."""
    digest = hashlib.sha256()
    membership = request.actor.membership
    place = [membership.pk if membership else None, request.get_full_path()]
    digest.update(json.dumps(place).encode())
    typed = [(name, values) for name, values in request.POST.lists() if name != CSRF]
    add_fields(digest, [*typed, *request.FILES.lists()])
    return digest.hexdigest()


def _claim(request: HttpRequest, digest: str, now: datetime) -> AnsweredCall | None:
    """The row of this submission, committed before anything is done; None when there is one."""
    try:
        with transaction.atomic():
            return AnsweredCall.objects.create(
                user=request.user,
                key=PREFIX + digest,
                request_hash=digest,
                made_at=now,
            )
    except IntegrityError:
        return None


def _settle(claimed: AnsweredCall, response: HttpResponse) -> None:
    """An answer that leads on is what shows that the thing was made; any other frees the key."""
    target = response.headers.get("HX-Redirect") or response.headers.get("Location", "")
    if target and response.status_code < 400:
        AnsweredCall.objects.filter(pk=claimed.pk).update(status=302, body=target)
    else:
        claimed.delete()


def _repeated(request: HttpRequest, row: AnsweredCall) -> HttpResponse:
    say(request, _("已经提交过了，没有重复办理。"))
    return go(request, row.body)


def _unanswered(request: HttpRequest) -> HttpResponse:
    sentence = _("这份表单正在提交，或上次没有提交完。先看看办成没有；没有办成，刷新页面再填一次。")
    return error_page(request, 409, sentences=[sentence])
