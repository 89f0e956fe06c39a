"""One's own tokens 接口令牌: what acts in one's name, making one, taking one back."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from lawgov.accounts import tokens
from lawgov.accounts.forms import check_own_password
from lawgov.accounts.guards import requires
from lawgov.accounts.models import ApiToken, User
from lawgov.accounts.policy import Action
from lawgov.web.editing import posted
from lawgov.web.pages import render_page, say
from lawgov.web.shown_once import show_next, shown_now

DAYS = [(1, gettext_lazy("1 天")), (7, gettext_lazy("7 天")), (30, gettext_lazy("30 天")),
        (tokens.LONGEST_DAYS, gettext_lazy("90 天"))]  # fmt: skip


class TokenForm(forms.Form):
    """A token outlives the login that made it, so the password is asked for again."""

    note = forms.CharField(
        label=gettext_lazy("用途"),
        max_length=80,
        help_text=gettext_lazy("如 和统一办公平台同步台账"),
    )
    days = forms.TypedChoiceField(label=gettext_lazy("有效期"), choices=DAYS, coerce=int, initial=7)
    password = forms.CharField(
        label=gettext_lazy("口令"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def __init__(self, *args: object, user: User, now: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.now = user, now

    def clean_password(self) -> str:
        return check_own_password(self.user, self.cleaned_data["password"], self.now)


@requires(Action.OWN_ACCOUNT)
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def token_list(request: HttpRequest) -> HttpResponse:
    """The tokens, and the form for one more; its text stands on the next page alone."""
    now = timezone.now()
    form = TokenForm(posted(request), user=request.user, now=now)
    if form.is_bound and form.is_valid():
        life = timedelta(days=form.cleaned_data["days"])
        note = form.cleaned_data["note"]
        _token, text = tokens.make(request.actor, life=life, note=note, now=now)
        show_next(request, "token", text)
        return redirect("accounts:tokens")
    rows = ApiToken.objects.filter(user=request.user).select_related(
        "membership__user", "membership__region", "membership__unit"
    )
    context = {"form": form, "made": shown_now(request, "token"), "tokens": rows, "now": now}
    status = 422 if form.errors else 200
    return render_page(request, "accounts/tokens.html", context, status=status)


@requires(Action.OWN_ACCOUNT)
@require_POST
def token_revoke(request: HttpRequest, key: str) -> HttpResponse:
    token = get_object_or_404(ApiToken, user=request.user, token_key=key)
    tokens.revoke(token, actor=request.actor, now=timezone.now())
    say(request, _("令牌已撤销"))
    return redirect("accounts:tokens")
