"""What an upload asks for: the file, and what its kind wants to know besides."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lawgov.accounts.actors import Actor
from lawgov.files import gate
from lawgov.imports.kinds import ImportKind
from lawgov.imports.staging import LIMIT
from lawgov.spreadsheets.grid import column_number
from lawgov.spreadsheets.mapping import SheetMap


class UploadForm(forms.Form):
    """A file of one kind; kinds add fields and `options()`."""

    file = forms.FileField(
        label=gettext_lazy("表格文件"),
        help_text=gettext_lazy("xlsx、xls 或 csv，20 MB 以内"),
        widget=forms.FileInput({"accept": ".xlsx,.xlsm,.xls,.csv"}),
    )

    #: File endings that are read besides those of workbooks.
    endings: tuple[str, ...] = ()

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean_file(self) -> UploadedFile | None:
        file = self.cleaned_data["file"]
        return passed(file, self.endings) if file else None

    def options(self) -> dict[str, Any]:
        """What the kind wants to know besides, as JSON."""
        return {}


def passed(file: UploadedFile, endings: tuple[str, ...]) -> UploadedFile:
    """The file, if the gate lets it in."""
    name = file.name or ""
    if name.lower().endswith(endings):
        if not 0 < (file.size or 0) <= LIMIT:
            raise forms.ValidationError(_("文件是空的，或者超过 20 MB"))
        return file
    try:
        gate.check(file, name=name, use="workbook")
    except gate.Refused as refused:
        raise forms.ValidationError(refused.sentence) from refused
    file.seek(0)
    return file


def maps_of(kind: ImportKind, sheets: list[Any], data: Any) -> dict[str, SheetMap]:
    """The layouts that the columns page sent: fields `s0-used`, `s0-top`, `s0-bottom`, `s0-A`."""
    keys = {key for key, _label in kind.choices}
    maps = {}
    for place, sheet in enumerate(sheets):
        prefix = f"s{place}-"
        columns: dict[str, int] = {}
        for field, key in data.items():
            letters = field.removeprefix(prefix)
            if field.startswith(prefix) and key in keys and (number := column_number(letters)):
                columns.setdefault(key, number)
        top = _whole(data.get(f"{prefix}top"), sheet.top)
        bottom = _whole(data.get(f"{prefix}bottom"), sheet.bottom)
        maps[sheet.name] = SheetMap(f"{prefix}used" in data, top, max(bottom, top), columns)
    return maps


def doubled(kind: ImportKind, data: Any, place: int) -> list[str]:
    """Headers that two columns of a sheet were taken for."""
    chosen = [key for field, key in data.items() if field.startswith(f"s{place}-") and key]
    return [label for key, label in kind.choices if chosen.count(key) > 1]


def _whole(text: Any, default: int) -> int:
    text = str(text or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else default
