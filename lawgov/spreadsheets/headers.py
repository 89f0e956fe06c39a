"""Where the header of a table stands and which column is which, whatever lies around it.

A header takes one to three rows, merged or not, below any number of titles, and may come again on
later pages or with another layout further down. It is found by its names, never by its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lawgov.chinese.numerals import is_item_number
from lawgov.spreadsheets.cells import as_text
from lawgov.spreadsheets.columns import Column
from lawgov.spreadsheets.grid import Grid
from lawgov.spreadsheets.headings import LONGEST, Match, Names, heading, is_counted, stem, uncounted
from lawgov.spreadsheets.limits import too_large

HIGHEST = 3  # rows of a header
_MOST = 1_000  # headers of one sheet; a page has one, and nobody prints more pages
_LOOK_BELOW = 200  # rows looked at to tell a column of texts from one of counts
_COUNT = re.compile(r"[\d.,%+\-]+[条个项件处起份次家人%]?")
_EMPTY_WORDS = re.compile(r"情况|要求|工作$")  # 销号情况 over 时间 is 销号时间


@dataclass(frozen=True)
class Header:
    """One header: its rows, the place of each column by key, and the labels by place.

    `more` are further columns of a meaning that may have several, such as 措施二 beside 措施一.
    """

    top: int
    bottom: int
    columns: dict[str, int]
    labels: dict[int, str]
    more: tuple[tuple[str, int], ...] = ()

    @property
    def rows(self) -> range:
        return range(self.top, self.bottom + 1)


def find_headers(grid: Grid, columns: Sequence[Column]) -> list[Header]:
    """All headers of a sheet from top to bottom; empty when no required column is named.

    A header names every required column and one more at least, in short cells. A required column
    that holds only counts (a summary's 存在问题 with numbers) does not make a table. Raises
    UnreadableSheet for a sheet that is nothing but headers.
    """
    return _Finder(grid, Names(columns)).all()


def labels_at(grid: Grid, top: int, bottom: int) -> dict[int, str]:
    """The header texts by column of given rows: a common header before what stands under it."""
    finder = _Finder(grid, Names(()))
    return {place: " ".join(path) for place, path in finder._paths(top, bottom)}


def laid_out(
    grid: Grid, columns: Sequence[Column], top: int, bottom: int, given: Mapping[str, int]
) -> list[Header]:
    """The headers of a sheet whose first one a person has laid down; later ones are found.

    One that repeats the first has its columns; another layout further down keeps its own.
    """
    finder = _Finder(grid, Names(columns))
    labels = {place: path[-1] for place, path in finder._paths(top, bottom)}
    first = Header(top, bottom, dict(given), labels)
    height, own = bottom - top, grid.texts(top)
    later = {header.top: header for header in finder.all() if header.top > bottom}
    for row in range(bottom + 1, grid.height + 1):
        if own and grid.texts(row) == own:
            later[row] = replace(first, top=row, bottom=row + height)
    return [first, *(later[row] for row in sorted(later))]


class _Finder:
    def __init__(self, grid: Grid, names: Names) -> None:
        self.grid = grid
        self.names = names
        self.required = [column.key for column in names.columns if column.required]

    def all(self) -> list[Header]:
        found: list[Header] = []
        for hint in self._hint_rows():
            for row in range(max(hint - HIGHEST + 1, 1), hint + 1):
                if found and row <= found[-1].bottom:
                    continue
                if header := self._at(row):
                    found.append(header)
                    break
            if len(found) > _MOST:
                raise too_large()
        return found

    def _hint_rows(self) -> list[int]:
        """Rows with a short cell that could name a required column."""
        rows, longest = self.grid.rows, LONGEST * 2  # with spaces and brackets
        values = set().union(*rows)
        short = {text for text in values if isinstance(text, str) and len(text) <= longest}
        hints = {text for text in short if self.names.may_be_required(text) and self._is_hint(text)}
        return [row for row, cells in enumerate(rows, 1) if not hints.isdisjoint(cells)]

    def _is_hint(self, text: str) -> bool:
        match = self.names.find(text)
        return match is not None and match.column.required

    def _at(self, row: int) -> Header | None:
        """The best header that begins in this row; None when a later row begins a better one."""
        best = self._best(row)
        if best is None:
            return None
        for later in range(row + 1, min(best.bottom, row + HIGHEST - 1) + 1):
            other = self._best(later)
            if other and len(other.columns) >= len(best.columns):
                return None
        return best

    def _best(self, row: int) -> Header | None:
        found = [header for height in self._heights(row) if (header := self._header(row, height))]
        return max(found, key=lambda header: (len(header.columns), -header.bottom), default=None)

    def _heights(self, row: int) -> range:
        """From the lowest end of the blocks that begin in this row, to the highest allowed."""
        ends = [
            block.bottom
            for column, _ in self.grid.filled(row)
            if (block := self.grid.block(row, column))
        ]
        return range(max(ends, default=row) - row + 1, HIGHEST + 1)

    def _header(self, top: int, height: int) -> Header | None:
        bottom = top + height - 1
        if bottom > self.grid.height or not all(
            self._could_be_header(row, first=row == top) for row in range(top, bottom + 1)
        ):
            return None
        paths = dict(self._paths(top, bottom))
        ranked = self._ranked(paths, bottom)
        columns = {}
        for key, places in ranked.items():
            wanted = (p for p in places if key not in self.required or self._tells(p, bottom))
            if (place := next(wanted, None)) is not None:
                columns[key] = place
        if any(key not in columns for key in self.required) or len(columns) < 2:
            return None
        self._add_unnamed_number(columns, paths, bottom)
        more = tuple(
            (key, other)
            for key, place in columns.items()
            for other in sorted(ranked.get(key, ()))
            if key not in self.required and _are_numbered(paths[place], paths[other])
        )
        labels = {place: path[-1] for place, path in paths.items()}
        return Header(top, bottom, columns, labels, more)

    def _could_be_header(self, row: int, *, first: bool) -> bool:
        """Short cells, two at least in the first row, and no row that begins with its number.

        So 3 | 区教育局 | 丙问题 | 措施 is no header, whatever its cells end in.
        """
        texts = self.grid.texts(row)
        if len(texts) < (2 if first else 1):
            return False
        if any(len(heading(text)) > LONGEST for _, text in texts):
            return False
        return not is_item_number(texts[0][1])

    def _paths(self, top: int, bottom: int) -> Iterator[tuple[int, list[str]]]:
        """For each column the texts from top to bottom, the same text of a block once.

        An upper cell that was left empty instead of merged takes the text on its left, where the
        lower row goes on.
        """
        rows = range(top, bottom + 1)
        upper: dict[int, str] = {}
        for column in range(1, self.grid.width + 1):
            if self.grid.covered_from_above(top, column):
                continue  # belongs to what stands above
            path: list[str] = []
            for row in rows:
                text = as_text(self.grid.value(row, column))
                if text or row == bottom:
                    upper[row] = text
                elif as_text(self.grid.own(row + 1, column)) and len(path) == row - top:
                    text = upper.get(row, "")
                else:
                    upper[row] = ""
                if text and text not in path:
                    path.append(text)
            if path:
                yield column, path

    def _ranked(self, paths: dict[int, list[str]], bottom: int) -> dict[str, list[int]]:
        """Places by key, the best named first, then the leftmost."""
        found: dict[str, list[tuple[int, int]]] = {}
        for place, path in paths.items():
            match = self._meant(path) or self._meant_by_texts(place, path, bottom)
            if match:
                found.setdefault(match.column.key, []).append((match.rank, place))
        return {key: [place for _, place in sorted(places)] for key, places in found.items()}

    def _meant(self, path: list[str]) -> Match | None:
        return self.names.find(*_labels(path), common="".join(path[:-1]))

    def _meant_by_texts(self, place: int, path: list[str], bottom: int) -> Match | None:
        """整改情况（%）over texts is 整改情况; 存在问题（个）is a count, whatever stands below."""
        if not any(map(is_counted, path)) or not self._tells(place, bottom):
            return None
        match = self._meant([uncounted(text) for text in path])
        return None if match and match.column.required else match

    def _tells(self, column: int, bottom: int) -> bool:
        """Whether the column below the header holds texts and not mere counts."""
        cells = [
            cell
            for row in range(bottom + 1, min(bottom + _LOOK_BELOW, self.grid.height) + 1)
            if (cell := self.grid.own(row, column)) is not None
        ]
        counts = sum(not isinstance(c, str) or bool(_COUNT.fullmatch(c.strip())) for c in cells)
        return not cells or counts < 0.8 * len(cells)

    def _add_unnamed_number(
        self, columns: dict[str, int], paths: dict[int, list[str]], bottom: int
    ) -> None:
        """A column without a header, left of all others, that holds item numbers."""
        number = next((c.key for c in self.names.columns if c.kind == "number"), None)
        if number is None or number in columns:
            return
        for place in range(1, min(columns.values())):
            if place in paths:
                continue
            below = range(bottom + 1, min(bottom + _LOOK_BELOW, self.grid.height) + 1)
            texts = [text for row in below if (text := as_text(self.grid.own(row, place)))]
            if texts and sum(map(is_item_number, texts)) >= 0.6 * len(texts):
                columns[number] = place
                return


def _are_numbered(path: list[str], other: list[str]) -> bool:
    """Whether two columns differ in the number at the end of their header alone: 措施一, 措施二."""
    one, two = stem(path[-1]), stem(other[-1])
    return one is not None and (path[:-1], one) == (other[:-1], two) and path != other


def _labels(path: list[str]) -> tuple[str, ...]:
    """What a cell under common headers may be called: its text, and with those above it.

    销号情况 over 时间 is 销号时间, 整改 over 措施 is 整改措施.
    """
    leaf, *above = reversed(path)
    labels = [leaf]
    for count in range(1, len(above) + 1):
        upper = "".join(reversed(above[:count]))
        labels += [upper + leaf, _EMPTY_WORDS.sub("", heading(upper)) + leaf]
    return tuple(labels)
