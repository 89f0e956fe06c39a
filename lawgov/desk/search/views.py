"""Global search 全站搜索."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.desk.search import queries
from lawgov.web.listing import search_text
from lawgov.web.pages import render_page


@require_safe
@requires(Action.SEARCH)
def search(request: HttpRequest) -> HttpResponse:
    text = search_text(request)
    context = {"q": text, "sections": queries.search(request.actor, text)}
    page, part = "desk/search/page.html", "desk/search/_found.html"
    return render_page(request, page, context, partial=part)
