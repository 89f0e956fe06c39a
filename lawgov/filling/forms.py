"""The form of an upload: one workbook."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lawgov.files import gate


class UploadForm(forms.Form):
    """A sheet that was downloaded here and filled in."""

    file = forms.FileField(
        label=_("填好的表"),
        help_text=_("从这里下载的填报表，xlsx 或 xls，20 MB 以内"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xlsm,.xls"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            gate.check(file, name=file.name, use="workbook")
        except gate.Refused as refused:
            raise forms.ValidationError(refused.sentence) from refused
        return file
