"""Deadlines and traffic lights 灯: pure functions of days and states."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from assessments.rectification.states import AT_REST, State
from lawgov.calendars import Workdays
from lawgov.web.dates import day_text
from lawgov.web.shown import Due


class DeadlineKind(models.TextChoices):
    """What a deadline as written means; see domain guide §9."""

    FIXED = "fixed", _("定期")
    IMMEDIATE = "immediate", _("立行立改")
    LONG_TERM = "long_term", _("长期坚持")
    COMPOUND = "compound", _("定期并长期坚持")
    UNKNOWN = "unknown", _("期限待定")
    NONE = "none", _("未定期限")


class Light(StrEnum):
    """The four lights; worst first."""

    RED = "r"
    YELLOW = "y"
    GREEN = "g"
    GREY = "x"


WORST_FIRST = list(Light)
# As offices write it; a compound deadline (立行立改，长期坚持) is told by the words.
IMMEDIATE_WORDS = (
    "立行",
    "立查",
    "立改",
    "即知",
    "随知",
    "即改",
    "边查边改",
    "立即",
    "马上",
    "当即",
)


def light(deadline: date | None, today: date, state: str, *, near: int = 10) -> Light:
    """Traffic light 灯 of one unit's answer.

    `today` is the local day in Asia/Shanghai; a deadline counts to the end of its day. `near` is
    in calendar days, bounds included. None as deadline (长期坚持 or not yet set) is green. Closed,
    look-back and withdrawn are grey, early or late. Waiting for the checker does not stop the
    clock.

    Source: domain guide §6 and decisions §5 (our default, campaign setting `light_days`).
    """
    if State(state) in AT_REST:
        return Light.GREY
    if deadline is None:
        return Light.GREEN
    left = (deadline - today).days
    if left < 0:
        return Light.RED
    return Light.YELLOW if left <= near else Light.GREEN


def worst(lights: Iterable[Light]) -> Light:
    """The light of an issue: the worst of its responses; grey when there is none."""
    return min(lights, key=WORST_FIRST.index, default=Light.GREY)


def days_overdue(deadline: date | None, today: date) -> int:
    """Calendar days past the deadline; 0 on the day itself, before it, and without one."""
    return max((today - deadline).days, 0) if deadline else 0


def closed_late(deadline: date | None, closed_on: date | None) -> bool:
    """逾期销号: closed after the deadline's day; a flag that stays."""
    return bool(deadline and closed_on and closed_on > deadline)


def is_immediate(kind: str, text: str) -> bool:
    """立行立改, alone or as a part of a compound deadline."""
    if kind == DeadlineKind.COMPOUND:
        return any(word in text for word in IMMEDIATE_WORDS)
    return kind == DeadlineKind.IMMEDIATE


def new_deadline(kind: DeadlineKind, day: date) -> tuple[DeadlineKind, str]:
    """Kind and text of a deadline moved to `day`; what was also long-term stays so."""
    text = f"{day.year}年{day.month}月{day.day}日"
    if kind in (DeadlineKind.COMPOUND, DeadlineKind.LONG_TERM):
        return DeadlineKind.COMPOUND, f"{text}，长期坚持"
    return DeadlineKind.FIXED, text


def next_review(today: date) -> date:
    """The end of the running quarter, when what is long-term is looked at again.

    Source: domain guide §9, periodic review, our default.
    """
    year, month = divmod(today.year * 12 + (today.month - 1) // 3 * 3 + 3, 12)
    return date(year, month + 1, 1) - timedelta(days=1)


def due(
    deadline: date | None,
    kind: str,
    today: date,
    state: str,
    *,
    workdays: Workdays,
    near: int = 10,
    closed_on: date | None = None,
    counted: bool = False,
) -> Due:
    """A deadline as people read it, with its light, in the reader's language.

    Overdue counts calendar days, what is left counts working days; where only days off are left,
    calendar days. `closed_on` is the day of the close-out, None while there is none. `counted`:
    the day itself was counted in working days, so in a year not yet published it is provisional.

    Source: interface guide §4, light and deadline.
    """
    shown = light(deadline, today, state, near=near)
    if shown is Light.GREY:
        return _at_rest(deadline, today, state, closed_on)
    rule = gettext("红灯已逾期，黄灯 %(near)s 天内到期，绿灯 %(near)s 天以上") % {"near": near}
    if deadline is None:
        return _undated(kind, today, rule)
    text = _days_text(deadline, today, workdays)
    tone = {Light.RED: "late", Light.YELLOW: "soon"}.get(shown, "")
    note, provisional = "", counted and workdays.provisional(deadline)
    if provisional:
        note = gettext("暂定 %(day)s") % {"day": day_text(deadline, today)}
        rule = gettext("%(year)s 年的放假安排还没有公布，期限是推算的") % {"year": deadline.year}
    return Due(shown.value, text, deadline, tone, note=note, rule=rule, provisional=provisional)


def is_counted(text: str) -> bool:
    """Whether a deadline as written counts working days: 15个工作日内."""
    return "工作日" in text


def is_provisional(text: str, day: date | None, may_move: Callable[[date], bool]) -> bool:
    """Whether a deadline may still move: counted in working days up to a year whose holidays are
    not published yet, which `may_move` says of a day. One that was set or extended to a day is
    that day, and says so in its text.
    """
    return day is not None and is_counted(text) and may_move(day)


def _days_text(deadline: date, today: date, workdays: Workdays) -> str:
    if late := days_overdue(deadline, today):
        return ngettext("逾期%(n)s天", "逾期%(n)s天", late) % {"n": late}
    if deadline == today:
        return gettext("今天到期")
    if left := workdays.between(today, deadline):
        if workdays.provisional(deadline):
            return ngettext("约剩%(n)s个工作日", "约剩%(n)s个工作日", left) % {"n": left}
        return ngettext("剩%(n)s个工作日", "剩%(n)s个工作日", left) % {"n": left}
    days = (deadline - today).days
    return ngettext("剩%(n)s天", "剩%(n)s天", days) % {"n": days}


def _undated(kind: str, today: date, rule: str) -> Due:
    if kind in (DeadlineKind.LONG_TERM, DeadlineKind.COMPOUND):
        review = day_text(next_review(today), today)
        note = gettext("下次 %(day)s") % {"day": review}
        return Due(Light.GREEN.value, gettext("长期坚持"), note=note, rule=rule)
    return Due(Light.GREEN.value, gettext("期限待定"), rule=rule)


def _at_rest(deadline: date | None, today: date, state: str, closed_on: date | None) -> Due:
    if closed_on is None:
        return Due(Light.GREY.value, str(State(state).label))
    text = gettext("%(day)s销号") % {"day": day_text(closed_on, today)}
    if not closed_late(deadline, closed_on):
        return Due(Light.GREY.value, text)
    late = days_overdue(deadline, closed_on)
    note = ngettext("逾期%(n)s天", "逾期%(n)s天", late) % {"n": late}
    return Due(Light.GREY.value, text, note=note)
