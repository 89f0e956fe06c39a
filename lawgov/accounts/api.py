"""The caller's own account under /api/v1/: tokens, who one is, preferences, open logins."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from lawgov.accounts import sessions, tokens
from lawgov.accounts.absence_forms import AbsenceForm
from lawgov.accounts.actors import Actor
from lawgov.accounts.appointments import save_membership
from lawgov.accounts.forms import LoginForm, PreferencesForm
from lawgov.accounts.guards import PUBLIC
from lawgov.accounts.models import Membership, SignIn
from lawgov.accounts.policy import GRANTS, Action, Role
from lawgov.accounts.tokens import LONGEST_DAYS, ApiToken
from lawgov.calendars import local_day
from lawgov.errors import DomainError, GuardFailed
from lawgov.web.rest.bodies import FormBody, IdField, StrictSerializer
from lawgov.web.rest.endpoints import Endpoint
from lawgov.web.rest.rows import RowSerializer

OWN = (Action.OWN_ACCOUNT,)


class TooManyGuesses(DomainError):
    status = 429


class TokenBody(StrictSerializer):
    """`membership` is needed when the account has several; `days` until the token expires."""

    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=200, trim_whitespace=False)
    membership = IdField(required=False)
    days = serializers.IntegerField(min_value=1, max_value=LONGEST_DAYS, default=1)
    note = serializers.CharField(max_length=80, required=False, allow_blank=True)


class TokenSerializer(RowSerializer):
    """A token without its secret; `key` is how it begins and by which it is revoked."""

    key = serializers.CharField(source="token_key")
    expires_at = serializers.DateTimeField(source="expiry")
    created_at = serializers.DateTimeField(source="created")
    acts_as = serializers.CharField(source="membership.__str__")

    class Meta:
        model = ApiToken
        fields = ["key", "note", "membership", "acts_as", "created_at", "expires_at"]


class MadeTokenSerializer(TokenSerializer):
    """The new token; `token` is shown this once."""

    token = serializers.CharField()

    class Meta(TokenSerializer.Meta):
        fields = [*TokenSerializer.Meta.fields, "token"]


class TokenEndpoint(mixins.ListModelMixin, Endpoint):
    """Tokens 令牌 of the caller. One is made with account and password, for one membership."""

    queryset = ApiToken.objects.none()
    serializer_class = TokenSerializer
    lookup_field = "token_key"
    lookup_url_kwarg = "key"
    lookup_value_regex = "[0-9a-zA-Z]{15}"
    policy = {"list": OWN, "create": PUBLIC, "destroy": OWN, "current": OWN}
    bodies = {"create": TokenBody}
    answers = {"create": MadeTokenSerializer}

    def get_authenticators(self) -> list[Any]:
        """Making a token takes account and password, never a session or another token."""
        making = self.action_map.get("post") == "create" and self.request is not None
        if making and self.request.method == "POST":
            return []
        return super().get_authenticators()

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        own = ApiToken.objects.filter(user=self.request.user).order_by("-created", "token_key")
        return own.select_related("membership__user")

    def create(self, request: Request) -> Response:
        """The same bounded guesses and the same answers as the login page."""
        data, now = self.checked(), self.now
        known = {"username": data["username"], "password": data["password"]}
        form = LoginForm(known, request=request._request, now=now)
        if not form.is_valid():
            sentence = str(next(iter(form.errors.values()))[0])
            raise TooManyGuesses(sentence) if form.locked else GuardFailed(sentence)
        if form.user.must_change_password:
            raise GuardFailed(_("先在页面上改口令，再取令牌"))
        membership = membership_for(form.user, data.get("membership"), local_day(now))
        ip = request.META.get("REMOTE_ADDR", "")
        actor = Actor.of(membership, ip=ip, request_id=request._request.request_id)
        life = timedelta(days=data["days"])
        token, text = tokens.make(actor, life=life, note=data.get("note", ""), now=now)
        return Response(MadeTokenSerializer(_with(token, text)).data, status=201)

    def destroy(self, request: Request, key: str) -> Response:
        """Revoke one of one's own tokens."""
        tokens.revoke(self.get_object(), actor=self.actor, now=self.now)
        return self.done()

    @action(detail=False, methods=["delete"])
    def current(self, request: Request) -> Response:
        """Revoke the token that the call was made with; 404 for a session."""
        if not isinstance(request.auth, ApiToken):
            raise Http404
        tokens.revoke(request.auth, actor=self.actor, now=self.now)
        return self.done()


def _with(token: ApiToken, text: str) -> ApiToken:
    token.token = text
    return token


