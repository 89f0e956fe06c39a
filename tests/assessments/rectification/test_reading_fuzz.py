"""Broken and twisted workbooks: read, or one error; never anything else. Source: robustness C2."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest

from assessments.rectification.reading import UnreadableSheet, read_ledger
from tests.spreadsheets.mutations import WAYS, Mutate

SAMPLES = Path(__file__).parents[2] / "samples"
FILES = ("messy-a.xlsx", "zengdu-common.xlsx", "baicheng-ledgers.xlsx", "messy-a.xls")
ROUNDS = 40


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("mutate", WAYS)
def test_a_mutated_workbook_is_read_or_refused(file: str, mutate: Mutate):
    original = (SAMPLES / file).read_bytes()
    dice = random.Random(f"{file} _{mutate.__name__}")
    for _ in range(ROUNDS):
        data = mutate(original, dice)
        try:
            reading = read_ledger(io.BytesIO(data), name=file, year=2023)
        except UnreadableSheet as error:
            assert str(error).strip()
            assert "\n" not in str(error)
        else:
            assert reading.as_json()["rows"] is not None
