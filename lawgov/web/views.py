"""The one page of the shell itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from lawgov.accounts.guards import public
from lawgov.web.pages import render_page


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """无障碍说明: what the product does for people who see, hear or type differently."""
    return render_page(request, "web/accessibility.html")
