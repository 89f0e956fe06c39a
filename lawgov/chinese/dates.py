"""Days and ranges as written: `2023年4月14日`, `二〇二三年五月`, `4月底前`, `3月16日—24日`, 上半年.

A missing year comes from the context given, a missing month from the date written before; nothing
is guessed. What a deadline means (工作日, 立行立改, 长期坚持) is the business of `deadlines`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from lawgov.calendars import ONE_DAY, feast
from lawgov.chinese.numerals import NUMERALS, chinese_number
from lawgov.chinese.text import clean, half

_NUMERAL_BEFORE_UNIT = re.compile(
    rf"[{NUMERALS}0-9]*[{NUMERALS}][{NUMERALS}0-9]*(?=\s*(?:年|月|日|号|个|天|周|星期|季|工作日|自然日))"
)
_CLOCK = re.compile(
    r"(?:T|\s)*(?:上午|下午|晚上?|凌晨)?\d{1,2}(?::\d{1,2}(?::\d{1,2}(?:\.\d+)?)?|[时点](?:\d{1,2}分)?)"
)
_DOCUMENT_NUMBER = re.compile(r"[〔\[(【]\d{4}[〕\])】]\s*\d+号")
_BEFORE_UNIT = re.compile(
    r"\s+(?=[年月日号])|(?<=\d)\s+(?=[个天周工])|(?<=[年月])\s+(?=[\d上中下底末初])"
)
# Any dash between the parts of one day: 2023—05—17.
_DAY_DASHES = re.compile(r"(?<!\d)(\d{4})[—–―](\d{1,2})[—–―](\d{1,2})(?!\d)")
_AROUND_MARK = re.compile(r"(?<=\d)\s*([./])\s*(?=\d)")

_DASH = r"[-—–―─~至到]{1,3}"
_YEAR = r"(?P<y>\d{4}|(?<!\d)\d{2})年度?"
_WORD = r"(?P<w>[明次今本当]|下一?|同)年度?"
_MONTH = (
    rf"(?:\d{{1,2}}{_DASH})?(?P<m>\d{{1,2}})月份?"
    rf"(?:(?:\d{{1,2}}{_DASH})?(?P<d>\d{{1,2}})(?:[日号]|(?![\d个天]))|月?(?P<part>[底末初]|[上中下]旬))?"
)
_PERIOD = r"(?:(?P<half>[上下])半年|第?(?P<quarter>[1-4])季度?)"

_DIGITS = r"(?P<m>0?[1-9]|1[0-2])[./](?P<d>0?[1-9]|[12]\d|3[01])"

_FEAST = (
    r"[\"“”'‘’「]?(?P<feast>元旦|春节|清明|五一|劳动节|端午|中秋|国庆|(?<![双第一二三四五六七八九十])十一(?:国庆)?)"
    r"[\"“”'‘’」]?(?:国际)?(?:劳动|佳)?节?(?:(?P<eve>之前|以前|前(?!后))"
    r"|(?P<around>前后|期间|假期|[小长]+假|[之以]?后)|(?=[，,。;、)\s]|中秋|国庆|春节|$))"
)

# Tried at each place in this order, the longer form first; groups have one meaning in all.
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"(?:(?:{_YEAR}|{_WORD})\s*)?{_FEAST}",  # 2023年国庆节前, “五一”前
        _YEAR + _MONTH,  # 2023年4月14日, 23年4月底, 2023年4-6月
        r"(?P<y>\d{4})[-./年](?P<m>\d{1,2})[-./月](?P<d>\d{1,2})(?!\d)日?",  # 2023.4.14
        r"(?<![\d.])(?P<y>\d{2})[./](?P<m>\d{1,2})[./](?P<d>\d{1,2})(?![\d.])",  # 23.4.14
        r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)(?!\d)",  # 20230414
        rf"{_YEAR}{_PERIOD}",  # 2023年上半年, 2023年第2季度
        r"(?<!\d)(?P<y>\d{2}(?=年[底末终])|\d{4})年度?(?P<end>[底末终内前]?)",  # 2023年底
        # 2023.6, 2023-06
        r"(?<!\d)(?P<y>(?:19|20)\d\d)[-./](?P<m>\d{1,2})(?![\d./]|-\d)月?(?P<part>[底末])?",
        r"(?<!\d)(?P<y>20\d\d)(?P<m>0[1-9]|1[0-2])(?!\d)",  # 202306
        _WORD + _MONTH,  # 明年3月底
        rf"{_WORD}(?:{_PERIOD}|(?P<end>[底末终内]|(?<=度)))",  # 今年底, 本年度
        _MONTH,  # 4月14日, 3月16-24日
        r"(?<!\d)(?P<d>\d{1,2})[日号](?!内|之内|以内|起内)",  # 27日
        _PERIOD,  # 上半年, 二季度
        r"(?P<end>年[底末终内]|全年)",  # 年底前
        r"(?<![\d月])[本当]?(?P<end>月[底末内])",  # 月底前
        rf"(?<![\d.]){_DIGITS}(?![\d./%个万年月日])",  # 4.30
        r"(?<=[至到~—–])\s*(?P<m>\d{1,2})-(?P<d>\d{1,2})(?![\d-])",  # 至05-15
    )
)
_RANGE = re.compile(rf"\s*(?:起|开始)?\s*{_DASH}\s*(?:\d{{1,2}}{_DASH})?")
_STARTS = re.compile(r"起|开始")
_NEXT_YEAR = frozenset({"明", "次", "下", "下一"})
_FEASTS = {
    "五一": "劳动节",
    "十一": "国庆节",
    "十一国庆": "国庆节",
    "国庆": "国庆节",
    "清明": "清明节",
    "端午": "端午节",
    "中秋": "中秋节",
}
_PART_DAYS = {"初": 10, "上旬": 10, "中旬": 20}


@dataclass(frozen=True, slots=True)
class Written:
    """The days found in a text, in order: one per date or range, for a range its last day.

    `lacks` names what the context should have given (`year`, `month`); `impossible` means that a
    day is written that does not exist, such as 2023年2月30日.
    """

    ends: tuple[date, ...] = ()
    lacks: frozenset[str] = frozenset()
    impossible: bool = False

    @property
    def found(self) -> bool:
        return bool(self.ends or self.lacks or self.impossible)


def normalise(text: str) -> str:
    """Half-width, numerals before 年月日 as digits, without times of day and document numbers."""
    text = _DOCUMENT_NUMBER.sub(" ", half(clean(text)))
    text = _NUMERAL_BEFORE_UNIT.sub(_as_digits, text)
    text = _BEFORE_UNIT.sub("", _CLOCK.sub(" ", text))
    return _DAY_DASHES.sub(r"\1-\2-\3", _AROUND_MARK.sub(r"\1", text))


def read_days(text: str, *, year: int | None = None, anchor: date | None = None) -> Written:
    """All days of a text. `year` stands in for a missing year, `anchor` is a day before them.

    `4月底`, `2023年5月` and `上半年` are the last day of that time; 上旬 and 初 the 10th, 中旬 the
    20th. A range inherits year and month, and the next year when it runs over its end. A day
    without a month (`27日`, 月底) is the first such day from `anchor` on. A day followed by 起 is a
    beginning and is left out. 国庆节前 is the day before the festival; without a year written, the
    first one from `anchor` on; 国庆期间 and 节后 name no day.

    Source: domain guide §9; 上旬, 中旬 and 初 are our reading.
    """
    return _read(normalise(text), year, anchor) if text else Written()


@lru_cache(maxsize=4096)
def _read(text: str, year: int | None, anchor: date | None) -> Written:
    ends: list[date] = []
    lacks: set[str] = set()
    month: int | None = None
    impossible, before, last = False, None, None
    end: date | None
    for match in _matches(text):
        said = {name: value for name, value in match.groupdict().items() if value}
        joined = before is not None and bool(_RANGE.fullmatch(text, before, match.start()))
        before = match.end()
        own_year = _year(said, year)
        month = month if "feast" in said else _month(said, month)
        if "feast" in said:
            known = own_year is not None and (_dated(said) or anchor or said["feast"] != "元旦")
            end = _feast_day(said, own_year, anchor) if own_year and known else None
            lacks |= set() if known or "around" in said else {"year"}
            year = own_year
        elif "d" in said and month is None and anchor:
            end = _from_anchor(int(said["d"]), anchor)
        elif said.get("end", "").startswith("月"):
            place = date(own_year, month, 1) if own_year and month else anchor
            end = _last_of(place.year, place.month) if place else None
            lacks |= set() if place else {"month"}
        elif own_year is None or ("d" in said and month is None):
            lacks |= {"month"} if "d" in said and month is None else {"year"}
            end = None
        else:
            end = _day(said, own_year, month)
            if joined and end and last and end < last and "y" not in said:
                end = _day(said, own_year + 1, month)
            impossible |= end is None
            year = own_year
        last = end or last
        if end is None or _STARTS.match(text, match.end()):
            continue
        if joined and ends:
            ends[-1] = end
        else:
            ends.append(end)
    return Written(tuple(ends), frozenset(lacks), impossible)


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Dates from left to right, the form that begins first, and of those the longer one."""
    at = 0
    while True:
        found = [match for form in _FORMS if (match := form.search(text, at))]
        if not found:
            return
        match = min(found, key=lambda match: match.start())
        yield match
        at = match.end()


