"""Which rows are issues: one test for each mess. Source: domain guide §8, samples README."""

from __future__ import annotations

from datetime import date

import pytest

from tests.assessments.rectification.made import HEAD, codes, issue, only, sheet

# -- above and below the table ----------------------------------------------------------------


def test_titles_context_totals_notes_signatures_and_dates_are_skipped_and_named():
    reading = sheet(
        ["安和区整改台账"],
        ["填报单位：区委办", None, "填报时间：2023.4.1"],
        [],
        HEAD,
        ["合计", "2个单位", "2条"],
        issue(1),
        ["小计", None, "1条"],
        issue(2, text="复议纠错未报告"),
        ["注：1.整改时限自接函之日起计算；"],
        ["2.逾期的予以通报。"],
        ["填表人：", None, "审核人：", None, "联系电话："],
        [None, None, None, None, None, None, "（盖章）"],
        [None, None, None, None, None, None, None, "2023年4月14日"],
    )
    assert [row.row for row in reading.rows] == [6, 8]
    assert reading.sheets[0].skipped == [
        (1, "title"), (2, "context"), (3, "blank"), (5, "subtotal"), (7, "subtotal"), (9, "note"),
        (10, "note"), (11, "note"), (12, "note"), (13, "note"),
    ]  # fmt: skip
    assert (reading.merged_rows, reading.skipped_below_header) == (0, 7)
    assert reading.rows[1].closed_date is None


def test_an_issuing_office_and_date_below_the_table_belong_to_no_issue():
    reading = sheet(
        HEAD, issue(1), [], [None] * 8 + ["区委依法治区办"], [None] * 8 + ["2023年4月14日"]
    )
    assert reading.rows[0].remark is None
    assert [row for row, _why in reading.sheets[0].skipped] == [3, 4, 5]


def test_rows_prepared_for_filling_in_are_no_issues():
    reading = sheet(HEAD, issue(1), [2], [3, None, None, None, None, None, "否"])
    assert [row.number for row in reading.rows] == ["1"]
    assert reading.rows[0].closed is False


def test_the_column_numbers_of_a_form_are_skipped():
    reading = sheet(HEAD, list(range(1, 10)), issue(1))
    assert reading.sheets[0].skipped == [(2, "repeated_header")]


# -- chapters, numbers, blocks ----------------------------------------------------------------


@pytest.mark.parametrize("wide", [False, True])
def test_chapters_give_the_category(wide):
    reading = sheet(
        HEAD,
        ["一、行政执法方面（1条）"],
        issue(1),
        ["（二）行政复议"],
        issue(2, text="乙"),
        merges=["A2:I2", "A4:I4"] if wide else [],
    )
    assert [row.category for row in reading.rows] == ["行政执法方面", "行政复议"]


def test_chapters_of_a_sheet_without_numbers():
    head = ["存在问题", "责任单位"]
    reading = sheet(
        head, ["一、行政执法方面"], ["甲", "区司法局"], ["二、复议"], ["乙", "区司法局"]
    )
    assert [(row.category, row.text) for row in reading.rows] == [
        ("行政执法方面", "甲"),
        ("复议", "乙"),
    ]


def test_a_chapter_with_a_digit_over_all_columns():
    reading = sheet(HEAD, ["1.行政执法方面"], issue(1), merges=["A2:I2"])
    assert [(row.number, row.category) for row in reading.rows] == [("1", "行政执法方面")]


def test_a_chapter_numbered_in_its_own_cell():
    reading = sheet(HEAD, ["一", None, "行政执法方面", "5条"], issue(1), issue(2, text="乙"))
    assert [(row.number, row.category) for row in reading.rows] == [
        ("1", "行政执法方面"),
        ("2", "行政执法方面"),
    ]


def test_chinese_numbers_throughout_are_issues_and_no_chapters():
    reading = sheet(HEAD, issue("一、"), issue("二、", text="乙"))
    assert [row.number for row in reading.rows] == ["1", "2"]


def test_a_category_column_goes_before_chapters():
    head = ["序号", "方面", "存在问题", "责任单位"]
    reading = sheet(head, ["一、某章"], [1, "普法", "甲", "区司法局"], [2, None, "乙", "区司法局"])
    assert [row.category for row in reading.rows] == ["普法", None]


