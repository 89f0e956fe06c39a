"""The columns of a framework file, one row per indicator, as in framework-2021.csv."""

from __future__ import annotations

from lawgov.spreadsheets.columns import Column as C

FRAMEWORK = (
    C("code", "编码", ("指标编码", "指标代码"), width=8),
    C("area_no", "一级序号", ("方面序号", "一级指标序号"), kind="number", width=8.6),
    C("area", "一级指标", ("方面", "一级指标名称"), required=True, width=22),
    C("area_short", "一级简称", ("方面简称", "一级指标简称"), width=9),
    C("group_no", "二级序号", ("二级指标序号",), kind="number", width=8.6),
    C("group", "二级指标", ("二级指标名称",), required=True, width=18),
    C("indicator_no", "序号", ("指标序号", "三级序号", "三级指标序号"), kind="number", width=6),
    C("title", "三级指标", ("指标", "指标名称", "三级指标名称"), required=True, width=36),
    C("requirement", "指标要求", ("要求", "测评要求", "指标说明", "评估标准"), width=30),
    C("evidence_hint", "佐证提示", ("佐证材料", "佐证", "申报材料", "材料清单"), width=30),
    C("method", "测评方式", ("评估方式", "测评方法"), width=9),
    C("points", "分值", ("score", "分数", "标准分", "满分"), kind="number", required=True, width=6),
    C("lead_unit_type", "牵头单位类型", ("牵头单位", "牵头部门"), width=13),
    C("title_en", "英文名称", ("英文",), width=20),
    C("basis", "依据", ("来源",), width=9),
)
