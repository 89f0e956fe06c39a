"""What a preview of an office's sentences is filled with: the newest real reminder of the place at
that level, or an invented one where there is none yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from assessments.models import Reminder
from assessments.reminders.kinds import FIRST, Kind, Watch, watch_of
from assessments.reminders.subjects import told_of
from assessments.reminders.texts import when_text

KINDS = {Watch.RECEIPT: Kind.RECEIPT, Watch.REVIEW: Kind.REVIEW, Watch.EXPIRING: Kind.EXPIRING}
#: Rules whose first reminder goes out before the day.
AHEAD = (Watch.EXTENSION, Watch.EXPIRING)


@dataclass(frozen=True)
class Example:
    """The values of the placeholders, and the first line of an item."""

    values: Mapping[str, str]
    headline: str


def newest(region: object, watch: str) -> dict[str, Reminder]:
    """The newest reminder of the rule by level; at most one query a level."""
    kinds = [kind for kind in Kind if kind != Kind.MANUAL and watch_of(kind) == watch]
    rows = Reminder.objects.filter(region=region, kind__in=kinds).order_by("-pk")
    found = {}
    for level in {*rows.order_by().values_list("level", flat=True).distinct()}:
        row = rows.filter(level=level).select_related(
            *("response__issue__assignment", "response__unit", "work__assignment__indicator"),
            *("work__assignment__lead_unit", "work__unit", "evidence__unit"),
        )
        found[level] = row[0]
    return found


def example(watch: str, level: str, real: Reminder | None, today: date) -> Example:
    """In the active language."""
    if real is not None:
        subject = told_of(real)
        return Example(subject.values(real, today), subject.headline(real))
    ahead = watch in AHEAD and level == FIRST[watch]
    values = {
        "unit": _("区水利局"),
        "number": "086",
        "title": _("处罚决定书未载明裁量理由"),
        "due": _("11月20日"),
        "when": when_text(2 if ahead else -5, KINDS.get(watch, "")),
    }
    if watch == Watch.EVIDENCE:
        values |= {"number": "26", "title": _("行政规范性文件合法性审核")}
        return Example(values, _("指标 %(number)s %(title)s") % values)
    if watch == Watch.EXPIRING:
        values |= {"number": "", "title": _("重大行政执法决定法制审核登记表")}
        return Example(values, _("佐证 %(title)s") % values)
    return Example(values, f"{values['number']} {values['title']}")
