"""Deadlines and traffic lights 灯: pure functions of days and states."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.rectification.states import AT_REST, State


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
