"""One's own account: login, password, which place one works for, preferences, open logins."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import logout, update_session_auth_hash
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from lawgov.accounts import demo, sessions, tokens
from lawgov.accounts.actors import Actor
from lawgov.accounts.forms import LoginForm, PasswordForm, PreferencesForm
from lawgov.accounts.guards import public, requires
from lawgov.accounts.middleware import MEMBERSHIP_KEY
from lawgov.accounts.models import User
from lawgov.accounts.policy import Action
from lawgov.audit.record import record
from lawgov.calendars import local_day
from lawgov.web.middleware import LARGE_TEXT_COOKIE
from lawgov.web.pages import render_page, safe_next, say

YEAR = 365 * 24 * 3600  # seconds; how long a browser keeps a preference


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The login page; with demo accounts as buttons where the place is a demo."""
    after = safe_next(request, "/")
    if request.user.is_authenticated:
        return HttpResponseRedirect(after)
    now = timezone.now()
    data = demo.credentials(request.POST) if request.method == "POST" else None
    form = LoginForm(data, request=request, now=now)
    if data is not None and form.is_valid():
        _log(request, "account.login", form.user, now)
        sessions.begin(request, form.user, now)
        return HttpResponseRedirect(after)
    status = 200
    if data is not None:
        status = 429 if form.locked else 422
        _log(request, "account.login_refused", None, now)
    context = {"form": form, "next": after, "empty": not User.objects.exists(), **demo.shown()}
    return render_page(request, "accounts/login.html", context, status=status)


def _log(request: HttpRequest, verb: str, user: User | None, now: object) -> None:
    """Logins stand in the installation's own chain: they belong to no single place."""
    ip, request_id = request.META.get("REMOTE_ADDR", ""), getattr(request, "request_id", "")
    actor = Actor(user, ip=ip, request_id=request_id, label="" if user else "anonymous")
    with transaction.atomic():
        record(actor, verb, user, now=now)


@requires(Action.OWN_ACCOUNT)
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    sessions.end(request.session.session_key)
    _log(request, "account.logout", request.user, timezone.now())
    logout(request)
    return redirect("accounts:login")


sign_out.password_free = True


@public
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Kept with the account, and in the browser for the login page."""
    language = request.POST.get("language", "")
    response = HttpResponseRedirect(safe_next(request, "/"))
    if language in dict(settings.LANGUAGES):
        _keep(request, "language", language)
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, **_cookie())
    return response


@public
@require_POST
def set_large_text(request: HttpRequest) -> HttpResponse:
    large = request.POST.get("large_text") == "1"
    _keep(request, "large_text", large)
    response = HttpResponseRedirect(safe_next(request, "/"))
    response.set_cookie(LARGE_TEXT_COOKIE, "1" if large else "0", **_cookie())
    return response


def _keep(request: HttpRequest, name: str, value: object) -> None:
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(**{name: value})


def _cookie() -> dict[str, object]:
    secure = settings.SESSION_COOKIE_SECURE
    return {"max_age": YEAR, "samesite": "Lax", "httponly": True, "secure": secure}


@requires(Action.OWN_ACCOUNT)
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """Language, text size, keys; below them the open logins."""
    form = PreferencesForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        say(request, _("偏好已保存"))
        response = redirect("accounts:preferences")
        response.set_cookie(
            LARGE_TEXT_COOKIE, "1" if form.instance.large_text else "0", **_cookie()
        )
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, form.instance.language, **_cookie())
        return response
    context = {
        "form": form,
        "sign_ins": request.user.sign_ins.all()[:50],
        "current_key": request.session.session_key,
    }
    status = 422 if form.errors else 200
    return render_page(request, "accounts/preferences.html", context, status=status)


@requires(Action.OWN_ACCOUNT)
@never_cache
@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """A new password; every other login of the person ends with it."""
    now = timezone.now()
    form = PasswordForm(request.POST or None, user=request.user, now=now)
    if request.method == "POST" and form.is_valid():
        forced = request.user.must_change_password
        form.save()
        old_key = request.session.session_key
        update_session_auth_hash(request, request.user)
        sessions.rekey(old_key, request.session.session_key)
        sessions.end_others(request.user, request.session.session_key)
        tokens.revoke_all(request.user)
        _log(request, "account.password_changed", request.user, now)
        say(request, _("口令已修改，其他设备上的登录已退出"))
        return redirect("/" if forced else "accounts:preferences")
    status = 422 if form.errors else 200
    return render_page(request, "accounts/password.html", {"form": form}, status=status)


password.password_free = True


@requires(Action.OWN_ACCOUNT)
@require_http_methods(["GET", "HEAD", "POST"])
def memberships(request: HttpRequest) -> HttpResponse:
    """The places and roles of the person; POST chooses the one to work for from now on.

    `next` is the page to go to afterwards: a digest tells of what belongs to all of them.
    """
    rows = request.user.memberships.valid_on(local_day(timezone.now()))
    if request.method == "POST":
        pk = request.POST.get("membership", "")
        if not pk.isdecimal():
            raise Http404
        chosen = get_object_or_404(rows, pk=int(pk))
        request.session[MEMBERSHIP_KEY] = chosen.pk
        return redirect(safe_next(request, "/"))
    context = {
        "memberships": rows.select_related("region", "unit"),
        "next": safe_next(request, ""),
    }
    return render_page(request, "accounts/memberships.html", context)


@requires(Action.OWN_ACCOUNT)
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(request.user.sign_ins, pk=pk)
    sessions.end(row.session_key)
    say(request, _("这次登录已结束"))
    return redirect("accounts:preferences")


@requires(Action.OWN_ACCOUNT)
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    ended = sessions.end_others(request.user, request.session.session_key)
    say(request, _("已结束其他 %(n)d 次登录") % {"n": ended})
    return redirect("accounts:preferences")
