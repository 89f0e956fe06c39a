"""The columns of the liaison roster 明白人名册, in order; domain guide §8.7."""

from __future__ import annotations

from lawgov.accounts.policy import Action
from lawgov.spreadsheets.columns import Column, Filling

BY_OFFICE = (Filling(Action.MANAGE_UNITS, "save_liaison"),)

LIAISONS = (
    Column(key="number", header="序号", kind="number", width=4.5, align="center"),
    Column(
        key="unit",
        header="单位",
        aliases=("单位名称", "责任单位", "所在单位"),
        kind="units",
        width=24,
        required=True,
        align="center",
        filled=BY_OFFICE,
    ),
    Column(key="unit_kind", header="单位类型", aliases=("类型",), width=12, align="center"),
    Column(
        key="name",
        header="姓名",
        aliases=("明白人", "联络员", "联系人"),
        width=9,
        required=True,
        unlocked=True,
        align="center",
        filled=BY_OFFICE,
    ),
    Column(
        key="position",
        header="职务",
        aliases=("职位",),
        width=18,
        unlocked=True,
        align="center",
        filled=BY_OFFICE,
    ),
    Column(
        key="phone",
        header="联系电话",
        aliases=("电话", "手机", "手机号", "联系方式"),
        width=14.5,
        unlocked=True,
        align="center",
        number_format="@",  # a number as text: leading zeros and + stay
        filled=BY_OFFICE,
    ),
    Column(key="remark", header="备注", width=12, unlocked=True, filled=BY_OFFICE),
)

# The register of units as it is imported; the order is that of demo-units.csv.
UNITS = (
    Column(
        key="code", header="代码", width=9, align="center", aliases=("单位代码", "编码", "编号")
    ),
    Column(
        key="name",
        header="单位名称",
        aliases=("单位", "名称", "单位全称"),
        width=28,
        required=True,
    ),
    Column(
        key="short_names",
        header="简称",
        width=24,
        aliases=("别名", "单位简称", "简称和别名", "其他名称"),
    ),
    Column(
        key="kind",
        header="单位类型",
        aliases=("类型", "类别", "单位性质"),
        kind="choice",
        width=12,
        align="center",
    ),
    Column(
        key="enforcement",
        header="行政执法单位",
        aliases=("执法单位", "是否执法单位", "是否行政执法单位"),
        kind="choice",
        width=13,
        align="center",
        choices=("是", "否"),
    ),
    Column(
        key="lead",
        header="牵头单位",
        aliases=("牵头", "是否牵头单位"),
        kind="choice",
        width=9,
        align="center",
        choices=("是", "否"),
    ),
    Column(key="lead_types", header="牵头单位类型", width=22, aliases=("牵头类型",)),
)
