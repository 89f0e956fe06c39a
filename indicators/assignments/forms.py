"""Forms of the decomposition 任务分解: one indicator, many at once, and the sheet."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.assignments.actions import Share
from indicators.assignments.deadlines import due_fault, due_of
from indicators.assignments.models import Assignment
from indicators.campaigns.models import Campaign
from lawgov.chinese.deadlines import NO_DEADLINE
from lawgov.chinese.lists import split_units
from lawgov.spreadsheets.tables import MAX_BYTES
from lawgov.units.models import Region, Unit, UnitGroup
from lawgov.units.resolve import UnitRegister, unknown_names
from lawgov.web.editing import VersionedForm


def open_units(region: Region) -> Any:
    return Unit.objects.in_region(region).filter(closed_on=None)


def units_by_kind(region: Region) -> list[tuple[str, list[tuple[int, str]]]]:
    """Units as choices under the heading of their kind, in the order of the register."""
    kinds: dict[str, list[tuple[int, str]]] = {}
    for unit in open_units(region):
        kinds.setdefault(str(unit.get_kind_display()), []).append((unit.pk, unit.name))
    return list(kinds.items())


class AssignmentForm(VersionedForm):
    units = forms.ModelMultipleChoiceField(
        label=gettext_lazy("责任单位"),
        queryset=Unit.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    groups = forms.ModelMultipleChoiceField(
        label=gettext_lazy("再加上整个分组"),
        queryset=UnitGroup.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    required = forms.MultipleChoiceField(
        label=gettext_lazy("必交佐证"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("勾上的交齐了才能打勾；都不勾也至少要交一件"),
    )

    class Meta:
        model = Assignment
        fields = ["lead_unit", "points", "due_text", "remark"]
        labels = {"lead_unit": gettext_lazy("牵头单位")}

    given = ("campaign", "region")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        self.fields["lead_unit"].queryset = open_units(row.region)
        self.fields["lead_unit"].empty_label = _("还没有定")
        self.fields["units"].queryset = open_units(row.region)
        self.fields["units"].choices = units_by_kind(row.region)
        self.fields["groups"].queryset = UnitGroup.objects.in_region(row.region)
        slots = row.indicator.slots
        self.fields["required"].choices = [(slot, slot) for slot in slots]
        self.fields["due_text"].help_text = _("如 12月20日、6月底前、长期坚持")
        works = row.unit_assignments.values_list("unit_id", flat=True)
        points = f"{row.points:f}".removesuffix(".0")
        self.initial |= {"units": list(works), "required": row.required, "points": points}
        self.due = NO_DEADLINE

    def clean_due_text(self) -> str:
        self.due = due_of(self.cleaned_data["due_text"], self.instance.campaign.starts_on)
        if fault := due_fault(self.due):
            raise ValidationError(fault)
        return self.due.text or ""

    def share(self) -> Share:
        """What the form says, for `distribute`; a group stands for its members of today."""
        data = self.cleaned_data
        units = {unit.pk: unit for unit in data["units"]}
        for group in data["groups"]:
            units |= {unit.pk: unit for unit in group.members.filter(closed_on=None)}
        return Share(
            self.stored(),
            lead_unit=data["lead_unit"],
            units=list(units.values()),
            points=data["points"],
            due_text=data["due_text"],
            due_on=self.due.day,
            remark=data["remark"],
            required=data["required"],
            version=self.seen,
        )


# -- many at once ------------------------------------------------------------------------------


class ManyForm(forms.Form):
    """Base of the forms of the bulk bar; `share` says what becomes of one indicator."""

    title: Any = ""

    def __init__(self, *args: Any, campaign: Campaign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign = campaign

    def share(self, row: Assignment, version: int) -> Share:
        raise TypeError(f"{type(self).__name__} says nothing about a row")


class LeadForm(ManyForm):
    title = gettext_lazy("定牵头单位")
    lead_unit = forms.ModelChoiceField(
        label=gettext_lazy("牵头单位"), queryset=Unit.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lead_unit"].queryset = open_units(self.campaign.region)

    def share(self, row: Assignment, version: int) -> Share:
        return Share(row, lead_unit=self.cleaned_data["lead_unit"], version=version)


class UnitsForm(ManyForm):
    title = gettext_lazy("定责任单位")
    names = forms.CharField(
        label=gettext_lazy("责任单位"),
        widget=forms.Textarea({"rows": 4}),
        max_length=5000,
        help_text=gettext_lazy(
            "用顿号隔开或一行一个；简称、别名、分组名称都认，如 区水利局、各镇（街道）"
        ),
    )
    how = forms.ChoiceField(
        label=gettext_lazy("怎样改"),
        initial="add",
        widget=forms.RadioSelect,
        choices=[
            ("add", gettext_lazy("加到现有的责任单位里")),
            ("set", gettext_lazy("换成这些单位")),
            ("remove", gettext_lazy("去掉这些单位")),
        ],
    )

    def clean_names(self) -> list[Unit]:
        register = UnitRegister(self.campaign.region)
        found = register.resolve(split_units(self.cleaned_data["names"]))
        if found.unknown:
            raise ValidationError(unknown_names(found.unknown))
        if not found.units:
            raise ValidationError(_("没有写单位"))
        return found.units

    def share(self, row: Assignment, version: int) -> Share:
        given = self.cleaned_data["names"]
        now = {work.unit_id: work.unit for work in row.unit_assignments.all()}
        match self.cleaned_data["how"]:
            case "add":
                units = [*now.values(), *(unit for unit in given if unit.pk not in now)]
            case "remove":
                gone = {unit.pk for unit in given}
                units = [unit for pk, unit in now.items() if pk not in gone]
            case _set:
                units = given
        return Share(row, units=units, version=version)


class DueForm(ManyForm):
    title = gettext_lazy("定完成时限")
    due_text = forms.CharField(
        label=gettext_lazy("完成时限"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("如 12月20日、6月底前、长期坚持；留空为不定时限"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.due = NO_DEADLINE

    def clean_due_text(self) -> str:
        self.due = due_of(self.cleaned_data["due_text"], self.campaign.starts_on)
        if fault := due_fault(self.due):
            raise ValidationError(fault)
        return self.due.text or ""

    def share(self, row: Assignment, version: int) -> Share:
        text = self.cleaned_data["due_text"]
        return Share(row, due_text=text, due_on=self.due.day, version=version)


BULK: dict[str, type[ManyForm]] = {"lead": LeadForm, "units": UnitsForm, "due": DueForm}


class SheetForm(forms.Form):
    """A decomposition sheet to be read."""

    file = forms.FileField(
        label=gettext_lazy("任务分解表"),
        widget=forms.FileInput({"accept": ".csv,.xlsx,.xlsm,.xls"}),
        help_text=gettext_lazy("Excel 或 CSV，要有 序号、牵头单位、责任单位 三列"),
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("文件超过 20 MB"))
        return file
