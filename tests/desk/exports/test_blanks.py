"""Blank forms: the columns of the import, readable by the import, and only for who may import."""

from __future__ import annotations

from io import BytesIO
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from assessments.rectification.columns import INDIVIDUAL
from indicators.assignments.columns import DECOMPOSITION
from indicators.framework.columns import FRAMEWORK
from lawgov.accounts.policy import GRANTS
from lawgov.desk.exports.blanks import FORMS
from lawgov.spreadsheets.blank import LINE, PAGES
from lawgov.spreadsheets.layout import Page
from lawgov.spreadsheets.tables import read_table
from lawgov.units.columns import LIAISONS, UNITS
from lawgov.units.models import Liaison
from tests.people import browser
from tests.spreadsheets.workbooks import page_heights

COLUMNS = {
    "ledger": INDIVIDUAL,
    "units": UNITS,
    "roster": LIAISONS,
    "tasks": DECOMPOSITION,
    "framework": FRAMEWORK,
}


def fetched(actor, code: str) -> bytes:
    answer = browser(actor).get(f"/forms/{code}/")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def test_there_is_a_form_for_each_list_of_columns() -> None:
    assert set(FORMS) == set(COLUMNS)


@pytest.mark.parametrize("code", FORMS)
def test_only_those_who_import_get_the_form(cast, code) -> None:
    for name, actor in cast.everybody().items():
        allowed = FORMS[code].action in GRANTS[actor.role]
        assert browser(actor).get(f"/forms/{code}/").status_code == (200 if allowed else 404), name


def test_an_unknown_form_is_not_there(cast) -> None:
    assert browser(cast.office).get("/forms/secrets/").status_code == 404


@pytest.mark.parametrize("code", FORMS)
def test_the_form_has_the_columns_of_the_import_and_open_cells(cast, code) -> None:
    sheet = load_workbook(BytesIO(fetched(cast.office, code))).worksheets[0]
    assert [cell.value for cell in sheet[3]] == [column.header for column in COLUMNS[code]]
    assert sheet.protection.sheet
    opened = [cell for cell in sheet[4] if not cell.protection.locked]
    assert len(opened) >= len(COLUMNS[code]) // 2
    assert sheet.print_title_rows == "$3:$3"


def test_a_unit_is_offered_where_units_are_asked_for(cast) -> None:
    book = load_workbook(BytesIO(fetched(cast.office, "ledger")))
    sheet = book.worksheets[0]
    offers = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation}
    last = sheet.max_row - 1  # above the signature
    assert offers[f"B4:B{last}"] == '"区水利局,区林业局,区司法局"'
    assert offers[f"K4:K{last}"] == '"是,否"'


@pytest.mark.parametrize("code", FORMS)
def test_the_form_is_titled_as_the_sheet_it_becomes_and_its_file_says_that_it_is_empty(
    cast, code
) -> None:
    answer = browser(cast.office).get(f"/forms/{code}/")
    assert "空表" in unquote(answer["Content-Disposition"])
    title = load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets[0]["A1"].value
    assert title and "空表" not in title
    assert title.startswith(cast.region.name) or code == "framework"


@pytest.mark.parametrize("code", ["ledger", "units", "framework"])
def test_empty_lines_fill_the_pages_down_to_the_signature(cast, code) -> None:
    sheet = load_workbook(BytesIO(fetched(cast.office, code))).worksheets[0]
    room = Page().room([sheet.column_dimensions[letter].width for letter in _letters(sheet)])
    heights = page_heights(sheet, 3)
    assert len(heights) == PAGES
    assert all(0 <= room - height < LINE for height in heights)
    assert str(sheet.cell(sheet.max_row, 1).value) == "填报人："


def _letters(sheet) -> list[str]:
    return [cell.column_letter for cell in sheet[3]]


def test_a_roster_filled_in_by_hand_comes_home(cast, tmp_path) -> None:
    book = load_workbook(BytesIO(fetched(cast.office, "roster")))
    sheet = book.worksheets[0]
    for place, value in enumerate(("区水利局", None, "赵某", "科长", "13812345678"), 2):
        sheet.cell(4, place).value = value
    path = tmp_path / "名册.xlsx"
    book.save(path)
    table = read_table(path.read_bytes(), path.name, LIAISONS)
    named = [record for record in table.records if record["name"]]
    assert [(record["unit"], record["name"], record["phone"]) for record in named] == [
        ("区水利局", "赵某", "13812345678")
    ]
    assert not Liaison.objects.exists()
