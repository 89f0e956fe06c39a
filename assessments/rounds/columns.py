"""The columns of the self-assessment sheet 自评表, in order; domain guide §8.2.

Widths are chosen together: the header of four characters fits on one line from 8.2, and between
5.7 and 8.2 it would break three and one. The reader, the writer and the blank form all take this
list.
"""

from __future__ import annotations

from lawgov.accounts.policy import Action
from lawgov.spreadsheets.columns import Column, Filling

NOT_APPLICABLE = "不适用"

BY_UNIT = Filling(Action.SUBMIT, "draft")
BY_LEAD = Filling(Action.REVIEW, "lead_score")
BY_OFFICE = Filling(Action.VERIFY_INDICATOR, "verify")

REMARKS = (NOT_APPLICABLE, "佐证待补", "自评待补")
"""Offered in the drop-down list of 备注; other text is admitted."""

SELF_ASSESSMENT = (
    Column(key="number", header="序号", kind="number", width=4.5, required=True, align="center"),
    Column(key="area", header="一级指标", aliases=("方面",), width=8.5, align="center"),
    Column(key="group", header="二级指标", width=9, align="center"),
    Column(key="title", header="三级指标", aliases=("指标", "指标名称"), width=15.5, required=True),
    Column(key="points", header="分值", kind="number", width=5.6, required=True, align="center"),
    Column(
        key="self_score",
        header="自评得分",
        aliases=("自评分",),
        kind="number",
        width=5.6,
        unlocked=True,
        align="center",
        number_format="0.0",
        filled=(BY_UNIT, BY_LEAD),
    ),
    Column(
        key="statement",
        header="自评说明",
        aliases=("自评情况",),
        width=26.5,
        unlocked=True,
        filled=(BY_UNIT,),
    ),
    Column(
        key="evidence",
        header="佐证材料",
        aliases=("证明材料", "申报资料"),
        width=24,
        unlocked=True,
    ),
    Column(
        key="lead_score",
        header="牵头单位审核得分",
        aliases=("审核得分", "牵头单位得分"),
        kind="number",
        width=8.6,
        align="center",
        number_format="0.0",
        filled=(BY_LEAD,),
    ),
    Column(
        key="office_score",
        header="核验得分",
        kind="number",
        width=5.6,
        align="center",
        number_format="0.0",
        filled=(BY_OFFICE,),
    ),
    Column(
        key="deduction_reason",
        header="扣分原因",
        aliases=("扣分说明",),
        width=10.5,
        filled=(BY_LEAD, BY_OFFICE),
    ),
    Column(
        key="units",
        header="责任单位",
        aliases=("整改责任单位", "责任部门"),
        kind="units",
        width=13.8,
        align="center",
    ),
    Column(
        key="remark",
        header="备注",
        width=7.5,
        choices=REMARKS,
        unlocked=True,
        align="center",
    ),
)