def membership_for(user: Any, wanted: int | None, today: Any) -> Membership:
    """The membership that a new token acts as. Raises GuardFailed, naming the choices."""
    held = Membership.objects.valid_on(today).filter(user=user)
    rows = list(held.select_related("user", "region", "unit").order_by("pk"))
    fitting = [row for row in rows if wanted in (None, row.pk)]
    if len(fitting) == 1:
        return fitting[0]
    choices = _("、").join(f"{row.pk} {row.region} {row.place}" for row in rows) or "—"
    raise GuardFailed(fields={"membership": choices})


class MembershipSerializer(RowSerializer):
    region_name = serializers.CharField(source="region.name")
    unit_name = serializers.CharField(source="unit.name", default=None, allow_null=True)

    class Meta:
        model = Membership
        fields = ["id", "region", "region_name", "role", "unit", "unit_name", "valid_from",
                  "valid_to"]  # fmt: skip


class MeSerializer(serializers.Serializer):
    """Who calls, as what, and with which rights; `memberships` are all that hold today."""

    username = serializers.CharField()
    name = serializers.CharField()
    language = serializers.CharField()
    membership = serializers.IntegerField(allow_null=True)
    role = serializers.ChoiceField(Role.choices, allow_null=True)
    region = serializers.CharField(allow_null=True)
    unit = serializers.CharField(allow_null=True)
    actions = serializers.DictField(child=serializers.CharField())
    memberships = MembershipSerializer(many=True)


class PreferencesBody(FormBody):
    class Meta:
        form = PreferencesForm
        fields = ("language", "large_text", "single_keys")


class AbsenceSerializer(RowSerializer):
    """When the caller is away 不在岗 from the post they act in; both days null: at work."""

    class Meta:
        model = Membership
        fields = ["away_from", "away_to", "deputy", "version"]


class AbsenceBody(FormBody):
    class Meta:
        form = AbsenceForm
        fields = ("away_from", "away_to", "deputy", "version")


class MeEndpoint(Endpoint):
    """The caller, and what the caller prefers."""

    serializer_class = MeSerializer
    pagination_class = None
    filter_backends = []
    policy = {"show": OWN, "preferences": OWN, "absence": OWN, "change_absence": OWN}
    bodies = {"preferences": PreferencesBody, "change_absence": AbsenceBody}
    answers = {
        "show": MeSerializer,
        "preferences": MeSerializer,
        "absence": AbsenceSerializer,
        "change_absence": AbsenceSerializer,
    }

    def show(self, request: Request) -> Response:
        return Response(MeSerializer(self._me()).data)

    def preferences(self, request: Request) -> Response:
        """Language, size of text, single keys."""
        self.filled(instance=request.user).save()
        return Response(MeSerializer(self._me()).data)

    def absence(self, request: Request) -> Response:
        return Response(AbsenceSerializer(self._post()).data)

    def change_absence(self, request: Request) -> Response:
        """Say from when to when one is away, and who stands in; nothing for both: back at work."""
        form = self.filled(instance=self._post(), now=self.now)
        save_membership(form.stored(), form.values(), version=form.seen, **self.act)
        return Response(AbsenceSerializer(self._post()).data)

    def _post(self) -> Membership:
        if self.actor.membership is None:
            raise Http404
        return self.request.user.memberships.get(pk=self.actor.membership.pk)

    def _me(self) -> dict[str, Any]:
        actor, user = self.actor, self.request.user
        held = user.memberships.valid_on(local_day(timezone.now()))
        return {
            "username": user.username,
            "name": user.name,
            "language": user.language,
            "membership": actor.membership and actor.membership.pk,
            "role": actor.role,
            "region": actor.region and actor.region.name,
            "unit": actor.unit and actor.unit.name,
            "actions": GRANTS[actor.role] if actor.role else {},
            "memberships": held.select_related("region", "unit").order_by("pk"),
        }


class LoginSerializer(RowSerializer):
    class Meta:
        model = SignIn
        fields = ["id", "ip", "agent", "began_at", "seen_at"]


class LoginEndpoint(mixins.ListModelMixin, Endpoint):
    """The caller's open logins in browsers."""

    queryset = SignIn.objects.none()
    serializer_class = LoginSerializer
    policy = {"list": OWN, "destroy": OWN, "end_others": OWN}
    answers = {"end_others": {204: None}}

    def get_queryset(self):
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return self.request.user.sign_ins.all()

    def destroy(self, request: Request, pk: str) -> Response:
        """End one login, wherever it is open."""
        sessions.end(get_object_or_404(self.get_queryset(), pk=pk).session_key)
        return self.done()

    @action(detail=False, methods=["post"], url_path="end-others")
    def end_others(self, request: Request) -> Response:
        """End all but the one that the call was made with; all of them for a token."""
        own = request._request.session.session_key if request.auth is None else None
        with transaction.atomic():
            sessions.end_others(request.user, own)
        return self.done()
