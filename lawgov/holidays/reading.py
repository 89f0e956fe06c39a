"""Holidays as people write them: the State Council's notice as it is, or a day a line.

Understood are `一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。` and
`2027-02-07 上班 春节`; both may stand in one text. Rules only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from lawgov.chinese.text import clean, half

_DAY = (
    r"(?:(?P<y{n}>\d{{4}})\s*[年./-]\s*)?(?:(?P<m{n}>\d{{1,2}})\s*[月./-]\s*)?"
    r"(?P<d{n}>\d{{1,2}})\s*日?号?"
)
_NOTE = r"\s*(?:\([^)]*\))?"
_SPAN = re.compile(
    _DAY.format(n=1) + _NOTE + r"(?:\s*[至到—~]\s*" + _DAY.format(n=2) + _NOTE + ")?"
)
_NAME = re.compile(
    r"^\s*(?:\(?[一二三四五六七八九十\d]+\)?[、.]\s*)?(?P<name>[^\d\s:,。]{2,12})\s*:"
)
_TALLY = re.compile(r"共\s*\d+\s*天|\d+\s*天")
_WORK, _REST = re.compile(r"上班|工作日|补班|班$"), re.compile(r"放假|休息|调休|补休|休$|假$")


@dataclass(frozen=True, slots=True, order=True)
class DayOff:
    """One exception to Monday-Friday: off, or a weekend day worked."""

    day: date
    worked: bool = False
    name: str = ""

    @property
    def line(self) -> str:
        """As one line that `read_days_off` reads again."""
        said = "上班" if self.worked else "放假"
        return f"{self.day.isoformat()} {said} {self.name}".rstrip()


class UnreadableDays(ValueError):
    """`faults`: a sentence for each line that cannot be taken."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("；".join(faults))
        self.faults = faults


def read_days_off(text: str, year: int) -> list[DayOff]:
    """The exceptions in `text`, by day; weekend days named as off are left out, they are anyway.

    Raises UnreadableDays with what is wrong line by line: a day that does not exist or is of
    another year, a weekday said to be worked, one day said twice differently, nothing at all.
    """
    found: dict[date, DayOff] = {}
    faults: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            for one in _line(half(clean(line)), year):
                _keep(one, found)
        except ValueError as error:
            faults.append(_("第 %(n)s 行：%(what)s") % {"n": number, "what": error})
    days = sorted(one for one in found.values() if one.worked or one.day.weekday() < 5)
    if not faults and all(one.worked for one in days):
        faults.append(
            _("没有读到放假的日期，每行写一天，例如 %(line)s") % {"line": f"{year}-01-01 放假 元旦"}
        )
    if faults:
        raise UnreadableDays(faults)
    return days


def written(days: Iterable[DayOff]) -> str:
    """A text that `read_days_off` reads back as the same days."""
    return "\n".join(one.line for one in days)


def _line(line: str, year: int) -> Iterator[DayOff]:
    """The exceptions of one line; the days of a clause are what its last word says."""
    head = _NAME.match(line)
    name = head["name"] if head else ""
    rest = line[head.end() :] if head else line
    month: int | None = None
    for clause in re.split("[。;]", _marked(rest)):
        spans = list(_SPAN.finditer(_TALLY.sub("", clause)))
        if not spans:
            continue
        worked, off = bool(_WORK.search(clause)), bool(_REST.search(clause))
        if worked == off:
            raise ValueError(_("看不出是放假还是上班：%(text)s") % {"text": clause.strip()[:40]})
        own = name or _trailing_name(clause)
        for span in spans:
            first, month = _day(span, 1, year, month)
            last, month = _day(span, 2, year, month) if span["d2"] else (first, month)
            yield from _days(first, last, worked, own, year)


def _marked(text: str) -> str:
    """Ends a clause behind 放假 and 上班, so that each clause says one thing."""
    return re.sub(r"(放假调休|放假|上班|补班|休息)(?=\s*[,、]\s*\d)", r"\1。", text)


def _trailing_name(clause: str) -> str:
    """The word behind 放假 or 上班 of a line such as `2027-02-07 上班 春节`."""
    found = re.search(r"(?:放假|休息|上班|补班)\s+([^\d\s]{2,12})\s*$", clause)
    return found[1] if found else ""


def _day(span: re.Match[str], n: int, year: int, month: int | None) -> tuple[date, int]:
    given = span[f"m{n}"]
    month = int(given) if given else month
    if month is None:
        raise ValueError(_("没有写月份：%(text)s") % {"text": span[0]})
    try:
        return date(int(span[f"y{n}"] or year), month, int(span[f"d{n}"])), month
    except ValueError:
        raise ValueError(_("没有这一天：%(text)s") % {"text": span[0]}) from None


def _days(first: date, last: date, worked: bool, name: str, year: int) -> Iterator[DayOff]:
    if last < first:
        raise ValueError(_("起止日期颠倒：%(day)s") % {"day": first})
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if not year - 1 <= day.year <= year:  # New Year's days off may begin in December
            raise ValueError(_("不是 %(year)s 年的日期：%(day)s") % {"year": year, "day": day})
        if worked and day.weekday() < 5:
            raise ValueError(_("%(day)s 本来就是工作日，不用写上班") % {"day": day})
        yield DayOff(day, worked, name)


def _keep(one: DayOff, found: dict[date, DayOff]) -> None:
    known = found.setdefault(one.day, one)
    if known.worked != one.worked:
        raise ValueError(_("%(day)s 既写放假又写上班") % {"day": one.day})
