"""The columns page of an import: what each column is taken for, and a look at the first rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from lawgov.imports import parsing
from lawgov.imports.kinds import ImportKind, kind_of
from lawgov.imports.models import Upload
from lawgov.imports.reading import Asked, Read, SheetRead
from lawgov.imports.showing import frame
from lawgov.imports.staging import lacking
from lawgov.spreadsheets.cells import as_text
from lawgov.spreadsheets.excerpt import grid_of
from lawgov.spreadsheets.grid import letters
from lawgov.spreadsheets.limits import UnreadableSheet
from lawgov.spreadsheets.mapping import SheetMap
from lawgov.spreadsheets.tables import same_heading

SHOWN_ROWS = 5  # of a sheet, below its header
LOOKED_AT = 4  # rows of the live look


@dataclass(frozen=True)
class Choice:
    """One column of the file: its letters, header, what it is taken for, and first cells."""

    letters: str
    label: str
    key: str
    doubtful: bool
    cells: list[str]


@dataclass(frozen=True)
class SheetShown:
    """One sheet on the columns page."""

    place: int
    read: SheetRead
    map: SheetMap
    rows: list[int]
    choices: list[Choice]

    @property
    def lines(self) -> list[tuple[int, list[str]]]:
        """The first rows: number and cells in the order of the columns."""
        return [
            (row, [choice.cells[place] for choice in self.choices])
            for place, row in enumerate(self.rows)
        ]


def columns(upload: Upload, maps: Mapping[str, SheetMap] | None) -> dict[str, Any]:
    """The columns page; `maps` are what the form says now, None as the file was read."""
    kind = kind_of(upload.kind)
    now = maps or _proposed(upload.sheets_read, kind)
    shown = [
        _sheet(place, sheet, now[sheet.name]) for place, sheet in enumerate(upload.sheets_read)
    ]
    looks, fault = _look(upload, kind, now)
    return frame(upload) | {
        "step": 1,
        "sheets": shown,
        "options": kind.choices,
        "looks": looks,
        "look_fault": fault,
        "lacking": [
            (name, _("、").join(missing))
            for name, found in now.items()
            if found.used and (missing := lacking(kind, found))
        ],
    }


def _proposed(sheets: list[SheetRead], kind: ImportKind) -> dict[str, SheetMap]:
    """The layouts as they were read. Where no sheet could be, the one with most rows is proposed,
    with the columns whose names are known, so that only the strange ones are left to choose."""
    maps = {sheet.name: sheet.map for sheet in sheets}
    if not sheets or any(found.used for found in maps.values()):
        return maps
    likely = max(sheets, key=lambda sheet: (not sheet.hidden, sheet.height))
    keys = {
        same_heading(name): column.key for column in reversed(kind.columns) for name in column.names
    }
    named = {
        key: place
        for place, label in sorted(likely.labels_by_place.items(), reverse=True)
        if (key := keys.get(same_heading(label), "other")) != "other"
    }
    return maps | {likely.name: SheetMap(True, likely.top, likely.bottom, named)}


def _sheet(place: int, sheet: SheetRead, found: SheetMap) -> SheetShown:
    grid = grid_of(sheet.excerpt)
    keys = {number: key for key, number in found.columns.items()}
    first = found.bottom + 1 if found.bottom else 1
    rows = list(range(first, min(first + SHOWN_ROWS, grid.height + 1)))
    labels = sheet.labels_by_place
    places = sorted(set(labels) | set(keys)) or list(range(1, min(grid.width, 26) + 1))
    return SheetShown(
        place,
        sheet,
        found,
        rows,
        [
            Choice(
                name := letters(number),
                labels.get(number, ""),
                keys.get(number, ""),
                name in sheet.doubts,
                [as_text(grid.value(row, number)) for row in rows],
            )
            for number in places
        ],
    )


def _look(
    upload: Upload, kind: ImportKind, maps: Mapping[str, SheetMap]
) -> tuple[list[dict[str, Any]], str]:
    """How the first rows of each sheet come out under these columns; they are ours already."""
    fit = {
        name: found
        for name, found in maps.items()
        if found.used and found.top and not lacking(kind, found)
    }
    asked = Asked(
        kind.asked(upload.options),
        {name: fit.get(name, SheetMap(False)) for name in maps},
    )
    excerpts = [sheet.excerpt for sheet in upload.sheets_read]
    try:
        read = parsing.preview(kind, excerpts, upload.filename, asked)
    except UnreadableSheet as error:
        return [], str(error)
    return [
        {"sheet": name, "rows": list(islice(_looked_at(read, kind, name), LOOKED_AT))}
        for name in fit
    ], ""


def _looked_at(read: Read, kind: ImportKind, sheet: str) -> Any:
    for row in read.rows:
        if row.sheet == sheet:
            cells = kind.shown_row(row.data)
            yield row.row, [cells.get(key, "") for key, _label, _width in kind.shown]
