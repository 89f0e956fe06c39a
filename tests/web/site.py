"""A small site made of the shell's parts alone, for tests of its scripts in a real browser."""

from types import SimpleNamespace

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.views.decorators.http import require_POST

from lawgov.accounts.guards import public
from lawgov.errors import GuardFailed, StaleState
from lawgov.web.listing import Listing, picked, query_without, search_text
from lawgov.web.pages import render_page, say, wants_fragment
from lawgov.web.shown import Due
from tests.factories import TODAY
from tests.web import urls
from tests.web.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

TOTAL = 204
LETTERS = "甲乙丙丁戊己"
ACTIONS = [
    {"label": "催办", "url": "/site/remind/", "primary": True, "asks": True},
    {"label": "导出所选", "url": "/site/count/"},
]
ticked: set[int] = set()
kept: list[str] = []


def row(pk: int) -> SimpleNamespace:
    return SimpleNamespace(
        pk=pk,
        url=f"/site/tick/{pk}/",
        name=f"第{LETTERS[pk - 1]}项",
        ticked=pk in ticked,
        due=Due("r", "逾期5天", TODAY, "late"),
        state=SimpleNamespace(label="整改中", tone="unit"),
    )


@public
def rows(request: HttpRequest) -> HttpResponse:
    context = {"rows": [row(pk) for pk in (1, 2, 3)], "section": "checklist"}
    return render_page(request, "site/rows.html", context)


@public
@require_POST
def tick(request: HttpRequest, pk: int) -> HttpResponse:
    """Row 2 lacks a proof, row 3 was changed by somebody else."""
    if pk == 2:
        raise GuardFailed("未打勾：还缺 审核登记表")
    if pk == 3:
        raise StaleState("没有保存：王某 2 分钟前改过这一条")
    ticked.symmetric_difference_update({pk})
    done = "已打勾，已保存" if pk in ticked else "已取消打勾"
    say(request, done, undo=f"/site/tick/{pk}/", row=f"row-{pk}")
    if not wants_fragment(request):
        return HttpResponseRedirect(request.POST.get("next", "/site/rows/"))
    return render_page(request, "site/rows.html", {"row": row(pk)}, partial="site/_row.html")


@public
def listed(request: HttpRequest) -> HttpResponse:
    text = search_text(request)
    found = [row(pk) for pk in range(1, 7) if text in row(pk).name]
    listing = Listing(found, TOTAL, 20, "name", query_without(request.GET), 1, 11)
    context = {"listing": listing, "actions": ACTIONS, "q": text, "section": "ledger"}
    return render_page(request, "site/list.html", context, partial="site/_list.html")


@public
@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    chosen = picked(request)
    people = TOTAL if chosen.query is not None else len(chosen.pks)
    context = {"people": people}
    return render_page(request, "site/ask.html", context, partial="site/_ask.html")


@public
@require_POST
def count(request: HttpRequest) -> HttpResponse:
    chosen = picked(request)
    say(request, f"收到 {TOTAL if chosen.query is not None else len(chosen.pks)} 条")
    return HttpResponseRedirect("/site/list/")


@public
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    return render_page(request, "site/ask.html", {"people": pk}, partial="site/_ask.html")


@public
def upload(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        for file in request.FILES.getlist("files"):
            if file.name.endswith(".exe"):
                raise GuardFailed("程序文件不能作为佐证")
            kept.append(file.name)
        if not wants_fragment(request):
            return HttpResponseRedirect("/site/upload/")
    context = {"files": kept, "section": "checklist"}
    return render_page(request, "site/upload.html", context, partial="site/_files.html")


@public
def draft(request: HttpRequest) -> HttpResponse:
    """A form that saves for people who are signed in."""
    if request.method == "POST":
        known = request.user.is_authenticated
        return HttpResponseRedirect("/site/draft/" if known else "/login/?next=/site/draft/")
    return render_page(request, "site/draft.html", {"section": "ledger"})


urlpatterns = [
    *urls.urlpatterns,
    path("site/rows/", rows),
    path("site/tick/<int:pk>/", tick),
    path("site/list/", listed),
    path("site/remind/", remind),
    path("site/count/", count),
    path("site/detail/<int:pk>/", detail),
    path("site/upload/", upload),
    path("site/draft/", draft),
]
