"""The two ledgers of opinions and problems, and the problem list of one unit, measured."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import pytest

from assessments.rectification.annex_sheet import AnnexHeading, AnnexRow, annex_book
from assessments.rectification.feedback_sheets import FeedbackRow, feedback_book
from assessments.rectification.sheets import LedgerHeading
from lawgov.spreadsheets.layout import Page
from lawgov.spreadsheets.sheet import Book
from tests.spreadsheets.workbooks import (
    box,
    crossing,
    differences,
    formula_cells,
    opened,
    page_ends,
    page_heights,
    planned_pages,
    printed_pages,
    recalculated,
    same_figure,
)

MADE = datetime(2022, 8, 31, 1, tzinfo=UTC)
HEADING = LedgerHeading("安和区法治政府建设督察", "安和区委依法治区办", date(2022, 8, 31))
# From the guide's example of two ledgers: 序号 … 备注.
WIDTHS = [4.5, 24, 15.5, 25, 8.8, 13, 6.8, 13, 16, 8.4, 9.2]
HEADERS = [
    *("序号", "反馈意见", "整改目标", "整改措施", "牵头单位", "责任单位", "责任人"),
    *("整改时限", "整改情况", "销号情况", "备注"),
]
OPINIONS, PROBLEMS = "反馈意见整改台账", "反馈问题整改台账"


def _row(number: int, measures: int) -> FeedbackRow:
    return FeedbackRow(
        number=number,
        text=f"第{number}条：重大行政决策目录公布偏晚，配套的专家库未建立，抽查的部门没有专题研究。",
        goal="目录每年3月底前公布，专家库实际运行。",
        measures=tuple(f"第{place}项措施：列入年度考核指标并按季调度" for place in range(measures)),
        lead_units=("区司法局",),
        units=("区教育局", "区财政局"),
        persons=("张某",),
        deadline_text="2022年底前，并长期坚持" if number % 3 == 0 else "2022-09-30",
        deadline_kind="compound" if number % 3 == 0 else "fixed",
        deadline_date=date(2022, 12, 31) if number % 3 == 0 else date(2022, 9, 30),
        progress="目录已公布，专家库入库62人。" if number % 2 else "",
        closed=number % 4 == 0,
    )


@cache
def rows() -> tuple[FeedbackRow, ...]:
    """21 opinions; one has more measures than a page holds, one has none."""
    return (*(_row(n, n % 4) for n in range(1, 21)), _row(21, 45))


@cache
def book() -> Book:
    problems = [_row(number, 2) for number in range(1, 21)]
    return feedback_book({"opinion": rows(), "problem": problems}, HEADING, created=MADE)


def test_the_ledgers_are_kept_apart_with_the_same_columns() -> None:
    found = opened(book())
    assert found.sheetnames == [OPINIONS, PROBLEMS]
    for sheet, name in zip(found, ("反馈意见", "反馈问题"), strict=True):
        assert [cell.value for cell in sheet[3]] == [HEADERS[0], name, *HEADERS[2:]]
        assert [d.width for d in sheet.column_dimensions.values()] == WIDTHS
        assert sheet["A1"].value == f"安和区法治政府建设督察{name}整改台账"
        assert (sheet.freeze_panes, sheet.print_title_rows) == ("C4", "$3:$3")
        assert sheet.auto_filter.ref is None
        assert sheet["G2"].number_format.startswith('"填报日期：')


def test_a_row_a_measure_under_merged_cells() -> None:
    sheet = opened(book())[OPINIONS]
    first = next(row for row in range(4, sheet.max_row) if sheet.cell(row, 1).value == 3)
    merged = {str(found) for found in sheet.merged_cells.ranges}
    assert {f"{letter}{first}:{letter}{first + 2}" for letter in "ABCEFGHIJK"} <= merged
    assert [bool(sheet.cell(first + place, 4).value) for place in range(3)] == [True] * 3
    assert all(box(sheet.cell(first + 1, column)) == {"thin"} for column in (4,))


def test_pages_hold_whole_blocks_where_they_can() -> None:
    for sheet in opened(book()):
        assert crossing(sheet) == []
        assert max(page_heights(sheet, 3)) <= Page().room(WIDTHS)
    sheet = opened(book())[PROBLEMS]
    assert all(sheet.cell(end + 1, 1).value for end in page_ends(sheet))


def test_what_is_typed_and_what_is_marked() -> None:
    sheet = opened(book())[PROBLEMS]
    (offer,) = sheet.data_validations.dataValidation
    assert (str(offer.sqref), offer.formula1) == ("J4:J43", '"已销号,未销号"')
    (marked,) = sheet.conditional_formatting
    assert (str(marked.sqref), marked.rules[0].formula) == ("J4:J43", ['$J4="未销号"'])
    opened_columns = [c.column_letter for c in sheet[4] if not c.protection.locked]
    assert opened_columns == ["D", "G", "I"]


def test_the_time_limit_is_a_day_with_the_written_text_beside_it() -> None:
    sheet = opened(book())[PROBLEMS]
    limit = sheet["H8"]  # the third problem
    assert limit.value.date() == date(2022, 12, 31)
    assert limit.number_format == 'yyyy-mm-dd"，长期坚持"'
    assert limit.comment.text == "2022年底前，并长期坚持"
    assert sheet["H4"].comment is None


def test_the_total_counts_what_stands_there_even_where_a_page_cuts_a_block(tmp_path: Path) -> None:
    """45 measures fill more than a page; the labels of their block are written twice."""
    measures = sum(len(row.measures) for row in rows())
    closed = sum(row.closed for row in rows())
    wanted = f"合计：反馈意见 21 条，整改措施 {measures} 项，"
    wanted += f"已销号 {closed} 条，未销号 {21 - closed} 条。"
    anew = recalculated(book(), tmp_path)
    for title, address, carried in formula_cells(book()):
        assert same_figure(anew[title][address].value, carried), address
    last = opened(book())[OPINIONS].max_row - 1
    assert anew[OPINIONS][f"A{last}"].value == wanted


def test_both_readers_read_the_same_and_printing_keeps_the_pages(tmp_path: Path) -> None:
    assert differences(book()) == []
    assert printed_pages(book(), tmp_path) == planned_pages(book())


def test_a_ledger_without_issues_has_one_empty_row() -> None:
    sheet = opened(feedback_book({"opinion": []}, HEADING, created=MADE))[OPINIONS]
    assert (
        "反馈意见 0 条，整改措施 0 项"
        in opened(feedback_book({"opinion": []}, HEADING, created=MADE), values=True)[OPINIONS][
            "A5"
        ].value
    )
    assert sheet.max_row == 6


@pytest.mark.parametrize("letter", ["", "安法办函〔2023〕5号"])
def test_the_problem_list_names_unit_letter_and_indicator(letter: str) -> None:
    listed = [
        AnnexRow(1, "公示不及时", "限期补齐", "4月底前", "fixed", date(2023, 4, 30), "3.公示")
    ]
    heading = AnnexHeading("2023年专项督察", "区水利局", date(2023, 4, 14), letter)
    sheet = opened(annex_book(listed, heading, created=MADE))["问题清单"]
    assert [cell.value for cell in sheet[3]] == ["序号", "问题", "整改要求", "完成时限", "关联指标"]
    assert sheet["A1"].value == "2023年专项督察问题清单"
    assert sheet["A2"].value.startswith("责任单位：区水利局") and letter in sheet["A2"].value
    assert sheet["D4"].comment.text == "4月底前"
    assert sheet["E4"].value == "3.公示"
    assert sheet["A5"].value == "签收人："
