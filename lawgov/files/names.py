"""Names that users gave their files: shown as text, never used as a path. Pure."""

from __future__ import annotations

import re
import unicodedata

LENGTH = 120  # characters, extension included
_EXTENSION = re.compile(r"\.[0-9A-Za-z]{1,10}$")


def shown_name(raw: str) -> str:
    """`raw` as it may be shown and sent: NFC, one line, no path, at most 120 characters.

    Control, format (direction marks, zero width), private and unassigned characters go; a name
    that is too long keeps its extension; an empty one becomes 未命名文件.
    """
    last = re.split(r"[/\\]", raw)[-1]
    kept = [
        character
        for character in unicodedata.normalize("NFC", last)
        if unicodedata.category(character)[0] != "C"
    ]
    name = " ".join("".join(kept).split()).strip(". ")
    if len(name) > LENGTH:
        extension = _EXTENSION.search(name)
        tail = extension.group() if extension else ""
        name = name[: LENGTH - len(tail)].rstrip() + tail
    return name or "未命名文件"


def stem(name: str) -> str:
    """A file name without its extension: the title that evidence gets by default."""
    return _EXTENSION.sub("", name) or name
