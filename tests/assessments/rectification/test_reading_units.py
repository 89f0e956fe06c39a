"""Whose issue it is and in which list. Source: domain guide §8, samples README."""

from __future__ import annotations

import pytest

from tests.assessments.rectification.made import HEAD, issue, only, read, sheet
from tests.spreadsheets.books import Page, book_of

# -- kinds and units ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "name", "head", "kind"),
    [
        ("个性问题整改台账", "Sheet1", "存在问题", "individual"),
        ("整改台账", "共性问题清单", "存在问题", "common"),
        ("整改台账", "Sheet1", "反馈意见", "opinion"),
        ("督察反馈问题整改台账", "反馈意见", "存在问题", "problem"),
        ("督察反馈意见个性问题台账", "Sheet1", "存在问题", "individual"),
        ("整改台账", "Sheet1", "存在问题", None),
        ("共性问题和个性问题清单", "Sheet1", "存在问题", None),
    ],
)
def test_the_kind_comes_from_title_sheet_or_header(title, name, head, kind):
    reading = sheet([title], ["序号", head, "责任单位"], [1, "甲", "区司法局"], name=name)
    assert reading.rows[0].kind == kind
    assert reading.sheets[0].kind == (kind or "unknown")


def test_two_lists_on_one_sheet():
    reading = sheet(
        ["一、共性问题清单"],
        ["序号", "方面", "问题表述", "涉及单位"],
        [1, "执法", "甲", "各责任单位"],
        [],
        ["二、个性问题清单"],
        ["序号", "责任单位", "存在问题", "完成时限"],
        [1, "区司法局", "乙", "5月底"],
    )
    assert [(row.kind, row.text, row.units) for row in reading.rows] == [
        ("common", "甲", ["各责任单位"]),
        ("individual", "乙", ["区司法局"]),
    ]
    assert reading.problems == []


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        (["填报单位（盖章）：区教育局      填报时间：2023年4月"], "区教育局"),
        (["单位名称：", "区民政局"], "区民政局"),
        (["单位：条"], "区司法局"),
        ([], "区司法局"),
    ],
)
def test_without_a_column_the_unit_is_that_of_the_fill_in_line_or_the_sheet(line, unit):
    row = only(line, ["序号", "存在问题"], [1, "甲"], name="区司法局")
    assert row.units == [unit]


def test_a_title_and_a_fill_in_line_in_one_cell():
    row = only(["个性问题整改台账\n填报单位：区教育局"], ["序号", "存在问题"], [1, "甲"])
    assert (row.kind, row.units) == ("individual", ["区教育局"])


def test_one_sheet_for_each_unit_may_number_from_one_again():
    pages = [
        Page([["序号", "存在问题"], [1, "甲"]], name=unit) for unit in ("区司法局", "区教育局")
    ]
    reading = read(book_of(pages))
    assert [(row.sheet, row.units) for row in reading.rows] == [
        ("区司法局", ["区司法局"]),
        ("区教育局", ["区教育局"]),
    ]
    assert reading.problems == []


def test_units_grouped_under_headings():
    reading = sheet(
        ["序号", "存在问题"], ["一、区司法局（1条）"], [1, "甲"], ["二、区教育局"], [1, "乙"]
    )
    assert [row.units for row in reading.rows] == [["区司法局"], ["区教育局"]]


@pytest.mark.parametrize(
    ("cell", "lead", "units"),
    [
        (
            "牵头单位：区司法局；配合单位：区教育局、区民政局",
            ["区司法局"],
            ["区司法局", "区教育局", "区民政局"],
        ),
        ("区司法局（牵头）、区教育局", ["区司法局"], ["区司法局", "区教育局"]),
        ("区直各单位、各镇（街道）", [], ["区直各单位", "各镇（街道）"]),
    ],
)
def test_units_with_roles_in_one_cell(cell, lead, units):
    row = only(HEAD, issue(1, unit=cell))
    assert (row.lead_units, row.units) == (lead, units)


def test_a_column_of_units_and_persons_together():
    row = only(
        ["序号", "存在问题", "责任单位及责任人"], [1, "甲", "区司法局 张某\n区教育局（李小某）"]
    )
    assert (row.units, row.responsible_persons) == (["区司法局", "区教育局"], ["张某", "李小某"])


def test_a_leading_unit_answers_where_nobody_else_is_named():
    head = ["序号", "存在问题", "牵头单位", "配合单位"]
    reading = sheet(head, [1, "甲", "区司法局", "区教育局"], [2, "乙", "区司法局", None])
    assert [(row.lead_units, row.units) for row in reading.rows] == [
        (["区司法局"], ["区教育局"]),
        (["区司法局"], ["区司法局"]),
    ]
    assert reading.problems == []


def test_ditto_marks_repeat_the_issue_above():
    reading = sheet(HEAD, issue(1), issue(2, text="乙", unit="同上", deadline="〃"))
    assert (reading.rows[1].units, reading.rows[1].deadline_text) == (["区司法局"], "5月底")
