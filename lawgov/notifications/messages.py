"""What a channel is given to carry: one digest, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import ngettext


def absolute(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}"


def relative(url: str) -> str:
    """The same page under whatever name the product goes by later."""
    return url.removeprefix(settings.PUBLIC_URL)


@dataclass(frozen=True)
class Line:
    """One thing to see to: what, by when, and where it opens (absolute address)."""

    text: str
    note: str
    url: str


@dataclass(frozen=True)
class Message:
    """One digest 提醒 for one person and day; `rest` counts what the list leaves out."""

    subject: str
    greeting: str
    lines: list[Line] = field(default_factory=list)
    rest: int = 0
    closing: str = ""
    url: str = ""
    counts: dict[str, int] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """What a delivery keeps of it: the words, and where each line leads in this product."""
        lines = [[line.text, line.note, relative(line.url)] for line in self.lines]
        return {"greeting": self.greeting, "lines": lines, "rest": self.rest}

    @property
    def rest_text(self) -> str:
        return told_rest(self.rest)


def told_rest(count: int) -> str:
    """另有 3 件."""
    return ngettext("另有 %(rest)s 件", "另有 %(rest)s 件", count) % {"rest": count}
