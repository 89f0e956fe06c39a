"""Tokens and the caller's own account under /api/v1/."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from lawgov.accounts.forms import LoginForm
from lawgov.accounts.guards import PUBLIC
from lawgov.accounts.models import Membership
from lawgov.accounts.policy import GRANTS, Action, Role
from lawgov.accounts.tokens import ApiToken
from lawgov.audit.record import record
from lawgov.accounts.actors import Actor
from lawgov.calendars import local_day
from lawgov.errors import DomainError, GuardFailed
from lawgov.web.rest import StrictSerializer

LONGEST = 90  # days that a token may live


class TooManyGuesses(DomainError):
    status = 429


class TokenRequestSerializer(StrictSerializer):
    """`membership` is needed when the account has several; `days` until it expires."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=128, trim_whitespace=False)
    membership = serializers.IntegerField(required=False)
    days = serializers.IntegerField(min_value=1, max_value=LONGEST, default=1)
    note = serializers.CharField(max_length=80, required=False, allow_blank=True)


class TokenSerializer(serializers.Serializer):
    token = serializers.CharField()
    expires_at = serializers.DateTimeField()
    membership = serializers.IntegerField()


class TokenView(APIView):
    """Get a token for one membership; give it back when done."""

    policy = {"post": PUBLIC, "delete": (Action.OWN_ACCOUNT,)}

    def get_permissions(self):
        return [] if self.request.method == "POST" else super().get_permissions()

    def get_authenticators(self):
        return [] if self.request and self.request.method == "POST" else super().get_authenticators()

    @extend_schema(request=TokenRequestSerializer, responses={201: TokenSerializer})
    def post(self, request: Request) -> Response:
        """The same bounded guesses and the same answers as the login page."""
        wanted = TokenRequestSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        data, now = wanted.validated_data, timezone.now()
        form = LoginForm(
            {"username": data["username"], "password": data["password"]},
            request=request._request,
            now=now,
        )
        if not form.is_valid():
            sentence = str(next(iter(form.errors.values()))[0])
            raise TooManyGuesses(sentence) if form.locked else GuardFailed(sentence)
        membership = self._membership(form.user, data.get("membership"), now)
        with transaction.atomic():
            token, text = ApiToken.objects.create(
                user=form.user,
                membership=membership,
                expiry=timedelta(days=data["days"]),
                note=data.get("note", ""),
            )
            actor = Actor.of(membership, ip=request.META.get("REMOTE_ADDR", ""))
            record(actor, "token.made", membership, now=now, data={"days": data["days"]})
        body = {"token": text, "expires_at": token.expiry, "membership": membership.pk}
        return Response(TokenSerializer(body).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Revoke the token that the call was made with; 404 for a session."""
        if not isinstance(request.auth, ApiToken):
            raise Http404
        with transaction.atomic():
            record(
                request._request.actor, "token.revoked", request.auth.membership,
                now=timezone.now(),
            )  # fmt: skip
            request.auth.delete()
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _membership(self, user, wanted: int | None, now) -> Membership:
        held = list(
            Membership.objects.valid_on(local_day(now))
            .filter(user=user)
            .select_related("user", "region", "unit")
            .order_by("pk")
        )
        if wanted is not None:
            held = [membership for membership in held if membership.pk == wanted]
        if len(held) == 1:
            return held[0]
        choices = "、".join(f"{m.pk} {m}" for m in held) or "—"
        raise GuardFailed(fields={"membership": f"{choices}"})


class MeSerializer(serializers.Serializer):
    username = serializers.CharField()
    name = serializers.CharField()
    membership = serializers.IntegerField(allow_null=True)
    role = serializers.ChoiceField(Role.choices, allow_null=True)
    region = serializers.CharField(allow_null=True)
    unit = serializers.CharField(allow_null=True)
    actions = serializers.DictField(child=serializers.CharField())


class MeView(APIView):
    """Who is calling, as what, and what that may do."""

    policy = {"get": (Action.OWN_ACCOUNT,)}

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        actor = request._request.actor
        body = {
            "username": actor.user.username,
            "name": actor.user.name,
            "membership": actor.membership.pk,
            "role": str(actor.role),
            "region": actor.region.code,
            "unit": actor.unit.name if actor.unit else None,
            "actions": {str(action): str(scope) for action, scope in GRANTS[actor.role].items()},
        }
        return Response(MeSerializer(body).data)