def test_values_of_blocks_count_for_all_their_rows_and_empty_cells_do_not():
    reading = sheet(
        HEAD,
        issue(1, text="甲", remark="一并核查"),
        [2, None, "乙", "复核", None, None, "是"],
        [3, None, "丙", "复核"],
        merges=["B2:B3", "E2:E3", "I2:I3"],
    )
    assert [row.units for row in reading.rows] == [["区司法局"], ["区司法局"], []]
    assert [row.deadline_text for row in reading.rows] == ["5月底", "5月底", None]
    assert [row.remark for row in reading.rows] == ["一并核查", "一并核查", None]
    assert codes(reading) == [(4, "missing_unit")]


def test_one_issue_over_several_rows_collects_measures_units_and_deadlines():
    reading = sheet(
        HEAD,
        issue(1, text="甲", closed="是"),
        [None, "区教育局", None, "复核", "6月底"],
        HEAD,
        [None, None, None, "通报", "5月20日"],
        issue(2, text="乙"),
    )
    first = reading.rows[0]
    assert first.measures == ["建立台账", "复核", "通报"]
    assert first.units == ["区司法局", "区教育局"]
    assert (first.deadline_text, first.deadline_date) == ("6月底", date(2023, 6, 30))
    assert first.closed
    assert codes(reading) == [(2, "several_deadlines")]
    assert reading.merged_rows == 2


def test_a_label_written_again_after_a_page_end_is_the_same_issue():
    reading = sheet(HEAD, issue(1, text="甲"), HEAD, issue(1, text="甲", measure="复核"))
    assert [row.measures for row in reading.rows] == [["建立台账", "复核"]]


def test_the_same_row_twice_is_two_issues_and_told():
    reading = sheet(HEAD, issue(1, text="甲"), issue(1, text="甲"))
    assert len(reading.rows) == 2
    assert codes(reading) == [(3, "duplicate_number"), (3, "duplicate_issue")]


def test_one_text_over_several_numbers_is_several_issues():
    reading = sheet(HEAD, issue(1, text="甲"), [2, "区教育局"], [3, "区民政局"], merges=["C2:C4"])
    assert [(row.number, row.text, row.units) for row in reading.rows] == [
        ("1", "甲", ["区司法局"]),
        ("2", "甲", ["区教育局"]),
        ("3", "甲", ["区民政局"]),
    ]


@pytest.mark.parametrize(
    ("subs", "numbers"),
    [([1, 2, 1], ["1-1", "1-2", "2-1"]), ([1, 2, 3], ["1", "2", "3"])],
)
def test_a_number_of_units_and_a_sub_number_of_issues(subs, numbers):
    reading = sheet(
        ["序号", "组织单位", "分序号", "问题描述", "整改时限", "责任部门"],
        [1, "一公司", subs[0], "甲", "5月底", "工程部"],
        [None, None, subs[1], "乙", "5月底", "安质部"],
        [2, "二公司", subs[2], "丙", "5月底", "工程部"],
        merges=["A2:A3", "B2:B3"],
    )
    assert [row.number for row in reading.rows] == numbers
    assert [row.units for row in reading.rows] == [["工程部"], ["安质部"], ["工程部"]]


def test_a_block_over_two_columns_is_told():
    reading = sheet(HEAD, issue(1, measure=None), merges=["C2:D2"])
    assert (reading.rows[0].text, reading.rows[0].measures) == ("执法公示不规范", [])
    assert codes(reading) == [(2, "merged_odd")]


def test_a_block_over_leading_and_responsible_unit_is_both():
    head = ["序号", "存在问题", "牵头单位", "责任单位"]
    row = only(head, [1, "甲", "区司法局"], merges=["C2:D2"])
    assert (row.lead_units, row.units) == (["区司法局"], ["区司法局"])


def test_a_block_that_begins_in_a_nameless_column_on_the_left_is_read():
    row = only(
        ["序号", None, "存在问题", "责任单位"], [1, "甲", None, "区司法局"], merges=["B2:C2"]
    )
    assert row.text == "甲"
