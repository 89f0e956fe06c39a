"""The decomposition sheet and its blank form."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from indicators.assignments.sheets import (
    AssignmentHeading,
    AssignmentRow,
    assignment_book,
    blank_assignment_book,
)
from lawgov.spreadsheets.layout import Page
from tests.spreadsheets.workbooks import (
    crossing,
    differences,
    opened,
    page_ends,
    page_heights,
    planned_pages,
    printed_pages,
    recalculated,
    written_looks,
)

FIXTURE = Path(__file__).parents[3] / "fixtures" / "framework-2021.csv"
MADE = datetime(2023, 3, 20, tzinfo=UTC)
HEADERS = [
    *("序号", "一级指标", "二级指标", "三级指标", "分值", "测评方式"),
    *("牵头单位", "责任单位", "完成时限", "备注"),
]


@cache
def rows() -> tuple[AssignmentRow, ...]:
    with FIXTURE.open(encoding="utf-8-sig") as file:
        return tuple(_row(record) for record in csv.DictReader(file))


def _row(record: dict[str, str]) -> AssignmentRow:
    number = int(record["indicator_no"])
    return AssignmentRow(
        number=number,
        area=record["area"],
        group=record["group"],
        title=record["title"],
        points=Decimal(record["score"]),
        method=record["method"],
        lead_unit=f"区{record['lead_unit_type']}",
        units=("区教育局", "区司法局") if number % 2 else ("全区各责任单位",),
        due_text=("2023年6月底前", "2023-06-30", "长期坚持", "")[number % 4],
        due_on=date(2023, 6, 30) if number % 4 < 2 else None,
    )


@cache
def heading() -> AssignmentHeading:
    leads = tuple(dict.fromkeys(row.lead_unit for row in rows()))
    return AssignmentHeading("安和区", "2021年版", "安和区委依法治区办", date(2023, 3, 20), leads)


def test_hundred_indicators_under_the_headers_of_the_guide() -> None:
    sheet = opened(assignment_book(rows(), heading(), created=MADE))["任务分解表"]
    assert sheet["A1"].value == "安和区法治政府建设示范创建指标任务分解表（2021年版）"
    assert [cell.value for cell in sheet[3]] == HEADERS
    assert [sheet.cell(row, 1).value for row in range(4, 104)] == list(range(1, 101))
    assert sheet["E104"].value == "=SUM(E4:E103)"
    assert sheet["H4"].value == "区教育局、区司法局"
    assert sheet.max_row == 105


def test_time_limits_are_dates_with_the_text_as_comment() -> None:
    sheet = opened(assignment_book(rows(), heading(), created=MADE))["任务分解表"]
    written = {row.number: sheet.cell(row.number + 3, 9) for row in rows()}
    assert written[4].value.date() == date(2023, 6, 30)
    assert written[4].comment.text == "2023年6月底前"
    assert written[1].comment is None  # 2023-06-30 says what the cell shows
    assert (written[2].value, written[3].value) == ("长期坚持", None)


def test_pages_blocks_and_frames() -> None:
    book = assignment_book(rows(), heading(), created=MADE)
    sheet = opened(book)["任务分解表"]
    widths = [column.width for column in sheet.column_dimensions.values()]
    assert max(page_heights(sheet, 3)) <= Page().room(widths)
    assert page_ends(sheet) and crossing(sheet) == []
    looks = written_looks(book)
    assert all(
        looks[f"{letter}{row}"].lines == {"thin"}
        for letter in "ABCDEFGHIJ"
        for row in range(3, 105)
    )
    assert sheet.print_title_rows == "$3:$3" and sheet.freeze_panes == "E4"


def test_leads_are_offered_from_a_list_and_methods_too() -> None:
    workbook = opened(assignment_book(rows(), heading(), created=MADE))
    points, method, lead = workbook["任务分解表"].data_validations.dataValidation
    assert points.formula1 == "AND(ISNUMBER(E4),E4>0)"
    assert method.formula1 == '"材料查证,网络检索,案卷评查,实地考察,问卷测评"'
    assert not method.showErrorMessage and not lead.showErrorMessage
    offered = lead.formula1.strip('"').split(",")
    assert offered == list(heading().leads)


def test_both_readers_and_libreoffice_agree(tmp_path) -> None:
    book = assignment_book(rows(), heading(), created=MADE)
    assert differences(book) == []
    assert recalculated(book, tmp_path)["任务分解表"]["E104"].value == 1000
    assert printed_pages(book, tmp_path) == planned_pages(book)


def test_the_blank_form_keeps_the_indicators_and_no_names() -> None:
    unnamed = replace(heading(), unit="", filled_on=None)
    sheet = opened(blank_assignment_book(rows(), unnamed, created=MADE))["任务分解表"]
    assert sheet["D4"].value == rows()[0].title
    assert all(
        sheet.cell(row, column).value is None for row in range(4, 104) for column in (7, 8, 9, 10)
    )
    assert all(sheet.row_dimensions[row].height >= 30 for row in range(4, 104))
    assert not sheet["G4"].protection.locked and sheet["D4"].protection.locked
    assert "年　　月　　日" in sheet["H2"].value


def test_the_empty_form_fills_two_pages_and_may_be_filled_in_everywhere() -> None:
    sheet = opened(blank_assignment_book([], heading(), created=MADE))["任务分解表"]
    assert len(page_ends(sheet)) == 1
    cells = [sheet.cell(row, column) for row in range(4, 30) for column in range(1, 11)]
    assert all(cell.value is None and not cell.protection.locked for cell in cells)


def test_no_rows_no_sheet() -> None:
    with pytest.raises(ValueError, match="at least one"):
        assignment_book([], heading(), created=MADE)
