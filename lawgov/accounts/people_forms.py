"""Forms with which the office keeps accounts and appointments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lawgov.accounts.absence_forms import check_away
from lawgov.accounts.models import Membership, User
from lawgov.accounts.policy import UNIT_ROLES, Role
from lawgov.units.models import Region, Unit
from lawgov.web.editing import VersionedForm

ACCOUNT = ("username", "name", "phone", "email")
DATE = forms.DateInput({"type": "date"}, "%Y-%m-%d")


def granted_roles(region: Region) -> list[tuple[str, str]]:
    """Roles that the office of `region` may give; looking down needs places below."""
    below = region.level != Region.Level.COUNTY
    return [(role.value, role.label) for role in Role if below or role is not Role.UPPER_SUPERVISOR]


def _check_unit(form: forms.BaseForm, data: dict[str, Any]) -> None:
    role, unit = data.get("role"), data.get("unit")
    if role in UNIT_ROLES and not unit:
        form.add_error("unit", _("这个角色要选单位"))
    elif role and role not in UNIT_ROLES and unit:
        form.add_error("unit", _("这个角色不属于单位，请改为不选"))


def _open_units(region: Region) -> Any:
    return Unit.objects.in_region(region).filter(closed_on=None)


class NewPersonForm(forms.ModelForm):
    """A new account and what the person is here."""

    role = forms.ChoiceField(label=gettext_lazy("角色"))
    unit = forms.ModelChoiceField(
        label=gettext_lazy("单位"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=gettext_lazy("不选"),
        help_text=gettext_lazy("明白人、单位负责人、牵头审核人要选"),
    )

    class Meta:
        model = User
        fields = ACCOUNT
        labels = {"username": gettext_lazy("账号"), "email": gettext_lazy("邮箱")}
        help_texts = {
            "username": gettext_lazy("登录用，建好后不能改"),
            "email": gettext_lazy("填了才能收到提醒邮件"),
        }

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.made: User | None = None
        self.fields["role"].choices = granted_roles(region)
        self.fields["role"].initial = Role.UNIT_EDITOR
        self.fields["unit"].queryset = _open_units(region)
        self.fields["username"].widget.attrs |= {"autocomplete": "off", "autocapitalize": "none"}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        _check_unit(self, data)
        return data

    def account(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ACCOUNT}

    def appointment(self) -> dict[str, Any]:
        return {"role": self.cleaned_data["role"], "unit": self.cleaned_data["unit"]}


class PersonForm(VersionedForm):
    """What the office keeps about a person. The number is not shown: left empty it stays."""

    class Meta:
        model = User
        fields = ["name", "phone", "email"]
        labels = {"email": gettext_lazy("邮箱")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.phone:
            self.initial["phone"] = ""
            self.fields["phone"].help_text = _("现为 %(phone)s，留空不变") % {
                "phone": self.instance.masked_phone
            }

    def clean_phone(self) -> str:
        return self.cleaned_data["phone"].strip() or self.stored().phone


class AppointmentForm(VersionedForm):
    """What a person is in this place, from when to when, and who stands in."""

    class Meta:
        model = Membership
        fields = ["role", "unit", "valid_from", "valid_to", "away_from", "away_to", "deputy"]
        labels = {
            "unit": gettext_lazy("单位"),
            "valid_from": gettext_lazy("起始日期"),
            "valid_to": gettext_lazy("截止日期"),
            "deputy": gettext_lazy("代理人"),
        }
        help_texts = {
            "unit": gettext_lazy("明白人、单位负责人、牵头审核人要选"),
            "valid_to": gettext_lazy("含当天；留空为一直有效"),
            "deputy": gettext_lazy("不在岗时由谁代办，提醒也发给代理人；选同单位或同办公室的人"),
        }
        widgets = {"valid_from": DATE, "valid_to": DATE, "away_from": DATE, "away_to": DATE}

    given = ("region", "unit", "user")

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region = region
        self.fields["role"].choices = granted_roles(region)
        units = _open_units(region)
        if self.instance.unit_id:
            units = units | Unit.objects.filter(pk=self.instance.unit_id)
        self.fields["unit"].queryset = units
        people = User.objects.filter(memberships__region=region, is_active=True).distinct()
        self.fields["deputy"].queryset = people.exclude(pk=self.instance.user_id).order_by("name")

    def unbound(self, instance: Membership) -> AppointmentForm:
        return AppointmentForm(instance=instance, region=self.region)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        _check_unit(self, data)
        start, end = data.get("valid_from"), data.get("valid_to")
        if start and end and end < start:
            self.add_error("valid_to", _("截止日期早于起始日期"))
        check_away(self, data)
        return data
