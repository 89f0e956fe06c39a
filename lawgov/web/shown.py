"""Small values that pages show: a deadline, a line of a timeline, a button that asks first.

Whoever knows the rule fills them in; the template tags of `ui` draw them. Nothing here knows a
subject, the database or a request.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Due:
    """A deadline as people read it, light 灯 and text in one.

    `light` is "r" red, "y" yellow, "g" green, "x" grey or "" for none. `text` is the statement
    (逾期5天, 剩3个工作日, 长期坚持, 11月12日销号), already in the reader's language. `day` is the
    local day that follows in small print, `note` stands there instead (下次 12月31日, 逾期3天).
    `tone` is "late" or "soon" where the text is bold, else "". `provisional`: the day may still
    move, which `note` says then. `rule` says on hover by which
    thresholds the light was chosen; empty: the light's own words.
    """

    light: str
    text: str
    day: date | None = None
    tone: str = ""
    note: str = ""
    rule: str = ""
    provisional: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a timeline 经过: who did what, when.

    `at` is an aware instant, or a local day where no time is known. `reason` is the person's own
    words, shown as a second line. `back` marks a return (amber).
    """

    who: str
    what: str
    at: datetime | date
    reason: str = ""
    back: bool = False
    url: str = ""
