"""Text as typed: what is dropped before it is kept, and what is dropped before it is compared."""

from __future__ import annotations

import re
import unicodedata

# Control characters, zero-width marks, direction marks, soft hyphen, byte order mark: nobody typed
# them to be read.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
# Excel's escape of a carriage return that stood in a cell.
_ESCAPED_RETURN = re.compile("_x000[dD]_")
_SPACES = re.compile(r"\s+")


def clean(text: str) -> str:
    """The text as kept: without invisible marks, trimmed (U+3000 too), inner line breaks as \\n."""
    if not text.isprintable():  # has a line break or an invisible mark
        text = _INVISIBLE.sub("", text)
    if "_x000" in text:
        text = _ESCAPED_RETURN.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip()


def half(text: str) -> str:
    """Full-width digits, letters and brackets as half-width ones; circled numbers as digits."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def fold(text: str) -> str:
    """The text as compared: half-width, no spaces, no line breaks, no invisible marks."""
    return _SPACES.sub("", half(_INVISIBLE.sub("", text)))
