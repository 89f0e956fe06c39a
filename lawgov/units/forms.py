"""Forms of the register: units, groups, contacts, and lists that are uploaded or pasted."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lawgov.chinese.phones import phone_fault
from lawgov.spreadsheets.tables import MAX_BYTES
from lawgov.units.models import Liaison, Region, Unit, UnitGroup
from lawgov.units.naming import split_names
from lawgov.web.editing import VersionedForm


class UnitForm(VersionedForm):
    aliases = forms.CharField(
        label=gettext_lazy("别名"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("一行一个，导入台账时按这些写法认出这个单位"),
    )

    class Meta:
        model = Unit
        fields = ["name", "short_name", "code", "kind", "enforcement", "order"]
        help_texts = {
            "short_name": gettext_lazy("清单和图表上用，最好不超过 6 个字"),
            "code": gettext_lazy("字母、数字和横线"),
            "order": gettext_lazy("名单里的先后"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            names = self.instance.aliases.values_list("name", flat=True)
            self.initial["aliases"] = "\n".join(names)
        else:
            self.fields["order"].required = False
            del self.fields["order"]

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if not all(char.isalnum() or char in "-_" for char in code):
            raise ValidationError(_("要用字母、数字和横线"))
        return code

    def clean_aliases(self) -> list[str]:
        names = split_names(self.cleaned_data["aliases"])
        if any(len(name) > 60 for name in names):
            raise ValidationError(_("每个别名不超过 60 个字"))
        return names


class GroupForm(VersionedForm):
    class Meta:
        model = UnitGroup
        fields = ["name", "members"]
        widgets = {"members": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, region: Region, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region = region
        self.fields["members"].queryset = Unit.objects.in_region(region).filter(closed_on=None)

    def unbound(self, instance: UnitGroup) -> GroupForm:
        return GroupForm(instance=instance, region=self.region)


class LiaisonForm(VersionedForm):
    """A contact. The number is never shown again: left empty it stays as it is."""

    class Meta:
        model = Liaison
        fields = ["name", "position", "phone", "remark"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and self.instance.phone:
            self.initial["phone"] = ""
            self.fields["phone"].help_text = _("现为 %(phone)s，留空不变") % {
                "phone": self.instance.masked_phone
            }

    def clean_phone(self) -> str:
        phone = self.cleaned_data["phone"].strip()
        if wrong := phone_fault(phone):
            raise ValidationError(wrong)
        return phone or (Liaison.objects.get(pk=self.instance.pk).phone if self.instance.pk else "")


class ListForm(forms.Form):
    """A list of units: a file, or lines pasted from anywhere."""

    file = forms.FileField(
        label=gettext_lazy("Excel 或 CSV 文件"),
        required=False,
        help_text=gettext_lazy("有“单位名称”一列就行；还可以有代码、简称、单位类型、行政执法单位"),
        widget=forms.FileInput({"accept": ".csv,.xlsx,.xlsm,.xls"}),
    )
    lines = forms.CharField(
        label=gettext_lazy("粘贴名单"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea({"rows": 8}),
        help_text=gettext_lazy("一行一个单位；从 Excel 里复制几列粘贴也行"),
    )

    def clean(self) -> None:
        file = self.cleaned_data.get("file")
        if not file and not self.cleaned_data.get("lines", "").strip():
            self.add_error("file", _("选一个文件，或者粘贴名单"))
        if file and file.size > MAX_BYTES:
            self.add_error("file", _("文件超过 20 MB"))


class RosterForm(forms.Form):
    """A roster of contacts."""

    file = forms.FileField(
        label=gettext_lazy("明白人名册"),
        help_text=gettext_lazy("Excel 或 CSV，要有 单位、姓名 两列；还可以有职务、联系电话、备注"),
        widget=forms.FileInput({"accept": ".csv,.xlsx,.xlsm,.xls"}),
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("文件超过 20 MB"))
        return file


class CloseForm(forms.Form):
    """Closing a unit: into which other one, and from which day."""

    successor = forms.ModelChoiceField(
        label=gettext_lazy("并入"),
        queryset=Unit.objects.none(),
        required=False,
        empty_label=gettext_lazy("不并入，直接撤销"),
    )
    on = forms.DateField(
        label=gettext_lazy("撤并日期"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.is_outdated = False
        others = Unit.objects.in_region(unit.region_id).filter(closed_on=None)
        self.fields["successor"].queryset = others.exclude(pk=unit.pk)
        self.fields["version"].initial = unit.version

    def outdated(self) -> None:
        self.is_outdated = True
        self.data = self.data.copy()
        self.data["version"] = str(Unit.objects.get(pk=self.unit.pk).version)
