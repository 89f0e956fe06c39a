"""Headers are found by their names, wherever and however they stand."""

from __future__ import annotations

import pytest

from lawgov.spreadsheets.columns import Column
from lawgov.spreadsheets.grid import Facts, Grid, merge_of
from lawgov.spreadsheets.headers import find_headers
from lawgov.spreadsheets.headings import Names, heading
from lawgov.spreadsheets.limits import UnreadableSheet

COLUMNS = (
    Column("number", "序号", ("编号",), kind="number"),
    Column("units", "责任单位", ("整改责任单位", "单位"), kind="units"),
    Column("text", "存在问题", ("问题描述",), required=True),
    Column("measures", "整改措施"),
    Column("deadline", "完成时限", ("整改时限",), kind="date"),
    Column("closed", "是否销号", ("销号情况",)),
    Column("closed_on", "销号时间"),
    Column("other", "联系电话", ("问题来源", "是否存在问题")),
)
DATA = [1, "区司法局", "执法公示不规范，漏报信息三条。", "建立台账", "5月底"]


def _grid(*rows, merges=()):
    facts = Facts(merges=tuple(merge_of(place) for place in merges))
    return Grid("台账", [list(row) for row in rows], facts)


def _columns(*rows, merges=()):
    return [header.columns for header in find_headers(_grid(*rows, merges=merges), COLUMNS)]


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("整改责任\n单位", "整改责任单位"),
        ("完 成 时 限（年月日）", "完成时限"),
        ("3.责任单位", "责任单位"),
        ("一、存在问题", "存在问题"),
        ("责任单位*", "责任单位"),
        ("【必填】责任单位：", "责任单位"),
        ("存在问题（个）", "存在问题(个)"),
        ("（盖章）", "(盖章)"),
    ],
)
def test_a_header_cell_is_compared_without_its_trimmings(text, bare):
    assert heading(text) == bare


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("问题描述", "text"),
        ("督察组发现的存在问题", "text"),
        ("问题整改责任单位", "units"),
        ("被审计单位", "units"),
        ("问题来源", "other"),
        ("是否存在问题", "other"),
        ("责任人联系电话", "other"),
        ("金额", None),
        ("", None),
        ("存在问题（个）", None),
    ],
)
def test_names_match_exactly_then_by_their_ending(label, key):
    match = Names(COLUMNS).find(label)
    assert (match and match.column.key) == key


def test_a_header_below_titles_in_any_order_of_columns():
    found = find_headers(
        _grid(
            ["整改台账"],
            ["填报单位：区委办"],
            [],
            ["存在问题", "序 号", "整改\n时限"],
            ["甲", 1, "5月底"],
        ),
        COLUMNS,
    )
    assert [(h.top, h.bottom, h.columns) for h in found] == [
        (4, 4, {"text": 1, "number": 2, "deadline": 3})
    ]


def test_two_merged_header_rows_give_the_lower_names():
    assert _columns(
        ["序号", "问题描述", "整改要求", None, "销号情况", None],
        [None, None, "整改措施", "整改时限", "是否销号", "时间"],
        [1, "甲", "m", "5月底", "是", "5月1日"],
        merges=["A1:A2", "B1:B2", "C1:D1", "E1:F1"],
    ) == [{"number": 1, "text": 2, "measures": 3, "deadline": 4, "closed": 5, "closed_on": 6}]


def test_two_header_rows_without_merges_are_understood_too():
    assert _columns(
        ["序号", "责任", "问题描述", "整改", None],
        [None, "单位", None, "措施", "时限"],
        DATA,
    ) == [{"number": 1, "units": 2, "text": 3, "measures": 4, "deadline": 5}]


def test_a_data_row_is_never_taken_for_a_second_header_row():
    found = find_headers(_grid(["序号", "单位", "存在问题"], [1, "区司法局", "未公示"]), COLUMNS)
    assert [(h.top, h.bottom) for h in found] == [(1, 1)]


def test_the_better_name_wins_and_the_first_place_of_equals():
    assert _columns(["单位", "责任单位", "存在问题", "存在问题"], ["甲", "乙", "丙", "丁"]) == [
        {"units": 2, "text": 3}
    ]


def test_a_repeated_header_and_another_layout_further_down():
    head = ["序号", "责任单位", "存在问题"]
    rows = [
        head,
        [1, "甲局", "长长的问题"],
        [],
        head,
        [2, "乙局", "另一个问题"],
        ["问题描述", "编号"],
        ["丙", 1],
    ]
    assert _columns(*rows) == [
        {"number": 1, "units": 2, "text": 3},
        {"number": 1, "units": 2, "text": 3},
        {"text": 1, "number": 2},
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [["单位", "存在问题"], ["区司法局", 3], ["区教育局", 4]],
        [["单位", "存在问题"], ["区司法局", "3条"], ["区教育局", "12条"]],
        [["单位", "存在问题（个）"], ["区司法局", "未公示"]],
        [["行标签", "计数项:存在问题"], ["区司法局", 3]],
        [["存在问题"], ["甲"]],
        [["序号", "单位"], [1, "甲局"]],
        [["存在问题" * 9, "序号"], ["甲", 1]],
        [],
    ],
    ids=["counts", "counted", "unit", "pivot", "alone", "register", "long", "empty"],
)
def test_what_is_no_table_of_issues_has_no_header(rows):
    assert _columns(*rows) == []


def test_a_number_column_without_a_name_is_found_by_what_it_holds():
    assert _columns(
        [None, "责任单位", "存在问题"], [1, "甲局", "一问题"], ["（2）", "乙局", "二问题"]
    ) == [{"number": 1, "units": 2, "text": 3}]


def test_a_sheet_of_nothing_but_headers_is_refused():
    with pytest.raises(UnreadableSheet):
        find_headers(_grid(*[["序号", "存在问题"]] * 1_100), COLUMNS)
