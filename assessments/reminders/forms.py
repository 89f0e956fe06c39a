"""Forms of the place's rules: numbers of each kind, its sentences, the hours of reminding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from assessments.models import Reminder, ReminderHours, ReminderRule
from assessments.reminders.digest import item_line
from assessments.reminders.examples import example
from assessments.reminders.kinds import Level, Watch, levels_of
from assessments.reminders.rules import numbers_of, written
from assessments.reminders.texts import DEFAULT_TEXTS, Texts, faults
from lawgov.notifications.messages import Line
from lawgov.web.editing import VersionedForm

MOST_BEFORE = 60  # working days; further ahead is no reminder but a plan
HINTS = {
    Watch.RECEIPT: gettext_lazy("发文后几个工作日内应当签收"),
    Watch.REVIEW: gettext_lazy("送审后几个工作日内应当处理"),
    Watch.PERIODIC: gettext_lazy("每隔多少天应当填报一次进展"),
}


@dataclass(frozen=True)
class TextField:
    """One sentence to edit: for which level and language, and the item as it goes out now."""

    level: str
    language: str
    name: str
    language_label: str
    bound: forms.BoundField
    preview: Line


class RuleForm(VersionedForm):
    """One rule with its sentences; an empty sentence is ours."""

    class Meta:
        model = ReminderRule
        fields = ["active", "limit", "before", "first", "every", "head_from", "office_from",
                  "leader_from"]  # fmt: skip
        help_texts = {
            "before": gettext_lazy("用逗号分开，0 为当天；留空为到期前不提醒"),
            "first": gettext_lazy("日历天；0 为逾期后不提醒"),
            "every": gettext_lazy("日历天；0 为只提醒一次"),
            "head_from": gettext_lazy("逾期满几天起；0 为一开始就提醒，留空为不提醒"),
            "office_from": gettext_lazy("逾期满几天起，留空为不提醒"),
            "leader_from": gettext_lazy("逾期满几天起，留空为不提醒"),
        }

    given = ()

    def __init__(
        self,
        *args: Any,
        own: Mapping[tuple[str, str, str], str],
        today: date,
        real: Mapping[str, Reminder] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.own, self.today, self.real = own, today, real or {}
        watch = self.instance.watch
        if watch in HINTS:
            self.fields["limit"].help_text = HINTS[watch]
            self.fields["limit"].min_value = 1
        else:
            del self.fields["limit"]
        for level, language, name in self._names():
            self.initial.setdefault(name, own.get((watch, level, language), ""))
            with override(language):
                usual = str(DEFAULT_TEXTS[watch, level])
            self.fields[name] = forms.CharField(
                label=f"{Level(level).label} · {dict(settings.LANGUAGES)[language]}",
                max_length=200,
                required=False,
                widget=forms.TextInput({"placeholder": usual, "lang": language}),
            )

    def _names(self) -> Iterator[tuple[str, str, str]]:
        for level in levels_of(self.instance.watch):
            for language, _label in settings.LANGUAGES:
                yield level, language, f"text_{level}_{language.replace('-', '_')}"

    def unbound(self, instance: ReminderRule) -> RuleForm:
        return RuleForm(instance=instance, own=self.own, today=self.today, real=self.real)

    def clean_limit(self) -> int:
        limit = self.cleaned_data["limit"]
        if limit < 1:
            raise ValidationError(_("至少 1 天"))
        return limit

    def clean_before(self) -> str:
        try:
            numbers = numbers_of(self.cleaned_data["before"])
        except ValueError:
            raise ValidationError(_("只写数字，用逗号分开，如 7,3,1,0")) from None
        if len(numbers) > 10 or any(number > MOST_BEFORE for number in numbers):
            raise ValidationError(_("最多 10 个数字，每个不超过 %(most)s") % {"most": MOST_BEFORE})
        return written(numbers)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for _level, _language, name in self._names():
            for fault in faults(data.get(name) or ""):
                self.add_error(name, fault)
        steps = [data.get(name) for name in ("head_from", "office_from", "leader_from")]
        given = [step for step in steps if step is not None]
        if given != sorted(given):
            raise ValidationError(_("级别越高，开始提醒的天数不能越少"))
        return data

    def texts(self) -> dict[tuple[str, str], str]:
        """What was typed, by level and language; an empty text means ours."""
        return {
            (level, language): (self.cleaned_data.get(name) or "").strip()
            for level, language, name in self._names()
        }

    @property
    def text_fields(self) -> list[TextField]:
        """The sentences with the item that what stands in the fields makes, ours where it is
        faulty."""
        found = []
        labels = dict(settings.LANGUAGES)
        for level, language, name in self._names():
            label = str(labels[language])
            with override(language):
                preview = self._preview(level, language, (self[name].value() or "").strip())
            found.append(TextField(level, language, name, label, self[name], preview))
        return found

    def _preview(self, level: str, language: str, typed: str) -> Line:
        watch = self.instance.watch
        own = {(watch, level, language): typed} if typed and not faults(typed) else {}
        given = example(watch, level, self.real.get(level), self.today)
        said = Texts(own).sentence(watch, level, given.values)
        return item_line(given.values, given.headline, said)


class HoursForm(VersionedForm):
    class Meta:
        model = ReminderHours
        fields = ["from_time", "to_time", "any_day", "any_day_from", "manual_daily"]
        widgets = {
            "from_time": forms.TimeInput({"type": "time"}, "%H:%M"),
            "to_time": forms.TimeInput({"type": "time"}, "%H:%M"),
        }
        help_texts = {
            "from_time": gettext_lazy("在这段时间以外不发，第二个工作日再发"),
            "any_day": gettext_lazy("不勾时只在工作日提醒，含调休上班的周末"),
            "any_day_from": gettext_lazy("日历天，只管问题的完成时限"),
        }

    given = ()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        start, end = data.get("from_time"), data.get("to_time")
        if start and end and end <= start:
            raise ValidationError({"to_time": _("结束时间要晚于开始时间")})
        return data
