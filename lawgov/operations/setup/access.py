"""Who may set up an installation that has no account yet.

Until the first account exists the wizard is open without login, so something else must tell the
person who installs from a passer-by: the token in DATA_DIR/setup-token, which the launcher
prints, or, in the embedded profile, sitting at this machine. With the first account both end.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from lawgov.accounts.guards import public
from lawgov.accounts.models import User

SESSION_KEY = "setup_token"
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP")

View = Callable[..., HttpResponse]


def is_open() -> bool:
    """True until the installation has its first account."""
    return not User.objects.exists()


def token() -> str:
    """The token of this installation, made at the first call; readable by its owner only."""
    path = _path()
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(18), encoding="ascii")
        return path.read_text(encoding="ascii").strip()


def forget_token() -> None:
    """Nobody needs it any more: the first account exists."""
    _path().unlink(missing_ok=True)


def _path() -> Path:
    return Path(settings.DATA_DIR) / "setup-token"


def may_set_up(request: HttpRequest) -> bool:
    """Whether this request comes from whoever installs the product."""
    return _at_this_machine(request) or constant_time_compare(
        request.session.get(SESSION_KEY, ""), token()
    )


def offer(request: HttpRequest, given: str) -> bool:
    """Keep a token that was given for the rest of the session; False for a wrong one."""
    if not constant_time_compare(given.strip(), token()):
        return False
    request.session[SESSION_KEY] = given.strip()
    return True


def _at_this_machine(request: HttpRequest) -> bool:
    """Behind a proxy every request comes from this machine, so a forwarded one does not count,
    nor does any in production."""
    if settings.PROFILE == "prod" or any(request.headers.get(name) for name in FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def before_first_account(view: View) -> View:
    """The view is open while there is no account, to whoever installs; afterwards it is gone."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not is_open():
            raise Http404
        if not may_set_up(request):
            return HttpResponseRedirect(reverse("setup:token"))
        return view(request, *args, **kwargs)

    return public(guarded)
