"""Text that is safe to stand in a cell, a sheet name or a formula.

What users typed goes into a workbook as text, never as a formula, and without the characters that a
workbook cannot hold. Nothing is dropped silently: every function says what it took away.
"""

from __future__ import annotations

import re
from collections.abc import Collection

CELL_LIMIT = 32_767
"""Characters of one cell in Excel, counted in UTF-16 units (openpyxl cuts without a word)."""

TITLE_LIMIT = 31
"""Characters of a sheet name in Excel."""

LIST_LIMIT = 255
"""Characters of a drop-down list written into its validation; longer ones need a range."""

# What XML 1.0 cannot carry; tab, line feed and carriage return may stay.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

# Blank or invisible characters that some programs skip before they look for a formula sign.
_INVISIBLE = " \t\r\n\u00a0\u3000\u200b\u200c\u200d\u2060\ufeff"

# Signs that begin a formula in Excel, WPS or LibreOffice. A Chinese input method types full-width
# ones, and some programs fold them. U+FE62, FE63, FE66, FE6B are the small forms, U+2212 the minus.
_SIGNS = frozenset("=+-@＝＋－＠﹦﹢﹣﹫−")

LEADING = frozenset(_INVISIBLE) | _SIGNS
"""A text that begins with none of these is no formula and keeps its first character."""

# "_x0041_" in a cell is read by Excel as "A"; the escape of its first underscore keeps it as typed.
_ESCAPE_LIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

_TITLE_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")


def clean(text: str) -> tuple[str, int]:
    """The text without characters that no workbook can hold, and how many were taken away.

    Tab, line feed and carriage return stay; so do zero-width marks, because they are legal text.
    """
    return _CONTROL.subn("", text)


def looks_like_formula(text: str) -> bool:
    """True where a program might take the text for a formula: it then gets the quote prefix ' .

    Counted in are text that begins with tab, CR or LF, and a sign behind blank or invisible marks.
    """
    if not text:
        return False
    if text[0] in "\t\r\n":
        return True
    body = text.lstrip(_INVISIBLE)
    return bool(body) and body[0] in _SIGNS


def escaped(text: str) -> str:
    """The text as a cell's XML must carry it so that Excel shows it as typed (`_x0041_` stays
    so).
    """
    if "_x" not in text:
        return text
    return _ESCAPE_LIKE.sub("_x005F_", text)


def units(text: str) -> int:
    """Length in UTF-16 units, in which Excel counts: characters beyond the basic plane count
    twice.
    """
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def parts(text: str, limit: int = CELL_LIMIT) -> list[str]:
    """The text cut into pieces of at most `limit` UTF-16 units; [""] for an empty text.

    No character is cut in two, and the pieces joined give the text again. Raises ValueError for a
    limit under 2, in which a character beyond the basic plane has no room.
    """
    if limit < 2:
        raise ValueError("a piece needs room for one character")
    if units(text) <= limit:
        return [text]
    found, start, used = [], 0, 0
    for position, character in enumerate(text):
        size = 2 if character > "\uffff" else 1
        if used + size > limit:
            found.append(text[start:position])
            start, used = position, 0
        used += size
    found.append(text[start:])
    return found


def sheet_title(wanted: str, taken: Collection[str] = ()) -> str:
    """A name Excel accepts for a sheet, as near to the wanted one as may be, and not yet taken.

    Forbidden signs become a space, the length is cut to 31, apostrophes at the ends go, an empty
    name becomes 表, the reserved name History gets a mark. Names differ without regard to case.
    """
    name = _TITLE_FORBIDDEN.sub(" ", clean(wanted)[0])
    name = " ".join(name.split()).strip("'＇ ") or "表"
    if name.casefold() == "history":
        name += "_"
    used = {title.casefold() for title in taken}
    candidate, number = _cut(name, TITLE_LIMIT), 1
    while candidate.casefold() in used:
        number += 1
        mark = f"（{number}）"
        candidate = _cut(name, TITLE_LIMIT - len(mark)) + mark
    return candidate


def list_literal(choices: Collection[str]) -> str | None:
    """The choices as the inline list of a validation, or None where they need a range of cells.

    Inline lists are split at commas and end at 255 characters.
    """
    joined = ",".join(choices)
    if units(joined) > LIST_LIMIT or any("," in choice or '"' in choice for choice in choices):
        return None
    return f'"{joined}"'


def _cut(text: str, limit: int) -> str:
    return parts(text, limit)[0].rstrip("' ")
