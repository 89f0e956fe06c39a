"""How one sheet of a stranger's file is read, as data: proposed, changed, remembered."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lawgov.spreadsheets.grid import Grid, column_number, letters
from lawgov.spreadsheets.headers import HIGHEST, labels_at
from lawgov.spreadsheets.headings import heading

LOOK_WITHIN = 40  # rows from the top in which a remembered header is looked for

#: What a place remembers: the signature of a header → a key per label, "" for one not read;
#: None for a sheet that is left alone.
Remembered = Mapping[str, list[str] | None]


@dataclass(frozen=True, slots=True)
class SheetMap:
    """One sheet: whether it is read, the rows of its header, the column of each key (from 1).

    `top` is 0 where no header is known.
    """

    used: bool
    top: int = 0
    bottom: int = 0
    columns: Mapping[str, int] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        named = {letters(place): key for key, place in self.columns.items()}
        return {"used": self.used, "top": self.top, "bottom": self.bottom, "columns": named}

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> SheetMap:
        columns = {key: column_number(name) for name, key in data["columns"].items()}
        return cls(data["used"], data["top"], data["bottom"], columns)


def signature(labels: Mapping[int, str]) -> str:
    """What makes two headers the same layout: their names in order, spelling and place aside."""
    names = [heading(labels[place]) for place in sorted(labels)]
    return hashlib.sha256("\x1f".join(names).encode()).hexdigest()


def memory_of(wanted: SheetMap, labels: Mapping[int, str]) -> list[str] | None:
    """What to remember of a sheet as it was read."""
    if not wanted.used:
        return None
    by_place = {place: key for key, place in wanted.columns.items()}
    return [by_place.get(place, "") for place in sorted(labels)]


def recalled(grid: Grid, remembered: Remembered) -> SheetMap | None:
    """How a sheet of this layout was read before; None for one never seen."""
    if not remembered:
        return None
    for top in range(1, min(LOOK_WITHIN, grid.height) + 1):
        for bottom in range(top, min(top + HIGHEST - 1, grid.height) + 1):
            labels = labels_at(grid, top, bottom)
            known = signature(labels) if labels else ""
            if known not in remembered:
                continue
            keys = remembered[known]
            if keys is None:
                return SheetMap(False, top, bottom)
            named = zip(sorted(labels), keys, strict=True)
            return SheetMap(True, top, bottom, {key: place for place, key in named if key})
    return None
