"""What a file holds that might be ours: parts of a seal, and the sheets whose rows carry marks.

Runs in the reading process of uploads, which has neither database nor key, so nothing is
believed yet: `incoming.py` checks what comes out of here.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lawgov.files import archives
from lawgov.filling import marks
from lawgov.filling.values import pack, unpack
from lawgov.spreadsheets.cells import Value
from lawgov.spreadsheets.grid import Grid
from lawgov.spreadsheets.reader import read_book

BROKEN = "#VALUE!"  # a formula gone wrong or without a result; not to be taken for an empty cell
CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Leaf:
    """A sheet with marks: every cell as it shows, rows and columns counted from 1."""

    name: str
    rows: list[list[Value]]

    def cell(self, row: int, column: int) -> Value:
        found = self.rows[row - 1]
        return found[column - 1] if column <= len(found) else None


@dataclass(frozen=True)
class Extract:
    """Parts of seals in the order of the file, and the leaves."""

    seals: tuple[str, ...]
    leaves: tuple[Leaf, ...]

    def as_json(self) -> dict[str, Any]:
        leaves = [
            [leaf.name, [[pack(cell) for cell in row] for row in leaf.rows]] for leaf in self.leaves
        ]
        return {"seals": list(self.seals), "leaves": leaves}

    @classmethod
    def of_json(cls, stored: dict[str, Any]) -> Extract:
        leaves = (
            Leaf(name, [[unpack(cell) for cell in row] for row in rows])
            for name, rows in stored["leaves"]
        )
        return cls(tuple(stored["seals"]), tuple(leaves))


def extract(path: Path, name: str) -> Extract:
    """Read a file; raises UnreadableSheet for what is no readable table."""
    book = read_book(path, name=name)
    seals = tuple(
        str(cell)
        for grid in book.sheets
        for row in grid.rows
        for cell in row
        if marks.is_part(cell)
    )
    leaves = tuple(
        Leaf(grid.name, [*_rows(grid)])
        for grid in book.sheets
        if any(marks.is_mark(cell) for row in grid.rows for cell in row)
    )
    return Extract(seals, leaves)


def _rows(grid: Grid):
    broken = grid.facts.uncomputed | grid.facts.errors
    for row in range(1, grid.height + 1):
        yield [
            BROKEN if (row, column) in broken else grid.value(row, column)
            for column in range(1, grid.width + 1)
        ]


def answer(path: Path, name: str) -> dict[str, Any]:
    """`extract` as the reading process answers it."""
    return extract(path, name).as_json()


def is_ours(path: Path) -> bool:
    """Whether a workbook carries a seal; looked for, not checked."""
    wanted = marks.PART.encode()
    if not zipfile.is_zipfile(path):
        content = path.read_bytes()  # .xls has its texts in one byte a letter or in two
        return wanted in content or marks.PART.encode("utf-16-le") in content
    try:
        with zipfile.ZipFile(path) as archive:
            return any(
                _holds(archive, name, wanted)
                for name in archive.namelist()
                if name.startswith("xl/") and name.endswith(".xml")
            )
    except archives.BROKEN:
        return False  # whoever reads it says what is wrong with it


def _holds(archive: zipfile.ZipFile, name: str, wanted: bytes) -> bool:
    """Looked through in pieces, so that a part that unpacks to much takes no memory."""
    tail = b""
    with archive.open(name) as part:
        while piece := part.read(CHUNK):
            if wanted in tail + piece:
                return True
            tail = piece[-len(wanted) :]
    return False
