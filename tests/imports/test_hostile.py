"""Files that mean harm, in the process that reads uploads: refused in a sentence, or read; little
time and little memory either way.

Time is CPU time of the child, so that a busy machine does not matter.
"""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.files import hostile
from tests.spreadsheets.books import book, with_part
from tests.tiers import amount

SECONDS = 2.0  # above the start of an interpreter, which is taken off
MEGABYTES = 300
READER = "assessments.rectification.ledger_upload:read"
SHEET = "xl/worksheets/sheet1.xml"
# Between this process and the child, for a child's peak begins with that of whoever started it.
MEASURED = """
import json, os, subprocess, sys
child = subprocess.Popen([sys.executable, "-X", "utf8", "-m", "lawgov.imports.child", sys.argv[1]],
                         stdout=subprocess.DEVNULL, env={})
_pid, _status, used = os.wait4(child.pid, 0)
print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""


def ask(path: Path, name: str, folder: Path) -> tuple[dict, float, float]:
    """The child's answer, its CPU seconds and its peak memory in megabytes."""
    question = {
        "task": "read", "reader": READER, "homes": {}, "path": str(path), "name": name,
        "options": {}, "maps": {}, "remembered": {}, "cells": {}, "language": "zh-hans",
        "locales": [],
    }  # fmt: skip
    answer = folder / "answer.json"
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(answer)],
        input=json.dumps(question).encode(),
        capture_output=True,
        cwd=settings.BASE_DIR,
        check=True,
    )
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    found = json.loads(answer.read_bytes()) if answer.exists() else {"error": "limit"}
    return found, *json.loads(done.stdout)


@pytest.fixture(scope="module")
def start(tmp_path_factory) -> float:
    """CPU seconds of the child with an innocent file."""
    folder = tmp_path_factory.mktemp("plain")
    path = folder / "plain"
    path.write_bytes(hostile.plain())
    found, seconds, _memory = ask(path, "台账.xlsx", folder)
    assert "read" in found
    return seconds


def sheet(xml: bytes) -> bytes:
    """A ledger whose rows are followed by `xml`."""
    return with_part(hostile.plain(), SHEET, lambda part: part.replace(b"</sheetData>", xml, 1))


def cells(count: int) -> bytes:
    rows = count // 100
    row = b"".join(b"<c><v>1</v></c>" for _ in range(100))
    return b"".join(b"<row>" + row + b"</row>" for _ in range(rows)) + b"</sheetData>"


def heavy() -> Iterator[tuple[str, bytes]]:
    """Well-formed workbooks that are large, deep or lying."""
    yield "empty rows", sheet(b"".join(b"<row/>" for _ in range(1_000_000)) + b"</sheetData>")
    yield "far cell", sheet(b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    yield "million cells", sheet(cells(1_000_000))
    yield "many cells", sheet(cells(3_000_000))
    yield "deep", sheet(b"</sheetData>" + b"<a>" * 200_000 + b"</a>" * 200_000)
    merges = b"".join(b'<mergeCell ref="A1:XFD1048576"/>' for _ in range(100_000))
    yield "merges", sheet(b"</sheetData><mergeCells>" + merges + b"</mergeCells>")
    long = b'<c t="inlineStr"><is><t>' + b"A" * 30_000_000 + b"</t></is></c>"
    yield "long cell", sheet(b"<row>" + long + b"</row></sheetData>")
    bomb = b'<c t="inlineStr"><is><t>' + b"A" * 120_000_000 + b"</t></is></c>"
    yield "bomb", sheet(b"<row>" + bomb + b"</row></sheetData>")
    texts = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in ("序号", "存在问题"))
    yield "headers", sheet(f"<row>{texts}</row>".encode() * 50_000 + b"</sheetData>")
    yield "columns", sheet(b"<row>" + b"<c><v>1</v></c>" * 16_384 + b"</row></sheetData>")


def many_sheets() -> bytes:
    import openpyxl

    made = openpyxl.Workbook()
    for number in range(400):
        made.create_sheet(f"s{number}")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def long_csv() -> bytes:
    return "序号,存在问题\n".encode() + b"1,a\n" * 400_000


def quoted_csv() -> bytes:
    return '序号,存在问题\n1,"'.encode() + b"a\n" * 3_000_000


CASES = [
    *(
        (f"{reason} {place}", name, content)
        for place, (name, content, use, reason) in enumerate(hostile.cases())
        if use == "workbook" and place % amount(6, 1) == 0
    ),
    *((name, "台账.xlsx", content) for name, content in heavy()),
    ("sheets", "台账.xlsx", many_sheets()),
    ("long csv", "台账.csv", long_csv()),
    ("open quote", "台账.csv", quoted_csv()),
]
READ = {"empty rows", "deep", "merges", "columns", "million cells"}


@pytest.mark.parametrize(("case", "name", "content"), CASES, ids=[case[0] for case in CASES])
def test_a_hostile_file_costs_little_and_is_told_in_a_sentence(
    case, name, content, start, tmp_path
):
    path = tmp_path / "file"
    path.write_bytes(content)
    found, seconds, memory = ask(path, name, tmp_path)
    assert memory <= MEGABYTES, f"{memory:.0f} MB"
    assert seconds - start <= SECONDS, f"{seconds - start:.1f} s"
    if "error" in found:
        assert found["error"] != "limit", "a limit struck: the gate should have refused it"
        assert "\n" not in found["error"]
    else:
        assert case in READ or not found["read"]["rows"] or case.startswith(("long", "headers"))


def test_the_limits_strike_and_are_told(db, monkeypatch):
    """Positive control: with a smaller limit the same innocent file is not read."""
    from lawgov.imports import parsing
    from lawgov.imports.kinds import kind_of
    from lawgov.imports.reading import Asked
    from lawgov.spreadsheets.limits import UnreadableSheet

    path = Path(settings.DATA_DIR) / "plain.xlsx"
    path.write_bytes(book([["序号", "存在问题"], [1, "执法公示不规范"]]))
    asked = Asked({})
    assert parsing.parse(kind_of("ledger"), path, "台账.xlsx", asked, {}).read.rows
    monkeypatch.setattr(parsing, "WALL_SECONDS", 0.01)
    with pytest.raises(UnreadableSheet, match="太大或太复杂"):
        parsing.parse(kind_of("ledger"), path, "台账.xlsx", asked, {})


def test_the_child_knows_no_secret(tmp_path, monkeypatch):
    """What the environment holds stays out of the process that reads strangers' files."""
    from lawgov.imports import parsing

    asked = {}
    monkeypatch.setenv("SECRET_KEY", "not to be known")
    real = subprocess.run

    def run(command, **options):
        asked.update(options)
        return real(command, **options)

    monkeypatch.setattr(parsing.subprocess, "run", run)
    path = tmp_path / "x"
    path.write_bytes(hostile.plain())
    parsing.mark(path, "台账.xlsx", [], tmp_path / "out.xlsx")
    assert "SECRET_KEY" not in asked["env"]
    assert zipfile.is_zipfile(tmp_path / "out.xlsx")
