"""Addresses for the test of the test: one declared, one bare, one endpoint declared by half."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework.viewsets import ViewSet

from lawgov.accounts.guards import public


@public
def declared(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


class Half(ViewSet):
    policy = {"list": "public"}


urlpatterns = [
    path("declared/", declared, name="declared"),
    path("bare/", bare, name="bare"),
    path("half/", Half.as_view({"get": "list", "delete": "destroy"}), name="half"),
]
