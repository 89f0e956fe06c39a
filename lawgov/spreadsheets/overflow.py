"""What does not fit where it belongs: texts too long for a cell, lists too long for a validation.

Both go to sheets of their own at the end of the workbook, the second of them hidden.
"""

from __future__ import annotations

from collections.abc import Sequence

from lawgov.spreadsheets.formulas import down
from lawgov.spreadsheets.layout import Page
from lawgov.spreadsheets.sheet import Cell, Row, Sheet
from lawgov.spreadsheets.styles import HEADER, Look

LONG_TEXTS = "超长文本"
LISTS = "选项"

_TEXT = Look()
_CENTRE = Look(align="center")
_TEXT_HEIGHT = (
    60.0  # points; nobody reads 32,767 characters in print, the cell is there to be copied
)


def pointer() -> str:
    """What stands at the end of a cell whose text goes on elsewhere."""
    return f"…（续见工作表“{LONG_TEXTS}”）"


class Overflow:
    """What one workbook could not hold in place."""

    def __init__(self) -> None:
        self._texts: list[tuple[str, str, int, str]] = []
        self.lists: list[tuple[str, ...]] = []

    def add(self, sheet: str, address: str, rest: Sequence[str]) -> None:
        """Keep the further parts of a cell's text, in order."""
        self._texts.extend((sheet, address, number, part) for number, part in enumerate(rest, 2))

    def offer(self, choices: Sequence[str]) -> str:
        """Keep a list of choices; gives the fixed address of its cells on the sheet of lists."""
        wanted = tuple(choices)
        if wanted not in self.lists:
            self.lists.append(wanted)
        return down(self.lists.index(wanted) + 1, 1, len(wanted), fixed=True)

    def sheet(self) -> Sheet | None:
        """The sheet of long texts, None when there are none."""
        if not self._texts:
            return None
        header = Row(
            tuple(Cell(text, HEADER) for text in ("工作表", "单元格", "第几段", "文字")), 33
        )
        rows = [
            Row(
                (
                    Cell(sheet, _CENTRE),
                    Cell(address, _CENTRE),
                    Cell(number, _CENTRE),
                    Cell(part, _TEXT),
                ),
                _TEXT_HEIGHT,
            )
            for sheet, address, number, part in self._texts
        ]
        return Sheet(
            LONG_TEXTS, (16, 9, 8.2, 90), (header, *rows), Page(), repeated=(1, 1), freeze="A2"
        )


def lists_sheet(lists: Sequence[Sequence[str]]) -> Sheet | None:
    """The hidden sheet of choices, a column a list; None when there are none."""
    if not lists:
        return None
    longest = max(len(choices) for choices in lists)
    rows = tuple(
        Row(tuple(Cell(c[i], _TEXT) if i < len(c) else None for c in lists), 15)
        for i in range(longest)
    )
    return Sheet(LISTS, (30,) * len(lists), rows, hidden=True)
