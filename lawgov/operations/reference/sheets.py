"""The page of the sheets: every column of every workbook, as the lists of columns say it."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import override

from assessments.rectification.columns import ANNEX, COMMON, INDIVIDUAL, OPINIONS, PROBLEMS
from assessments.reports.columns import RANKING
from assessments.rounds.columns import SELF_ASSESSMENT
from indicators.assignments.columns import DECOMPOSITION
from indicators.dossiers.columns import CONTENTS
from indicators.framework.columns import FRAMEWORK
from lawgov.desk.exports import columns as lists
from lawgov.desk.exports import log_columns
from lawgov.spreadsheets.columns import Column
from lawgov.units.columns import LIAISONS, UNITS

#: Title, where it comes from and goes to, its columns.
SHEETS: tuple[tuple[str, str, Sequence[Column]], ...] = (
    ("任务分解表", "exported from the task breakdown, imported, blank form", DECOMPOSITION),
    ("自评表", "exported from the checklist and by `export_assessment`", SELF_ASSESSMENT),
    ("个性问题整改台账", "exported from the ledger, imported, blank form", INDIVIDUAL),
    ("共性问题清单", "exported from the ledger, imported", COMMON),
    ("反馈意见整改台账", "exported from the ledger, imported", OPINIONS),
    ("反馈问题整改台账", "exported from the ledger, imported", PROBLEMS),
    ("问题清单", "exported from a letter", ANNEX),
    ("卷内目录", "exported from the checklist, a sheet per group, and from an indicator", CONTENTS),
    ("季度排序表", "exported from the ranking of units and by `export_ranking`", RANKING),
    ("明白人名册", "exported from the contacts, imported, blank form", LIAISONS),
    ("单位名册", "exported from the units, imported, blank form", UNITS),
    ("指标体系", "exported from the framework, imported, blank form", FRAMEWORK),
    ("督察一览表", "exported from the inspections", lists.INSPECTIONS),
    ("人员和任职", "exported from the people", lists.PEOPLE),
    ("审核清单", "exported from the review queue", lists.REVIEW),
    ("单位分组", "exported from the groups of units", lists.GROUPS),
    ("提醒发送记录", "exported from the log of reminders sent", log_columns.DELIVERIES),
    ("应提醒事项", "exported from the log of reminders owed", log_columns.REMINDERS),
    ("操作记录", "exported from the audit trail", lists.AUDIT),
)

HEAD = """# Sheets 表格

One list of columns serves export, import, blank form and preview; this page is drawn from it. A
sheet that comes in is known by its headers, in any order and under any of the other names; columns
it does not know are left alone. Widths are in characters of 宋体 11.
"""
ROWS = """
| 列 | kind | width | also known as |
|---|---|---|---|
"""


def draw() -> str:
    """The whole page."""
    with override(settings.LANGUAGE_CODE):
        return HEAD + "".join(_sheet(*sheet) for sheet in SHEETS)


def _sheet(title: str, use: str, columns: Sequence[Column]) -> str:
    rows = "".join(_row(column) for column in columns)
    return f"\n## {title}\n\n{use[0].upper()}{use[1:]}.\n{ROWS}{rows}"


def _row(column: Column) -> str:
    marks = [
        column.kind,
        *(["required"] if column.required else []),
        *(["open on a protected sheet"] if column.unlocked else []),
    ]
    if column.choices:
        marks.append(f"offered: {'、'.join(column.choices)}")
    width = f"{column.width:g}" if column.width else ""
    return f"| {column.header} | {', '.join(marks)} | {width} | {'、'.join(column.aliases)} |\n"
