"""Addresses of a small site, with every place of the rail, for tests of the shell alone."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.decorators.http import require_POST

from indicators.models import Campaign
from lawgov.accounts.guards import public
from lawgov.errors import GuardFailed, NotAllowed, StaleState
from lawgov.urls import handler400, handler403, handler404, handler500, urlpatterns
from lawgov.web.pages import render_page, say

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@public
def page(request: HttpRequest, **kwargs: object) -> HttpResponse:
    return render_page(request, "web/accessibility.html", {}, partial="web/_tick_form.html")


@public
def told(request: HttpRequest) -> HttpResponse:
    say(request, "已打勾，已保存", undo="/undo/1/", row="row-1")
    return page(request)


@public
def raises(request: HttpRequest, kind: str) -> HttpResponse:
    errors = {
        "guard": GuardFailed("缺整改结果", "缺佐证"),
        "stale": StaleState("没有保存：王某 2 分钟前改过这一条"),
        "not-allowed": NotAllowed("只有创建办可以"),
        "crash": RuntimeError("secret detail"),
    }
    raise errors[kind]


@public
@require_POST
def only_post(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


@public
def campaign(request: HttpRequest, pk: int) -> HttpResponse:
    from django.shortcuts import get_object_or_404

    get_object_or_404(Campaign.objects.visible_to(request.actor), pk=pk)
    return HttpResponse("yours")


def place(route: str, namespace: str, *names: str) -> object:
    return path(route, include(([path(f"{name}/", page, name=name) for name in names], namespace)))


urlpatterns = [
    *urlpatterns,
    path("", include(([path("rail/<str:kind>/", page, name="list")], "rectification"))),
    *(
        place(f"rail/{namespace}/", namespace, name)
        for namespace, name in [
            ("tasks", "list"),
            ("indicators", "list"),
            ("review", "list"),
            ("inspections", "list"),
            ("assessment", "list"),
            ("dossiers", "list"),
            ("reports", "dashboard"),
            ("settings", "units"),
            ("search", "all"),
        ]
    ),
    path("told/", told),
    path("raises/<str:kind>/", raises),
    path("only-post/", only_post),
    path("campaigns/<int:pk>/", campaign),
]
