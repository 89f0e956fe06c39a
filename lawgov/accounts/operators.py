"""Where Django's admin may be opened: by those who run the installation, who have no role."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.http import Http404, HttpRequest, HttpResponse

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


class OperatorAdminConfig(AdminConfig):
    default_site = "lawgov.accounts.operators.OperatorSite"
