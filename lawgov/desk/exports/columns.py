"""The columns of the lists that have no official form: what the page shows, in its order.

A row is (number of the line, row object), so `value` reads from both. Registers that are imported
as well (units, contacts) keep their columns with their subject.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from django.utils import timezone

from indicators.framework.columns import FRAMEWORK
from lawgov.accounts.models import Membership, User
from lawgov.accounts.policy import Role
from lawgov.audit.models import AuditEntry
from lawgov.audit.verbs import details, reason, sentence
from lawgov.calendars import SHANGHAI
from lawgov.spreadsheets.columns import Column
from lawgov.spreadsheets.styles import DAY
from lawgov.units.columns import UNITS as REGISTER

MOMENT = "yyyy-mm-dd hh:mm"
Line = tuple[int, Any]


def of(read: Callable[[Any], Any]) -> Callable[[Line], Any]:
    """What a column shows of the row object."""
    return lambda line: read(line[1])


def local(moment: Any) -> Any:
    """Shanghai time without a zone, as a cell has it."""
    return timezone.localtime(moment, SHANGHAI).replace(tzinfo=None) if moment else None


# What the register of a place knows of its units; which types of indicator they lead it does not.
_OF_UNIT = {
    "code": lambda unit: unit.code,
    "name": lambda unit: unit.name,
    "short_names": lambda unit: "、".join(
        dict.fromkeys([unit.short_name, *(alias.name for alias in unit.aliases.all())])
    ),
    "kind": lambda unit: str(unit.get_kind_display()),
    "enforcement": lambda unit: "是" if unit.enforcement else "否",
    "lead": lambda unit: "是" if unit.led_count else "否",
}
UNITS = tuple(
    replace(column, value=_OF_UNIT[column.key]) for column in REGISTER if column.key in _OF_UNIT
)

NUMBER = Column("number", "序号", width=6, align="center", value=lambda line: line[0])


def indicators(short_names: Mapping[int, str]) -> tuple[Column, ...]:
    """The framework's own columns as they are imported, read from an indicator of an edition.

    `short_names` are by number of the area those that the file has to state.
    """
    read = {
        "area_no": lambda row: row.group.area.number,
        "area": lambda row: row.group.area.title,
        "area_short": lambda row: short_names[row.group.area.number],
        "group_no": lambda row: row.group.number,
        "group": lambda row: row.group.title,
        "indicator_no": lambda row: row.number,
    }
    return tuple(replace(column, value=read.get(column.key)) for column in FRAMEWORK)


GROUPS = (
    NUMBER,
    Column("name", "分组名称", width=26, value=of(lambda row: row.name)),
    Column(
        "size",
        "单位数",
        kind="number",
        width=9,
        align="center",
        value=of(lambda row: len(row.members.all())),
    ),
    Column(
        "members",
        "成员单位",
        width=90,
        value=of(lambda row: "、".join(unit.name for unit in row.members.all())),
    ),
)

INSPECTIONS = (
    NUMBER,
    Column("name", "督察名称", width=44, value=of(lambda row: row.name)),
    Column(
        "starts_on",
        "开始日期",
        kind="date",
        width=12,
        align="center",
        number_format=DAY,
        value=of(lambda row: row.starts_on),
    ),
    Column(
        "ends_on",
        "结束日期",
        kind="date",
        width=12,
        align="center",
        number_format=DAY,
        value=of(lambda row: row.ends_on),
    ),
    Column(
        "issued_on",
        "交办日期",
        kind="date",
        width=12,
        align="center",
        number_format=DAY,
        value=of(lambda row: row.issued_on),
    ),
    Column(
        "unit_count",
        "督察单位",
        kind="number",
        width=9,
        align="center",
        value=of(lambda row: row.unit_count),
    ),
    Column(
        "issue_count",
        "发现问题",
        kind="number",
        width=9,
        align="center",
        value=of(lambda row: row.issue_count),
    ),
    Column(
        "letter_count",
        "发出函件",
        kind="number",
        width=9,
        align="center",
        value=of(lambda row: row.letter_count),
    ),
)


def _appointments(person: User) -> str:
    return "\n".join(_appointment(each) for each in person.here)


def _appointment(membership: Membership) -> str:
    place = f"（{membership.unit.name}）" if membership.unit else ""
    end = f"，至{membership.valid_to.isoformat()}" if membership.valid_to else ""
    return f"{Role(membership.role).label}{place}{end}"


PEOPLE = (
    NUMBER,
    Column("username", "账号", width=14, align="center", value=of(lambda row: row.username)),
    Column("name", "姓名", width=11, align="center", value=of(lambda row: row.name)),
    Column("here", "任职", width=44, value=of(_appointments)),
    Column(
        "last_login",
        "最近登录",
        width=16.5,
        align="center",
        number_format=MOMENT,
        value=of(lambda row: local(row.last_login)),
    ),
    Column(
        "is_active",
        "状态",
        width=9,
        align="center",
        value=of(lambda row: "启用" if row.is_active else "停用"),
    ),
)


def _details(entry: AuditEntry) -> str:
    return reason(entry) or details(entry) or ""


AUDIT = (
    Column("seq", "链上序号", kind="number", width=9.5, align="center", value=lambda row: row.seq),
    Column(
        "at",
        "时间",
        width=16.5,
        align="center",
        number_format=MOMENT,
        value=lambda row: local(row.at),
    ),
    Column("actor_name", "操作人", width=12, align="center"),
    Column("shown_place", "单位或角色", width=16, align="center"),
    Column("sentence", "事项", width=40, value=sentence),
    Column("details", "说明", width=36, value=_details),
    Column("ip", "来源地址", width=15, align="center"),
)

REVIEW = (
    NUMBER,
    Column(
        "indicator",
        "指标序号",
        kind="number",
        width=9,
        align="center",
        value=of(lambda row: _indicator(row).number),
    ),
    Column("title", "三级指标", width=44, value=of(lambda row: _indicator(row).title)),
    Column("unit", "单位", width=20, align="center", value=of(lambda row: _unit(row))),
    Column(
        "due_on",
        "完成时限",
        kind="date",
        width=12,
        align="center",
        number_format=DAY,
        value=of(lambda row: _assignment(row).due_on),
    ),
    Column(
        "self_points",
        "自评得分",
        kind="number",
        width=9,
        align="center",
        number_format="0.0",
        value=of(lambda row: row.self_points),
    ),
)


def _assignment(row: Any) -> Any:
    """A row of the queue is an indicator's assignment or a unit's work on it."""
    return getattr(row, "assignment", row)


def _indicator(row: Any) -> Any:
    return _assignment(row).indicator


def _unit(row: Any) -> str:
    found = getattr(row, "unit", None) or getattr(row, "lead_unit", None)
    return found.name if found else ""
