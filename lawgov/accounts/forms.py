"""Forms of one's own account: login, password, preferences."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lawgov.accounts import lockout
from lawgov.accounts.models import User


class LoginForm(forms.Form):
    """Account and password. `locked` is True when the password was not even looked at.

    Whether the name exists is never told: the attempts are counted and the hash is computed for
    unknown names too, and the sentences are the same.
    """

    username = forms.CharField(
        label=gettext_lazy("账号"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=gettext_lazy("口令"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )

    def __init__(self, *args: object, request: HttpRequest, now: datetime, **kwargs: object):
        super().__init__(*args, **kwargs)
        self.request, self.now = request, now
        self.user: User | None = None
        self.locked = False
        first = "password" if self.data.get("username") else "username"
        self.fields[first].widget.attrs["autofocus"] = True

    def clean(self) -> None:
        if not self.errors:
            self._check_password()

    def _check_password(self) -> None:
        username = self.cleaned_data["username"]
        account = lockout.account_key(username)
        source = lockout.source_key(self.request.META.get("REMOTE_ADDR", ""))
        if lockout.take(source, lockout.SOURCE_LIMIT, self.now) is None:
            self._refuse(_("这里输错的次数太多，请 15 分钟后再试"))
            return
        left = lockout.take(account, lockout.ACCOUNT_LIMIT, self.now)
        if left is None:
            lockout.give_back(source)  # no password was tried
            self._refuse(_("这个账号连续输错 5 次，请 15 分钟后再试"))
            return
        self.user = authenticate(
            self.request, username=username, password=self.cleaned_data["password"]
        )
        if self.user is None:
            self.add_error("password", _wrong(left))
            return
        lockout.give_back(source)
        lockout.forget(account)

    def _refuse(self, sentence: str) -> None:
        self.locked = True
        self.add_error("password", sentence)


def _wrong(left: int) -> str:
    if not left:
        return _("账号或口令不对，已锁定 15 分钟")
    return ngettext(
        "账号或口令不对，还可以试 %(left)d 次", "账号或口令不对，还可以试 %(left)d 次", left
    ) % {"left": left}


# Django says 密码 where offices say 口令, and some of its sentences are not translated.
POOR = {
    "password_too_short": gettext_lazy("不足 10 个字符"),
    "password_too_common": gettext_lazy("太常见，容易被猜到"),
    "password_entirely_numeric": gettext_lazy("不能全是数字"),
    "password_too_similar": gettext_lazy("和账号或姓名太像"),
}


def check_own_password(user: User, password: str, now: datetime) -> str:
    """The password, when it is the person's; guesses are bounded like those at login."""
    key = lockout.account_key(user.username)
    if lockout.take(key, lockout.ACCOUNT_LIMIT, now) is None:
        raise ValidationError(_("这个账号连续输错 5 次，请 15 分钟后再试"))
    if not user.check_password(password):
        raise ValidationError(_("口令不对"))
    lockout.forget(key)
    return password


def check_new_password(user: User, password: str) -> None:
    """Raises ValidationError, in our own words, where the password is a poor one for the user."""
    try:
        password_validation.validate_password(password, user)
    except ValidationError as refused:
        faults = [POOR.get(str(fault.code), fault) for fault in refused.error_list]
        raise ValidationError(faults) from refused


class PasswordForm(forms.Form):
    """A new password of one's own; the old one is asked for again."""

    old = forms.CharField(
        label=gettext_lazy("原口令"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "current-password", "autofocus": True}),
    )
    new = forms.CharField(
        label=gettext_lazy("新口令"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=gettext_lazy("再输一次新口令"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: object, user: User, now: datetime, **kwargs: object):
        super().__init__(*args, **kwargs)
        self.user, self.now = user, now

    def clean_old(self) -> str:
        return check_own_password(self.user, self.cleaned_data["old"], self.now)

    def clean_new(self) -> str:
        new = self.cleaned_data["new"]
        check_new_password(self.user, new)
        if new == self.cleaned_data.get("old"):
            raise ValidationError(_("新口令和原口令一样，请换一个"))
        return new

    def clean(self) -> None:
        new, again = self.cleaned_data.get("new"), self.cleaned_data.get("again")
        if new and again and new != again:
            self.add_error("again", _("两次输入的新口令不一样"))

    def save(self) -> None:
        self.user.set_password(self.cleaned_data["new"])
        self.user.must_change_password = False
        self.user.save(update_fields=["password", "must_change_password"])


class PreferencesForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["language", "large_text", "single_keys"]
        widgets = {"language": forms.RadioSelect}
        help_texts = {
            "large_text": gettext_lazy("字号和行距放大近两成"),
            "single_keys": gettext_lazy("J、K、X 等单个字母的按键；关掉后仍可用 Tab、Enter 和 Esc"),
        }
