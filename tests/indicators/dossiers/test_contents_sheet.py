"""The contents list of a volume: looks, numbers of pages, totals, what a hand adds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from indicators.dossiers.columns import CONTENTS
from indicators.dossiers.contents_sheet import (
    Contents,
    ContentsRow,
    contents_book,
    contents_sheet,
    leaves_of,
)
from lawgov.spreadsheets.sheet import Book, Cell, Sheet
from tests.spreadsheets.workbooks import (
    box,
    differences,
    formula_cells,
    opened,
    page_ends,
    planned_pages,
    printed_pages,
    recalculated,
    same_figure,
)

MADE = datetime(2023, 6, 16, tzinfo=UTC)
TITLE = "重大执法决定法制审核全覆盖（指标37—40）"


def rows(pages: Sequence[int | None]) -> list[ContentsRow]:
    return [
        ContentsRow(
            number=number,
            document_number="曾司〔2022〕9号" if number % 2 else "",
            author="区司法局",
            title="关于公布重大执法决定法制审核目录清单的通知",
            day=date(2022, 3, number % 28 + 1) if number % 5 else None,
            pages=count,
            remark="指标37",
        )
        for number, count in enumerate(pages, 1)
    ]


def book(pages: Sequence[int | None]) -> Book:
    return contents_book("卷内目录", [Contents(TITLE, "4.2", rows(pages))], created=MADE)


FULL = [6, 14, 1, 3, 2]


@pytest.mark.parametrize(
    ("pages", "shown"),
    [
        (FULL, ["1-6", "7-20", 21, "22-24", "25-26"]),
        ([1, 1], [1, 2]),
        ([3, None, 2, None], ["1-3", "", "", ""]),
        ([None, 4], ["", ""]),
        ([2, 0, 4], ["1-2", "", ""]),  # a file that says it has none does not say how many
        ([], []),
    ],
)
def test_pages_run_through_the_volume_up_to_the_first_unknown(pages, shown) -> None:
    assert leaves_of(rows(pages)) == shown


def test_the_sheet_looks_as_a_volume_has_it() -> None:
    sheet = opened(book(FULL))["4.2"]
    assert [cell.value for cell in sheet[3]] == [column.header for column in CONTENTS]
    assert (sheet["A1"].value, sheet["A1"].font.sz) == ("卷 内 目 录", 22)
    assert sheet["A2"].value == f"案卷题名：{TITLE}"
    assert {"A1:G1", "A2:E2", "F2:G2"} <= {str(each) for each in sheet.merged_cells.ranges}
    setup = sheet.page_setup
    assert (setup.paperSize, setup.orientation, setup.fitToWidth, setup.fitToHeight) == (
        9, "portrait", 1, 0,
    )  # fmt: skip
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.print_area == f"'4.2'!$A$1:$G${sheet.max_row}"
    assert "第 &P 页 共 &N 页" in sheet.oddFooter.center.text
    assert sheet.freeze_panes == "A4"
    assert not sheet.protection.sheet
    assert (sheet["E4"].value.date(), sheet["E4"].number_format) == (date(2022, 3, 2), "yyyymmdd")
    assert sheet["A4"].font.sz == 11
    assert box(sheet["G4"]) == {"thin"}
    widths = [sheet.column_dimensions[letter].width for letter in "ABCDEFG"]
    assert widths == [7.6, 21.5, 15, 36, 10.5, 9, 7]


def test_two_readers_see_the_same() -> None:
    assert differences(book([*FULL, None])) == []


def test_empty_lines_fill_the_last_page_and_no_more(tmp_path) -> None:
    for count in (0, 5, 21, 23, 60):
        made = book([2] * count)
        sheet = opened(made)["4.2"]
        empty = [row for row in range(4, sheet.max_row) if sheet.cell(row, 4).value is None]
        assert planned_pages(made) == -(-count // 24) or count in (0, 23)
        assert all(box(sheet.cell(row, 2)) == {"thin"} for row in empty)
        assert printed_pages(made, tmp_path) == planned_pages(made) == len(page_ends(sheet)) + 1
        bare = contents_sheet(Contents(TITLE, "4.2", rows([2] * count)))
        one_more = replace(bare, rows=(*bare.rows[:-1], bare.rows[3], bare.rows[-1]))
        assert planned_pages(Book("x", MADE, (one_more,))) == planned_pages(made) + 1


@pytest.mark.parametrize("pages", [FULL, [*FULL, None, 4], [None], []])
def test_libreoffice_comes_to_the_same_figures(pages, tmp_path) -> None:
    made = book(pages)
    anew = recalculated(made, tmp_path)
    for sheet, address, carried in formula_cells(made):
        assert same_figure(anew[sheet][address].value, carried), address


def test_the_total_is_open_while_a_number_is_missing() -> None:
    def foot(pages: Sequence[int | None]) -> str:
        sheet = opened(book(pages), values=True)["4.2"]
        return sheet.cell(sheet.max_row, 1).value.split("立卷人")[0].strip()

    assert foot(FULL) == "本卷共5件，26页。"
    assert foot([*FULL, None]) == "本卷共6件，　　页。"
    assert foot([]) == "本卷共0件，　　页。"


def test_the_note_names_what_has_no_pages() -> None:
    texts = [row.cells[0].value for row in contents_sheet(Contents(TITLE, "4.2", rows(FULL))).rows]
    assert not any(str(text).startswith("注：") for text in texts)
    many = contents_sheet(Contents(TITLE, "4.2", rows([3, *[None] * 8])))
    note = next(str(r.cells[0].value) for r in many.rows if str(r.cells[0].value).startswith("注"))
    assert "序号2、3、4、5、6、7等共8件没有登记页数，从序号2起页号留空" in note


def test_what_a_hand_writes_carries_on_below_and_into_the_total(tmp_path) -> None:
    made = book([6, None, 3, 1, 2])
    filled = _with(made, {(5, 6): "7-9"})
    sheet = recalculated(filled, tmp_path)["4.2"]
    assert [sheet.cell(row, 6).value for row in range(4, 9)] == ["1-6", "7-9", "10-12", 13, "14-15"]
    assert sheet.cell(sheet.max_row, 1).value.startswith("本卷共5件，15页。")


def test_a_cell_for_the_hand_keeps_what_is_typed_as_text() -> None:
    """`7-9` in a plain cell would become a date."""
    sheet = opened(book([6, None, 3]))["4.2"]
    assert sheet["F5"].number_format == "@"
    assert sheet["F6"].number_format == "General"
    assert sheet["F9"].number_format == "@"  # an empty line


def _with(made: Book, typed: dict[tuple[int, int], str]) -> Book:
    sheet: Sheet = made.sheets[0]
    written = [list(row.cells) for row in sheet.rows]
    for (row, column), text in typed.items():
        cell = written[row - 1][column - 1]
        assert cell is not None
        written[row - 1][column - 1] = Cell(text, cell.look)
    typed_rows = tuple(
        replace(row, cells=tuple(cells)) for row, cells in zip(sheet.rows, written, strict=True)
    )
    return replace(made, sheets=(replace(sheet, rows=typed_rows),))
