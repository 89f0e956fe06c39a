"""Tokens for machines: hashed, expiring, revocable, and each for one membership."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils import timezone
from knox.auth import TokenAuthentication
from knox.crypto import hash_token
from knox.models import AbstractAuthToken
from knox.settings import CONSTANTS
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from lawgov.accounts.actors import Actor
from lawgov.audit.record import record
from lawgov.calendars import local_day

LONGEST_DAYS = 90  # that a token may live


class ApiToken(AbstractAuthToken):
    """A token 令牌 acts as one membership, with its rights of the moment; `note` says for what."""

    membership = models.ForeignKey("accounts.Membership", models.CASCADE, related_name="api_tokens")
    note = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["-created"]

    def __str__(self) -> str:
        return f"{self.token_key}… {self.membership}"


def make(actor: Actor, *, life: timedelta, note: str, now: datetime) -> tuple[ApiToken, str]:
    """A new token for the actor's membership, and its text, which is kept nowhere."""
    with transaction.atomic():
        token, text = ApiToken.objects.create(
            user=actor.user, membership=actor.membership, expiry=life, note=note
        )
        data = {"days": life.days, "note": note}
        record(actor, "token.made", actor.membership, topic=actor.user, data=data, now=now)
    return token, text


def revoke(token: ApiToken, *, actor: Actor, now: datetime) -> None:
    with transaction.atomic():
        data = {"note": token.note}
        record(actor, "token.revoked", token.membership, topic=actor.user, data=data, now=now)
        token.delete()


def revoke_all(user: models.Model, keep: ApiToken | None = None) -> int:
    """End the tokens of a person whose password changed, but for `keep`; how many."""
    rows = ApiToken.objects.filter(user=user).exclude(pk=keep and keep.pk)
    return rows.delete()[0]


class MembershipTokenAuthentication(TokenAuthentication):
    """`Authorization: Token …`; sets `request.actor`. A membership that ended ends its tokens."""

    def authenticate(self, request: Request):
        result = super().authenticate(request)
        if result is None:
            return None
        user, token = result
        http = request._request
        ip, request_id = http.META.get("REMOTE_ADDR", ""), getattr(http, "request_id", "")
        http.actor = Actor.of(token.membership, ip=ip, request_id=request_id)
        return user, token

    def authenticate_credentials(self, token: bytes):
        """One query; the answer is the same for a wrong, an expired and a revoked token."""
        text = token.decode("ascii", "replace")
        today = local_day(timezone.now())
        found = (
            ApiToken.objects.filter(
                models.Q(membership__valid_from=None) | models.Q(membership__valid_from__lte=today),
                models.Q(membership__valid_to=None) | models.Q(membership__valid_to__gte=today),
                token_key=text[: CONSTANTS.TOKEN_KEY_LENGTH],
                digest=hash_token(text),
                expiry__gt=timezone.now(),
                user__is_active=True,
            )
            .select_related("membership__user", "membership__region", "membership__unit")
            .first()
        )
        if found is None:
            raise AuthenticationFailed
        return found.membership.user, found


class ActorSessionAuthentication(SessionAuthentication):
    """The browser's own session, with its CSRF check; the actor is the middleware's."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"
