"""What loading a framework 指标体系 asks for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lawgov.spreadsheets.tables import MAX_BYTES


class EditionForm(forms.Form):
    """A file with an edition; other content under a known code is refused here."""

    file = forms.FileField(
        label=gettext_lazy("指标体系文件"),
        widget=forms.FileInput({"accept": ".csv,.xlsx,.xlsm,.xls,.yaml,.yml"}),
        help_text=gettext_lazy("Excel、CSV（UTF-8）或 YAML，一行一项三级指标"),
    )
    code = forms.SlugField(
        label=gettext_lazy("版本代码"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("如 2025；不填就用文件名"),
    )
    name = forms.CharField(label=gettext_lazy("名称"), required=False, max_length=120)
    points = forms.DecimalField(
        label=gettext_lazy("总分"),
        required=False,
        min_value=0,
        help_text=gettext_lazy("填了就核对合计，如 1000"),
    )

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(_("文件超过 20 MB"))
        return file
