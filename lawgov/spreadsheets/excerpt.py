"""The first rows of a sheet, small enough to keep beside an upload: a grid to JSON and back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from lawgov.spreadsheets.cells import Value
from lawgov.spreadsheets.grid import Facts, Grid, Merge, clipped

ROWS = 14  # below the header
COLUMNS = 60
TEXT = 300  # characters of a cell


def excerpt(grid: Grid, below: int) -> dict[str, Any]:
    """The rows down to ROWS below row `below`, with the merges among them."""
    last = min(below + ROWS, grid.height)
    rows = [[_kept(cell) for cell in cells[:COLUMNS]] for cells in grid.rows[:last]]
    merges = clipped(grid.facts.merges, last, min(grid.width, COLUMNS))
    return {
        "name": grid.name,
        "rows": rows,
        "merges": [[m.top, m.left, m.bottom, m.right] for m in merges],
        "hidden": grid.hidden,
    }


def grid_of(data: dict[str, Any]) -> Grid:
    """The grid of an excerpt."""
    merges = tuple(Merge(*ends) for ends in data["merges"])
    rows = [[_value(cell) for cell in cells] for cells in data["rows"]]
    return Grid(data["name"], rows, Facts(merges=merges), hidden=data["hidden"])


def _kept(cell: Value) -> Any:
    if isinstance(cell, datetime):
        return {"at": cell.isoformat()}
    if isinstance(cell, date):
        return {"on": cell.isoformat()}
    return cell[:TEXT] if isinstance(cell, str) else cell


def _value(cell: Any) -> Value:
    if not isinstance(cell, dict):
        return cell
    return datetime.fromisoformat(cell["at"]) if "at" in cell else date.fromisoformat(cell["on"])
