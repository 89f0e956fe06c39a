"""Broken and twisted workbooks: read, or one error; never anything else. Source: robustness C2."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from assessments.rectification.reading import UnreadableSheet, read_ledger
from tests.spreadsheets.books import rezip

SAMPLES = Path(__file__).parents[2] / "samples"
FILES = ("messy-a.xlsx", "zengdu-common.xlsx", "baicheng-ledgers.xlsx", "messy-a.xls")
ROUNDS = 40
WORDS = (
    b"999999999", b"-1", b"0", b"", b"A1:XFD1048576", b"1e400", b"\xff", b"<", b"&#0;", b"ZZZZZZ99",
    b"s", b"str", b"n", b"e", b"d", b"true",
)  # fmt: skip
_TOKEN = re.compile(rb'"[^"<>]*"|>[^<]+<|<[^>]+>')


def _flip(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.randint(1, 8)):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def _cut(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data))
    return data[:at] + data[at + dice.randrange(len(data)) :]


def _twist(data: bytes, dice: random.Random) -> bytes:
    """Change tokens inside the XML and zip it again, so that the gate lets it pass."""

    def change(name: str, content: bytes) -> bytes:
        if not name.endswith((".xml", ".rels")) or dice.random() < 0.5:
            return content
        for _ in range(dice.randint(1, 4)):
            content = _twist_token(content, dice)
        return content

    return rezip(data, change) if data[:2] == b"PK" else _flip(data, dice)


def _twist_token(content: bytes, dice: random.Random) -> bytes:
    tokens = list(_TOKEN.finditer(content))
    if not tokens:
        return content
    start, end = dice.choice(tokens).span()
    other = dice.choice(tokens)[0]
    middle = dice.choice(
        (content[start : start + 1] + dice.choice(WORDS) + content[end - 1 : end], b"", other,
         content[start:end] * dice.randint(2, 50))
    )  # fmt: skip
    return content[:start] + middle + content[end:]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("mutate", [_flip, _cut, _twist])
def test_a_mutated_workbook_is_read_or_refused(file: str, mutate: Callable):
    original = (SAMPLES / file).read_bytes()
    dice = random.Random(f"{file} {mutate.__name__}")
    for _ in range(ROUNDS):
        data = mutate(original, dice)
        try:
            reading = read_ledger(io.BytesIO(data), name=file, year=2023)
        except UnreadableSheet as error:
            assert str(error).strip()
            assert "\n" not in str(error)
        else:
            assert reading.as_json()["rows"] is not None
