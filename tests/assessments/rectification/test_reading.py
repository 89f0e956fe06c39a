"""The samples give exactly what is expected of them; so do the same ledgers as .xls and .csv."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from pathlib import Path

import pytest

from assessments.rectification.reading import UnreadableSheet, read_ledger
from lawgov.spreadsheets.cells import as_text
from lawgov.spreadsheets.reader import read_book
from tests.spreadsheets.counter import filled_rows

SAMPLES = Path(__file__).parents[2] / "samples"
NAMES = ("zengdu-individual", "zengdu-common", "baicheng-ledgers", "messy-a")


def _context(name: str) -> dict:
    words = (SAMPLES / f"{name}.args").read_text().split()
    options = dict(zip(words[::2], words[1::2], strict=True))
    return {"year": int(options["--year"]), "issued_on": date.fromisoformat(options["--issued-on"])}


def _expected(name: str) -> dict:
    return json.loads((SAMPLES / f"{name}.expected.json").read_text(encoding="utf-8"))


def _bare(measures: list[str]) -> list[str]:
    """Number and end mark of a measure are not compared."""
    return [re.sub(r"^[（(]?[\d①-⑳]+[.、)）．]?", "", m).strip("；;。 ") for m in measures]


def _same(key: str, found, expected) -> bool:
    return _bare(found) == _bare(expected) if key == "measures" else found == expected


def _differences(found: list[dict], expected: list[dict]) -> list[str]:
    rows = {(row["sheet"], row["row"]): row for row in found}
    wrong = []
    for row in expected:
        mine = rows.pop((row["sheet"], row["row"]), None)
        if mine is None:
            wrong.append(f"row {row['row']} is lost")
            continue
        accepted = row.get("_any", {})
        for key, value in row.items():
            if key != "_any" and not any(
                _same(key, mine[key], one) for one in (value, *accepted.get(key, ()))
            ):
                wrong.append(f"row {row['row']} {key}: {mine[key]!r} is not {value!r}")
    return wrong + [f"row {row} is invented" for _sheet, row in rows]


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_is_read_exactly(name):
    reading = read_ledger(SAMPLES / f"{name}.xlsx", **_context(name))
    expected = _expected(name)
    assert _differences(reading.as_json()["rows"], expected["rows"]) == []
    told = {(p.sheet, p.row, p.code) for p in reading.problems}
    for problem in expected["problems"]:
        rows = problem.get("any_row", [problem["row"]])
        assert any((problem["sheet"], row, problem["code"]) in told for row in rows), problem


@pytest.mark.parametrize("name", NAMES)
def test_no_sample_gives_a_problem_that_is_not_expected(name):
    reading = read_ledger(SAMPLES / f"{name}.xlsx", **_context(name))
    assert {p.code for p in reading.problems} == {p["code"] for p in _expected(name)["problems"]}


@pytest.mark.parametrize("name", ["messy-a", "baicheng-ledgers"])
def test_the_same_ledger_as_an_old_workbook_reads_the_same(name):
    old = read_ledger(SAMPLES / f"{name}.xls", **_context(name)).as_json()
    new = read_ledger(SAMPLES / f"{name}.xlsx", **_context(name)).as_json()
    assert old["rows"] == new["rows"]
    assert old["problems"] == new["problems"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_the_same_ledger_as_csv_reads_the_same(encoding):
    sheet = read_book(SAMPLES / "zengdu-individual.xlsx").sheets[0]
    out = io.StringIO()
    csv.writer(out).writerows([as_text(cell) for cell in row] for row in sheet.rows)
    found = read_ledger(
        io.BytesIO(out.getvalue().encode(encoding)),
        name="个性问题整改台账.csv",
        **_context("zengdu-individual"),
    )
    assert _differences(found.as_json()["rows"], _expected("zengdu-individual")["rows"]) == []


@pytest.mark.parametrize("name", ["zengdu-individual", "zengdu-common", "messy-a"])
def test_every_row_below_the_header_is_accounted_for(name):
    """Against a count that takes the raw XML and nothing of the reader's."""
    reading = read_ledger(SAMPLES / f"{name}.xlsx", **_context(name))
    sheet = reading.sheets[0]
    filled = filled_rows((SAMPLES / f"{name}.xlsx").read_bytes())
    below = {row for row in filled if row > sheet.header_rows[0] and row not in sheet.header_rows}
    skipped = {row for row, _why in sheet.skipped}
    assert below == {row.row for row in reading.rows} | (skipped & below)
    repeated = [row for row in sheet.header_rows if sheet.header_rows[0] + 1 < row]
    counted = len(reading.rows) + reading.merged_rows + reading.skipped_below_header
    assert counted == len(below) + len(repeated)


def test_the_two_ledgers_hold_41_issues_and_98_measures():
    reading = read_ledger(SAMPLES / "baicheng-ledgers.xlsx", **_context("baicheng-ledgers"))
    kinds = [row.kind for row in reading.rows]
    assert (kinds.count("opinion"), kinds.count("problem")) == (21, 20)
    assert sum(len(row.measures) for row in reading.rows) == 98
    assert reading.merged_rows == 98 - 41


def test_the_individual_ledger_holds_204_issues_of_69_units():
    reading = read_ledger(SAMPLES / "zengdu-individual.xlsx", **_context("zengdu-individual"))
    assert len(reading.rows) == 204
    assert len({unit for row in reading.rows for unit in row.units}) == 69


def test_without_context_the_kind_stays_and_each_date_is_asked_for():
    reading = read_ledger(SAMPLES / "zengdu-common.xlsx")
    lacking = [
        row for row in reading.rows if row.deadline_text in ("4月底前", "上半年", "10个工作日内")
    ]
    assert [(row.deadline_kind, row.deadline_date) for row in lacking] == [("fixed", None)] * 3
    told = {(p.row, p.column) for p in reading.problems if p.code == "no_context"}
    assert told >= {(row.row, "F") for row in lacking}


def test_a_file_handle_and_a_name_will_do():
    with (SAMPLES / "zengdu-common.xlsx").open("rb") as file:
        assert read_ledger(file, name="上传.xlsx").file == "上传.xlsx"


@pytest.mark.parametrize("rows", [b"a,b\n1,2\n", "序号,单位\n1,区司法局\n".encode()])
def test_a_table_without_issues_is_unreadable(rows):
    with pytest.raises(UnreadableSheet, match="没有找到表头"):
        read_ledger(io.BytesIO(rows), name="名册.csv")
