"""The form of a year's holidays: the notice pasted, or a table with a day a row."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lawgov.holidays.columns import HOLIDAYS
from lawgov.holidays.reading import DayOff, UnreadableDays, read_days_off, written
from lawgov.holidays.tables import days_of, editions_of
from lawgov.spreadsheets.tables import Faulty, read_table

LONGEST = 20_000  # characters of a notice; real ones have about a thousand


class HolidaysForm(forms.Form):
    """`days` after cleaning; `edition` is the one the person saw in force, 0 for what ships."""

    source = forms.CharField(
        label=gettext_lazy("通知文号"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("放假通知的文号或名称"),
        widget=forms.TextInput({"class": "input"}),
    )
    text = forms.CharField(
        label=gettext_lazy("放假安排"),
        max_length=LONGEST,
        required=False,
        help_text=gettext_lazy("可以整段粘贴放假通知，也可以每行写一天"),
        widget=forms.Textarea({"class": "input", "rows": 14, "lang": "zh-CN"}),
    )
    file = forms.FileField(
        label=gettext_lazy("或者选一个表格"),
        required=False,
        help_text=gettext_lazy("CSV 或 XLSX，三列：日期、安排、节日"),
        widget=forms.ClearableFileInput({"class": "input", "accept": ".csv,.xlsx,.xls"}),
    )
    edition = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        self.year = year
        self.days: list[DayOff] = []
        last = editions_of(year).first()
        first = {
            "source": last.source if last else "",
            "text": written(days_of(year)),
            "edition": last.edition if last else 0,
        }
        super().__init__(*args, initial=first, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        upload = data.get("file")
        name = "file" if upload else "text"
        try:
            text = lines_of(upload.read(), upload.name) if upload else data.get("text", "")
            self.days = read_days_off(text, self.year)
        except UnreadableDays as error:
            self.add_error(name, error.faults)
        except Faulty as error:
            self.add_error(name, [str(fault) for fault in error.faults])
        return data

    def dropped(self) -> list[DayOff]:
        """Days in force today that were not written: a list is the whole year, not an addition."""
        kept = {one.day for one in self.days}
        return [one for one in days_of(self.year) if one.day not in kept]

    def settled(self) -> HolidaysForm:
        """The same form with the days as they were understood, for the second look."""
        data = {
            "source": self.cleaned_data["source"],
            "text": written(self.days),
            "edition": self.cleaned_data["edition"],
        }
        return HolidaysForm(data, year=self.year)


def lines_of(content: bytes, filename: str) -> str:
    """The rows of a table as lines that `read_days_off` reads."""
    table = read_table(content, filename, HOLIDAYS, legacy=True)
    if table.faults:
        raise Faulty(table.faults)
    if not {"day", "what"} <= set(table.headers):
        raise UnreadableDays([_("表格里要有“日期”和“安排”两列")])
    return "\n".join(f"{row['day']} {row['what']} {row['name']}".strip() for row in table.records)
