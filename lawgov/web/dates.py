"""Days and instants as offices write them: 11月20日, 16:20; the year only when it is another."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _english() -> bool:
    return (get_language() or "").startswith("en")


def day_text(day: date, today: date) -> str:
    """`day` without its year when it lies in the year of `today`: 11月20日, in English 20 Nov."""
    if _english():
        text = f"{day.day} {MONTHS[day.month - 1]}"
        return text if day.year == today.year else f"{text} {day.year}"
    text = f"{day.month}月{day.day}日"
    return text if day.year == today.year else f"{day.year}年{text}"


def moment_text(moment: datetime, now: datetime) -> str:
    """An aware instant in local time: 今天 09:12, 昨天 17:40, 11月17日 15:03."""
    local, today = timezone.localtime(moment), timezone.localtime(now).date()
    clock = f"{local:%H:%M}"
    if local.date() == today:
        return _("今天 %(clock)s") % {"clock": clock}
    if local.date() == today - timedelta(days=1):
        return _("昨天 %(clock)s") % {"clock": clock}
    return f"{day_text(local.date(), today)} {clock}"


def told(value: object) -> object:
    """An ISO day as JSON keeps it, written out with its year; anything else as it is."""
    if isinstance(value, str) and ISO_DAY.fullmatch(value):
        return day_text(date.fromisoformat(value), date.min)
    return value


def long_day_text(day: date) -> str:
    """With year and weekday, for the head of a page: 2026年11月20日 星期五."""
    if _english():
        return f"{date_format(day, 'l')}, {day.day} {MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日 {date_format(day, 'l')}"
