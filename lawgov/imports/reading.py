"""What reading an upload asks and gives: plain values that cross to the reading process and back.

No database and no models here: the reading process knows neither.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from lawgov.spreadsheets.excerpt import excerpt, grid_of
from lawgov.spreadsheets.grid import Grid, column_number, letters
from lawgov.spreadsheets.headers import labels_at
from lawgov.spreadsheets.mapping import Remembered, SheetMap, recalled
from lawgov.spreadsheets.reader import Book, Corrections, corrected, read_book

LIKELY_WITHIN, LIKELY_CELLS = 20, 3  # rows from the top, cells of a row
EXCERPT_WITHOUT_HEADER = 6  # rows shown, besides those of an excerpt, where no header was found


@dataclass(frozen=True)
class Asked:
    """How a file is to be read: what the person stated, and the layouts.

    `maps` are those laid down for this file, by sheet; without them `remembered` ones are tried.
    """

    options: Mapping[str, Any] = field(default_factory=dict)
    maps: Mapping[str, SheetMap] = field(default_factory=dict)
    remembered: Remembered = field(default_factory=dict)


@dataclass
class Source:
    """A file on disk, or the excerpts of one; opened when it is asked for."""

    name: str
    path: Path | None = None
    excerpts: list[dict[str, Any]] = field(default_factory=list)
    corrections: Corrections = field(default_factory=dict)

    @cached_property
    def book(self) -> Book:
        """Raises UnreadableSheet."""
        if self.path is None:
            return Book([grid_of(data) for data in self.excerpts])
        return corrected(read_book(self.path, name=self.name), self.corrections)

    @property
    def content(self) -> bytes:
        return b"" if self.path is None else self.path.read_bytes()


@dataclass
class SheetRead:
    """One sheet as it was read. `columns` and `labels` go by column letters; `doubts` are columns
    whose name is known to nobody; `known`: the layout was laid down or remembered."""

    name: str
    used: bool
    top: int
    bottom: int
    columns: dict[str, str]
    labels: dict[str, str]
    doubts: list[str] = field(default_factory=list)
    known: bool = False
    height: int = 0
    hidden: bool = False
    kind: str = ""
    skipped: list[tuple[int, str]] = field(default_factory=list)
    excerpt: dict[str, Any] = field(default_factory=dict)

    @property
    def map(self) -> SheetMap:
        columns = {key: column_number(name) for name, key in self.columns.items()}
        return SheetMap(self.used, self.top, self.bottom, columns)

    @property
    def labels_by_place(self) -> dict[int, str]:
        return {column_number(name): label for name, label in self.labels.items()}

    def letter(self, key: str) -> str | None:
        """The column of a key, in letters."""
        return next((name for name, found in self.columns.items() if found == key), None)


@dataclass(frozen=True)
class RowRead:
    """One thing of the file, with the row in which it begins; `data` is for its kind alone."""

    sheet: str
    row: int
    data: dict[str, Any]


@dataclass(frozen=True)
class Trouble:
    """Something about one cell or row; `column` in letters, `text` what the cell says."""

    sheet: str
    row: int
    column: str | None
    code: str
    message: str
    text: str = ""


@dataclass
class Read:
    """A whole file. `merged` and `skipped` count rows below the headers that are no thing of their
    own; `extra` is what a kind wants to keep besides."""

    sheets: list[SheetRead] = field(default_factory=list)
    rows: list[RowRead] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    merged: int = 0
    skipped: int = 0
    macros: bool = False
    extra: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> Read:
        return cls(
            sheets=[SheetRead(**sheet) for sheet in data["sheets"]],
            rows=[RowRead(**row) for row in data["rows"]],
            troubles=[Trouble(**trouble) for trouble in data["troubles"]],
            **{name: data[name] for name in ("merged", "skipped", "macros", "extra")},
        )


#: Reads a source as its kind understands it. Raises UnreadableSheet.
Reader = Callable[[Source, Asked], Read]


def layout_of(grid: Grid, asked: Asked) -> SheetMap | None:
    """The layout of a sheet that is laid down for this file or remembered; None: to be found."""
    return asked.maps.get(grid.name) or recalled(grid, asked.remembered)


def sheet_read(grid: Grid, found: SheetMap, **more: Any) -> SheetRead:
    """A sheet under its layout, with the labels of its header and its first rows."""
    labels = labels_at(grid, found.top, found.bottom) if found.top else {}
    return SheetRead(
        name=grid.name,
        used=found.used,
        top=found.top,
        bottom=found.bottom,
        columns={letters(place): key for key, place in sorted(found.columns.items(), key=_place)},
        labels={letters(place): label for place, label in sorted(labels.items())},
        height=grid.height,
        hidden=grid.hidden,
        excerpt=excerpt(grid, found.bottom or EXCERPT_WITHOUT_HEADER),
        **more,
    )


def likely_header(grid: Grid) -> SheetMap:
    """Where a header may stand whose names nobody knows: the first row with some cells of its
    own, most of them different. It is shown to the person, never read by itself."""
    for row in range(1, min(grid.height, LIKELY_WITHIN) + 1):
        texts = [text for _column, text in grid.texts(row)]
        if len(texts) >= LIKELY_CELLS and len(set(texts)) > len(texts) / 2:
            return SheetMap(False, row, row)
    return SheetMap(False)


def _place(item: tuple[str, int]) -> int:
    return item[1]
