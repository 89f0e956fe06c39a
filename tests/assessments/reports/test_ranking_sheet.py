"""The ranking as a sheet: looks, formulas that recalculate to the rows, the rule under it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from assessments.models import Score
from assessments.reports.columns import RANKING
from assessments.reports.quarters import Quarter
from assessments.reports.ranking import ranks
from assessments.reports.ranking_sheet import RankingHeading, ranking_book
from assessments.reports.standings import Ranking, Standing
from lawgov.spreadsheets.sheet import Book
from tests.spreadsheets.workbooks import (
    box,
    differences,
    formula_cells,
    opened,
    planned_pages,
    printed_pages,
    recalculated,
    same_figure,
)

MADE = datetime(2023, 7, 10, tzinfo=UTC)
HEADING = RankingHeading("安和区", "安和区委依法治区办")
RATES = ["98.6", "97.9", "97.9", "97.2", "96.5", "96.5", "96.5", "90.0", None]
BEFORE = [1, 4, 2, 3, None, 5, 6, 9, None]


def found(rates: Sequence[str | None], before: Sequence[int | None]) -> Ranking:
    known = {n: None if rate is None else Decimal(rate) for n, rate in enumerate(rates)}
    order = ranks(known)
    rows = tuple(
        Standing(n + 1, n, f"区第{n + 1}局", rate, order.get(n), before[n], 3, 4)
        for n, rate in known.items()
    )
    return Ranking(Quarter(2023, 2), date(2023, 6, 30), Score.Source.OFFICE, 59, rows)


def book(rates=RATES, before=BEFORE) -> Book:
    return ranking_book(found(rates, before), HEADING, created=MADE)


def test_the_sheet_looks_as_an_office_hands_it_in() -> None:
    sheet = opened(book())["季度排序表"]
    assert [cell.value for cell in sheet[3]] == [column.header for column in RANKING]
    assert sheet["A1"].value == "安和区2023年第二季度法治政府建设责任单位排序表"
    assert (sheet["A1"].font.sz, sheet["A4"].font.sz) == (20, 11)
    assert sheet["D2"].value.date() == date(2023, 6, 30)
    widths = [sheet.column_dimensions[letter].width for letter in "ABCDEF"]
    assert widths == [8, 33, 12, 14, 13, 12]
    setup = sheet.page_setup
    assert (setup.paperSize, setup.orientation, setup.fitToWidth) == (9, "portrait", 1)
    assert (sheet.print_title_rows, sheet.freeze_panes) == ("$3:$3", "A4")
    assert sheet.protection.sheet
    assert sheet["C4"].number_format == "0.0"
    assert box(sheet["F12"]) == {"thin"}


def test_ranks_and_movements_are_formulas_with_the_figures_of_the_rows() -> None:
    formulas, values = opened(book()).active, opened(book(), values=True).active
    assert formulas["D5"].value == "=RANK(C5,$C$4:$C$12,0)"
    assert str(formulas["F5"].value).startswith("=IF(E5=")
    assert [values.cell(row, 4).value for row in range(4, 13)] == [1, 2, 2, 4, 5, 5, 5, 8, "—"]
    assert [values.cell(row, 6).value for row in range(4, 13)] == [
        *("—", "↑2", "—", "↓1", "新", "—", "↑1", "↑1", None)
    ]
    assert values["C12"].value == "未评"


@pytest.mark.parametrize(
    ("rates", "before"),
    [
        (RATES, BEFORE),
        ([None, None], [None, None]),
        (["0.0"], [1]),
        ([f"{99 - n / 3:.1f}" for n in range(69)], [n % 67 + 1 for n in range(69)]),
        ([], []),
    ],
)
def test_libreoffice_comes_to_the_same_figures(rates, before, tmp_path) -> None:
    made = book(rates, before)
    anew = recalculated(made, tmp_path)
    for sheet, address, carried in formula_cells(made):
        assert same_figure(anew[sheet][address].value, carried), address
    assert differences(made) == []
    assert printed_pages(made, tmp_path) == planned_pages(made) == (2 if len(rates) == 69 else 1)


def test_the_average_and_how_many_took_part() -> None:
    sheet = opened(book(), values=True).active
    assert round(sheet["C13"].value, 4) == round(771.1 / 8, 4)
    assert sheet["D13"].value == "参评单位 8 个"


def test_the_rule_stands_under_the_table() -> None:
    note = opened(book()).active["A14"].value
    for words in (
        "得分之和÷分值之和×100",
        "59项指标有核验得分",
        "名次并列",
        "未评的单位不排名次",
        "2023年第一季度末",
    ):
        assert words in note
