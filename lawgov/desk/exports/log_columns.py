"""The columns of the two logs of reminders: what was sent, and what was owed for which reason."""

from __future__ import annotations

from typing import Any

from assessments.models import Reminder
from assessments.reminders.kinds import reason_of
from assessments.reminders.subjects import told_of
from lawgov.desk.exports.columns import MOMENT, NUMBER, local, of
from lawgov.spreadsheets.columns import Column
from lawgov.spreadsheets.styles import DAY

DELIVERIES = (
    NUMBER,
    Column(
        "day",
        "日期",
        kind="date",
        width=12,
        align="center",
        number_format=DAY,
        value=of(lambda row: row.day),
    ),
    Column("person", "收件人", width=11, align="center", value=of(lambda row: _name(row.person))),
    Column("channel", "渠道", width=12, align="center", value=of(lambda row: row.channel_name)),
    Column("subject", "标题", width=44, value=of(lambda row: row.subject)),
    Column(
        "status",
        "状态",
        width=10,
        align="center",
        value=of(lambda row: str(row.get_status_display())),
    ),
    Column(
        "attempts",
        "次数",
        kind="number",
        width=5.6,
        align="center",
        value=of(lambda row: row.attempts),
    ),
    Column(
        "sent_at",
        "发出时间",
        width=16.5,
        align="center",
        number_format=MOMENT,
        value=of(lambda row: local(row.sent_at)),
    ),
    Column("last_error", "没有发出的原因", width=24, value=of(lambda row: row.last_error)),
)


def _name(person: Any) -> str:
    return person.name if person else ""


def _recipient(row: Reminder) -> str:
    """Who gets it, and for whom where the person stands in."""
    stands_for = f"（代{row.stands_for.name}）" if row.stands_for else ""
    return f"{row.recipient.name}{stands_for}"


REMINDERS = (
    NUMBER,
    Column(
        "local_day",
        "日期",
        kind="date",
        width=12,
        align="center",
        number_format=DAY,
        value=of(lambda row: row.local_day),
    ),
    Column("headline", "事项", width=48, value=of(lambda row: told_of(row).headline(row))),
    Column(
        "unit",
        "单位",
        width=18,
        align="center",
        value=of(lambda row: str(told_of(row).row.unit or "")),
    ),
    Column("recipient", "收件人", width=14, align="center", value=of(_recipient)),
    Column(
        "level",
        "层级",
        width=12,
        align="center",
        value=of(lambda row: str(row.get_level_display())),
    ),
    Column(
        "kind", "种类", width=12, align="center", value=of(lambda row: str(row.get_kind_display()))
    ),
    Column(
        "status",
        "状态",
        width=10,
        align="center",
        value=of(lambda row: str(row.get_status_display())),
    ),
    Column(
        "reason",
        "没有发出的原因",
        width=22,
        value=of(reason_of),
    ),
)
