"""The self-assessment workbook, measured: every figure of the house style, on 100 indicators."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from assessments.rounds.columns import SELF_ASSESSMENT
from assessments.rounds.sheets import (
    AssessmentHeading,
    IndicatorRow,
    assessment_book,
    assessment_sheet,
)
from lawgov.spreadsheets.layout import Page, text_height
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
    written_looks,
)

FIXTURE = Path(__file__).parents[3] / "fixtures" / "framework-2021.csv"
HEADING = AssessmentHeading(
    place="安和区",
    edition="2021年版",
    unit="安和区委依法治区办",
    filled_on=date(2023, 7, 20),
    hand_in_by=date(2023, 7, 25),
    hand_in_to="区委依法治区办",
)
MADE = datetime(2023, 7, 20, 1, tzinfo=UTC)
NOT_APPLICABLE, NO_PROOF, DEDUCTED = 22, (12, 54, 86), (3, 21, 27, 60, 100)

LETTERS = "ABCDEFGHIJKLM"
WIDTHS = [4.5, 8.5, 9, 15.5, 5.6, 5.6, 26.5, 24, 8.6, 5.6, 10.5, 13.8, 7.5]
HEADERS = [
    "序号",
    "一级指标",
    "二级指标",
    "三级指标",
    "分值",
    "自评得分",
    "自评说明",
    "佐证材料",
    "牵头单位审核得分",
    "核验得分",
    "扣分原因",
    "责任单位",
    "备注",
]


@cache
def indicators() -> tuple[IndicatorRow, ...]:
    with FIXTURE.open(encoding="utf-8-sig") as file:
        return tuple(_indicator(record) for record in csv.DictReader(file))


def _indicator(record: dict[str, str]) -> IndicatorRow:
    number, points = int(record["indicator_no"]), Decimal(record["score"])
    lost = Decimal("1.5") if number in DEDUCTED else Decimal(0)
    proofs = record["evidence_hint"].split("；")
    return IndicatorRow(
        number=number,
        area=record["area"],
        group=record["group"],
        title=record["title"],
        points=points,
        self_score=points - lost,
        statement=record["requirement"].removeprefix("说明"),
        evidence=""
        if number in NO_PROOF
        else "\n".join(f"{place}.{proof}" for place, proof in enumerate(proofs, 1)),
        lead_score=points - lost,
        office_score=points - lost - (Decimal("0.5") if number == 21 else 0),
        deduction_reason="公示信息更新不及时" if number in DEDUCTED[:-1] else "",
        units=f"区{record['lead_unit_type']}",
        remark="无地方立法权" if number == NOT_APPLICABLE else "",
        not_applicable=number == NOT_APPLICABLE,
    )


@cache
def book() -> Book:
    return assessment_book(indicators(), HEADING, created=MADE)


@pytest.fixture(scope="module")
def workbook() -> Workbook:
    return opened(book())


@pytest.fixture(scope="module")
def sheet(workbook: Workbook) -> Worksheet:
    return workbook["自评表"]


@pytest.fixture(scope="module")
def values() -> Worksheet:
    return opened(book(), values=True)["自评表"]


def _rows(sheet: Worksheet, kind: str) -> list[int]:
    """Sheet rows of one kind: data, subtotal, total, applicable."""
    found = {"data": [], "subtotal": [], "total": [], "applicable": []}
    for row in range(4, sheet.max_row):
        first = sheet.cell(row, 1).value
        if isinstance(first, int):
            found["data"].append(row)
        elif "小计" in str(first):
            found["subtotal"].append(row)
        else:
            found["total" if first == "合　计" else "applicable"].append(row)
    return found[kind]


def test_rows_are_title_line_header_100_indicators_9_subtotals_two_totals_signature(sheet) -> None:
    assert len(_rows(sheet, "data")) == 100
    assert len(_rows(sheet, "subtotal")) == 9
    assert [len(_rows(sheet, kind)) for kind in ("total", "applicable")] == [1, 1]
    assert sheet.max_row == 3 + 100 + 9 + 2 + 1
    assert [sheet.cell(row, 1).value for row in _rows(sheet, "data")] == list(range(1, 101))


def test_title_is_merged_over_all_columns_in_title_face(sheet) -> None:
    cell = sheet["A1"]
    assert cell.value == "安和区法治政府建设示范创建指标自评表（2021年版）"
    assert "A1:M1" in map(str, sheet.merged_cells.ranges)
    assert (cell.font.name, cell.font.size) == ("方正小标宋简体", 20)
    assert cell.alignment.horizontal == "center"
    assert 36 <= sheet.row_dimensions[1].height <= 42


def test_line_two_has_the_unit_left_and_a_true_date_right(sheet) -> None:
    assert sheet["A2"].value == "填报单位：安和区委依法治区办（盖章）"
    day = sheet["H2"]
    assert day.value == datetime(2023, 7, 20)  # noqa: DTZ001 - cells have no zone
    assert day.number_format == '"填报时间："yyyy"年"m"月"d"日　　计量单位：分"'
    assert (day.font.name, day.font.size, day.alignment.horizontal) == ("宋体", 11, "right")
    assert box(day) == {None}
    assert {"A2:G2", "H2:M2"} <= set(map(str, sheet.merged_cells.ranges))
    assert 20 <= sheet.row_dimensions[2].height <= 24


def test_header_texts_and_look(sheet) -> None:
    cells = [sheet.cell(3, column) for column in range(1, 14)]
    assert [cell.value for cell in cells] == HEADERS
    assert not any("\n" in cell.value for cell in cells)
    assert {(c.font.name, c.font.size, c.fill.fgColor.rgb[-6:]) for c in cells} == {
        ("黑体", 10.5, "DCE6F1")
    }
    assert {cell.alignment.horizontal for cell in cells} == {"center"}


def test_widths_and_the_band_in_which_a_header_of_four_breaks_badly(sheet) -> None:
    assert [sheet.column_dimensions[letter].width for letter in LETTERS] == WIDTHS
    assert not [c for c in SELF_ASSESSMENT if len(c.header) == 4 and 5.7 < c.width < 7.5]


def test_data_cells_are_songti_10_wrapped_and_boxed_merged_ones_too(sheet) -> None:
    looks = written_looks(book())
    for row in _rows(sheet, "data"):
        for letter in LETTERS:
            look = looks[f"{letter}{row}"]
            assert (look.font.name, look.font.size) == ("宋体", 10)
            assert look.wrapped and look.lines == {"thin"}


def test_numbers_units_and_remarks_are_centred_running_text_left_nothing_right(sheet) -> None:
    looks = written_looks(book())
    for row in _rows(sheet, "data"):
        aligned = {letter: looks[f"{letter}{row}"].align for letter in LETTERS}
        assert aligned == {c: "left" if c in "DGHK" else "center" for c in LETTERS}


def test_number_formats(sheet) -> None:
    for row in _rows(sheet, "data"):
        assert sheet.cell(row, 5).number_format == "General"
        assert {sheet.cell(row, column).number_format for column in (6, 9, 10)} == {"0.0"}
    for row in _rows(sheet, "subtotal") + _rows(sheet, "total"):
        assert {sheet.cell(row, column).number_format for column in (6, 9, 10)} == {"0.0"}
    last = _rows(sheet, "applicable")[0]
    assert {sheet.cell(last, column).number_format for column in (6, 9, 10)} == {"0.0%"}


@pytest.mark.parametrize(
    ("kind", "fill"), [("subtotal", "F2F2F2"), ("total", "D9D9D9"), ("applicable", "D9D9D9")]
)
def test_sums_are_bold_and_grey_over_the_whole_row(sheet, kind: str, fill: str) -> None:
    looks = written_looks(book())
    for row in _rows(sheet, kind):
        cells = [looks[f"{letter}{row}"] for letter in LETTERS]
        assert {look.fill for look in cells} == {fill}
        assert all(look.lines == {"thin"} for look in cells)
        assert all(cells[place].font.bold for place in (0, 4, 5, 8, 9))
        assert f"A{row}:D{row}" in map(str, sheet.merged_cells.ranges)


def test_area_and_group_are_merged_and_no_merge_crosses_a_page_end(sheet) -> None:
    assert page_ends(sheet)
    assert crossing(sheet) == []
    begins = {4, *(end + 1 for end in page_ends(sheet))}
    by_number = {row.number: row for row in indicators()}
    above = None
    for row in _rows(sheet, "data"):
        item = by_number[sheet.cell(row, 1).value]
        again = row in begins or above is None
        fresh_area = again or item.area != above.area
        fresh_group = fresh_area or item.group != above.group
        assert sheet.cell(row, 2).value == (item.area if fresh_area else None)
        assert sheet.cell(row, 3).value == (item.group if fresh_group else None)
        above = item


def test_pages_hold_what_fits_and_the_sums_stay_with_the_last_row(sheet) -> None:
    room = Page().room(WIDTHS)
    heights = page_heights(sheet, 3)
    assert max(heights) <= room
    assert min(heights[:-1]) > room * 0.8
    totals = _rows(sheet, "total")[0]
    assert max(page_ends(sheet)) < _rows(sheet, "data")[-2]
    for row in (*_rows(sheet, "subtotal"), totals, totals + 1, totals + 2):
        assert row - 1 not in page_ends(sheet), f"row {row} begins a page"


def test_row_heights_follow_the_text_and_grow_only_for_labels(sheet) -> None:
    grown = 0
    for row in _rows(sheet, "data"):
        needed = max(
            text_height(str(sheet.cell(row, column).value or ""), WIDTHS[column - 1], 10)
            for column in (4, 7, 8, 11, 12, 13)
        )
        height = sheet.row_dimensions[row].height
        assert needed <= height <= 409
        grown += height > needed
    assert grown <= 5


def test_every_label_has_room_in_its_block(sheet) -> None:
    merged = {str(found).split(":")[0]: found for found in sheet.merged_cells.ranges}
    for row in _rows(sheet, "data"):
        for column, letter in ((2, "B"), (3, "C")):
            text = sheet.cell(row, column).value
            if text:
                block = merged.get(f"{letter}{row}")
                last = block.max_row if block else row
                room = sum(sheet.row_dimensions[r].height for r in range(row, last + 1))
                assert room >= text_height(text, WIDTHS[column - 1], 10)


def test_print_set_up(sheet) -> None:
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    margins = sheet.page_margins
    sides = (margins.left, margins.right, margins.top, margins.bottom, margins.header)
    assert [round(side * 25.4, 2) for side in sides] == [12, 12, 15, 16, 8]
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.print_area == f"'自评表'!$A$1:$M${sheet.max_row}"
    assert sheet.print_options.horizontalCentered
    assert sheet.freeze_panes == "E4"
    assert sheet.auto_filter.ref is None


def test_signature_row_is_the_last_and_without_a_frame(sheet) -> None:
    row = sheet.max_row
    assert [sheet.cell(row, column).value for column in (1, 5, 8, 11)] == [
        "填报人：",
        "牵头单位审核人：",
        "单位负责人（签字）：",
        "年　　月　　日",
    ]
    assert all(box(sheet.cell(row, column)) == {None} for column in range(1, 14))


def test_only_four_columns_of_data_rows_can_be_filled_in(sheet) -> None:
    assert sheet.protection.sheet and not sheet.protection.password
    unlocked = {
        (cell.row, cell.column)
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked
    }
    assert unlocked == {(row, column) for row in _rows(sheet, "data") for column in (6, 7, 8, 13)}


def test_validations_stand_on_data_rows_only(sheet) -> None:
    found = sheet.data_validations.dataValidation
    rows = set(_rows(sheet, "data"))
    for validation in found:
        covered = {
            row for area in validation.sqref.ranges for row in range(area.min_row, area.max_row + 1)
        }
        assert covered == rows
    custom = {v.formula1: v for v in found if v.type == "custom"}
    assert set(custom) == {f"AND(ISNUMBER({c}4),{c}4>=0,{c}4<=$E4,MOD({c}4*2,1)=0)" for c in "FIJ"}
    assert all(v.showErrorMessage and v.allowBlank for v in custom.values())
    lists = [v for v in found if v.type == "list"]
    assert {next(iter(v.sqref.ranges)).min_col for v in lists} == {11, 13}
    assert not any(v.showErrorMessage for v in lists)
    assert any(v.formula1 == '"不适用,佐证待补,自评待补"' for v in lists)


def test_conditional_formats_mark_deductions_and_gaps(sheet) -> None:
    found = {
        str(next(iter(condition.sqref.ranges)))[0]: condition.rules
        for condition in sheet.conditional_formatting
    }
    assert set(found) == set("FIJHK")
    for letter in "FIJ":
        (rule,) = found[letter]
        assert rule.formula == [f"AND(ISNUMBER({letter}4),{letter}4<$E4)"]
        font, fill = rule.dxf.font, rule.dxf.fill
        assert (font.b, font.u, font.color.rgb[-6:]) == (True, "single", "C00000")
        assert fill.bgColor.rgb[-6:] == "FFF2CC"
    for letter, formula in (
        ("H", "AND(ISNUMBER($F4),$F4>0,LEN(TRIM($H4))=0)"),
        ("K", "AND(COUNT($F4,$I4,$J4)>0,MIN($F4,$I4,$J4)<$E4,LEN(TRIM($K4))=0)"),
    ):
        (rule,) = found[letter]
        assert rule.formula == [formula]
        assert (rule.dxf.fill.patternType, rule.dxf.fill.fgColor.rgb[-6:]) == ("lightUp", "7F7F7F")


def test_the_indicator_that_does_not_apply_has_no_score_and_says_so(sheet) -> None:
    row = next(r for r in _rows(sheet, "data") if sheet.cell(r, 1).value == NOT_APPLICABLE)
    assert sheet.cell(row, 13).value == "不适用（无地方立法权）"
    assert [sheet.cell(row, column).value for column in (6, 9, 10)] == [None] * 3
    assert sheet.cell(row, 7).value


def test_sums_are_formulas_over_their_areas(sheet) -> None:
    first = 4
    for row in _rows(sheet, "subtotal"):
        assert sheet.cell(row, 5).value == f"=SUM(E{first}:E{row - 1})"
        assert sheet.cell(row, 6).value == f"=SUM(F{first}:F{row - 1})"
        first = row + 1
    total = _rows(sheet, "total")[0]
    assert sheet.cell(total, 6).value == "=" + "+".join(f"F{r}" for r in _rows(sheet, "subtotal"))
    assert sheet.cell(total + 1, 5).value == (
        f'=E{total}-SUMIFS(E4:E{total - 1},M4:M{total - 1},"不适用*")'
    )


def test_carried_values_are_the_sums_of_the_rows(sheet, values) -> None:
    total = _rows(sheet, "total")[0]
    applicable = [row for row in indicators() if not row.not_applicable]
    points = sum(row.points for row in applicable)
    assert values.cell(total, 5).value == 1000
    assert values.cell(total + 1, 5).value == points == 992
    for column, key in ((6, "self_score"), (9, "lead_score"), (10, "office_score")):
        scored = sum(getattr(row, key) for row in applicable)
        assert values.cell(total, column).value == float(scored)
        assert values.cell(total + 1, column).value == pytest.approx(float(scored / points))
    second = _rows(sheet, "subtotal")[1]
    assert values.cell(second, 1).value == "第二方面小计（9项）"
    area = [row for row in applicable if row.area == indicators()[NOT_APPLICABLE].area]
    rate = 100 * sum(row.self_score for row in area) / sum(row.points for row in area)
    shown = rate.quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert values.cell(second, 7).value == f"自评得分率 {shown}%"


def test_libreoffice_recalculates_the_same_figures(tmp_path) -> None:
    again = recalculated(book(), tmp_path)
    wrong = [
        (title, address, value, again[title][address].value)
        for title, address, value in formula_cells(book())
        if not same_figure(value, again[title][address].value)
    ]
    assert wrong == []


def test_libreoffice_prints_the_pages_that_were_planned(tmp_path) -> None:
    assert printed_pages(book(), tmp_path) == planned_pages(book())


def test_both_readers_read_the_same_cells() -> None:
    assert differences(book()) == []


def test_a_form_without_scores_shows_no_rate_and_divides_by_nothing(tmp_path) -> None:
    rows = [
        replace(row, self_score=None, lead_score=None, office_score=None, not_applicable=True)
        for row in indicators()[:3]
    ]
    blank = assessment_book(rows, replace(HEADING, filled_on=None, unit=""), created=MADE)
    sheet = opened(blank, values=True)["自评表"]
    assert sheet["H2"].value.startswith("填报时间：　")
    assert [sheet.cell(row, 7).value for row in (7, 8)] == [None, None]
    assert [sheet.cell(9, column).value for column in (5, 6, 9)] == [0, "—", "—"]
    again = recalculated(blank, tmp_path)["自评表"]
    assert [again.cell(9, column).value for column in (5, 6, 9)] == [0, "—", "—"]


def test_areas_of_a_part_keep_their_number() -> None:
    part = [replace(row, area_number=9) for row in indicators()[-3:]]
    sheet = opened(assessment_book(part, HEADING, created=MADE))["自评表"]
    assert sheet["A7"].value == "第九方面小计（3项）"


def test_no_rows_no_sheet() -> None:
    with pytest.raises(ValueError, match="at least one"):
        assessment_sheet([], HEADING)


def test_instructions_are_one_upright_locked_page(workbook: Workbook) -> None:
    sheet = workbook["填表说明"]
    assert workbook.sheetnames == ["自评表", "填表说明"]
    assert sheet.page_setup.orientation == "portrait"
    assert sheet.print_title_rows == "$2:$2"
    assert sheet.freeze_panes == "A3"
    assert sheet.max_row == 14
    assert not page_ends(sheet)
    assert sheet.protection.sheet
    assert all(cell.protection.locked for row in sheet.iter_rows() for cell in row)
    assert "共100项" in sheet["C3"].value
    assert sheet["C14"].value.endswith("于2023年7月25日前将纸质件和电子表报区委依法治区办。")
