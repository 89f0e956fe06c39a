"""What cells say, what is wrong with them, and ledgers seen in the wild. Source: domain guide."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.assessments.rectification.made import HEAD, codes, issue, only, read, sheet
from tests.files.hostile import OLE
from tests.spreadsheets.books import SHEET, Page, book, book_of, with_part, with_parts

# -- days and marks -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "text", "day"),
    [
        (date(2023, 5, 20), "2023-05-20", date(2023, 5, 20)),
        (datetime(2023, 5, 20, 8, 36), "2023-05-20 08:36", date(2023, 5, 20)),  # noqa: DTZ001
        (45046, "2023-04-30", date(2023, 4, 30)),
        ("45046", "2023-04-30", date(2023, 4, 30)),
        (20230501, "20230501", date(2023, 5, 1)),
        (2023.5, "2023.5", date(2023, 5, 31)),
        (4.25, "4.25", date(2023, 4, 25)),
        ("２０２３年５月２０日", "２０２３年５月２０日", date(2023, 5, 20)),
        (" 年底前\u3000", "年底前", date(2023, 12, 31)),
    ],
)
def test_deadlines_in_every_kind_of_cell(cell, text, day):
    row = only(HEAD, issue(1, deadline=cell))
    assert (row.deadline_text, row.deadline_kind, row.deadline_date) == (text, "fixed", day)


@pytest.mark.parametrize("cell", ["2023年2月30日", "6月31日前", 4.3])
def test_an_impossible_or_lost_day_is_told(cell):
    reading = sheet(HEAD, issue(1, deadline=cell))
    assert (reading.rows[0].deadline_kind, reading.rows[0].deadline_date) == ("unknown", None)
    assert codes(reading) == [(2, "bad_date")]
    assert reading.problems[0].column == "E"


@pytest.mark.parametrize("mac_dates", [False, True])
def test_dates_of_both_systems(mac_dates):
    data = book_of([Page([HEAD, issue(1, deadline=date(2023, 5, 20))])], mac_dates=mac_dates)
    assert read(data).rows[0].deadline_date == date(2023, 5, 20)


@pytest.mark.parametrize(
    ("mark", "closed"),
    [
        ("是", True), ("√", True), ("✔", True), ("已销号", True), ("已闭环", True), (True, True),
        ("☑是 □否", True), ("是（已销号）", True), ("已于4月20日销号", True), ("予以销号", True),
        ("否", False), ("未销号", False), ("×", False), ("待销号", False), ("已申请销号", False),
        ("是□ 否☑", False), ("整改中", False), ("部分销号", False), ("不予销号", False),
        ("/", False), (False, False), (None, False), ("另行研究", None),
    ],
)  # fmt: skip
def test_closed_marks(mark, closed):
    assert only(HEAD, issue(1, closed=mark)).closed is closed


def test_without_a_column_nothing_is_said_about_closing():
    row = only(["序号", "存在问题", "责任单位", "销号时间"], [1, "甲", "区司法局", "2023年5月3日"])
    assert (row.closed, row.closed_date) == (None, date(2023, 5, 3))


def test_yes_and_no_in_two_columns():
    reading = sheet(
        ["序号", "责任单位", "存在问题", "是否销号", None],
        [None, None, None, "是", "否"],
        [1, "区司法局", "甲", "√", None],
        [2, "区司法局", "乙", None, "√"],
        merges=["A1:A2", "B1:B2", "C1:C2", "D1:E1"],
    )
    assert [row.closed for row in reading.rows] == [True, False]


@pytest.mark.parametrize(
    ("cell", "day", "told"),
    [
        ("2023.5.17", date(2023, 5, 17), []),
        (date(2023, 5, 17), date(2023, 5, 17), []),
        ("5月17日", date(2023, 5, 17), []),
        ("2023年5月", date(2023, 5, 31), []),
        ("/", None, []),
        ("待销号", None, []),
        ("2023年5月32日", None, ["bad_date"]),
        ("第3次会议", None, ["bad_date"]),
    ],
)
def test_closing_days(cell, day, told):
    reading = sheet(HEAD, issue(1, closed="是", closed_on=cell))
    assert reading.rows[0].closed_date == day
    assert [code for _row, code in codes(reading)] == told


def test_a_closing_day_inside_the_mark():
    row = only(
        ["序号", "存在问题", "责任单位", "销号情况"], [1, "甲", "区司法局", "已销号（5月3日）"]
    )
    assert (row.closed, row.closed_date) == (True, date(2023, 5, 3))


# -- faults -------------------------------------------------------------------------------------


def test_a_missing_text_or_unit_keeps_the_row_and_is_told():
    reading = sheet(HEAD, issue(1, text=None), issue(2, unit=None))
    assert [row.text for row in reading.rows] == ["", "执法公示不规范"]
    assert codes(reading) == [(2, "missing_text"), (3, "missing_unit")]


def test_the_first_row_without_number_and_text_is_not_lost():
    reading = sheet(HEAD, [None, "区司法局", None, "建立台账"], issue(1))
    assert [row.row for row in reading.rows] == [2, 3]
    assert codes(reading) == [(2, "missing_text")]


def test_formulas_give_their_result_and_their_errors_are_told():
    data = book(
        [HEAD, issue("=ROW()-1"), issue(2, text="乙", deadline="=A1"), issue(3, text="#REF!")]
    )
    data = with_part(
        data, SHEET, lambda xml: xml.replace(b"<f>ROW()-1</f><v></v>", b"<f>ROW()-1</f><v>1</v>")
    )
    reading = read(data)
    assert reading.rows[0].number == "1"
    assert reading.rows[1].deadline_text is None
    assert codes(reading) == [(3, "formula_error"), (4, "formula_error"), (4, "missing_text")]


def test_hidden_rows_are_read_and_told_hidden_columns_and_sheets_just_read():
    pages = [
        Page([HEAD, issue(1), issue(2, text="乙")], hidden_rows=[3], hidden_columns=["D"]),
        Page([HEAD, issue(1, text="丙")], name="旧", hidden=True),
    ]
    reading = read(book_of(pages))
    assert [row.text for row in reading.rows] == ["执法公示不规范", "乙", "丙"]
    assert all(row.measures for row in reading.rows)
    assert codes(reading) == [(3, "hidden_row")]


def test_sheets_without_issues_give_no_rows_and_are_told():
    pages = [
        Page([["单位", "存在问题"], ["区司法局", 3], ["区教育局", 4]], name="汇总"),
        Page([["问题类别"], ["普法"]], name="选项", hidden=True),
        Page([], name="空"),
        Page([HEAD, issue(1)], name="个性问题"),
    ]
    reading = read(book_of(pages))
    assert [row.sheet for row in reading.rows] == ["个性问题"]
    assert [(p.sheet, p.code) for p in reading.problems] == [
        ("汇总", "no_header"),
        ("选项", "no_header"),
    ]


def test_macros_are_ignored_and_said():
    data = with_parts(book([HEAD, issue(1)]), xl__vbaProject_dot_bin=OLE + bytes(8))
    assert read(data, name="台账.xlsm").macros


# -- layouts seen in the wild -------------------------------------------------------------------


def test_a_transport_ledger():
    row = only(
        [
            "检查日期",
            "被检查单位",
            "存在的安全隐患",
            "整改措施",
            "整改时限",
            "责任人",
            "整改到位时间",
            "销号时间",
            "备注",
        ],
        [
            "2023.4.1",
            "甲公司",
            "灭火器过期",
            "更换",
            "4月20日",
            "张某",
            "2023.4.9",
            "2023.4.11",
            None,
        ],
    )
    assert (row.units, row.text, row.closed_date) == (["甲公司"], "灭火器过期", date(2023, 4, 11))
    assert (row.number, row.closed) == (None, None)


def test_a_supervision_workbench_list():
    row = only(
        ["问题标题", "问题编码", "整改责任单位", "行业主管部门", "问题来源", "发生领域", "督导状态",
         "整改状态", "临期/超期情况", "督导后风险", "整改期限", "办结时间"],
        ["占道施工", "WT-001", "区城管局", "区住建局", "督察", "城市管理", "已督导",
         "整改中", "临期", "低", "2023-05-01", None],
    )  # fmt: skip
    assert (row.number, row.text, row.units) == ("WT-001", "占道施工", ["区城管局"])
    assert (row.category, row.closed) == ("城市管理", None)


def test_an_audit_ledger_under_two_rows_with_a_block_of_which():
    row = only(
        ["序号", "被审计单位", "问题情况", None, None, "整改责任", None, "整改情况", None, None,
         "是否已完成整改", "是否销号"],
        [None, None, "问题类别", "问题描述", "其中：金额", "整改第一责任人", "联系电话", "整改措施",
         "整改时限", "整改进展", None, None],
        [1, "区司法局", "财务", "未公示", 12.5, "张某", "138", "公示", "5月底", "完成", "是", "否"],
        merges=["A1:A2", "B1:B2", "C1:E1", "F1:G1", "H1:J1", "K1:K2", "L1:L2"],
    )  # fmt: skip
    assert (row.units, row.category, row.text) == (["区司法局"], "财务", "未公示")
    assert (row.responsible_persons, row.measures) == (["张某"], ["公示"])
    assert (row.progress, row.closed) == ("完成", False)
