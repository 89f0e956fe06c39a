"""Deadlines of indicators as the desk shows them, by the same rule as those of issues."""

from __future__ import annotations

from datetime import date

from assessments.rectification.deadlines import DeadlineKind, due
from assessments.rectification.states import State
from lawgov.calendars import Workdays
from lawgov.web.shown import Due


def work_due(day: date | None, text: str, today: date, *, near: int) -> Due | None:
    """Light and statement of a deadline that still has to be met: 逾期5天, 剩3个工作日.

    `near` calendar days before it the light turns yellow. Without a day the words as written
    stand alone, green; None where nothing was written either.
    """
    if day is None:
        return Due("g", text) if text else None
    workdays = Workdays.standard()
    return due(day, DeadlineKind.FIXED, today, State.RECTIFYING, workdays=workdays, near=near)
