"""Ways of laying out a ledger that were misread once, each made small. Source: domain guide §8, §9.

See `other_offices.py` for whole ledgers by style.
"""

from __future__ import annotations

import pytest

from tests.assessments.rectification.made import HEAD, issue, only, sheet

# -- header cells -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("问题具体情况", "text"), ("问题概述", "text"), ("存在问题及表现形式", "text"),
        ("反馈意见及建议", "text"), ("佐证材料名称", "evidence"), ("佐证材料清单", "evidence"),
        ("备注信息", "remark"), ("备注栏", "remark"), ("备注事项", "remark"),
        ("整改标准要求", "requirement"), ("目标要求", "goal"), ("整改达到目标", "goal"),
        ("事项类别", "category"), ("办理进展", "progress"), ("整改情况（%）", "progress"),
        ("排序号", "number"), ("单位类别", None), ("单位性质", None),
    ],
)  # fmt: skip
def test_a_header_cell_with_more_words_than_its_name(label, field):
    head = [label, "责任单位", "完成时限"]
    cells = ["甲", "区司法局", "5月底"]
    if field != "text":
        head, cells = [*head, "存在问题"], [*cells, "乙"]
    row = only(head, cells)
    told = {"text", "evidence", "remark", "requirement", "goal", "category", "progress", "number"}
    assert {name for name in told if getattr(row, name) == "甲"} == ({field} if field else set())


@pytest.mark.parametrize(
    ("label", "value", "read"),
    [
        ("牵头责任部门", "区教育局", ("lead_units", ["区教育局"])),
        ("责任人签字", "张某", ("responsible_persons", ["张某"])),
        ("是否已经销号", "是", ("closed", True)),
    ],
)
def test_names_of_units_persons_and_marks(label, value, read):
    row = only(["存在问题", "责任单位", label], ["甲", "区司法局", value])
    assert getattr(row, read[0]) == read[1]


def test_names_under_blocks_of_leading_and_responsible_units():
    row = only(
        ["序号", "存在问题", "牵头单位", None, "责任单位", None],
        [None, None, "名称", "负责人", "名称", "责任人"],
        [1, "甲", "区司法局", "孙某", "区教育局", "张某"],
        merges=["A1:A2", "B1:B2", "C1:D1", "E1:F1"],
    )
    assert (row.lead_units, row.units) == (["区司法局"], ["区教育局"])


@pytest.mark.parametrize(
    ("top", "below"),
    [
        (["整改措施", None, None], ["措施一", "措施二", "措施三"]),
        (["整改措施1", "整改措施2", "整改措施3"], None),
    ],
)
def test_a_column_for_each_measure(top, below):
    rows = [["序号", "责任单位", "存在问题", *top, "完成时限"]]
    rows += [[None, None, None, *below]] if below else []
    reading = sheet(
        *rows, [1, "A局", "甲", "建账", "培训", "印发", "5月底"], [2, "A局", "乙", "公示"],
        merges=["A1:A2", "B1:B2", "C1:C2", "D1:F1", "G1:G2"] if below else [],
    )  # fmt: skip
    assert [row.measures for row in reading.rows] == [["建账", "培训", "印发"], ["公示"]]


def test_an_issue_named_by_its_number_is_no_header():
    reading = sheet(
        ["责任单位", "存在问题", "整改措施"], ["A局", "问题1", "措施1"], ["B局", "问题2", "措施2"]
    )
    assert [(row.text, row.measures) for row in reading.rows] == [
        ("问题1", ["措施1"]),
        ("问题2", ["措施2"]),
    ]


def test_a_row_of_stems_and_numbers_under_the_header_is_no_issue():
    row = only(
        ["序号", "责任单位", "存在问题", "备注"], ["甲", "乙", "（1）", "（2）"], [1, "A局", "丙"]
    )
    assert (row.row, row.number, row.text) == (3, "1", "丙")


# -- rows that are no issue ---------------------------------------------------------------------


@pytest.mark.parametrize("number", ["一、", "一", "（一）"])
@pytest.mark.parametrize("count", [20, "小计20分", None])
def test_a_section_may_be_named_in_a_column_without_a_meaning(number, count):
    reading = sheet(
        ["序号", "考核项目", "分值", "存在问题", "责任单位"],
        ["合计", None, 100],
        [number, "履行职责", count],
        [1, "学法", 5, "甲", "区司法局"],
    )
    assert [(row.row, row.category) for row in reading.rows] == [(4, "履行职责")]
    assert reading.problems == []


