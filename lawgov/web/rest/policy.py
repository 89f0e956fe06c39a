"""May they? One permission class for every endpoint, asked of the view's own declaration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission

from lawgov.accounts.guards import PUBLIC
from lawgov.accounts.policy import Action, can

if TYPE_CHECKING:  # the framework's views are being loaded when they ask for this class
    from rest_framework.request import Request
    from rest_framework.views import APIView

#: What each of a view's own methods (`list`, `retrieve`, an edge) asks for: any of the actions.
Policy = Mapping[str, "tuple[Action, ...] | str"]


class PasswordChangeNeeded(PermissionDenied):
    """A first password opens nothing but the page that changes it."""

    default_code = "password_change_needed"


class DeclaredPolicy(BasePermission):
    """`policy` of the view names the actions; to roles without any the endpoint is not there.

    A method without a row is refused to everybody. One that the endpoint does not have passes,
    so that it is answered with 405.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        name = method_of(view, request)
        needed = view.policy.get(name, ()) if name else ()
        if needed == PUBLIC:
            return True
        if not request.user or not request.user.is_authenticated:
            return False
        if name is None:
            return True
        if request.user.must_change_password and not getattr(view, "password_free", False):
            raise PasswordChangeNeeded(_("先改口令，再用其他功能"))
        actor = request._request.actor
        if not any(can(actor, action) for action in needed):
            raise Http404
        return True


def method_of(view: APIView, request: Request) -> str | None:
    """The view's own method that answers; None where it has none for this HTTP method."""
    actions = getattr(view, "action_map", None)
    method = request.method.lower()
    if actions is not None:
        return actions.get(method)
    known = method if method != "head" else "get"
    return known if method != "options" and hasattr(view, known) else None
