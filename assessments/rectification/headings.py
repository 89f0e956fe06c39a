"""What offices call the columns of a ledger 整改台账: the official header and its other names.

The reader looks for these names; where two columns of a sheet could be meant, the name that
stands earlier wins. Domain guide §8 has the aliases that are stated; the rest is the trade's usage.
"""

from __future__ import annotations

from lawgov.spreadsheets.columns import Column

YES, NO = "是", "否"
CLOSED, OPEN = "已销号", "未销号"


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


NUMBER = Column(
    "number",
    "序号",
    _words("编号 问题编号 问题序号 排序号 序列号 序 项次 项号 条目 号 问题编码 NO NO."),
    kind="number",
    align="center",
)
SUB_NUMBER = Column(
    "sub_number", "分序号", _words("小序号 子序号 分项序号 分号 问题分序号"), kind="number"
)
UNITS = Column(
    "units",
    "责任单位",
    _words(
        """
        整改责任单位 责任部门 整改责任部门 整改单位 整改部门 责任主体 整改责任主体 整改主体
        涉及单位 被检查单位 被督察单位 被督查单位 被督导单位 被检单位 受检单位 受检查单位
        受督察单位 问题单位 存在问题单位 涉及部门 承办单位 落实单位 责任单位名称 单位名称
        部门名称 单位 部门 组织单位 配合单位 协办单位 配合部门 责任科室
        """
    ),
    kind="units",
    align="center",
)
LEAD_UNITS = Column(
    "lead_units",
    "牵头单位",
    _words(
        """
        牵头部门 整改牵头单位 整改牵头部门 牵头责任单位 牵头责任部门 牵头整改单位 主办单位 主责单位
        """
    ),
    kind="units",
    align="center",
)
UNITS_AND_PERSONS = Column(
    "units_and_persons",
    "责任单位及责任人",
    _words(
        """
        责任单位和责任人 责任单位责任人 责任单位/责任人 责任单位、责任人 责任单位与责任人
        整改责任单位及责任人 整改责任单位和责任人 整改责任单位责任人 责任部门及责任人
        整改责任单位/责任人 整改责任单位、责任人
        """
    ),
)
CATEGORY = Column(
    "category",
    "问题类别",
    _words(
        """
        方面 类别 问题类型 问题分类 问题方面 所属方面 涉及方面 督察方面 检查方面 问题领域
        所属领域 涉及领域 发生领域 领域 类型 分类 一级指标 问题性质
        """
    ),
    align="center",
)
TEXT = Column(
    "text",
    "存在问题",
    _words(
        """
        问题描述 问题表述 反馈问题 反馈意见 个性问题 共性问题 存在的问题 具体问题 问题具体描述
        问题内容 存在的主要问题 存在主要问题 主要问题 发现的问题 发现问题 检查发现的问题
        检查发现问题 督察发现的问题 督察发现问题 督查发现问题 问题表现 具体问题表现 具体表现
        问题及表现 问题清单 问题详情 问题情况 督察反馈意见 督察反馈问题 反馈意见内容
        反馈问题内容 具体反馈意见 意见内容 存在的安全隐患 存在安全隐患 安全隐患 存在隐患
        存在的隐患 隐患描述 隐患内容 存在问题及不足 存在问题和不足 存在的问题及不足 问题和不足
        不足 问题事项 问题 整改问题 问题标题 问题名称 问题摘要 整改事项 整改内容 整改任务
        """
    ),
    required=True,
)
REQUIREMENT = Column(
    "requirement",
    "整改要求",
    _words("整改意见 整改建议 整改意见建议 督察要求 工作要求 处理意见 处理要求 要求"),
)
GOAL = Column(
    "goal", "整改目标", _words("整改目标任务 整改目标要求 目标任务 目标要求 预期目标 工作目标 目标")
)
MEASURES = Column(
    "measures",
    "整改措施",
    _words(
        """
        具体整改措施 整改具体措施 整改举措 具体措施 具体举措 拟采取措施 拟采取的措施 采取措施
        采取的措施 工作措施 工作举措 整改措施及要求 整改办法 整改步骤 整改方案 措施 举措
        """
    ),
)
PERSONS = Column(
    "persons",
    "责任人",
    _words(
        """
        责任人及联系电话 责任人及电话 责任人及联系方式 责任人和联系电话 整改责任人及联系电话
        整改责任人 具体责任人 直接责任人 责任人员 责任人姓名 整改责任人员 责任人及职务
        第一责任人 整改第一责任人 整改负责人 负责人 责任领导 整改责任领导 分管领导 分管负责人
        经办人 人
        """
    ),
    align="center",
)
DEADLINE = Column(
    "deadline",
    "完成时限",
    _words(
        """
        整改时限 整改期限 完成期限 截止时间 整改完成时限 整改完成期限 整改截止时间 截止日期
        整改截止日期 办理时限 办结时限 整改限期 限期 时限 期限 时限要求 整改时限要求
        计划完成时限 计划完成时间 拟完成时间 拟完成时限 预计完成时间 要求完成时间 整改完成时间
        完成时间 完成日期 整改时间 完成时间节点 时间节点 时间要求 时间安排 销号时限
        """
    ),
    kind="date",
    align="center",
    number_format="yyyy-mm-dd",
)
PROGRESS = Column(
    "progress",
    "整改进展",
    _words(
        """
        整改情况 整改落实情况 整改进展情况 整改完成情况 整改工作进展 整改落实进展 落实情况
        进展情况 完成情况 整改进度 工作进展 目前进展 当前进展 整改结果 整改成效 整改落实
        办理情况 整改说明 进展 进度
        """
    ),
)
EVIDENCE = Column(
    "evidence",
    "佐证材料",
    _words(
        """
        整改佐证材料 佐证资料 整改佐证 佐证 印证材料 印证资料 证明材料 证明资料 支撑材料
        支撑资料 附件材料 整改资料 附件
        """
    ),
)
CLOSED_MARK = Column(
    "closed",
    "是否销号",
    _words(
        """
        销号情况 销号状态 是否已销号 是否已经销号 是否完成销号 是否同意销号 是否验收销号 销号与否
        验收销号情况 验收销号 销号 是否闭环 是否已闭环 闭环情况 闭环状态 销号是否
        """
    ),
    kind="choice",
    choices=(YES, NO, CLOSED, OPEN),
    align="center",
)
# A mark in one of two columns instead of a word in one.
CLOSED_YES = Column(
    "closed_yes", "是否销号是", _words("销号情况是 销号是 销号情况已销号 是否销号已销号")
)
CLOSED_NO = Column(
    "closed_no", "是否销号否", _words("销号情况否 销号否 销号情况未销号 是否销号未销号")
)
CLOSED_ON = Column(
    "closed_on",
    "销号时间",
    _words(
        """
        闭环时间 复查通过时间 销号日期 完成销号时间 销号完成时间 闭环日期 复查通过日期 验收销号时间
        核查销号时间 验收通过时间 验收时间 验收日期 办结时间 办结日期
        """
    ),
    kind="date",
    align="center",
    number_format="yyyy-mm-dd",
)
REMARK = Column("remark", "备注", _words("备注说明 备考 其他说明 说明 其他"))
# Known, and without a place in the ledger: named here so that no looser name catches them.
LEFT_OUT = Column(
    "other",
    "联系电话",
    _words(
        """
        电话 联系方式 联系人 责任人联系电话 职务 责任人职务 检查日期 检查时间 督察时间 发现时间
        问题来源 来源 问题原因 存在问题原因 产生问题原因 原因分析 问题成因 产生原因 原因 问题数
        问题数量 问题总数 问题个数 问题条数 是否存在问题 是否完成整改 是否已完成整改
        是否整改到位 是否整改完成 是否完成 整改状态 督导状态 整改到位时间 实际完成时间
        实际完成时限 完成整改时间 督办单位 督导单位 督察单位 检查单位 验收单位 核查单位 填报单位
        填报时间 填报人 验收人 核查人 销号人 审核人 督办领导 包保领导 处罚情况 行业主管部门
        主管部门 监管部门 督导后风险 临期/超期情况 项目名称 施工标段 工点名称 关联指标 检查依据
        法律依据 单位类别 单位类型 单位性质 整改率 完成率 销号率 开始时间 起始时间
        """
    ),
)

# fmt: off
KNOWN = (
    NUMBER, SUB_NUMBER, UNITS, LEAD_UNITS, UNITS_AND_PERSONS, CATEGORY, TEXT, REQUIREMENT, GOAL,
    MEASURES, PERSONS, DEADLINE, PROGRESS, EVIDENCE, CLOSED_MARK, CLOSED_YES, CLOSED_NO, CLOSED_ON,
    REMARK, LEFT_OUT,
)
# fmt: on
