"""How high a row must be and where a page ends: arithmetic on texts, widths and heights.

Excel does not grow merged rows by itself and breaks pages through merged blocks, so both are
worked out here. Widths are Excel column widths (characters of the default font 宋体 11), heights
are points.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from unicodedata import east_asian_width

ROW_LIMIT = 409.0
"""Points: the highest row Excel shows."""

LEADING = 1.3
"""Height of a line in units of the type size."""

PADDING = 4.0
"""Points above and below the lines of a cell together."""

_A4 = (210.0, 297.0)
_MM_PER_INCH = 25.4

# A page filled to the last point spills over. For Excel 0.985 would do; LibreOffice counts a column
# as 7·width + 5 pixels, up to 4.7 % less, so it shrinks less and has less room downwards.
_SAFETY = 0.955

# Closing marks that must not begin a line; the character before goes down with them.
_CLOSING = frozenset("，。；：、）》”’！？〕】%")
_PARAGRAPH = re.compile(r"\r\n|\r|\n")

# A wide character is 20 units, any other 11 (0.55 em): whole numbers keep the sums exact.
_EM = 20


class _Widths(dict[str, int]):
    """Width of each character met so far, in twentieths of an em."""

    def __missing__(self, character: str) -> int:
        width = self[character] = 20 if east_asian_width(character) in "WFA" else 11
        return width


_WIDTHS = _Widths()


@dataclass(frozen=True, slots=True)
class Page:
    """A4 paper as a sheet is printed on it; margins in millimetres.

    `one_page` shrinks the whole sheet to a single page; else its width fits and it runs on
    downwards.
    """

    landscape: bool = True
    left: float = 12
    right: float = 12
    top: float = 15
    bottom: float = 16
    footer: float = 8
    one_page: bool = False

    @property
    def printable(self) -> tuple[float, float]:
        """Width in pixels of 1/96 inch and height in points, between the margins."""
        short, long = _A4
        across, down = (long, short) if self.landscape else (short, long)
        return (
            (across - self.left - self.right) / _MM_PER_INCH * 96,
            (down - self.top - self.bottom) / _MM_PER_INCH * 72,
        )

    def scale(self, widths: Sequence[float]) -> float:
        """The shrinking, at most 1, at which columns of these widths fit across."""
        return min(1.0, self.printable[0] / sum(7.33 * width + 5 for width in widths))

    def room(self, widths: Sequence[float]) -> float:
        """Points of row height that fit on one page at that scale."""
        return self.printable[1] / self.scale(widths) * _SAFETY


def line_count(text: str, width: float, size: float) -> int:
    """Lines a text takes when wrapped in a column of `width` in type of `size` points, at least
    1.
    """
    room = int((7.2 * width - 3) / (size * 4 / 3) * _EM)
    return sum(_wrapped(paragraph, room) for paragraph in _PARAGRAPH.split(text))


def _wrapped(paragraph: str, room: int) -> int:
    if len(paragraph) * _EM <= room:
        return 1
    lines, used, last = 1, 0, 0
    for character in paragraph:
        width = _WIDTHS[character]
        used += width
        if used > room:
            lines += 1
            used = width + last if character in _CLOSING else width
        last = width
    return lines


def text_height(text: str, width: float, size: float) -> float:
    """Points a text needs in a column of this width, to the next half point."""
    return rounded(line_count(text, width, size) * LEADING * size + PADDING)


def rounded(height: float) -> float:
    """To the nearest half point, in which Excel keeps heights."""
    return math.floor(height * 2 + 0.5) / 2


def page_starts(
    heights: Sequence[float],
    *,
    room: float,
    repeated: float = 0,
    kept: Sequence[bool] = (),
    forced: Sequence[bool] = (),
    measure: Callable[[int, int], float] | None = None,
) -> list[int]:
    """Indices of the rows that begin a page, the first page left out, ascending.

    `room` is the height of a page, `repeated` that of the title rows printed on each further page.
    A row that is `kept` stays on the page of the row above while both fit on one page; a `forced`
    one begins a page. `measure` gives the height of the rows from one index up to another when
    they make a page; by default the sum. A last page of a single block takes one more from the
    page before.
    """
    height_of = measure or (lambda first, end: sum(heights[first:end]))
    blocks = _blocks(heights, room - repeated, kept, forced)
    pages: list[list[_Block]] = [[]]
    for block in blocks:
        limit = room if len(pages) == 1 else room - repeated
        page = pages[-1]
        if page and (block.begins_page or height_of(page[0].first, block.end) > limit):
            pages.append(page := [])
        page.append(block)
    if len(pages) > 1 and len(pages[-1]) == 1 and len(pages[-2]) > 2:
        only, above = pages[-1][0], pages[-2][-1]
        if not only.begins_page and height_of(above.first, only.end) <= room - repeated:
            pages[-1].insert(0, pages[-2].pop())
    return [page[0].first for page in pages[1:]]


class _Block(NamedTuple):
    """Rows that stay together: from one index up to another."""

    first: int
    end: int
    begins_page: bool


def _blocks(
    heights: Sequence[float], room: float, kept: Sequence[bool], forced: Sequence[bool]
) -> list[_Block]:
    blocks: list[_Block] = []
    for row in range(len(heights)):
        begins = bool(forced) and forced[row]
        above = blocks[-1] if blocks else None
        fits = above is not None and sum(heights[above.first : row + 1]) <= room
        if above and kept and kept[row] and not begins and fits:
            blocks[-1] = above._replace(end=row + 1)
        else:
            blocks.append(_Block(row, row + 1, begins))
    return blocks
