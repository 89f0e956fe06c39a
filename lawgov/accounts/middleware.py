"""Who is acting: one query turns the session into `request.user` and `request.actor`."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from lawgov.accounts.actors import Actor
from lawgov.accounts.models import Membership, User
from lawgov.calendars import local_day
from lawgov.holidays.tables import newest, one_edition
from lawgov.web.pages import shown_at

MEMBERSHIP_KEY = "membership"
NOBODY = Actor(user=None)


class ActorMiddleware:
    """Sets `request.user` and `request.actor`, and sends strangers to the login page.

    Does the work of Django's AuthenticationMiddleware in a single joined query, and asks the
    database on every request, so that a revoked role or a moved unit counts from the next
    request on. Login is demanded here; views marked `@public` are open.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        membership, user = self._load(request)
        request.user = user or AnonymousUser()
        ip = request.META.get("REMOTE_ADDR", "")
        request_id = getattr(request, "request_id", "")
        if membership is not None:
            request.actor = Actor.of(membership, ip=ip, request_id=request_id)
        else:
            request.actor = Actor(user, ip=ip, request_id=request_id) if user else NOBODY
        with one_edition(membership and membership.holidays):
            return self.get_response(request)

    def process_view(self, request, view, args, kwargs) -> HttpResponse | None:
        if request.path.startswith("/api/v1/") and hasattr(view, "cls"):
            return None  # the API asks for token or session itself, and answers in JSON
        if not getattr(view, "login_required", True) or request.user.is_authenticated:
            if request.user.is_authenticated and self._must_change_password(request, view):
                return HttpResponseRedirect(reverse("accounts:password"))
            return None
        login = f"{reverse('accounts:login')}?next={quote(shown_at(request))}"
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401, headers={"HX-Redirect": login})
        return HttpResponseRedirect(login)

    def _must_change_password(self, request: HttpRequest, view: object) -> bool:
        free = getattr(view, "password_free", False) or not getattr(view, "login_required", True)
        return request.user.must_change_password and not free

    def _load(self, request: HttpRequest) -> tuple[Membership | None, User | None]:
        user_id = request.session.get(SESSION_KEY)
        if not user_id:
            return None, None
        rows = (
            Membership.objects.valid_on(local_day(timezone.now()))
            .filter(user_id=user_id)
            .select_related("user", "region", "unit")
            .annotate(holidays=newest())
        )
        chosen = request.session.get(MEMBERSHIP_KEY)
        membership = rows.filter(pk=chosen).first() if chosen else None
        membership = membership or rows.order_by("id").first()
        user = membership.user if membership else self._bare_user(user_id)
        if user is None or not self._session_is_fresh(request, user):
            request.session.flush()
            return None, None
        return membership, user

    def _bare_user(self, user_id: str) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()

    def _session_is_fresh(self, request: HttpRequest, user: User) -> bool:
        """The password has not changed since login, and the backend is still in use."""
        if request.session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
            return False
        stored = request.session.get(HASH_SESSION_KEY, "")
        return any(
            constant_time_compare(stored, valid)
            for valid in (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
        )