def _year(said: dict[str, str], context: int | None) -> int | None:
    if "y" in said:
        return int(said["y"]) if len(said["y"]) == 4 else 2000 + int(said["y"])
    if context is not None and said.get("w") in _NEXT_YEAR:
        return context + 1
    return context


def _month(said: dict[str, str], before: int | None) -> int | None:
    if "m" in said:
        return int(said["m"])
    if "half" in said:
        return 6 if said["half"] == "上" else 12
    if "quarter" in said:
        return int(said["quarter"]) * 3
    if "d" in said or said.get("end", "").startswith("月"):
        return before
    return 12  # 年底, 2023年


def _day(said: dict[str, str], year: int, month: int | None) -> date | None:
    """None when the day does not exist."""
    if month is None or not (1 <= month <= 12 and 1900 <= year <= 2200):
        return None
    last = monthrange(year, month)[1]
    day = int(said["d"]) if "d" in said else _PART_DAYS.get(said.get("part", ""), last)
    return date(year, month, day) if 1 <= day <= last else None


def _dated(said: dict[str, str]) -> bool:
    """Whether a year is written, as a number or as 明年."""
    return "y" in said or "w" in said


def _feast_day(said: dict[str, str], year: int, anchor: date | None) -> date | None:
    """The festival, or with 前 the day before; without a year written not before `anchor`."""
    if "around" in said or not 1900 <= year <= 2200:
        return None
    name = _FEASTS.get(said["feast"], said["feast"])
    for own_year in (year, year + 1):
        day = feast(name, own_year)
        if day and "eve" in said:
            day -= ONE_DAY
        if day is None or _dated(said) or anchor is None or day >= anchor:
            return day
    return None


def _from_anchor(day: int, anchor: date) -> date | None:
    """The first day with this number from `anchor` on; None for 0 or more than 31."""
    if not 1 <= day <= 31:
        return None
    year, month = anchor.year, anchor.month
    while True:
        if day <= monthrange(year, month)[1] and date(year, month, day) >= anchor:
            return date(year, month, day)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _last_of(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _as_digits(match: re.Match[str]) -> str:
    number = chinese_number(match[0])
    return match[0] if number is None else str(number)
