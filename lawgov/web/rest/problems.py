"""The one shape of errors: the pages' errors and the framework's own, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from lawgov.errors import DomainError, GuardFailed
from lawgov.web.errors import CODES
from lawgov.web.rest.policy import PasswordChangeNeeded


class ProblemBodySerializer(serializers.Serializer):
    """What went wrong. `sentences` are all reasons, `fields` maps a field to its own; `current`
    with 409 is the row as it stands now."""

    code = serializers.CharField()
    detail = serializers.CharField()
    sentences = serializers.ListField(child=serializers.CharField(), required=False)
    current = serializers.DictField(required=False)
    request_id = serializers.CharField()

    def get_fields(self) -> dict[str, serializers.Field]:
        # `fields` is a property of serializers, so that it cannot be declared above.
        return super().get_fields() | {"fields": serializers.DictField(required=False)}


class ProblemSerializer(serializers.Serializer):
    """The answer to every call that did not do what it was asked for."""

    error = ProblemBodySerializer()


def problem(
    request: Request | None,
    status: int,
    detail: str,
    *,
    code: str = "",
    sentences: list[str] | None = None,
    fields: Mapping[str, Any] | None = None,
) -> Response:
    body = {
        "code": code or CODES.get(status, "error"),
        "detail": str(detail),
        "sentences": [str(sentence) for sentence in sentences or []],
        "fields": fields or {},
        "request_id": getattr(getattr(request, "_request", None), "request_id", ""),
    }
    return Response({"error": body}, status=status)


def answer_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler; None for what is nobody's fault but ours."""
    request = context.get("request")
    if isinstance(error, GuardFailed):
        fields = {name: [str(text)] for name, text in error.fields.items()}
        sentences = [str(sentence) for sentence in error.sentences]
        detail = str(error) or _("没有办成")
        return problem(request, 422, detail, sentences=sentences, fields=fields)
    if isinstance(error, Http404) or (isinstance(error, DomainError) and error.status == 404):
        return problem(request, 404, _("这里没有这一项，或不归你单位看"))
    if isinstance(error, DomainError):
        lines = str(error.sentence).splitlines() or [_("没有办成")]
        return problem(request, error.status, _("；").join(lines), sentences=lines)
    if isinstance(error, PasswordChangeNeeded):
        return problem(request, 403, str(error.detail), code=error.default_code)
    if isinstance(error, PermissionDenied | exceptions.PermissionDenied):
        return problem(request, 403, _("请求不是从本系统的页面发出的，没有执行"))
    if isinstance(error, exceptions.ValidationError):
        return problem(request, 422, _("填写有误"), fields=_by_field(error.detail))
    if isinstance(error, exceptions.APIException):
        return _of_framework(request, error)
    return None


def _by_field(detail: Any) -> dict[str, Any]:
    return detail if isinstance(detail, dict) else {"": detail}


def _of_framework(request: Request | None, error: exceptions.APIException) -> Response:
    response = problem(request, error.status_code, str(error.detail))
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = str(int(wait) + 1)
    return response
