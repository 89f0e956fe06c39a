"""The columns of the official ledgers 整改台账, in order; domain guide §8.3 to §8.6.

The columns themselves, with the other names they go by, stand in `headings.py`; here each sheet
says its order, its headers and its widths.
"""

from __future__ import annotations

from dataclasses import replace

from assessments.rectification.headings import (
    CATEGORY,
    CLOSED,
    CLOSED_MARK,
    CLOSED_ON,
    DEADLINE,
    EVIDENCE,
    GOAL,
    LEAD_UNITS,
    MEASURES,
    NO,
    NUMBER,
    OPEN,
    PERSONS,
    PROGRESS,
    REMARK,
    REQUIREMENT,
    TEXT,
    UNITS,
    YES,
)
from lawgov.accounts.policy import Action
from lawgov.spreadsheets.columns import Column, Filling


def _as(column: Column, header: str | None = None, width: float | None = None, **more) -> Column:
    """The column under the header of one official sheet, with its width there."""
    return replace(column, header=header or column.header, width=width, **more)


PLAN = Filling(Action.RECTIFY, "plan")
NOTE = Filling(Action.RECTIFY, "progress")
# A deadline is moved by approving what was asked for, or before the issue is handed over.
MORE_TIME = Filling(Action.DECIDE_EXTENSION, "approve_extension")
EDITED = Filling(Action.RECORD_ISSUE, "edit_issue")

INDIVIDUAL = (
    _as(NUMBER, width=4.5, required=True),
    _as(UNITS, width=11.6, required=True),
    _as(CATEGORY, width=9.2),
    _as(TEXT, width=21.5),
    _as(REQUIREMENT, width=16),
    _as(MEASURES, width=20, unlocked=True, filled=(PLAN,)),
    _as(PERSONS, width=6.8, unlocked=True, filled=(PLAN,)),
    _as(DEADLINE, width=12, filled=(MORE_TIME, EDITED)),
    _as(PROGRESS, width=14.5, unlocked=True, filled=(NOTE,)),
    _as(EVIDENCE, width=11.5, unlocked=True),
    _as(CLOSED_MARK, width=5.6, choices=(YES, NO)),
    _as(CLOSED_ON, width=10.2),
    _as(REMARK, width=11.4),
)
"""个性问题整改台账, domain guide §8.3."""

WRITTEN_DEADLINE = Column("deadline_text", "期限原文", width=14, align="center")
"""The time limit as written, where it cannot stand as a comment beside the day."""

COMMON = (
    _as(NUMBER, width=4.5, required=True),
    _as(CATEGORY, "方面", width=14),
    _as(TEXT, "问题表述", width=42),
    _as(UNITS, "涉及单位", width=24, required=True),
    _as(REQUIREMENT, width=28),
    # 2023-06-30，长期坚持 is a date in Excel and would show as ### in a narrower column.
    _as(DEADLINE, width=19.5),
    _as(REMARK, width=12),
)
"""共性问题清单, domain guide §8.4."""


def _feedback(text_header: str) -> tuple[Column, ...]:
    return (
        _as(NUMBER, width=4.5, required=True),
        _as(TEXT, text_header, width=24),
        _as(GOAL, width=15.5),
        _as(MEASURES, width=25, unlocked=True),
        _as(LEAD_UNITS, width=8.8),
        _as(UNITS, width=13, required=True),
        _as(PERSONS, width=6.8, unlocked=True),
        _as(DEADLINE, "整改时限", width=13),
        _as(PROGRESS, "整改情况", width=16, unlocked=True),
        _as(CLOSED_MARK, "销号情况", width=8.4, choices=(CLOSED, OPEN)),
        _as(REMARK, width=9.2),
    )


OPINIONS = _feedback("反馈意见")
"""反馈意见整改台账, domain guide §8.5."""

PROBLEMS = _feedback("反馈问题")
"""反馈问题整改台账, domain guide §8.5."""

ANNEX = (
    _as(NUMBER, width=4.5, required=True),
    _as(TEXT, "问题", width=40),
    _as(REQUIREMENT, width=30),
    _as(DEADLINE, width=14),
    Column("indicator", "关联指标", width=14),
)
"""问题清单, the annex of a letter; domain guide §8.6."""
