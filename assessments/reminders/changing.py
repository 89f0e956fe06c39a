"""Writing the place's rules, each with its version and its line in the trail."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import ReminderHours, ReminderRule, ReminderText
from assessments.reminders.kinds import Level, Watch
from indicators.models import Campaign
from lawgov.accounts.actors import Actor
from lawgov.audit import verbs
from lawgov.audit.record import record
from lawgov.errors import StaleState

verbs.add(
    {
        "reminder.rule_changed": gettext_lazy("改提醒规则：%(watch)s"),
        "reminder.hours_changed": gettext_lazy("改提醒时间"),
    }
)
verbs.COLUMNS |= {
    "active": gettext_lazy("启用"),
    "limit": gettext_lazy("办理期限"),
    "before": gettext_lazy("到期前几个工作日"),
    "first": gettext_lazy("逾期第几天起"),
    "every": gettext_lazy("之后每隔几天"),
    "head_from": gettext_lazy("单位负责人"),
    "office_from": gettext_lazy("创建办"),
    "leader_from": gettext_lazy("领导"),
    "texts": gettext_lazy("提示语"),
    "from_time": gettext_lazy("每天从"),
    "to_time": gettext_lazy("到"),
    "any_day": gettext_lazy("休息日也发严重逾期的提醒"),
    "any_day_from": gettext_lazy("严重逾期指逾期满几天"),
    "manual_daily": gettext_lazy("一个人一天最多被人工催办几件"),
}
verbs.CHOICES |= dict(Watch.choices)

CHANGED = gettext_lazy("没有保存：别人刚改过提醒设置")


def change_rule(
    rule: ReminderRule,
    values: Mapping[str, Any],
    texts: Mapping[tuple[str, str], str],
    *,
    actor: Actor,
    now: datetime,
    version: int | None,
) -> None:
    """Write one rule and its sentences under one version; `version` None where none was stored.

    `texts` by (level, language); an empty one takes the office's own away. Raises StaleState,
    or IntegrityError when two make the first row at once.
    """
    campaign, watch = rule.campaign, rule.watch
    with transaction.atomic():
        before = _stored(rule, values, version)
        _write_texts(campaign, watch, texts)
        changes = {
            name: [before[name], value] for name, value in values.items() if before[name] != value
        }
        data = {"watch": str(watch), "set": changes} | _told_texts(texts)
        record(actor, "reminder.rule_changed", campaign, now=now, data=data)


def _stored(row: Any, values: Mapping[str, Any], version: int | None) -> dict[str, Any]:
    """Write `values` into a row, or make it; what stood there before (the defaults for none)."""
    model = type(row)
    if version is None:
        before = {name: getattr(row, name) for name in values}
        for name, value in values.items():
            setattr(row, name, value)
        row.pk = None
        row.save(force_insert=True)
        return before
    stored = model._base_manager.get(pk=row.pk)
    before = {name: getattr(stored, name) for name in values}
    rows = model._base_manager.filter(pk=row.pk, version=version)
    if not rows.update(**values, version=F("version") + 1):
        raise StaleState(str(CHANGED))
    return before


def _write_texts(campaign: Campaign, watch: str, texts: Mapping[tuple[str, str], str]) -> None:
    ReminderText.objects.filter(campaign=campaign, watch=watch).delete()
    ReminderText.objects.bulk_create(
        ReminderText(campaign=campaign, watch=watch, level=level, language=language, text=text)
        for (level, language), text in texts.items()
        if text
    )


def _told_texts(texts: Mapping[tuple[str, str], str]) -> dict[str, Any]:
    """The office's own sentences, for the trail's second line."""
    return {
        "note": _("；").join(
            f"{Level(level).label}（{language}）：{text}"
            for (level, language), text in texts.items()
            if text
        )
    }


def change_hours(
    hours: ReminderHours,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
    version: int | None,
) -> None:
    """Write when the place is reminded; raises as `change_rule`."""
    with transaction.atomic():
        before = _stored(hours, values, version)
        changes = {
            name: [str(before[name]), str(value)]
            for name, value in values.items()
            if before[name] != value
        }
        data = {"set": changes}
        record(actor, "reminder.hours_changed", hours.campaign, now=now, data=data)
