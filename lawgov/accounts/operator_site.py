"""Where Django's admin may be opened: by those who run the installation, who have no role."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from lawgov.jobs.heartbeats import last_sign, silent_minutes

View = Callable[..., HttpResponse]
STAFF = "staff"


class OperatorSite(AdminSite):
    """To anybody else who is signed in the admin is not there; Django would send them to a login
    page that they have passed already."""

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise Http404
            return inner(request, *args, **kwargs)

        guarded.policy = STAFF
        return guarded

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """With `silent`: for how many minutes the reminders stand still, 0 for none."""
        context = super().each_context(request)
        if self.has_permission(request):
            last = last_sign().values_list("at", flat=True).first()
            context["silent"] = silent_minutes(last, timezone.now())
        return context
