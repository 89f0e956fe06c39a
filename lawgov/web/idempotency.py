"""`Idempotency-Key`: a call that is sent again has one effect and gets the same answer.

The key is claimed in the transaction of the effect: whoever comes second waits for the unique
index until the first has committed, and a crash leaves neither effect nor key. Every POST under
/api/v1/ may carry one. Source: robustness rule 12; the header is an IETF draft.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from lawgov.accounts.answered import KEPT, AnsweredCall
from lawgov.errors import GuardFailed

HEADER = "Idempotency-Key"
LONGEST_KEY = 100
KEY = re.compile(rf"[!-~]{{1,{LONGEST_KEY}}}")
REPEATED = "Idempotency-Replayed"
# Answers that say nothing of the call itself: the same call may well succeed later.
PASSING = frozenset({401, 403, 429, 503})

Handler = Callable[..., Response]


def once(view: Any, handler: Handler, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
    """Run `handler` of a POST; with a key, only if its call has not been answered before.

    `view.prepare` runs before the transaction. Raises GuardFailed for a key that was used for
    another call, or that is not one.
    """
    key = request.headers.get(HEADER)
    if key is None or not request.user.is_authenticated:
        view.prepare()
        return handler(request, *args, **kwargs)
    if not KEY.fullmatch(key):
        raise GuardFailed(fields={HEADER: _("要用 1 到 100 个可见的 ASCII 字符")})
    now, call = timezone.now(), fingerprint(request)
    if answered := _answered(request, key, call, now):
        return answered
    try:
        view.prepare()
        with transaction.atomic():
            claimed = _claim(request, key, call, now)
            if claimed is None:
                return _answered(request, key, call, now)
            response = handler(request, *args, **kwargs)
            _keep(claimed, view, response)
    except Exception as error:
        response = view.handle_exception(error)  # raises again what is not the caller's fault
        _keep_refusal(request, key, call, now, view, response)
    return response


def fingerprint(request: Request) -> str:
    """SHA-256 hex of who calls what with which content; files count by their bytes."""
    digest = hashlib.sha256()
    membership = request._request.actor.membership
    place = [membership.pk if membership else None, request.method, request.get_full_path()]
    digest.update(json.dumps(place).encode())
    if hasattr(request.data, "lists"):  # a form with files
        add_fields(digest, request.data.lists())
    else:
        digest.update(json.dumps(request.data, sort_keys=True).encode())
    return digest.hexdigest()


def add_fields(digest: Any, fields: Iterable[tuple[str, list[Any]]]) -> None:
    """Take the fields of a form into `digest`, whatever their order; files count by bytes."""
    for name, values in sorted(fields):
        for value in values:
            digest.update(f"\n{name}=".encode())
            _add(digest, value)


def _add(digest: Any, value: Any) -> None:
    if not isinstance(value, UploadedFile):
        digest.update(str(value).encode())
        return
    digest.update(str(value.name).encode())
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)


def _answered(request: Request, key: str, call: str, now: datetime) -> HttpResponse | None:
    """The answer that the call got before; None when there is none, or none any more."""
    row = AnsweredCall.objects.filter(user=request.user, key=key).first()
    if row is None:
        return None
    if row.made_at <= now - KEPT:
        row.delete()
        return None
    if row.request_hash != call:
        raise GuardFailed(fields={HEADER: _("这个键已经用于另一个请求，换一个再发")})
    response = HttpResponse(row.body, status=row.status, content_type="application/json")
    response.headers[REPEATED] = "true"
    return response


def _claim(request: Request, key: str, call: str, now: datetime) -> AnsweredCall | None:
    """The row of this call, ours until the commit; None when another one was first."""
    try:
        with transaction.atomic():
            return AnsweredCall.objects.create(
                user=request.user, key=key, request_hash=call, made_at=now
            )
    except IntegrityError:
        return None


def _keep(row: AnsweredCall, view: Any, response: Response) -> None:
    row.status = response.status_code
    row.body = _body(view, response)
    row.save(update_fields=["status", "body"])


def _keep_refusal(
    request: Request, key: str, call: str, now: datetime, view: Any, response: Response
) -> None:
    """A refusal has no effect to be kept with; it stands by itself, the first one for good."""
    if response.status_code in PASSING:
        return
    row = AnsweredCall(user=request.user, key=key, request_hash=call, made_at=now)
    row.status, row.body = response.status_code, _body(view, response)
    AnsweredCall.objects.bulk_create([row], ignore_conflicts=True)


def _body(view: Any, response: Response) -> str:
    """The answer as it will be sent again; what is shown once, such as a password, is left out."""
    if response.data is None:
        return ""
    data = response.data
    if view.secret and isinstance(data, dict):
        data = {name: None if name in view.secret else value for name, value in data.items()}
    return JSONRenderer().render(data).decode()
