"""Files broken at random: bytes flipped, pieces cut out, tokens of the XML or the text twisted."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable

from tests.spreadsheets.books import rezip

WORDS = (
    b"999999999", b"-1", b"0", b"", b"A1:XFD1048576", b"1e400", b"\xff", b"<", b"&#0;", b"ZZZZZZ99",
    b"s", b"str", b"n", b"e", b"d", b"true",
)  # fmt: skip
_TOKEN = re.compile(rb'"[^"<>]*"|>[^<]+<|<[^>]+>')
_VALUE = re.compile(rb"""(?<=[>"])([^<>"]+)(?=[<"])""")
_WORD = re.compile(rb"[^\s,;:\"]+|[,;:\"\n]+")

Mutate = Callable[[bytes, random.Random], bytes]


def flip(data: bytes, dice: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(dice.randint(1, 8)):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def cut(data: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(data))
    return data[:at] + data[at + dice.randrange(len(data)) :]


def twist(data: bytes, dice: random.Random) -> bytes:
    """Change tokens inside the XML and zip it again, so that the gate lets it pass; of a text its
    words and marks."""

    def change(name: str, content: bytes) -> bytes:
        if not name.endswith((".xml", ".rels")) or dice.random() < 0.5:
            return content
        for _ in range(dice.randint(1, 4)):
            content = _twist_token(content, dice, _TOKEN)
        return content

    if data[:2] == b"PK":
        return rezip(data, change)
    return flip(data, dice) if data[:4] == b"\xd0\xcf\x11\xe0" else _twist_token(data, dice, _WORD)


def reword(data: bytes, dice: random.Random) -> bytes:
    """One value between tags or quotes for another, so that the XML stays whole and is read."""
    if data[:2] != b"PK":
        return twist(data, dice)
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    chosen = dice.choice([name for name in names if "sheet" in name and name.endswith(".xml")])

    def change(name: str, content: bytes) -> bytes:
        values = list(_VALUE.finditer(content)) if name == chosen else []
        if not values:
            return content
        start, end = dice.choice(values).span(1)
        word = dice.choice([word for word in WORDS if word not in (b"\xff", b"<", b"&#0;")])
        return content[:start] + dice.choice((word, dice.choice(values)[1])) + content[end:]

    return rezip(data, change)


def _twist_token(content: bytes, dice: random.Random, token: re.Pattern[bytes]) -> bytes:
    tokens = list(token.finditer(content))
    if not tokens:
        return content
    start, end = dice.choice(tokens).span()
    other = dice.choice(tokens)[0]
    middle = dice.choice(
        (content[start : start + 1] + dice.choice(WORDS) + content[end - 1 : end], b"", other,
         content[start:end] * dice.randint(2, 50))
    )  # fmt: skip
    return content[:start] + middle + content[end:]


WAYS: tuple[Mutate, ...] = (flip, cut, twist, reword)