@pytest.mark.parametrize(
    "foot",
    [
        ["备注", "本表逾期未报的，予以通报。"],
        ["说明", None, "完成时限自接函之日起计算"],
        ["以上共1条"],
        ["填 表 人：张某", None, "审 核 人：李某"],
        ["[注]逾期通报"],
        ["领导签字：", None, "日期："],
        ["本表由各责任单位填写，一式三份"],
        [None, "抄送：区委办公室、区政府办公室"],
        [None, None, "二〇二三年四月十四日"],
        [None, None, "区委全面依法治区委员会办公室"],
    ],
)
def test_what_stands_under_the_issues(foot):
    reading = sheet(HEAD, issue(1), foot)
    assert [row.row for row in reading.rows] == [2]
    assert (reading.skipped_below_header, reading.merged_rows) == (1, 0)


@pytest.mark.parametrize(
    "line", ["填 报 单 位：区信访局", "填 报 单 位：区信访局  填 报 时 间：5月"]
)
def test_the_label_of_the_fill_in_line_spread_out(line):
    row = only([line], ["序号", "存在问题", "完成时限"], [1, "甲", "5月底"])
    assert row.units == ["区信访局"]


def test_a_second_list_named_by_its_heading():
    reading = sheet(
        ["一、共性问题"],
        ["序号", "问题表述", "涉及单位"],
        [1, "甲", "各责任单位"],
        [],
        ["二、个性问题"],
        ["序号", "责任单位", "问题描述"],
        [1, "区司法局", "乙"],
        merges=["A1:C1", "A5:C5"],
    )
    assert [(row.row, row.kind) for row in reading.rows] == [(3, "common"), (7, "individual")]
    assert reading.problems == []


def test_the_number_on_each_row_of_its_measures():
    reading = sheet(
        ["序号", "反馈问题", "整改措施", "责任单位"],
        [1, "甲", "建立台账", "区司法局"],
        ["1", None, "完善制度", None],
        [2, "乙", "组织培训", "区教育局"],
        [3, None, "明确专人", "区教育局"],
    )
    assert [(row.row, row.measures) for row in reading.rows] == [
        (2, ["建立台账", "完善制度"]),
        (4, ["组织培训"]),
        (5, ["明确专人"]),
    ]
    assert [(problem.row, problem.code) for problem in reading.problems] == [(5, "missing_text")]


# -- cells --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "lead", "units", "persons"),
    [
        ("牵头单位：甲局 责任单位：乙局、丙局", ["甲局"], ["乙局", "丙局"], []),
        ("牵头部门：甲局，责任部门：乙局", ["甲局"], ["乙局"], []),
        ("牵头：甲局；责任单位：甲局、乙局", ["甲局"], ["甲局", "乙局"], []),
        ("责任单位：甲局；责任人：王某、李某", [], ["甲局"], ["王某", "李某"]),
        ("责任单位：甲局\n联系人：王某", [], ["甲局"], []),
        ("①甲局②乙局", [], ["甲局", "乙局"], []),
        ("1、甲局；2、乙局", [], ["甲局", "乙局"], []),
        ("（1）甲局（2）乙局", [], ["甲局", "乙局"], []),
    ],
)
def test_roles_and_numbers_in_a_cell_of_units(cell, lead, units, persons):
    row = only(["序号", "存在问题", "责任单位"], [1, "丁", cell])
    assert (row.lead_units, row.units, row.responsible_persons) == (lead, units, persons)


@pytest.mark.parametrize(
    ("mark", "closed"),
    [
        ("□是☑否", False), ("☐是 ☑否", False), ("□是  √否", False), ("☑是□否", True),
        ("是☑ 否□", True), ("是□ 否☑", False), ("□", False), ("☐", False), ("✕", False),
        ("“是”", True),
    ],
)  # fmt: skip
def test_boxes_to_tick(mark, closed):
    assert only(HEAD, issue(1, closed=mark)).closed is closed


@pytest.mark.parametrize(
    ("measure", "measures"),
    [
        ("1.2023年5月前清退；2.完成3.5万元追缴", ["2023年5月前清退", "完成3.5万元追缴"]),
        ("1.3个月内建账；2.5月底前报备。", ["3个月内建账", "5月底前报备"]),
        ("1.2万元已追缴；2.5万元待追缴", ["1.2万元已追缴；2.5万元待追缴"]),
    ],
)
def test_numbered_measures_that_begin_with_a_time(measure, measures):
    assert only(HEAD, issue(1, measure=measure)).measures == measures


@pytest.mark.parametrize(
    ("deadline", "day"),
    [
        ("2023—06—10", "2023-06-10"), ("15 个工作日内", "2023-05-08"), ("60日", "2023-06-13"),
        ("全年", "2023-12-31"), ("30日", "2023-04-30"),
    ],
)  # fmt: skip
def test_deadlines(deadline, day):
    row = only(HEAD, issue(1, deadline=deadline))
    assert (row.deadline_text, row.deadline_kind) == (deadline, "fixed")
    assert row.deadline_date.isoformat() == day
