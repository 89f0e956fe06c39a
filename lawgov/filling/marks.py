"""How marks and parts of a seal look; whether they are true, seal.py tells. Pure."""

from __future__ import annotations

import re

PART = "LGSEAL:"
FURNITURE = "·"
"""Stands in the mark's place on rows of the sheet that are no data: titles, sums, signatures."""

CHUNK = re.compile(r"LGSEAL:(\d{1,4})/(\d{1,4}):([A-Za-z0-9~:.\-]+)")
_MARK = re.compile(r"([0-9a-f]{8})-(\d{1,18}):[A-Za-z0-9~-]{20,100}")


def is_part(text: object) -> bool:
    """Whether a cell holds a part of a seal."""
    return isinstance(text, str) and text.startswith(PART)


def is_mark(text: object) -> bool:
    """Whether a cell looks like the mark of a row."""
    return isinstance(text, str) and bool(_MARK.fullmatch(text))


def spelt(signed: str) -> str:
    """A signed text as a cell carries it: without _, because `_x5_` is an escape to LibreOffice."""
    return signed.replace("_", "~")


def signed(text: str) -> str:
    """The reverse of `spelt`."""
    return text.replace("~", "_")
