"""A day written in the form of another deadline: 月底前 stays 月底前 where it can name the day."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable
from datetime import date

from lawgov.calendars import Workdays

DIGITS = "〇一二三四五六七八九"
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")


def respell(text: str, day: date, letter: date, workdays: Workdays) -> str | date | None:
    """`day` in the form of `text`, or None when that form cannot name it.

    A true date comes back as a date. `letter` is the day from which 15日内 counts. Months without
    a year are only used for the letter's own year, where the reader would look for them.
    """
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    for pattern, spell in FORMS:
        match = re.fullmatch(pattern, plain)
        if match:
            written = spell(day, letter, workdays, match)
            if isinstance(written, str) and re.search(r"[０-９]", text):
                return written.translate(FULL_WIDTH)
            return written
    return None


def _is_month_end(day: date) -> bool:
    return day.day == calendar.monthrange(day.year, day.month)[1]


def _same_year(day: date, letter: date, text: str) -> str | None:
    return text if day.year == letter.year else None


def _numeral(value: int) -> str:
    tens, ones = divmod(value, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return head + (DIGITS[ones] if ones else "")


def _months_after(letter: date, day: date) -> int | None:
    months = (day.year - letter.year) * 12 + day.month - letter.month
    last = calendar.monthrange(day.year, day.month)[1]
    return months if months > 0 and day.day == min(letter.day, last) else None


def _working_days(day: date, letter: date, workdays: Workdays) -> str | None:
    count = workdays.between(letter, day)
    return f"{count}个工作日内" if count > 0 and workdays.is_workday(day) else None


Spell = Callable[[date, date, Workdays, re.Match], "str | date | None"]

FORMS: list[tuple[str, Spell]] = [
    (r"\d{4}-\d\d-\d\d", lambda d, letter, w, m: d),
    (r"\d{4}年\d+月\d+日(.*)", lambda d, letter, w, m: f"{d.year}年{d.month}月{d.day}日{m[1]}"),
    (
        r"\d+月\d+日(.*)",
        lambda d, letter, w, m: _same_year(d, letter, f"{d.month}月{d.day}日{m[1]}"),
    ),
    (r"\d{4}\.\d+\.\d+", lambda d, letter, w, m: f"{d.year}.{d.month}.{d.day}"),
    (r"\d{4}/\d+/\d+", lambda d, letter, w, m: f"{d.year}/{d.month}/{d.day}"),
    (
        r"[〇一二三四五六七八九]{4}年.+月.+日",
        lambda d, letter, w, m: (
            "".join(DIGITS[int(c)] for c in str(d.year))
            + f"年{_numeral(d.month)}月{_numeral(d.day)}日"
        ),
    ),
    (
        r"(\d{4})年\d+月(底前|底|)",
        lambda d, letter, w, m: f"{d.year}年{d.month}月{m[2]}" if _is_month_end(d) else None,
    ),
    (
        r"\d+月底(前|)",
        lambda d, letter, w, m: (
            _same_year(d, letter, f"{d.month}月底{m[1]}") if _is_month_end(d) else None
        ),
    ),
    (
        r"年底前",
        lambda d, letter, w, m: (
            _same_year(d, letter, "年底前") if (d.month, d.day) == (12, 31) else None
        ),
    ),
    (
        r"\d{4}年底前(.+)",
        lambda d, letter, w, m: f"{d.year}年底前{m[1]}" if (d.month, d.day) == (12, 31) else None,
    ),
    (
        r"上半年",
        lambda d, letter, w, m: (
            _same_year(d, letter, "上半年") if (d.month, d.day) == (6, 30) else None
        ),
    ),
    (
        r"\d+日内",
        lambda d, letter, w, m: f"{(d - letter).days}日内" if d > letter else None,
    ),
    (r"\d+个工作日内", lambda d, letter, w, m: _working_days(d, letter, w)),
    (
        r"\d+个月内",
        lambda d, letter, w, m: f"{n}个月内" if (n := _months_after(letter, d)) else None,
    ),
]
