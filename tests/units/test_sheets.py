"""The roster of contacts 明白人名册: people under their unit, counted; the blank form."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from lawgov.spreadsheets.layout import Page
from lawgov.units.sheets import RosterHeading, RosterRow, blank_roster_book, roster_book
from tests.spreadsheets.workbooks import (
    crossing,
    differences,
    opened,
    page_heights,
    planned_pages,
    printed_pages,
    recalculated,
)

MADE = datetime(2023, 5, 10, 1, tzinfo=UTC)
HEADING = RosterHeading(
    "安和区", "安和区委依法治区办", date(2023, 5, 10), ("区水利局", "区林业局"), ("政府部门",)
)
WIDTHS = [4.5, 24, 12, 9, 18, 14.5, 12]


def _rows() -> list[RosterRow]:
    """40 units with 0 to 3 people."""
    people = [(unit, place) for unit in range(40) for place in range(unit % 4 or 1)]
    return [
        RosterRow(
            number,
            f"区第{unit}局",
            "政府部门",
            f"赵{place}" if unit % 4 else "",
            "科长",
            "013812345678",
        )
        for number, (unit, place) in enumerate(people, 1)
    ]


def test_people_stand_under_their_unit_and_phones_stay_text(tmp_path: Path) -> None:
    book = roster_book(_rows(), HEADING, created=MADE)
    sheet = opened(book)["明白人名册"]
    assert {"B6:B7", "C6:C7"} <= {str(merged) for merged in sheet.merged_cells.ranges}
    assert sheet["F4"].value == "013812345678"
    assert crossing(sheet) == []
    assert sheet.page_setup.orientation == "portrait"
    assert max(page_heights(sheet, 3)) <= Page(landscape=False).room(WIDTHS)
    assert differences(book) == []
    assert printed_pages(book, tmp_path) == planned_pages(book)


def test_the_total_counts_people(tmp_path: Path) -> None:
    book = roster_book(_rows(), HEADING, created=MADE)
    people = sum(bool(row.name) for row in _rows())
    total = f"A{opened(book)['明白人名册'].max_row - 1}"
    assert opened(book, values=True)["明白人名册"][total].value == f"合计：明白人 {people} 人"
    assert recalculated(book, tmp_path)["明白人名册"][total].value == f"合计：明白人 {people} 人"


def test_the_blank_form_offers_units_and_kinds() -> None:
    sheet = opened(blank_roster_book(HEADING, created=MADE))["明白人名册"]
    offers = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation}
    assert offers == {"B4:B43": '"区水利局,区林业局"', "C4:C43": '"政府部门"'}
    assert sheet["A43"].value == 40
    assert not any(cell.protection.locked for cell in sheet[4])
