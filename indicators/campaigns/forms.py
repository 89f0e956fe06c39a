"""Forms of a campaign's settings and of the days of its phases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.campaigns.models import Campaign, Phase
from lawgov.web.editing import VersionedForm


def date_input() -> forms.DateInput:
    return forms.DateInput({"type": "date", "class": "input"}, "%Y-%m-%d")


class CampaignForm(VersionedForm):
    class Meta:
        model = Campaign
        fields = [
            "name", "level", "kind", "starts_on", "ends_on", "evidence_from", "evidence_to",
            "light_days", "immediate_days", "two_person_close", "office_name", "letter_agency",
        ]  # fmt: skip
        widgets = {
            "starts_on": date_input(),
            "ends_on": date_input(),
            "evidence_from": date_input(),
            "evidence_to": date_input(),
        }
        help_texts = {
            "evidence_from": gettext_lazy("佐证的日期早于或晚于评估期间会提示"),
            "light_days": gettext_lazy("离完成时限还有几天起亮黄灯，含当天"),
            "immediate_days": gettext_lazy("“立行立改”从交办那天起算几天"),
            "two_person_close": gettext_lazy("勾上以后，核查的人不能自己销号"),
            "office_name": gettext_lazy("反馈函的落款"),
            "letter_agency": gettext_lazy("反馈函文号里年份前面的字，如 安法办函"),
        }


class PhaseForm(forms.ModelForm):
    """One phase 阶段: a label with days; phases may overlap."""

    class Meta:
        model = Phase
        fields = ["name", "starts_on", "ends_on"]
        widgets = {
            "name": forms.TextInput({"class": "input"}),
            "starts_on": date_input(),
            "ends_on": date_input(),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end < start:
            raise ValidationError({"ends_on": _("结束日期早于开始日期")})
        return data


PhaseFormSet = forms.modelformset_factory(Phase, form=PhaseForm, extra=0)
