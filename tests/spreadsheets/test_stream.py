"""The streaming writer: the same sheet as the other writer, at any length and in little memory."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from lawgov.spreadsheets import lists
from lawgov.spreadsheets.columns import Column
from lawgov.spreadsheets.lists import FIRST, ListSheet, list_book, streamed, write_list
from lawgov.spreadsheets.sheet import Condition, Formatted, Rule, Validation
from lawgov.spreadsheets.stream import stream
from lawgov.spreadsheets.styles import DAY, Mark
from lawgov.spreadsheets.writer import write
from tests.spreadsheets.workbooks import converted, plain
from tests.tiers import amount

MADE = datetime(2023, 7, 20, 1, tzinfo=UTC)
COLUMNS = (
    Column("number", "序号", width=6, align="center"),
    Column("unit", "责任单位", width=14, align="center"),
    Column("text", "存在问题", width=40),
    Column("day", "完成时限", width=13, align="center", number_format=DAY),
    Column("closed", "是否销号", width=9, align="center", choices=("是", "否"), unlocked=True),
    Column("points", "分值", width=8, align="center", number_format="0.0"),
)


class Line:
    """One row of the list, as any object with these names would be."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.unit = f"区第{number % 7}局"
        self.text = f"第{number}件案卷<缺>“法制审核”&集体讨论记录\n见附件"
        self.day: object = date(2023, 6, 1 + number % 28)
        self.closed = "是" if number % 2 else "否"
        self.points = Decimal(number % 9) / 2


def _rules(table, first: int, last: int) -> tuple[Condition, ...]:
    where = f"D{first}:D{last}"
    return (Condition((where,), (Rule(f'$E{first}="是"', Mark(fill="D9D9D9")),)),)


def _choices(table, first: int, last: int) -> tuple[Validation, ...]:
    return (Validation((f"E{first}:E{last}",), "list", choices=("是", "否")),)


def the_list(**more: object) -> ListSheet:
    given = {"conditions": _rules, "validations": _choices, "freeze": "unit", **more}
    return ListSheet("安和区整改台账", COLUMNS, "区创建办", date(2023, 7, 20), "台账", **given)


def _streamed(rows: list[Line], **more: object) -> BytesIO:
    file = BytesIO()
    lines = [tuple(getattr(row, column.key) for column in COLUMNS) for row in rows]
    stream(streamed(the_list()), lines, file, created=MADE, **more)
    file.seek(0)
    return file


def test_both_writers_give_the_same_sheet() -> None:
    """Values, looks of cells, widths, freeze, filter, validations, conditions, print set-up."""
    rows = [Line(number) for number in range(1, 30)]
    rows[3].day, rows[4].day = "长期坚持", None
    rows[5].day = Formatted(date(2023, 9, 1), 'yyyy-mm-dd"，长期坚持"')
    rows[6].text, rows[7].text, rows[8].text = "=1+1", "  前后有空格 ", "_x0041_"
    laid, poured = BytesIO(), _streamed(rows)
    write(list_book(the_list(), rows, created=MADE), laid)
    ours, theirs = load_workbook(poured)["台账"], load_workbook(laid)["台账"]
    assert ours.max_row == theirs.max_row == 32
    for mine, other in zip(ours.iter_rows(), theirs.iter_rows(), strict=True):
        for cell, twin in zip(mine, other, strict=True):
            assert cell.value == twin.value
            assert cell.number_format == twin.number_format
            assert _looks(cell) == _looks(twin)
    for read in (
        lambda sheet: [(k, d.width) for k, d in sheet.column_dimensions.items()],
        lambda sheet: (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_area),
        lambda sheet: (sheet.print_title_rows, sheet.protection.sheet, sheet.page_setup.paperSize),
        lambda sheet: [str(merged) for merged in sheet.merged_cells.ranges],
        lambda sheet: [(v.sqref, v.formula1) for v in sheet.data_validations.dataValidation],
        lambda sheet: [(str(c.sqref), c.rules[0].formula) for c in sheet.conditional_formatting],
        lambda sheet: sheet.oddFooter.center.text,
    ):
        assert read(ours) == read(theirs)
    assert ours.freeze_panes == "C4"
    assert ours.auto_filter.ref == "A3:F32"


def _looks(cell) -> list[str]:
    parts = (cell.font, cell.fill, cell.border, cell.alignment, cell.protection, cell.quotePrefix)
    return [repr(part) for part in parts]  # openpyxl's own == asks for the same object


def test_openpyxl_and_calamine_read_every_cell_the_same() -> None:
    file = _streamed([Line(number) for number in range(1, 3_000)])
    ours = load_workbook(file, data_only=True)["台账"]
    file.seek(0)
    theirs = CalamineWorkbook.from_filelike(file).get_sheet_by_name("台账")
    lines = theirs.to_python(skip_empty_area=False)
    assert len(lines) == ours.max_row == 3_002
    for row, line in zip(ours.iter_rows(values_only=True), lines, strict=True):
        assert [plain(value) for value in row] == [plain(value) for value in line]
    assert lines[-1][2] == Line(2_999).text


