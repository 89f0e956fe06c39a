"""What an endpoint is: who asks, what was sent, which rows, and how it answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cached_property, partial
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers, status, viewsets
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from lawgov.accounts.actors import Actor
from lawgov.errors import GuardFailed, StaleState
from lawgov.web import idempotency
from lawgov.web.rest.bodies import FormBody
from lawgov.web.rest.policy import Policy

Body = type[serializers.BaseSerializer]


class Endpoint(viewsets.GenericViewSet):
    """One subject of the API.

    What it does is declared in tables by the names of its own methods: `policy` who may,
    `bodies` what is sent, `answers` what comes back where it is not `serializer_class`,
    `parameters` what of the address it reads beside filters and pages.
    `uploads` are methods that take files, `secret` fields of an answer that are shown once.

    With a `model` its rows are those of `rows()` that the actor may see; without one the
    endpoint gives figures.
    """

    policy: ClassVar[Policy] = {}
    bodies: ClassVar[Mapping[str, Body]] = {}
    answers: ClassVar[Mapping[str, Any]] = {}
    parameters: ClassVar[Mapping[str, list[OpenApiParameter]]] = {}
    uploads: ClassVar[frozenset[str]] = frozenset()
    secret: ClassVar[frozenset[str]] = frozenset()
    model: ClassVar[Any] = None
    #: The serializer of a line in a list, where it says less than that of one row.
    line_class: ClassVar[Body | None] = None
    lookup_value_regex = "[0-9]{1,18}"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.model is not None:
            cls.queryset = cls.model._default_manager.none()

    # -- the caller ----------------------------------------------------------------------------

    @property
    def actor(self) -> Actor:
        return self.request._request.actor

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    @property
    def act(self) -> dict[str, Any]:
        """Who and when, for actions."""
        return {"actor": self.actor, "now": self.now}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.auth is not None and request.user.is_authenticated:
            # A token brings no cookie; the middleware says for how long.
            translation.activate(request.user.language)
            request._request.LANGUAGE_CODE = request.user.language
        if self.action and request.method == "POST":
            # In place of the handler itself, so that it runs once for a key.
            self.post = partial(idempotency.once, self, self.post)

    def prepare(self) -> None:
        """What a POST does before any transaction begins, such as looking through files."""

    def get_parsers(self) -> list[Any]:
        # Asked before the framework has set `action`, but after it has when a schema is drawn.
        name = getattr(self, "action", None) or self.action_map.get(self.request.method.lower())
        return [MultiPartParser()] if name in self.uploads else [JSONParser()]

    # -- what was sent -------------------------------------------------------------------------

    def checked(self) -> dict[str, Any]:
        """The body by its declared serializer."""
        given = self.bodies[self.action](
            data=self.request.data, context=self.get_serializer_context()
        )
        given.is_valid(raise_exception=True)
        return dict(given.validated_data)

    def filled(self, **given: Any) -> Any:
        """The body as the page's form, filled in and valid; raises GuardFailed."""
        body = self.bodies[self.action]
        assert issubclass(body, FormBody)
        return body.fill(self.checked(), self.request.FILES or None, **given)

    def chosen(self, rows: QuerySet[Any], name: str, pk: int | None) -> Any:
        """The row that a field of the body names, None for none.

        Raises GuardFailed, in the same words for a stranger's row and an absent one.
        """
        if pk is None:
            return None
        found = rows.filter(pk=pk).first()
        if found is None:
            raise GuardFailed(fields={name: _("没有这一项，或不能选")})
        return found

    def several(self, rows: QuerySet[Any], name: str, pks: Collection[int]) -> list[Any]:
        """The rows that a field of the body names; raises as `chosen` when any is missing."""
        found = {row.pk: row for row in rows.filter(pk__in=pks)}
        if set(pks) - set(found):
            raise GuardFailed(fields={name: _("没有这一项，或不能选")})
        return [found[pk] for pk in dict.fromkeys(pks)]

    # -- rows ----------------------------------------------------------------------------------

    def rows(self) -> QuerySet[Any]:
        return self.model.objects.order_by("pk")

    def get_queryset(self) -> QuerySet[Any]:
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return self.rows().visible_to(self.actor)

    def get_serializer_class(self) -> Body:
        if self.action == "list" and self.line_class:
            return self.line_class
        return self.serializer_class

    def get_serializer_context(self) -> dict[str, Any]:
        fake = getattr(self, "swagger_fake_view", False)
        return super().get_serializer_context() | {"actor": None if fake else self.actor}

    # -- answers -------------------------------------------------------------------------------

    def shown(self, row: Model | int, *, made: bool = False) -> Response:
        """The row as it is now; nothing where the caller may not see it any more."""
        pk = row if isinstance(row, int) else row.pk
        fresh = self.get_queryset().filter(pk=pk).first()
        if fresh is None:
            return self.done()
        code = status.HTTP_201_CREATED if made else status.HTTP_200_OK
        return Response(self.get_serializer(fresh).data, status=code)

    def done(self) -> Response:
        return Response(status=status.HTTP_204_NO_CONTENT)

    def handle_exception(self, error: Exception) -> Response:
        """A stale save is told how the row stands now, so that the caller can decide again."""
        response = super().handle_exception(error)
        if isinstance(error, StaleState) and self.detail and self.model and self.serializer_class:
            row = self.get_queryset().filter(pk=self.kwargs.get("pk")).first()
            if row is not None:
                response.data["error"]["current"] = self.get_serializer(row).data
        return response


class Figures(Endpoint):
    """An endpoint of figures: no rows of its own, so neither pages nor filters by columns."""

    pagination_class = None
    filter_backends: ClassVar[list[Any]] = []

    @property
    def http(self) -> HttpRequest:
        """The request as pages know it, for filters that read the address."""
        return self.request._request
