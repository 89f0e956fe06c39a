"""The writer: cached values, equal bytes, shared styles, what it refuses and what it reports."""

from __future__ import annotations

import html
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from lawgov.spreadsheets.formulas import Formula, percent, share, sum_of, sum_of_cells
from lawgov.spreadsheets.layout import Page
from lawgov.spreadsheets.overflow import LISTS
from lawgov.spreadsheets.sheet import Book, Cell, Condition, Row, Rule, Sheet, Validation
from lawgov.spreadsheets.styles import DAY, Look, Mark
from lawgov.spreadsheets.writer import CREATOR, FOOTER, write
from tests.spreadsheets.workbooks import (
    crossing,
    differences,
    opened,
    page_ends,
    page_heights,
    recalculated,
    saved,
)

NOON = datetime(2023, 4, 14, 12, tzinfo=timezone(timedelta(hours=8)))
PLAIN = Look()


def _sheet(*rows: Row, **more: object) -> Sheet:
    return Sheet("表", (20, 20), rows, **more)


def _book(*rows: Row, **more: object) -> Book:
    return Book("试验", NOON, (_sheet(*rows, **more),))


def _line(*values: object, **more: object) -> Row:
    return Row(tuple(Cell(value, PLAIN) for value in values), 20, **more)


FORMULAS = (
    _line(3, Decimal("4.5")),
    _line(Formula("A1+B1", Decimal("7.5")), Formula('"共"&A1&"项"', "共3项")),
    _line(Formula("DATE(2023,4,14)", date(2023, 4, 14)), Formula("A1>1&B1<2", None)),
    _line(sum_of("A1:B1", [3, Decimal("4.5"), None]), sum_of_cells([("A1", 3), ("B1", 4.5)])),
    _line(share("A1", "B1", 3, Decimal("4.5"), "—"), share("A1", "0", 3, 0, "—")),
)


def test_formulas_carry_the_value_they_have() -> None:
    sheet = opened(_book(*FORMULAS), values=True)["表"]
    assert sheet["A2"].value == 7.5
    assert sheet["B2"].value == "共3项"
    assert sheet["A3"].value == 45030
    assert sheet["B3"].value is None
    assert (sheet["A4"].value, sheet["B4"].value) == (7.5, 7.5)
    assert sheet["A5"].value == pytest.approx(2 / 3)
    assert sheet["B5"].value == "—"


def test_formulas_stay_formulas() -> None:
    sheet = opened(_book(*FORMULAS))["表"]
    assert sheet["A2"].value == "=A1+B1"
    assert sheet["B3"].value == "=A1>1&B1<2"
    assert sheet["A4"].value == "=SUM(A1:B1)"
    assert sheet["A5"].value == '=IF(B1=0,"—",A1/B1)'


def test_both_readers_read_the_same() -> None:
    rows = (
        *FORMULAS[:2],
        _line("文字", True),
        _line(date(2023, 4, 14), datetime(2023, 4, 14, 8, 30)),  # noqa: DTZ001 - cells have no zone
    )
    days = Look(format=DAY)
    dated = Row((Cell(date(2023, 4, 14), days), Cell(date(1899, 1, 1), days)), 20)
    assert differences(_book(*rows[:3], dated)) == []


def test_libreoffice_comes_to_the_same_values(tmp_path: Path) -> None:
    rows = (*FORMULAS[:2], *FORMULAS[3:])
    sheet = recalculated(_book(*rows), tmp_path)["表"]
    assert (sheet["A2"].value, sheet["B2"].value) == (7.5, "共3项")
    assert (sheet["A4"].value, sheet["B4"].value) == (pytest.approx(2 / 3), "—")


def test_rates_are_rounded_half_up() -> None:
    assert percent(Decimal("195.5"), 200) == "97.8%"
    assert percent(1, 3) == "33.3%"
    assert percent(0, 5) == "0.0%"
    with pytest.raises(ArithmeticError):
        percent(0, 0)


def test_days_before_excels_calendar_are_written_as_text() -> None:
    sheet = opened(_book(_line(date(1900, 2, 28), date(1900, 3, 1))))["表"]
    assert (sheet["A1"].value, sheet["A1"].data_type) == ("1900-02-28", "s")
    assert load_workbook(saved(_book(_line(date(1900, 3, 1)))))["表"]["A1"].value == 61


