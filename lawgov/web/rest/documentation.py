"""The OpenAPI document and the page that shows it; for people and machines that are signed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework import serializers
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.web.pages import render_page
from lawgov.web.rest.endpoints import Figures


class RootSerializer(serializers.Serializer):
    """Addresses of the subjects, of the document, and of the page that shows it."""

    schema = serializers.CharField()
    docs = serializers.CharField()
    subjects = serializers.DictField(child=serializers.CharField())


class RootEndpoint(Figures):
    """Where everything begins."""

    serializer_class = RootSerializer
    policy = {"show": (Action.OWN_ACCOUNT,)}
    answers = {"show": RootSerializer}
    subjects: ClassVar[Mapping[str, str]] = {}

    def show(self, request: Request) -> Response:
        subjects = {name: reverse(f"api:{route}") for name, route in self.subjects.items()}
        known = {"schema": reverse("api:schema"), "docs": reverse("api:docs")}
        return Response(known | {"subjects": subjects})


class SchemaView(SpectacularAPIView):
    """The whole document, whatever the caller's role: it tells what there is, of nobody's data."""

    policy = {"get": (Action.OWN_ACCOUNT,)}
    permission_classes = api_settings.DEFAULT_PERMISSION_CLASSES
    authentication_classes = api_settings.DEFAULT_AUTHENTICATION_CLASSES
    serve_public = True
    content_negotiation_class = DefaultContentNegotiation

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        return self._get_schema_response(request)


@requires(Action.OWN_ACCOUNT)
@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """Swagger UI from our own files, started by a script of our own."""
    return render_page(request, "web/api_docs.html", {"schema": reverse("api:schema")})
