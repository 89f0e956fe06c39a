"""How long a login lasts, and which logins of a person are open: SignIn 登录."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY, login
from django.contrib.sessions.backends.base import SessionBase
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)  # a page view writes at most this often
BEGAN, SEEN = "began", "seen"  # session keys, seconds since 1970


class SignIn(models.Model):
    """One open login 登录 of a person, so that it can be seen and ended from another machine."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="sign_ins")
    session_key = models.CharField(max_length=40, unique=True)
    ip = models.CharField(_("地址"), max_length=45, blank=True)
    agent = models.CharField(_("浏览器"), max_length=60, blank=True)
    began_at = models.DateTimeField(_("登录时间"))
    seen_at = models.DateTimeField(_("最近使用"))

    class Meta:
        ordering = ["-seen_at", "-id"]

    def __str__(self) -> str:
        return f"{self.user_id} {self.began_at:%Y-%m-%d %H:%M}"


BROWSERS = (("Edg/", "Edge"), ("360", "360"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"))
SYSTEMS = ("Windows", "Android", "iPhone", "Mac OS", "Linux")


def device(agent: str) -> str:
    """Browser and system as a person would name them: Chrome · Windows; "" when unknown."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for name in SYSTEMS if name in agent), "")
    return " · ".join(filter(None, (browser or agent[:20], system)))


def begin(request: HttpRequest, user: models.Model, now: datetime) -> None:
    """Sign `user` in under a new session key."""
    request.session.flush()
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session[BEGAN] = request.session[SEEN] = int(now.timestamp())
    request.session["memberships"] = user.memberships.valid_on(timezone.localdate(now)).count()
    SignIn.objects.create(
        user=user,
        session_key=request.session.session_key,
        ip=request.META.get("REMOTE_ADDR", "")[:45],
        agent=device(request.headers.get("User-Agent", ""))[:60],
        began_at=now,
        seen_at=now,
    )


def rekey(old: str, new: str) -> None:
    """The session got a new key (after a change of password); its row follows."""
    SignIn.objects.filter(session_key=old).update(session_key=new)


def end(session_key: str) -> None:
    """End one login, wherever it is open."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    store(session_key).delete()
    SignIn.objects.filter(session_key=session_key).delete()


def end_others(user: models.Model, session_key: str | None) -> int:
    """End all logins of `user` but the one with `session_key`; how many."""
    others = SignIn.objects.filter(user=user).exclude(session_key=session_key)
    keys = [*others.values_list("session_key", flat=True)]
    for key in keys:
        end(key)
    return len(keys)


def sweep(now: datetime) -> int:
    """Delete logins that have run out, and sessions that Django keeps past their end; how many."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    gone = models.Q(seen_at__lte=now - IDLE) | models.Q(began_at__lte=now - ABSOLUTE)
    return SignIn.objects.filter(gone).delete()[0]


def has_run_out(session: SessionBase, now: datetime) -> bool:
    """Idle for too long, or open for too long however busy."""
    moment = now.timestamp()
    idle = moment - session.get(SEEN, moment) > IDLE.total_seconds()
    return idle or moment - session.get(BEGAN, moment) > ABSOLUTE.total_seconds()


class SessionLimitMiddleware:
    """Ends logins that have run out. Stands between Django's sessions and ActorMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        session = request.session
        if session.get(SESSION_KEY):
            now = timezone.now()
            if has_run_out(session, now):
                end(session.session_key)
                session.flush()
            elif now.timestamp() - session.get(SEEN, 0) >= SEEN_EVERY.total_seconds():
                session[SEEN] = int(now.timestamp())
                session.setdefault(BEGAN, session[SEEN])
                SignIn.objects.filter(session_key=session.session_key).update(seen_at=now)
        return self.get_response(request)