def test_the_number_of_rows_chooses_the_writer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A small list has heights for its rows, a long one leaves them to Excel."""
    monkeypatch.setattr(lists, "SMALL", 5)
    heights = []
    for count in (5, 6):
        file, told = BytesIO(), []
        write_list(
            the_list(), map(Line, range(1, count + 1)), file, created=MADE, report=told.append
        )
        sheet = load_workbook(file)["台账"]
        assert sheet.max_row == FIRST - 1 + count
        assert told[-1] == count
        heights.append(sheet.row_dimensions[FIRST].height)
    assert heights[0] is not None
    assert heights[1] is None


def test_rows_beyond_the_last_go_to_further_sheets_with_the_same_head() -> None:
    book = load_workbook(_streamed([Line(n) for n in range(1, 18)], last_row=10))
    assert book.sheetnames == ["台账", "台账（2）", "台账（3）"]
    assert [sheet.max_row for sheet in book] == [10, 10, 6]
    assert [sheet["A4"].value for sheet in book] == [1, 8, 15]
    assert [sheet.auto_filter.ref for sheet in book] == ["A3:F10", "A3:F10", "A3:F6"]
    assert {sheet["C3"].value for sheet in book} == {"存在问题"}


def test_no_rows_give_the_head_alone() -> None:
    sheet = load_workbook(_streamed([]))["台账"]
    assert [cell.value for cell in sheet[3]] == [column.header for column in COLUMNS]
    assert sheet.max_row == 3


def test_texts_no_cell_can_hold_are_cut_and_told() -> None:
    rows = [Line(number) for number in range(1, 4)]
    rows[1].text = "长" * 40_000
    rows[2].unit = "区\x07局"
    file = BytesIO()
    lines = [tuple(getattr(row, column.key) for column in COLUMNS) for row in rows]
    notices = stream(streamed(the_list()), lines, file, created=MADE)
    assert [(n.cell, n.code) for n in notices] == [
        ("C5", "long_text"),
        ("B6", "control_characters"),
    ]
    book = load_workbook(file)
    assert book.sheetnames == ["台账", "超长文本"]
    assert book["台账"]["B6"].value == "区局"


def test_one_and_true_are_not_mistaken_for_each_other() -> None:
    file = BytesIO()
    wide = ListSheet("表", COLUMNS[:2], "单位", date(2023, 7, 20))
    values = [(value, "") for value in (1, True, 1.0, Decimal(1), 0, False)]
    stream(streamed(wide), values, file, created=MADE)
    found = [row[0] for row in load_workbook(file)["表"].iter_rows(min_row=4, values_only=True)]
    assert [type(value) for value in found] == [int, bool, int, int, int, bool]


@pytest.mark.parametrize("row", [(1,), tuple(range(7))])
def test_a_row_that_does_not_fit_the_columns_is_refused(row: tuple, tmp_path: Path) -> None:
    target = tmp_path / "台账.xlsx"
    with pytest.raises(ValueError, match="columns"):
        stream(streamed(the_list()), [row], target, created=MADE)
    assert list(tmp_path.iterdir()) == []


def test_equal_rows_give_equal_bytes() -> None:
    rows = [Line(number) for number in range(1, 600)]
    assert _streamed(rows).getvalue() == _streamed(rows).getvalue()


def test_the_parts_are_well_formed_and_rows_carry_their_numbers() -> None:
    file = _streamed([Line(number) for number in range(1, 40)])
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        part = archive.read("xl/worksheets/sheet1.xml").decode()
    assert part.count("<row ") == 42
    assert '<row r="42"><c r="A42"' in part
    assert '<c r="F42"' in part


def test_libreoffice_opens_it_and_keeps_every_row(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(_streamed([Line(number) for number in range(1, 2_500)]).getvalue())
    again = load_workbook(converted(path, "xlsx", tmp_path), data_only=True)["台账"]
    assert again.max_row == 2_502
    assert [cell.value for cell in again[2_502]][:3] == [2_499, "区第0局", Line(2_499).text]


MEASURED = """
import json, sys
from datetime import date, datetime, UTC
from tests.spreadsheets.test_stream import Line, the_list
from tests.memory import peak
from lawgov.spreadsheets.lists import write_list

made = datetime(2023, 7, 20, tzinfo=UTC)
write_list(the_list(), map(Line, range(1, 3)), sys.argv[1], created=made)  # all is imported
idle = peak()
write_list(the_list(), map(Line, range(1, int(sys.argv[2]) + 1)), sys.argv[1], created=made)
print(json.dumps([idle, peak()]))
"""


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    """MiB of a fresh process at its highest: over what it needs idle, and against a tenth."""

    def peaks(rows: int) -> tuple[float, float]:
        command = (sys.executable, "-c", MEASURED, str(tmp_path / "long.xlsx"), str(rows))
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        idle, peak = json.loads(done.stdout)
        return peak - idle, peak

    few, many = amount(2_500, 10_000), amount(25_000, 100_000)
    over_few, peak_few = peaks(few)
    over_many, peak_many = peaks(many)
    assert max(over_few, over_many) <= 40, (over_few, over_many)
    assert peak_many <= 1.2 * peak_few, (peak_few, peak_many)
