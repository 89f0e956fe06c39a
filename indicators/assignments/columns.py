"""The columns of the decomposition sheet 任务分解表, in order; domain guide §8.1."""

from __future__ import annotations

from indicators.framework.checking import METHODS
from lawgov.accounts.policy import Action
from lawgov.spreadsheets.columns import Column, Filling

BY_OFFICE = (Filling(Action.MANAGE_CAMPAIGN, "distribute"),)

DECOMPOSITION = (
    Column(key="number", header="序号", kind="number", width=4.5, required=True, align="center"),
    Column(key="area", header="一级指标", aliases=("方面",), width=10, align="center"),
    Column(key="group", header="二级指标", width=11, align="center"),
    Column(key="title", header="三级指标", aliases=("指标", "指标名称", "任务"), width=29),
    Column(
        key="points",
        header="分值",
        kind="number",
        width=5.6,
        unlocked=True,
        align="center",
        filled=BY_OFFICE,
    ),
    Column(
        key="method",
        header="测评方式",
        kind="choice",
        width=8.6,
        choices=METHODS,
        unlocked=True,
        align="center",
    ),
    Column(
        key="lead_unit",
        header="牵头单位",
        aliases=("牵头部门",),
        kind="units",
        width=15.5,
        required=True,
        unlocked=True,
        align="center",
        filled=BY_OFFICE,
    ),
    Column(
        key="units",
        header="责任单位",
        aliases=("整改责任单位", "责任部门", "配合单位"),
        kind="units",
        width=38,
        required=True,
        unlocked=True,
        filled=BY_OFFICE,
    ),
    Column(
        key="due",
        header="完成时限",
        aliases=("整改时限", "整改期限", "完成期限", "截止时间"),
        kind="date",
        width=11,
        unlocked=True,
        align="center",
        filled=BY_OFFICE,
    ),
    Column(key="remark", header="备注", width=11, unlocked=True, filled=BY_OFFICE),
)
