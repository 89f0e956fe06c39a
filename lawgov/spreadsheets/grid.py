"""A sheet as a grid of values with its merged blocks: what the reader gives and headers work on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from lawgov.spreadsheets.cells import Value, as_text

Place = tuple[int, int]  # row and column, both from 1


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged block, its ends included; its value is that of the top left cell."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What a sheet says beside its values; counted from 1.

    `last_row` and `last_column` are those of the last cell with a value. `errors` are cells that
    show an error, `uncomputed` formulas without a stored result.
    """

    merges: tuple[Merge, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    errors: frozenset[Place] = frozenset()
    uncomputed: frozenset[Place] = frozenset()
    last_row: int = 0
    last_column: int = 0


@dataclass(frozen=True)
class Grid:
    """Values by row and column from 1. `rows` may be ragged; what is not there is empty."""

    name: str
    rows: list[list[Value]]
    facts: Facts = field(default_factory=Facts)
    hidden: bool = False

    @property
    def height(self) -> int:
        return len(self.rows)

    @cached_property
    def width(self) -> int:
        return max(map(len, self.rows), default=0)

    @cached_property
    def _anchors(self) -> dict[Place, Merge]:
        """The block that covers a place, for all covered places but the top left ones."""
        covered: dict[Place, Merge] = {}
        for merge in self.facts.merges:
            for row in range(merge.top, min(merge.bottom, self.height) + 1):
                for column in range(merge.left, min(merge.right, self.width) + 1):
                    covered[row, column] = merge
            covered.pop((merge.top, merge.left), None)
        return covered

    @cached_property
    def _tops(self) -> dict[Place, Merge]:
        return {(merge.top, merge.left): merge for merge in self.facts.merges}

    @cached_property
    def _rows_with_blocks(self) -> frozenset[int]:
        return frozenset(
            row
            for merge in self.facts.merges
            for row in range(merge.top, min(merge.bottom, self.height) + 1)
        )

    def is_plain(self, row: int) -> bool:
        """Whether no block touches the row, so that its cells are just its values."""
        return row not in self._rows_with_blocks

    def own(self, row: int, column: int) -> Value:
        """What stands in the cell itself; nothing where a block covers it."""
        if (row, column) in self._anchors:
            return None
        return self._raw(row, column)

    def value(self, row: int, column: int) -> Value:
        """What the cell shows: its own value or that of the block over it."""
        merge = self._anchors.get((row, column))
        return self._raw(merge.top, merge.left) if merge else self._raw(row, column)

    def covered_from_above(self, row: int, column: int) -> bool:
        """Whether a block that begins in an earlier row covers the cell."""
        merge = self._anchors.get((row, column))
        return merge is not None and merge.top < row

    def block(self, row: int, column: int) -> Merge | None:
        """The block that covers the cell or begins in it."""
        return self._anchors.get((row, column)) or self._tops.get((row, column))

    def filled(self, row: int) -> list[tuple[int, Value]]:
        """Columns and values of the cells that have a value of their own in this row."""
        if not 1 <= row <= self.height:
            return []
        if self.is_plain(row):
            return [(c, cell) for c, cell in enumerate(self.rows[row - 1], 1) if cell is not None]
        return [
            (column, cell)
            for column, cell in enumerate(self.rows[row - 1], 1)
            if cell is not None and (row, column) not in self._anchors
        ]

    def texts(self, row: int) -> list[tuple[int, str]]:
        """As `filled`, as text."""
        return [(column, as_text(cell)) for column, cell in self.filled(row)]

    def overlaps(self) -> Iterator[Place]:
        """Covered cells that have a value of their own, which no program shows."""
        for row, column in self._anchors:
            if self._raw(row, column) is not None:
                yield row, column

    def _raw(self, row: int, column: int) -> Value:
        try:
            return self.rows[row - 1][column - 1] if row > 0 and column > 0 else None
        except IndexError:
            return None


def letters(column: int) -> str:
    """The column's letters: 1 is A, 27 is AA."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def column_number(name: str) -> int:
    """The column of its letters; 0 for anything else."""
    number = 0
    for char in name:
        if not "A" <= char <= "Z":
            return 0
        number = number * 26 + ord(char) - 64
    return number


def merge_of(reference: str) -> Merge | None:
    """The block of `B3:C9`; None for one that is not a block of at least two cells."""
    first, _, last = reference.replace("$", "").partition(":")
    ends = [place_of(part) for part in (first, last)]
    if None in ends:
        return None
    (top, left), (bottom, right) = ends  # type: ignore[misc]
    if bottom < top or right < left or (top, left) == (bottom, right):
        return None
    return Merge(top, left, bottom, right)


def place_of(reference: str) -> Place | None:
    """Row and column of `H60`; None for anything else."""
    name = reference.rstrip("0123456789")
    column, digits = column_number(name), reference[len(name) :]
    return (int(digits), column) if column and digits and len(digits) < 8 else None


def clipped(merges: Iterable[Merge], last_row: int, last_column: int) -> tuple[Merge, ...]:
    """Blocks cut to the used part of a sheet; those wholly outside or of one cell are left out."""
    found = []
    for merge in merges:
        bottom, right = min(merge.bottom, last_row), min(merge.right, last_column)
        if (
            merge.top <= bottom
            and merge.left <= right
            and (bottom, right) != (merge.top, merge.left)
        ):
            found.append(Merge(merge.top, merge.left, bottom, right))
    return tuple(found)
