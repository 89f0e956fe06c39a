"""The form of a channel: its address and key are typed in and never shown again."""

from __future__ import annotations

import json
import re
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lawgov.notifications import outbound
from lawgov.notifications.channels.robots import PLACES, TEMPLATE
from lawgov.notifications.models import Channel
from lawgov.web.editing import VersionedForm

MOST_A_MINUTE = 600
LANGUAGES = [("", gettext_lazy("收件人的语言，群里用中文")), *settings.LANGUAGES]


class ChannelForm(VersionedForm):
    language = forms.ChoiceField(label=gettext_lazy("语言"), choices=LANGUAGES, required=False)

    class Meta:
        model = Channel
        fields = [
            "kind",
            "name",
            "address",
            "secret",
            "template",
            "language",
            "per_minute",
            "active",
        ]
        widgets = {
            "address": forms.TextInput(
                {"autocomplete": "off", "inputmode": "url", "spellcheck": "false"}
            ),
            "secret": forms.PasswordInput({"autocomplete": "new-password"}),
            "template": forms.Textarea({"rows": 4, "spellcheck": "false"}),
        }
        help_texts = {
            "address": gettext_lazy("机器人的 Webhook 网址，以 https 开头；保存后不再显示"),
            "secret": gettext_lazy("钉钉选“加签”时的密钥，或给其他系统的请求签名；保存后不再显示"),
            "template": gettext_lazy(
                "只用于其他系统：一段 JSON，可用 {key} {subject} {text} {url} {day}；留空用默认的"
            ),
            "per_minute": gettext_lazy("群机器人一般限每分钟 20 条"),
        }

    given = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["kind"].disabled = True
            self.initial["address"] = ""
            self.fields["address"].required = False
            shown = {"host": self.instance.host}
            self.fields["address"].help_text = _("现为 %(host)s 上的网址，留空不变") % shown
            if self.instance.secret:
                self.fields["secret"].help_text = _("已有密钥，留空不变")

    def clean_address(self) -> str:
        typed = self.cleaned_data["address"].strip()
        if not typed and self.instance.pk:
            return self.stored().address
        try:
            outbound.check(typed)
        except outbound.Refused as error:
            raise ValidationError(str(error)) from error
        return typed

    def clean_secret(self) -> str:
        typed = self.cleaned_data["secret"].strip()
        return typed if typed or not self.instance.pk else self.stored().secret

    def clean_template(self) -> str:
        typed = self.cleaned_data["template"].strip()
        if not typed:
            return ""
        try:
            found = json.loads(typed)
        except ValueError as error:
            raise ValidationError(_("不是一段正确的 JSON，默认的是 %(usual)s")
                                  % {"usual": TEMPLATE}) from error  # fmt: skip
        if not isinstance(found, dict):
            raise ValidationError(_("最外面要是一个 { } 对象"))
        unknown = sorted(set(_names(found)) - set(PLACES))
        if unknown:
            raise ValidationError(_("没有 {%(name)s} 这个占位") % {"name": unknown[0]})
        return typed

    def clean_per_minute(self) -> int:
        found = self.cleaned_data["per_minute"]
        if not 1 <= found <= MOST_A_MINUTE:
            raise ValidationError(_("1 到 %(most)s 之间") % {"most": MOST_A_MINUTE})
        return found


def _names(template: Any) -> list[str]:
    """The placeholders in the texts of a parsed template."""
    if isinstance(template, dict):
        return [name for value in template.values() for name in _names(value)]
    if isinstance(template, list):
        return [name for value in template for name in _names(value)]
    return re.findall(r"\{(\w+)\}", template) if isinstance(template, str) else []
