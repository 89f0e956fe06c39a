"""The form of an inspection: what it was, when, and where it went."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.inspections.models import Inspection
from lawgov.units.models import Unit

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class InspectionForm(forms.ModelForm):
    """督察 or 督查, as typed in the name; `version` is what the person saw (0: new)."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = Inspection
        fields = ("name", "starts_on", "ends_on", "units")
        widgets = {"starts_on": DAY, "ends_on": DAY, "units": forms.CheckboxSelectMultiple}
        labels = {"units": _("到访单位")}
        help_texts = {"name": _("例如：2026年9月全区专项督察")}

    def __init__(self, *args: Any, region: Any, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.in_region(region)
        self.fields["units"].queryset = units.open_on(today)
        self.fields["units"].required = False
        if not self.instance.pk:
            self.fields["units"].initial = list(units.open_on(today))
        self.fields["version"].initial = self.instance.version if self.instance.pk else 0

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        start, end = data.get("starts_on"), data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("结束日期早于开始日期"))
        return data
