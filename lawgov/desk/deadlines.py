"""Deadlines of indicators as the desk shows them, by the same rule as those of issues."""

from __future__ import annotations

from datetime import date

from assessments.rectification import deadlines
from assessments.rectification.deadlines import DeadlineKind
from assessments.rectification.states import State
from lawgov.holidays.tables import calendar_in_force
from lawgov.web.shown import Due


def due(day: date | None, today: date, *, near: int, text: str = "") -> Due | None:
    """Light and statement of a deadline that still has to be met: 逾期5天, 剩3个工作日.

    `near` calendar days before it the light turns yellow. Without a day the words as written
    stand alone, green; None where nothing was written either.
    """
    if day is None:
        return Due("g", text) if text else None
    workdays = calendar_in_force()
    kind, state = DeadlineKind.FIXED, State.RECTIFYING
    return deadlines.due(day, kind, today, state, workdays=workdays, near=near)
