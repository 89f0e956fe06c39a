"""What a merge comes to: cells and rows with their verdicts, and what they add up to."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lawgov.filling.subjects import Changed, Item


class Verdict(StrEnum):
    """What becomes of a cell; the value is the word of the API."""

    SAME = "same"  # the sheet did not change it
    DONE = "done"  # today it says the same already
    APPLY = "apply"
    CONFLICT = "conflict"
    ERROR = "error"
    FORBIDDEN = "forbidden"
    LEFT = "left"  # the person chose what stands today


class Side(StrEnum):
    """What counts where the two differ: what stands today, or what the sheet says."""

    SYSTEM = "system"
    SHEET = "sheet"


BLOCKING = frozenset({Verdict.CONFLICT, Verdict.ERROR})
TOLD = BLOCKING | {Verdict.APPLY, Verdict.FORBIDDEN, Verdict.LEFT}


@dataclass(frozen=True)
class MergedCell:
    """One cell that the sheet changed. `before` is what went out, `sheet` what came home, `today`
    what stands now, all as text; `value` what the sheet's text means. `typed`: mended in the
    preview; `mendable`: another value could be taken; `digest`: of what stands today, where both
    sides moved."""

    key: str
    header: str
    place: str
    verdict: Verdict
    before: str = ""
    sheet: str = ""
    today: str = ""
    sentence: str = ""
    value: Any = None
    digest: str = ""
    typed: bool = False
    mendable: bool = False

    @property
    def blocks(self) -> bool:
        return self.verdict in BLOCKING

    @property
    def clashed(self) -> bool:
        """Whether both sides have moved, decided or not."""
        return bool(self.digest)

    @property
    def seen(self) -> str:
        """What a decision is made against: what stands today, or what is wrong with the cell."""
        return self.digest or short(self.sentence)


@dataclass(frozen=True)
class MergedRow:
    """One row of the file. `sentence` is a fault of the whole row, which then changes nothing;
    `left` says that the person accepted that."""

    row: int
    pk: int | None
    name: str
    label: str
    cells: tuple[MergedCell, ...] = ()
    sentence: str = ""
    left: bool = False
    item: Item | None = None

    @property
    def seen(self) -> str:
        return short(self.sentence)

    @property
    def verdict(self) -> Verdict:
        """The gravest of its cells'."""
        if self.sentence:
            return Verdict.LEFT if self.left else Verdict.ERROR
        found = {cell.verdict for cell in self.cells}
        return next((verdict for verdict in _GRAVEST if verdict in found), Verdict.SAME)

    @property
    def rank(self) -> int:
        """Faults first, then conflicts, decided or not, then what is just changed."""
        faulty = [cell.sentence and cell.verdict is not Verdict.FORBIDDEN for cell in self.cells]
        if self.sentence or any(faulty):
            return 0
        if any(cell.clashed for cell in self.cells):
            return 1
        return 2 if self.verdict is Verdict.APPLY else 3

    @property
    def applied(self) -> dict[str, Any]:
        return {cell.key: cell.value for cell in self.cells if cell.verdict is Verdict.APPLY}

    @property
    def is_new(self) -> bool:
        return self.pk is None


_GRAVEST = (
    Verdict.ERROR, Verdict.CONFLICT, Verdict.APPLY, Verdict.FORBIDDEN, Verdict.LEFT, Verdict.DONE,
)  # fmt: skip


@dataclass(frozen=True)
class Merge:
    """What a sheet would do today. `missing` are rows that went out and did not come home, `lost`
    headers of columns that are gone; neither changes anything."""

    rows: tuple[MergedRow, ...]
    missing: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()

    @property
    def shown(self) -> list[MergedRow]:
        """Rows with something to tell: faults, conflicts, the rest; then in the order of the file.

        A decision does not move a row, so that eyes and hands stay where they are.
        """
        told_of = [row for row in self.rows if row.verdict in TOLD]
        return sorted(told_of, key=lambda row: (row.rank, row.row))

    @property
    def cells(self) -> Counter[Verdict]:
        """Cells by verdict; a fault of a whole row counts as one cell."""
        found = Counter(cell.verdict for row in self.rows for cell in row.cells)
        for row in self.rows:
            if row.sentence:
                found[row.verdict] += 1
        return found

    @property
    def kinds(self) -> Counter[Verdict]:
        """Rows by verdict."""
        return Counter(row.verdict for row in self.rows)

    @property
    def open(self) -> int:
        """Conflicts and faults that still want a decision."""
        return sum(self.cells[verdict] for verdict in BLOCKING)

    @property
    def changes(self) -> list[Changed]:
        return [
            Changed(row.item, applied)
            for row in self.rows
            if row.item is not None and not row.sentence and (applied := row.applied)
        ]

    @property
    def fingerprint(self) -> str:
        """Changes whenever what the person has seen is no longer what would be done."""
        facts = [
            [row.name, row.sentence, cell.key, cell.verdict, cell.before, cell.sheet, cell.today,
             cell.digest]
            for row in self.rows
            for cell in row.cells
            if cell.verdict in TOLD
        ]  # fmt: skip
        text = json.dumps(facts, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def short(text: str) -> str:
    """A digest that a form carries back."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
