"""What all endpoints under /api/v1/ share: permission, errors, paging, and how an edge is taken.

A viewset declares `policy`, an Action per method of its own (`list`, `retrieve`, an edge); one
without a row for a method refuses it. Rows are reached through `visible_to(actor)` alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers, viewsets
from rest_framework.pagination import PageNumberPagination
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, set_rollback

from lawgov.accounts.actors import Actor
from lawgov.accounts.guards import PUBLIC
from lawgov.accounts.policy import Action, can
from lawgov.errors import DomainError, GuardFailed

Policy = Mapping[str, tuple[Action, ...]]


class DeclaredPolicy(BasePermission):
    """May they? Asked of the view's own declaration; to others the endpoint is not there."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        policy = getattr(view, "policy", None)
        if policy == PUBLIC:
            return True
        if not request.user or not request.user.is_authenticated:
            return False
        name = getattr(view, "action", None) or request.method.lower()
        if name == "metadata":
            return True
        actions = policy.get(name, ()) if policy else ()
        if not any(can(request._request.actor, action) for action in actions):
            raise Http404
        return True


class Pages(PageNumberPagination):
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class Endpoint(viewsets.GenericViewSet):
    """A set of rows. `model` answers `visible_to`; `rows()` may add joins."""

    policy: ClassVar[Policy] = {}
    pagination_class = Pages
    model: ClassVar[Any] = None

    @property
    def actor(self) -> Actor:
        return self.request._request.actor

    def get_queryset(self) -> QuerySet:
        if getattr(self, "swagger_fake_view", False):
            return self.model.objects.none()
        return self.rows().visible_to(self.actor)

    def rows(self) -> QuerySet:
        return self.model.objects.order_by("pk")


class StrictSerializer(serializers.Serializer):
    """Refuses fields it does not know, so that a misspelt one is not silently dropped."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            unknown = set(data) - set(self.fields)
            if unknown:
                raise serializers.ValidationError(
                    {name: [_("没有这个字段")] for name in sorted(unknown)}
                )
        return super().to_internal_value(data)


class ProblemBodySerializer(serializers.Serializer):
    """What went wrong; `fields` maps a field to its sentences."""

    code = serializers.CharField()
    detail = serializers.CharField()
    sentences = serializers.ListField(child=serializers.CharField(), required=False)
    fields_ = serializers.DictField(required=False)
    request_id = serializers.CharField()

    def get_fields(self):
        fields = super().get_fields()
        fields["fields"] = fields.pop("fields_")
        return fields


class ProblemSerializer(serializers.Serializer):
    """The one shape of errors."""

    error = ProblemBodySerializer()


CODES = {
    400: "bad_request",
    401: "not_signed_in",
    403: "refused_origin",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    409: "stale",
    413: "too_large",
    415: "unsupported_media_type",
    422: "refused",
    429: "too_many_requests",
    503: "unavailable",
}


def problem(
    request: Request | None,
    status: int,
    detail: str,
    *,
    sentences: list[str] | None = None,
    fields: Mapping[str, Any] | None = None,
) -> Response:
    body = {
        "error": {
            "code": CODES.get(status, "error"),
            "detail": str(detail),
            "sentences": [str(sentence) for sentence in sentences or []],
            "fields": fields or {},
            "request_id": getattr(getattr(request, "_request", None), "request_id", ""),
        }
    }
    return Response(body, status=status)


def answer_error(error: Exception, context: dict) -> Response | None:
    """DRF's exception handler: the pages' errors and DRF's own, all in one shape."""
    request = context.get("request")
    if isinstance(error, GuardFailed):
        set_rollback()
        fields = {name: [str(text)] for name, text in error.fields.items()}
        return problem(request, 422, str(error), sentences=error.sentences, fields=fields)
    if isinstance(error, DomainError):
        set_rollback()
        if error.status == 404:
            return problem(request, 404, _("没有这一项，或不归你单位看"))
        return problem(request, error.status, error.sentence)
    if isinstance(error, Http404):
        return problem(request, 404, _("没有这一项，或不归你单位看"))
    if isinstance(error, PermissionDenied):
        return problem(request, 403, _("来源不对，没有执行"))
    if isinstance(error, exceptions.ValidationError):
        set_rollback()
        detail = error.detail
        fields = detail if isinstance(detail, dict) else {"": detail}
        return problem(request, 422, _("填写有误"), fields=fields)
    if isinstance(error, exceptions.APIException):
        set_rollback()
        response = problem(request, error.status_code, str(error.detail))
        if getattr(error, "auth_header", None):
            response["WWW-Authenticate"] = error.auth_header
        if getattr(error, "wait", None):
            response["Retry-After"] = str(int(error.wait))
        return response
    return None
