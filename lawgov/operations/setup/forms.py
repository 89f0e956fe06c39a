"""Forms of the set-up wizard; what a subject has a form for is taken from there."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.campaigns.forms import date_input
from indicators.models import Area, Campaign, FrameworkEdition
from lawgov.accounts.forms import check_new_password
from lawgov.accounts.models import User
from lawgov.units.groups import place_word
from lawgov.units.models import Region, UnitGroup


class RegionForm(forms.Form):
    """The place and those above it; the code cannot be changed once it is saved."""

    name = forms.CharField(
        label=gettext_lazy("地区名称"), max_length=60, help_text=gettext_lazy("如 安和区")
    )
    level = forms.ChoiceField(
        label=gettext_lazy("层级"), choices=Region.Level.choices, initial=Region.Level.COUNTY
    )
    code = forms.SlugField(
        label=gettext_lazy("代码"),
        max_length=30,
        help_text=gettext_lazy("字母、数字和横线，保存后不能改；可以用行政区划代码"),
    )
    city = forms.CharField(label=gettext_lazy("所属市"), max_length=60, required=False)
    province = forms.CharField(label=gettext_lazy("所属省"), max_length=60, required=False)

    def __init__(self, *args: Any, region: Region | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region = region
        if region:
            for name in ("code", "level"):
                self.fields[name].disabled = True
                self.fields[name].help_text = _("已经保存，不能改")
            for name in ("city", "province"):
                if not self.initial.get(name):
                    del self.fields[name]

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if code == "installation":
            raise ValidationError(_("这个代码系统自己在用，请换一个"))
        return code


class OfficeForm(forms.ModelForm):
    """The first account: whoever runs the campaign's office."""

    password = forms.CharField(
        label=gettext_lazy("口令"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=gettext_lazy("至少 10 位，不能全是数字"),
    )
    again = forms.CharField(
        label=gettext_lazy("再输一次口令"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    class Meta:
        model = User
        fields = ["name", "username", "phone", "email"]
        labels = {"username": gettext_lazy("账号"), "email": gettext_lazy("邮箱")}
        help_texts = {"username": gettext_lazy("登录用，建好后不能改")}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        password = data.get("password")
        if password:
            try:
                check_new_password(User(**self.account()), password)
            except ValidationError as error:
                self.add_error("password", error)
        if password and data.get("again") and password != data["again"]:
            self.add_error("again", _("两次输入的口令不一样"))
        return data

    def account(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name, "") for name in self.Meta.fields}


class EditionChoice(forms.Form):
    """Which of the loaded editions the campaign works with."""

    edition = forms.ModelChoiceField(
        label=gettext_lazy("用哪个版本"),
        queryset=FrameworkEdition.objects.order_by("-code"),
        widget=forms.RadioSelect,
        empty_label=None,
    )


class CampaignForm(forms.ModelForm):
    class Meta:
        model = Campaign
        fields = [
            "name", "edition", "level", "kind", "starts_on", "ends_on",
            "evidence_from", "evidence_to", "office_name", "letter_agency",
        ]  # fmt: skip
        widgets = {
            "starts_on": date_input(),
            "ends_on": date_input(),
            "evidence_from": date_input(),
            "evidence_to": date_input(),
        }
        labels = {"edition": gettext_lazy("指标体系")}
        help_texts = {
            "evidence_from": gettext_lazy("一般是最近两年"),
            "office_name": gettext_lazy("反馈函的落款"),
            "letter_agency": gettext_lazy("文号里年份前面的字，如 安法办函；可以以后再填"),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        pairs = [("starts_on", "ends_on"), ("evidence_from", "evidence_to")]
        for first, last in pairs:
            start, end = data.get(first), data.get(last)
            if start and end and end < start:
                self.add_error(last, _("结束早于开始"))
        return data


def campaign_defaults(region: Region, today: date) -> dict[str, Any]:
    """What a campaign that begins now usually says; every value may be changed.

    Names are the place's data and stand on its letters: Chinese whatever the reader's language.
    """
    word = place_word(region)
    return {
        "name": f"{today.year}年{region.name}法治政府建设示范创建",
        "starts_on": today,
        "ends_on": date(today.year + 1, 12, 31),
        "evidence_from": date(today.year - 2, 1, 1),
        "evidence_to": date(today.year + 1, 12, 31),
        "office_name": f"中共{region.name}委员会全面依法治{word}委员会办公室",
    }


class DutiesForm(forms.Form):
    """Who is responsible by default, area by area; the lead follows from the edition's types."""

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.areas = list(Area.objects.filter(edition=campaign.edition_id))
        groups = UnitGroup.objects.in_region(campaign.region_id)
        choices = [
            ("", _("先不定")),
            ("lead", _("只由牵头单位")),
            *((str(group.pk), group.name) for group in groups),
        ]
        for area in self.areas:
            self.fields[f"area-{area.number}"] = forms.ChoiceField(
                label=f"{area.number} {area.title}", choices=choices, required=False
            )

    def choices(self) -> dict[int, str]:
        """By id of the area: "" leaves it, "lead" is the lead unit only, else a group's id."""
        return {area.pk: self.cleaned_data[f"area-{area.number}"] for area in self.areas}
