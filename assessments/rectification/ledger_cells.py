"""The cells of one issue by column, over all its rows; errors of formulas are told and left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from django.utils.translation import gettext as _

from assessments.rectification.ledger_rows import Draft
from assessments.rectification.ledger_types import Problem
from assessments.rectification.ledger_view import cell_of
from lawgov.spreadsheets.cells import ERRORS, Value, as_text
from lawgov.spreadsheets.grid import Grid, letters

_DITTO = frozenset({"同上", "〃", "″", "〞", "同前"})

_NO_VALUES = _DITTO | ERRORS

Values = Mapping[str, Sequence[Value]]  # by column key, in the order of the rows


class IssueCells:
    """The first row's cells, what a block over it shows included, then what later rows add.

    `above` are the values of the issue before, for 同上. Faults go to `problems`.
    """

    def __init__(
        self, grid: Grid, draft: Draft, problems: list[Problem], above: Values | None = None
    ) -> None:
        self.grid = grid
        self.draft = draft
        self.problems = problems
        self._has_faults = bool(grid.facts.errors or grid.facts.uncomputed)
        self.values: Values = self._read(above or {})

    @property
    def columns(self) -> dict[str, int]:
        return self.draft.header.columns

    def all(self, key: str) -> Sequence[Value]:
        return self.values.get(key, ())

    def texts(self, key: str) -> list[str]:
        return [as_text(cell) for cell in self.values.get(key, ())]

    def first(self, key: str) -> str:
        """The text of the first cell; empty when there is none."""
        cells = self.values.get(key)
        return as_text(cells[0]) if cells else ""

    def joined(self, key: str) -> str | None:
        """All texts of a column, each once, a line each; None for nothing."""
        cells = self.values.get(key)
        if not cells:
            return None
        if len(cells) == 1:
            return as_text(cells[0])
        return "\n".join(unique(self.texts(key)))

    def fault(self, code: str, key: str, message: str, row: int | None = None) -> None:
        """Report something about a column of this issue, at its first row by default."""
        column = self.columns.get(key)
        name = letters(column) if column else None
        place = self.draft.row if row is None else row
        self.problems.append(Problem(self.grid.name, place, name, code, message))

    def _read(self, above: Values) -> dict[str, list[Value]]:
        found: dict[str, list[Value]] = {}
        for row in self.draft.rows:
            for key, cell in self._cells_of(row):
                if cell in _NO_VALUES:
                    self._read_mark(found, key, cell, row, above)
                elif key in found:
                    found[key].append(cell)
                else:
                    found[key] = [cell]
        return found

    def _read_mark(
        self, found: dict[str, list[Value]], key: str, cell: Value, row: int, above: Values
    ) -> None:
        """An error says nothing; 同上 says what the issue before says."""
        if cell in ERRORS:
            self._tell_error(key, row)
        else:
            found.setdefault(key, []).extend(above.get(key, ()))

    def _cells_of(self, row: int) -> Iterable[tuple[str, Value]]:
        """Column and value of the cells that have one."""
        grid, header = self.grid, self.draft.header
        if grid.is_plain(row) and not self._has_faults:
            cells = grid.rows[row - 1]
            across = len(cells)
            return [
                (key, cell)
                for key, column in chain(header.columns.items(), header.more)
                if column <= across and (cell := cells[column - 1]) is not None
            ]
        read = grid.value if row == self.draft.row else grid.own
        places = [(key, cell_of(grid, header, row, key)) for key in header.columns]
        places += [(key, (row, column)) for key, column in header.more]
        return (
            (key, cell)
            for key, place in places
            if place and not self._is_faulty(key, *place) and (cell := read(*place)) is not None
        )

    def _is_faulty(self, key: str, row: int, column: int) -> bool:
        facts = self.grid.facts
        if (row, column) in facts.errors:
            self._tell_error(key, row)
            return True
        if (row, column) in facts.uncomputed:
            message = _("单元格里的公式没有结果，请用表格软件打开并保存一次")
            self.fault("formula_error", key, message, row)
            return True
        return False

    def _tell_error(self, key: str, row: int) -> None:
        self.fault("formula_error", key, _("单元格里的公式出错"), row)


def unique(names: Iterable[str]) -> list[str]:
    """Each name once, in order, empty ones left out."""
    return list(dict.fromkeys(filter(None, names)))
