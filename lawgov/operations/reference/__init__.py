"""The pages of docs/reference, each drawn from the table it tells of; a test compares the two."""

from __future__ import annotations

from collections.abc import Callable

from lawgov.operations.reference import commands, lives, roles, sheets

#: Name of the page in docs/reference → what it says.
PAGES: dict[str, Callable[[], str]] = {
    "indicators.md": lives.indicators,
    "rectification.md": lives.rectification,
    "roles.md": roles.draw,
    "commands.md": commands.draw,
    "sheets.md": sheets.draw,
}
