"""The command `read_ledger`: its JSON, its exit codes, its one line for what cannot be read."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command

from assessments.rectification.reading import read_ledger
from tests.files import hostile

SAMPLES = Path(__file__).parents[2] / "samples"
MESSY = SAMPLES / "messy-a.xlsx"


def _run(*arguments: object) -> str:
    out = io.StringIO()
    call_command("read_ledger", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_it_prints_one_json_object_of_the_agreed_shape():
    found = json.loads(_run(MESSY, "--json", "--year", 2023, "--issued-on", "2023-04-14"))
    assert list(found) == ["file", "sheets", "rows", "problems"]
    assert found["file"] == "messy-a.xlsx"
    assert list(found["sheets"][0]) == ["name", "kind", "header_rows", "columns", "skipped"]
    assert found["sheets"][0]["header_rows"] == [3, 4, 24, 25]
    assert found["sheets"][0]["columns"]["E"] == "deadline_text"
    assert {skipped["why"] for skipped in found["sheets"][0]["skipped"]} <= {
        "title", "context", "subtotal", "note", "blank", "repeated_header",
    }  # fmt: skip
    expected = json.loads((SAMPLES / "messy-a.expected.json").read_text(encoding="utf-8"))
    assert list(found["rows"][0]) == [key for key in expected["rows"][0] if key != "_any"]
    assert list(found["problems"][0]) == ["sheet", "row", "column", "code", "message"]


def test_without_json_a_person_can_read_it():
    text = _run(MESSY, "--year", 2023, "--issued-on", "2023-04-14")
    assert "【Sheet1】24 条" in text
    assert "区财政局、区审计局" in text
    assert "第 11 行E" in text
    assert "bad_date" in text


def test_problems_do_not_change_the_exit_code():
    assert _run(MESSY)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("缺.xlsx", None),
        ("文.xlsx", b"plain text"),
        ("密.xlsx", hostile.compound("EncryptedPackage")),
        ("炸.xlsx", None),
        ("体.xlsx", None),
        ("名册.csv", "单位,姓名\n区司法局,张某\n".encode()),
    ],
)
def test_an_unreadable_file_is_one_line_and_exit_code_2(name, content, tmp_path, capsys):
    harmful = {"炸.xlsx": "bomb", "体.xlsx": "dtd"}
    if name in harmful:
        content = next(c for _n, c, _use, reason in hostile.cases() if reason == harmful[name])
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(SystemExit) as end:
        call_command("read_ledger", str(file), "--json")
    printed = capsys.readouterr()
    assert end.value.code == 2
    assert printed.out == ""
    assert len(printed.err.strip().splitlines()) == 1
    assert printed.err.startswith(name)


def test_the_reading_is_the_same_object_for_command_and_code():
    printed = json.loads(_run(MESSY, "--json", "--year", 2023, "--issued-on", "2023-04-14"))
    assert printed == read_ledger(MESSY, year=2023, issued_on=date(2023, 4, 14)).as_json()
