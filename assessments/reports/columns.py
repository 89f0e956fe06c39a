"""The columns of the quarterly ranking 季度排序表, in order; domain guide §8.9."""

from __future__ import annotations

from lawgov.spreadsheets.columns import Column

RANKING = (
    Column("number", "序号", kind="number", width=8, align="center"),
    Column("name", "单位", width=33),
    Column("rate", "得分", kind="number", width=12, align="center", number_format="0.0"),
    Column("rank", "名次", kind="number", width=14, align="center"),
    Column("previous", "上季度名次", kind="number", width=13, align="center"),
    Column("change", "变化", width=12, align="center"),
)