@pytest.mark.parametrize(
    ("value", "error"),
    [
        (float("nan"), ValueError),
        (float("inf"), ValueError),
        (Decimal("NaN"), ValueError),
        (datetime(2023, 4, 14, tzinfo=UTC), ValueError),
        (["列表"], TypeError),
        (b"bytes", TypeError),
    ],
)
def test_what_a_cell_cannot_hold_is_refused(value: object, error: type[Exception]) -> None:
    with pytest.raises(error):
        write(_book(_line(value)), BytesIO())


def test_equal_books_give_equal_bytes_in_every_process(tmp_path: Path) -> None:
    here = saved(_rich_book()).getvalue()
    assert saved(_rich_book()).getvalue() == here
    code = (
        "import sys; from tests.spreadsheets.test_writer import _rich_book;"
        "from lawgov.spreadsheets.writer import write; write(_rich_book(), sys.argv[1])"
    )
    for seed in ("1", "2"):
        path = tmp_path / f"{seed}.xlsx"
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "America/New_York"}
        subprocess.run([sys.executable, "-c", code, str(path)], check=True, env=environment)
        assert path.read_bytes() == here


def _rich_book() -> Book:
    """A workbook with some of everything whose order might wander."""
    rows = [
        Row((Cell("标题", PLAIN), None), 30, spans=((1, 2),)),
        *(
            Row(
                (Cell(f"组{number // 4}", PLAIN), Cell(date(2023, 4, 14), PLAIN, f"批注{number}")),
                40,
                groups=((1, number // 4),),
            )
            for number in range(40)
        ),
    ]
    ranges = ("B2:B9", "B11:B20", "B22:B30")
    return _book(
        *rows,
        repeated=(1, 1),
        freeze="A2",
        validations=(
            Validation(ranges, "list", choices=("是", "否")),
            Validation(("A2:A9",), "list", choices=tuple("单位" * 30 + str(n) for n in range(9))),
        ),
        conditions=(Condition(ranges, (Rule("$B2>1", Mark(bold=True, format='"■"0')),)),),
    )


def test_properties_name_the_maker_the_title_and_the_time_given() -> None:
    properties = opened(_book(_line(1))).properties
    assert (properties.creator, properties.lastModifiedBy) == (CREATOR, CREATOR) == ("lawgov",) * 2
    assert properties.title == "试验"
    assert properties.created == properties.modified == datetime(2023, 4, 14, 4)  # noqa: DTZ001


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        write(replace(_book(_line(1)), created=NOON.replace(tzinfo=None)), BytesIO())


def test_a_failed_export_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    write(_book(_line("旧")), path)
    old = path.read_bytes()
    with pytest.raises(TypeError):
        write(_book(_line(object())), path)
    with pytest.raises(ValueError, match="number"):
        write(_book(_line(float("nan"))), str(path))
    assert path.read_bytes() == old
    assert [found.name for found in tmp_path.iterdir()] == ["台账.xlsx"]


def test_the_default_font_is_songti_11_in_charset_134() -> None:
    book = opened(_book(_line(1)))
    font = book._fonts[0]
    assert (font.name, font.size, font.charset) == ("宋体", 11, 134)
    assert book._named_styles["Normal"].font == font


def test_cells_share_the_records_of_their_looks() -> None:
    looks = [Look(size=size, bold=bold) for size in (9, 10) for bold in (False, True)]
    rows = [Row(tuple(Cell(1, replace(look)) for look in looks[:2]), 20) for _ in range(50)]
    rows += [Row(tuple(Cell("=1", look) for look in looks[2:]), 20) for _ in range(50)]
    book = opened(_book(*rows))
    assert len(book._cell_styles) == 1 + 4  # the default, and one for each look, quoted or not


def test_blocks_are_cut_at_page_ends_and_labelled_again() -> None:
    rows = [Row((Cell("标题", PLAIN), None), 30, spans=((1, 2),))]
    rows += [
        Row((Cell("法治政府", PLAIN), Cell(number, PLAIN)), 100, groups=((1, "组"),))
        for number in range(12)
    ]
    sheet = opened(_book(*rows, page=Page(), repeated=(1, 1)))["表"]
    assert page_ends(sheet) == {5, 9}
    assert crossing(sheet) == []
    assert {str(m) for m in sheet.merged_cells.ranges} == {"A1:B1", "A2:A5", "A6:A9", "A10:A13"}
    assert [sheet.cell(row, 1).value for row in range(2, 14)] == [
        "法治政府" if row in (2, 6, 10) else None for row in range(2, 14)
    ]
    assert max(page_heights(sheet, 1)) <= Page().room((20, 20))


def test_a_label_too_high_for_its_rows_gets_the_missing_height_in_equal_shares() -> None:
    label = "一级指标名称很长" * 5  # 40 characters in a column of 20: 4 lines, 56 pt
    rows = [Row((Cell(label, PLAIN), Cell("短", PLAIN)), groups=((1, "组"),)) for _ in range(2)]
    sheet = opened(_book(*rows))["表"]
    assert [sheet.row_dimensions[row].height for row in (1, 2)] == [28.0, 28.0]


def test_a_row_higher_than_excel_shows_is_reported() -> None:
    file = BytesIO()
    notices = write(_book(Row((Cell("法" * 900, PLAIN), None))), file)
    assert [(n.sheet, n.cell, n.code) for n in notices] == [("表", "A1", "tall_row")]
    assert load_workbook(file)["表"].row_dimensions[1].height == 409


def test_long_lists_go_to_a_hidden_sheet_and_equal_ones_share_a_column() -> None:
    units = tuple(f"某某区某某管理局第{number}分局" for number in range(30))
    lists = tuple(
        Validation((cells,), "list", choices=choices, strict=False)
        for cells, choices in (("A1:A9", units), ("B1:B9", units), ("B10:B12", ("a,b", "c")))
    )
    book = opened(_book(_line(1, 2), validations=lists))
    assert book[LISTS].sheet_state == "hidden"
    found = [validation.formula1 for validation in book["表"].data_validations.dataValidation]
    assert found == ["'选项'!$A$1:$A$30"] * 2 + ["'选项'!$B$1:$B$2"]
    assert [row[0] for row in book[LISTS].iter_rows(max_col=1, values_only=True)] == list(units)


def test_a_name_that_cannot_be_a_sheets_is_changed_and_reported() -> None:
    sheets = (
        replace(_sheet(_line(1)), title="a/b"),
        replace(_sheet(_line(1)), title="A b"),
        replace(_sheet(_line(1)), title=LISTS),
    )
    file = BytesIO()
    notices = write(Book("试验", NOON, sheets), file)
    assert load_workbook(file).sheetnames == ["a b", "A b（2）", "选项（2）"]
    assert [n.code for n in notices] == ["sheet_renamed"] * 3


def test_print_set_up_protection_and_footer() -> None:
    sheet = opened(_book(_line("甲", "乙"), _line(1, 2), repeated=(1, 1), freeze="A2"))["表"]
    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.print_area == "'表'!$A$1:$B$2"
    assert sheet.print_options.horizontalCentered
    margins = sheet.page_margins
    millimetres = [round(inch * 25.4, 3) for inch in (margins.left, margins.right)]
    assert millimetres == [12, 12]
    assert sheet.freeze_panes == "A2"
    protection = sheet.protection
    assert protection.sheet and not protection.password
    assert not any(
        (protection.formatRows, protection.formatColumns, protection.autoFilter, protection.sort)
    )
    part = zipfile.ZipFile(saved(_book(_line(1)))).read("xl/worksheets/sheet1.xml").decode()
    assert f"<oddFooter>&C{FOOTER}</oddFooter>" in html.unescape(part)


def test_concealed_columns_travel_unseen_and_are_not_printed() -> None:
    rows = (_line("甲", "乙", "标识"), Row((Cell("丙", replace(PLAIN, unlocked=True)),), 20))
    shown = Sheet("表", (20, 20, 8), rows, concealed=(3,))
    book = opened(Book("试验", NOON, (shown, Sheet("基线", (8,), (_line("值"),), hidden="very"))))
    assert [book["表"].column_dimensions[letter].hidden for letter in "ABC"] == [0, 0, 1]
    assert book["表"].print_area == "'表'!$A$1:$B$2"
    assert book["表"].calculate_dimension() == "A1:C2"
    assert book["表"]["C1"].value == "标识"
    assert (book["表"]["A1"].protection.locked, book["表"]["A2"].protection.locked) == (1, 0)
    assert book["基线"].sheet_state == "veryHidden"
