"""The ledger workbook, measured: lights, time limits, statistics and the figures of the style."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from assessments.rectification.deadlines import Light, light
from assessments.rectification.sheet_rows import (
    COMPOUND,
    CommonRow,
    LedgerRow,
    deadline_cell,
    numbered,
)
from assessments.rectification.sheets import LedgerHeading, ledger_book
from assessments.rectification.states import State
from assessments.rectification.statistics import UNNAMED
from lawgov.spreadsheets.layout import Page, text_height
from lawgov.spreadsheets.sheet import Book
from lawgov.spreadsheets.styles import Look
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

REPORTED, ISSUED = date(2023, 5, 10), date(2023, 4, 14)
HEADING = LedgerHeading("安和区法治政府建设专项督察", "安和区委依法治区办", REPORTED, ISSUED)
MADE = datetime(2023, 5, 10, 1, tzinfo=UTC)
LETTERS = "ABCDEFGHIJKLM"

# From the guide: 序号 … 备注.
WIDTHS = [4.5, 11.6, 9.2, 21.5, 16, 20, 6.8, 12, 14.5, 11.5, 5.6, 10.2, 11.4]
HEADERS = [
    *("序号", "责任单位", "问题类别", "存在问题", "整改要求", "整改措施", "责任人"),
    *("完成时限", "整改进展", "佐证材料", "是否销号", "销号时间", "备注"),
]
COMMON_HEADERS = ["序号", "方面", "问题表述", "涉及单位", "整改要求", "完成时限", "备注"]

UNITS = ("区发展和改革局", "区教育局", "公安分局", "区司法局", "区*分局", "区?局", "A局", "a局")
CATEGORIES = ("行政执法案卷", "政务公开", "重大行政决策", "")
LIMITS = (
    ("4月底前", "fixed", date(2023, 4, 30)),
    ("2023年5月20日前", "fixed", date(2023, 5, 20)),
    ("2023-05-21", "fixed", date(2023, 5, 21)),
    ("立行立改", "immediate", date(2023, 4, 21)),
    ("2023年6月底前，并长期坚持", "compound", date(2023, 6, 30)),
    ("长期坚持", "long_term", None),
    ("近期", "unknown", None),
    ("", "none", None),
    ("5月10日", "fixed", REPORTED),
)


def _row(number: int) -> LedgerRow:
    text, kind, day = LIMITS[number % len(LIMITS)]
    closed = number % 5 == 0
    return LedgerRow(
        number=number,
        unit=UNITS[number % len(UNITS)],
        category=CATEGORIES[number % len(CATEGORIES)],
        text=f"第{number}项：抽查行政处罚案卷12本，其中3本未制作听证告知书，2本送达回证日期早于决定日期。",
        requirement="逐卷自查，能补正的依法补正，不能补正的说明情况。",
        measures=("法制大队对近两年案卷逐本复核", "每月抽查不少于10本")[: 1 + number % 2],
        persons=("张某", "李某")[: 1 + number % 2],
        deadline_text=text,
        deadline_kind=kind,
        deadline_date=day,
        progress="" if number % 7 == 0 else "复核案卷318本，补正21本。",
        evidence="" if number % 6 == 0 else "复核台账、培训签到册",
        closed=closed,
        closed_on=REPORTED - timedelta(number % 12) if closed and number % 10 else None,
        remark="逾期销号" if closed else "",
    )


@cache
def rows() -> tuple[LedgerRow, ...]:
    return tuple(_row(number) for number in range(1, 61))


@cache
def common() -> tuple[CommonRow, ...]:
    return tuple(
        CommonRow(
            number,
            "行政执法规范化",
            "部分单位三项制度落实不到位，事后公示不及时，案卷文书要素不全。",
            ("各行政执法单位",) if number % 2 else ("区教育局", "区司法局"),
            "对照三项制度逐项自查，建立公示台账。",
            *LIMITS[number],
        )
        for number in range(1, 9)
    )


@cache
def book() -> Book:
    return ledger_book(rows(), common(), HEADING, created=MADE)


@pytest.fixture(scope="module")
def workbook() -> Workbook:
    return opened(book())


@pytest.fixture(scope="module")
def sheet(workbook: Workbook) -> Worksheet:
    return workbook["个性问题整改台账"]


@pytest.fixture(scope="module")
def values() -> Workbook:
    return opened(book(), values=True)


LAST = 3 + 60


def test_three_sheets_in_order(workbook: Workbook) -> None:
    assert workbook.sheetnames == ["个性问题整改台账", "共性问题清单", "销号统计"]
    assert workbook.properties.title == "安和区法治政府建设专项督察个性问题整改台账"


def test_title_line_and_true_report_date(sheet: Worksheet) -> None:
    assert sheet["A1"].value == "安和区法治政府建设专项督察个性问题整改台账"
    assert (sheet["A1"].font.name, sheet["A1"].font.size) == ("方正小标宋简体", 20)
    assert 36 <= sheet.row_dimensions[1].height <= 42
    assert sheet["A2"].value == "填报单位：安和区委依法治区办"
    day = sheet["G2"]
    assert day.value.date() == REPORTED
    assert day.number_format == '"填报时间（亮灯基准日）："yyyy"年"m"月"d"日"'
    assert day.alignment.horizontal == "right" and box(day) == {None}
    assert {"A1:M1", "A2:F2", "G2:M2"} <= set(map(str, sheet.merged_cells.ranges))


def test_header_and_widths(sheet: Worksheet) -> None:
    cells = [sheet[f"{letter}3"] for letter in LETTERS]
    assert [cell.value for cell in cells] == HEADERS
    assert {(c.font.name, c.font.size, c.fill.fgColor.rgb[-6:]) for c in cells} == {
        ("黑体", 10.5, "DCE6F1")
    }
    assert [sheet.column_dimensions[letter].width for letter in LETTERS] == WIDTHS


def test_data_cells_are_songti_10_boxed_centred_or_left() -> None:
    looks = written_looks(book())
    for row in range(4, LAST + 1):
        cells = {letter: looks[f"{letter}{row}"] for letter in LETTERS}
        assert {(look.font.name, look.font.size) for look in cells.values()} == {("宋体", 10)}
        assert all(look.wrapped and look.lines == {"thin"} for look in cells.values())
        assert {letter for letter in LETTERS if cells[letter].align == "left"} == set("DEFIJM")
        assert {letter for letter in LETTERS if cells[letter].align == "center"} == set("ABCGHKL")


def test_a_time_limit_is_a_true_date_wherever_one_exists(sheet: Worksheet) -> None:
    for number, row in enumerate(rows(), 4):
        cell = sheet.cell(number, 8)
        if row.deadline_date is None:
            assert cell.value == (row.deadline_text or None)
            assert cell.comment is None
            continue
        assert cell.value.date() == row.deadline_date
        compound = row.deadline_kind == "compound"
        assert cell.number_format == (COMPOUND if compound else "yyyy-mm-dd")
        if row.deadline_text == row.deadline_date.isoformat():
            assert cell.comment is None
        else:
            assert cell.comment.text == row.deadline_text


def test_compound_limits_are_named_under_the_table_for_a_light_hides_them(sheet) -> None:
    note = sheet.cell(LAST + 1, 1).value
    numbers = "、".join(str(row.number) for row in rows() if row.deadline_kind == "compound")
    assert note.splitlines()[2].strip() == f"3.序号{numbers}的事项在完成时限后长期坚持。"
    assert COMPOUND == 'yyyy-mm-dd"，长期坚持"'


def test_deadline_cell_of_nothing_is_empty() -> None:
    assert deadline_cell("", "none", None, Look()).value is None


@pytest.mark.parametrize(
    ("items", "text"),
    [
        ((), ""),
        (("只有一项",), "只有一项"),
        (("甲；", "乙。"), "1.甲；\n2.乙。"),
        (("1.甲；", "2.乙。"), "1.甲；\n2.乙。"),
        (("（1）甲", "（2）乙"), "（1）甲\n（2）乙"),
        (("①甲", "②乙"), "①甲\n②乙"),
    ],
)
def test_several_measures_are_numbered_once(items: tuple[str, ...], text: str) -> None:
    assert numbered(items) == text


def test_closing_columns(sheet: Worksheet) -> None:
    for number, row in enumerate(rows(), 4):
        assert sheet.cell(number, 11).value == ("是" if row.closed else "否")
        closed_on = sheet.cell(number, 12)
        assert (closed_on.value.date() if closed_on.value else None) == row.closed_on
        assert closed_on.number_format == "yyyy-mm-dd"


def test_lights_compare_with_the_stated_day_and_not_with_today(sheet: Worksheet) -> None:
    found = {
        str(next(iter(condition.sqref.ranges))): condition.rules
        for condition in sheet.conditional_formatting
    }
    assert set(found) == {f"{letter}4:{letter}{LAST}" for letter in "HJL"}
    lights = found[f"H4:H{LAST}"]
    assert [rule.formula[0] for rule in lights] == [
        '$K4="是"',
        "AND(ISNUMBER($H4),$H4<$G$2)",
        "AND(ISNUMBER($H4),$H4-$G$2<=10)",
        "ISNUMBER($H4)",
    ]
    assert [rule.dxf.numFmt.formatCode for rule in lights] == [
        f'"{sign}"yyyy-mm-dd' for sign in "■▲△○"
    ]
    assert [rule.dxf.fill.bgColor.rgb[-6:] for rule in lights] == [
        "D9D9D9",
        "C00000",
        "FFD966",
        "E2EFDA",
    ]
    assert [bool(rule.dxf.font.b) for rule in lights] == [False, True, True, False]
    assert lights[1].dxf.font.color.rgb[-6:] == "FFFFFF"
    assert all(rule.stopIfTrue for rule in lights)
    everything = str([rule.formula for rules in found.values() for rule in rules])
    assert "TODAY" not in everything and "NOW" not in everything


def test_the_lights_of_the_sheet_are_the_lights_of_the_product() -> None:
    """The four conditions in order, worked out here, agree with the rule on every row."""
    sign = {Light.GREY: "■", Light.RED: "▲", Light.YELLOW: "△", Light.GREEN: "○"}
    for row in rows():
        day = row.deadline_date
        if row.closed:
            shown = "■"
        elif day is None:
            continue  # text has no light in the sheet
        else:
            shown = "▲" if day < REPORTED else "△" if (day - REPORTED).days <= 10 else "○"
        state = State.CLOSED if row.closed else State.RECTIFYING
        assert shown == sign[light(day, REPORTED, state)]


def test_missing_proof_missing_day_and_late_closing_are_marked(sheet: Worksheet) -> None:
    rules = {
        str(next(iter(condition.sqref.ranges)))[0]: condition.rules
        for condition in sheet.conditional_formatting
    }
    (no_proof,), (no_day, late) = rules["J"], rules["L"]
    assert no_proof.formula == ["AND(LEN($D4)>0,LEN(TRIM($J4))=0)"]
    assert no_day.formula == ['AND($K4="是",LEN($L4)=0)']
    assert late.formula == ['AND($K4="是",ISNUMBER($L4),ISNUMBER($H4),$L4>$H4)']
    assert {rule.dxf.fill.patternType for rule in (no_proof, no_day)} == {"lightUp"}
    font = late.dxf.font
    assert (font.b, font.u, font.color.rgb[-6:]) == (True, "single", "C00000")


def test_validations(sheet: Worksheet) -> None:
    closed, closed_on = sheet.data_validations.dataValidation
    assert (str(closed.sqref), closed.type, closed.formula1) == (f"K4:K{LAST}", "list", '"是,否"')
    assert closed.showErrorMessage
    assert (str(closed_on.sqref), closed_on.type) == (f"L4:L{LAST}", "date")
    assert (closed_on.formula1, closed_on.formula2) == ("DATE(2023,4,14)", "$G$2")
    assert "2023年4月14日" in closed_on.error


def test_filter_freeze_print_and_signature(sheet: Worksheet) -> None:
    assert sheet.auto_filter.ref == f"A3:M{LAST}"
    assert sheet.freeze_panes == "D4"
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.print_area == f"'个性问题整改台账'!$A$1:$M${LAST + 2}"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert [sheet.cell(LAST + 2, column).value for column in (1, 5, 8, 11)] == [
        "填报人：",
        "审核人：",
        "负责人（签字）：",
        "（盖章）",
    ]


def test_a_unit_may_fill_in_its_four_columns(sheet: Worksheet) -> None:
    assert sheet.protection.sheet and not sheet.protection.password
    unlocked = {
        (cell.row, cell.column_letter)
        for row in sheet.iter_rows(min_row=1, max_row=LAST)
        for cell in row
        if not cell.protection.locked
    }
    assert unlocked == {(row, letter) for row in range(4, LAST + 1) for letter in "FGIJ"}


def test_pages_hold_what_fits_and_the_note_and_signature_stay_with_the_last_row(sheet) -> None:
    assert max(page_heights(sheet, 3)) <= Page().room(WIDTHS)
    assert page_ends(sheet) and max(page_ends(sheet)) < LAST - 1
    assert crossing(sheet) == []
    for row in range(4, LAST + 1):
        needed = max(
            text_height(str(sheet[f"{letter}{row}"].value or ""), WIDTHS[place], 10)
            for place, letter in enumerate(LETTERS)
            if letter not in "HL"
        )
        assert sheet.row_dimensions[row].height == max(needed, 17)


def test_the_common_list_is_in_the_same_house_style(workbook: Workbook) -> None:
    sheet = workbook["共性问题清单"]
    assert sheet["A1"].value == "安和区法治政府建设专项督察共性问题清单"
    assert [cell.value for cell in sheet[3]] == COMMON_HEADERS
    assert [sheet.cell(row, 1).value for row in range(4, 12)] == list(range(1, 9))
    assert sheet["D4"].value == "各行政执法单位"
    assert sheet["D5"].value == "区教育局、区司法局"
    assert sheet["F7"].number_format == COMPOUND
    assert sheet["F7"].comment.text == "2023年6月底前，并长期坚持"
    # Without a light the whole format shows: Excel would print ### in a narrower column.
    assert sheet.column_dimensions["F"].width >= 19
    assert sheet.protection.sheet
    looks = written_looks(book(), 2)
    assert all(looks[f"{letter}{row}"].lines == {"thin"} for letter in "ABCDEFG" for row in (3, 11))


def test_statistics_count_units_and_categories_as_written(values: Workbook) -> None:
    """Names with * and ?, and names that differ in case alone, are counted apart."""
    sheet = values["销号统计"]
    table = {sheet.cell(row, 1).value: row for row in range(4, sheet.max_row + 1)}
    assert len(set(UNITS) & set(table)) == len(UNITS)
    for unit in UNITS:
        mine = [row for row in rows() if row.unit == unit]
        closed = [row for row in mine if row.closed]
        row = table[unit]
        assert sheet.cell(row, 2).value == len(mine)
        assert sheet.cell(row, 3).value == len(closed)
        assert sheet.cell(row, 5).value == len(mine) - len(closed)
        assert sheet.cell(row, 9).value == pytest.approx(len(closed) / len(mine))
    unnamed = [row for row in rows() if not row.category]
    assert sheet.cell(table[UNNAMED], 2).value == len(unnamed) > 0


def test_statistics_total(values: Workbook) -> None:
    sheet = values["销号统计"]
    totals = [row for row in range(4, sheet.max_row + 1) if sheet.cell(row, 1).value == "合　计"]
    open_rows = [row for row in rows() if not row.closed]
    dated = [row.deadline_date for row in open_rows if row.deadline_date]
    late = [
        row
        for row in rows()
        if row.closed and row.closed_on and row.deadline_date and row.closed_on > row.deadline_date
    ]
    expected = [
        60,
        60 - len(open_rows),
        len(late),
        len(open_rows),
        sum(day < REPORTED for day in dated),
        sum(REPORTED <= day <= REPORTED + timedelta(10) for day in dated),
        sum(row.deadline_kind == "long_term" for row in open_rows),
    ]
    assert len(totals) == 2 and all(expected)
    for row in totals:
        assert [sheet.cell(row, column).value for column in range(2, 9)] == expected


def test_statistics_look_and_page(workbook: Workbook) -> None:
    sheet = workbook["销号统计"]
    assert sheet["A3"].value == "责任单位"
    assert [sheet.cell(3, column).value for column in range(2, 10)] == [
        *("问题数", "已销号", "其中逾期销号", "未销号"),
        *("其中已逾期", "其中10日内到期", "其中长期坚持", "销号率"),
    ]
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("portrait", 1)
    assert {sheet.cell(4, column).number_format for column in range(2, 9)} == {'0;-0;"—"'}
    assert sheet["I4"].number_format == "0.0%"
    assert sheet["E2"].value == "='个性问题整改台账'!$G$2"
    assert sheet["E2"].number_format == '"统计时间："yyyy"年"m"月"d"日"'
    assert sheet.protection.sheet
    assert all(cell.protection.locked for row in sheet.iter_rows() for cell in row)
    formulas = [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert len(formulas) == 1 + 8 * (len(UNITS) + len(CATEGORIES) + 2)


def test_libreoffice_recalculates_the_same_figures(tmp_path) -> None:
    again = recalculated(book(), tmp_path)
    wrong = [
        (title, address, value, again[title][address].value)
        for title, address, value in formula_cells(book())
        if address != "E2" and not same_figure(value, again[title][address].value)
    ]
    assert wrong == []
    assert again["销号统计"]["E2"].value.date() == REPORTED


def test_libreoffice_prints_the_pages_that_were_planned(tmp_path) -> None:
    assert printed_pages(book(), tmp_path) == planned_pages(book())


def test_both_readers_read_the_same_cells() -> None:
    assert differences(book()) == []


def test_many_units_run_over_pages_with_the_header_on_each(tmp_path) -> None:
    many = [_row(number)._replace(unit=f"第{number % 69:02d}局") for number in range(1, 205)]
    whole = ledger_book(many, common(), HEADING, created=MADE)
    sheet = opened(whole)["销号统计"]
    assert sheet.page_setup.fitToHeight == 0
    begins = sorted(end + 1 for end in page_ends(sheet))
    assert len(begins) >= 2
    assert {sheet.cell(row, 1).value for row in begins} <= {"责任单位", "问题类别"}
    values = opened(whole, values=True)["销号统计"]
    again = recalculated(whole, tmp_path)["销号统计"]
    totals = [row for row in range(4, sheet.max_row + 1) if sheet.cell(row, 1).value == "合　计"]
    assert printed_pages(whole, tmp_path) == planned_pages(whole)
    for row in totals:
        assert values.cell(row, 2).value == again.cell(row, 2).value == 204
        assert values.cell(row, 7).value == again.cell(row, 7).value


def test_an_empty_ledger_is_a_form(tmp_path) -> None:
    empty = ledger_book([], [], replace(HEADING, issued_on=None), created=MADE)
    workbook = opened(empty, values=True)
    sheet = workbook["个性问题整改台账"]
    assert sheet.auto_filter.ref == "A3:M4"
    assert sheet.data_validations.dataValidation[1].formula1 == "DATE(1949,10,1)"
    statistics = workbook["销号统计"]
    assert statistics["A4"].value == "合　计"
    assert (statistics["B4"].value, statistics["I4"].value) == (0, "—")
    assert recalculated(empty, tmp_path)["销号统计"]["I4"].value == "—"


def test_an_open_question_of_closing_leaves_the_cell_empty_and_counts_as_open(values) -> None:
    whole = ledger_book([_row(1)._replace(closed=None)], [], HEADING, created=MADE)
    workbook = opened(whole, values=True)
    assert workbook["个性问题整改台账"]["K4"].value is None
    assert workbook["销号统计"]["E4"].value == 1
