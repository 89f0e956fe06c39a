"""Three ways to one: what the sheet said when it went out, what it says now, what stands today.

Pure but for what the subject looks up. A cell is unchanged, already so, to be applied, in
conflict, faulty, or not the person's to fill in. Deleted rows change nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from lawgov.filling.incoming import Incoming, SheetRow
from lawgov.filling.seal import SealedRow
from lawgov.filling.subjects import Changed, Item, Newcomers, Subject, Unfit
from lawgov.filling.values import as_day, plain, same, told
from lawgov.spreadsheets.cells import Value, is_error

NEW = SealedRow(0, {})


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


@dataclass(frozen=True)
class Decisions:
    """What the person decided in the preview, by row and column name (`12:self_score`).

    `sides` are (side, digest of what stood there then): a decision holds only against what the
    person saw. `texts` are corrections typed in place of a faulty cell.
    """

    sides: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    def side(self, name: str, digest: str) -> Side | None:
        side, seen = self.sides.get(name, ("", ""))
        return Side(side) if side and seen == digest else None


UNDECIDED = Decisions()


def merge(
    incoming: Incoming,
    subject: Subject,
    items: Iterable[Item],
    *,
    now: datetime,
    decisions: Decisions = UNDECIDED,
    newcomers: Newcomers | None = None,
) -> Merge:
    """Compare a sheet with today's rows. `items` are those that the person may fill in;
    `newcomers` understands rows that the sheet adds, None where it may not add any."""
    merger = _Merger(incoming, subject, {item.pk: item for item in items}, decisions, newcomers)
    rows = merger.checked([merger.row(row) for row in incoming.rows], now)
    there = {row.pk for row in incoming.rows}
    missing = tuple(merger.label(pk) for pk in incoming.baseline.rows if pk not in there)
    return Merge(rows, missing, tuple(subject.header(key) for key in incoming.lost))


class _Merger:
    def __init__(
        self,
        incoming: Incoming,
        subject: Subject,
        items: Mapping[int, Item],
        decisions: Decisions,
        newcomers: Newcomers | None,
    ) -> None:
        self.incoming, self.subject, self.items = incoming, subject, items
        self.decisions, self.newcomers = decisions, newcomers
        self.sealed = incoming.baseline.rows
        self.kinds = {column.key: column.kind for column in subject.columns}
        self.first_rows: dict[int, int] = {}
        self.owners = {self._anchor(sealed.cells): pk for pk, sealed in self.sealed.items()}

    def _anchor(self, cells: Mapping[str, Any]) -> tuple[str, ...]:
        """What tells a row from others; 1 and 1.0 and 001 are one number."""
        return tuple(plain(cells.get(key), self.kinds[key]) for key in self.subject.anchors)

    def label(self, pk: int) -> str:
        """A row by what the sheet itself says of it; never by what the person may not see."""
        if pk in self.items:
            return self.items[pk].label
        return " ".join(filter(None, self._anchor(self.sealed[pk].cells)))[:60]

    def row(self, row: SheetRow) -> MergedRow:
        if row.pk is None:
            return self._new(row)
        found = MergedRow(
            row.row, row.pk, row.name, self.label(row.pk), item=self.items.get(row.pk)
        )
        if sentence := self._mixed_up(row):
            left = self.decisions.side(f"{found.name}:", short(sentence)) is Side.SYSTEM
            return replace(found, sentence=sentence, left=left)
        sealed = self.sealed[row.pk]
        if found.item is None:
            return replace(found, cells=tuple(self._foreign(row, sealed)))
        return replace(found, cells=tuple(self._cells(row, sealed, found.item)))

    def _mixed_up(self, row: SheetRow) -> str:
        """Why a mark cannot be believed: it stands twice, or beside another row's contents."""
        assert row.pk is not None
        first = self.first_rows.setdefault(row.pk, row.row)
        if first != row.row:
            text = _("和第 %(first)s 行是同一条，请删去一行")
            return text % {"first": first}
        anchors = self.subject.anchors
        if not anchors or not all(key in self.incoming.columns for key in anchors):
            return ""
        owner = self.owners.get(self._anchor(row.cells))
        if owner is not None and owner != row.pk:
            return _("行标识和内容对不上，可能只给一部分列排了序；请撤销排序，或重新下载后再填")
        return ""

    def _new(self, row: SheetRow) -> MergedRow:
        label = " ".join(filter(None, self._anchor(row.cells)))[:60]
        found = MergedRow(row.row, None, row.name, label)
        if self.newcomers is None:
            sentence = _("这一行不是下载时就有的，不能从表格里新增")
            left = self.decisions.side(f"{found.name}:", short(sentence)) is Side.SYSTEM
            return replace(found, sentence=sentence, left=left)
        item = self.newcomers(row.cells)
        return replace(found, item=item, cells=tuple(self._cells(row, NEW, item)))

    def _foreign(self, row: SheetRow, sealed: SealedRow) -> Iterable[MergedCell]:
        """Cells of a row that is not the person's to fill in, or no longer there."""
        for key, value in row.cells.items():
            if key in self.subject.loose or self._is_same(key, sealed, value):
                continue
            yield self._cell(
                key, row, Verdict.FORBIDDEN, sealed,
                sentence=_("这一行不在填报范围内，或者已经不在了，没有写入"),
            )  # fmt: skip

    def _cells(self, row: SheetRow, sealed: SealedRow, item: Item) -> Iterable[MergedCell]:
        for key, found in row.cells.items():
            if key in self.subject.loose:
                continue
            name = f"{row.name}:{key}"
            value: Value = self.decisions.texts.get(name, found)
            value = as_day(value) if self.kinds[key] == "date" else value
            if self._is_same(key, sealed, value):
                continue
            # An emptied cell that tells rows apart, or is never filled in, is what is left of a
            # merged block that was taken apart.
            fixed = key not in self.subject.fillings or self._is_fixed(key, item)
            if fixed and value is None and row.pk is not None:
                continue
            if key not in self.subject.fillings:
                if row.pk is not None:
                    sentence = _("这一栏不在这张表里填，没有写入")
                    yield self._cell(key, row, Verdict.FORBIDDEN, sealed, sentence=sentence)
                continue
            cell = self._judged(name, key, value, row, sealed, item)
            if cell is not None:
                yield cell

    def _is_fixed(self, key: str, item: Item) -> bool:
        return key in self.subject.anchors and key in item.refusals

    def _is_same(self, key: str, sealed: SealedRow, value: Value) -> bool:
        return same(sealed.cells.get(key, ""), value, self.kinds[key])

    def _judged(
        self, name: str, key: str, value: Value, row: SheetRow, sealed: SealedRow, item: Item
    ) -> MergedCell | None:
        """One cell that may be filled in and says something else than when it went out."""
        before, today = sealed.cells.get(key, ""), item.told(key)
        found = self._cell(key, row, Verdict.APPLY, sealed, value=value, today=today)
        found = replace(found, typed=name in self.decisions.texts)
        try:
            meant = self._meaning(key, value, item)
        except Unfit as fault:
            return self._faulty(replace(found, mendable=True), name, str(fault))
        text = self.subject.told(key, meant)
        sent, stands, wants = (
            sealed.held.get(key, before), item.digest(key), self.subject.digest(key, meant),
        )  # fmt: skip
        if wants == sent:
            return None
        found = replace(found, sheet=text, value=meant)
        if wants == stands:
            return replace(found, verdict=Verdict.DONE)
        if refusal := item.refusals.get(key):
            return self._faulty(found, name, refusal)
        if stands == sent:
            return found
        found = replace(found, digest=short(stands))
        side = self.decisions.side(name, found.digest)
        if side is Side.SHEET:
            return found
        return replace(found, verdict=Verdict.LEFT if side else Verdict.CONFLICT)

    def _meaning(self, key: str, value: Value, item: Item) -> Any:
        if is_error(value):
            raise Unfit(_("公式没有算出结果，请改成数或文字"))
        return self.subject.read(key, value, item)

    def _faulty(self, cell: MergedCell, name: str, sentence: str) -> MergedCell:
        """A fault blocks until it is mended, or the person leaves the cell as it stands today."""
        left = self.decisions.side(name, short(sentence)) is Side.SYSTEM
        verdict = Verdict.LEFT if left else Verdict.ERROR
        return replace(cell, verdict=verdict, sentence=sentence)

    def checked(self, rows: Sequence[MergedRow], now: datetime) -> tuple[MergedRow, ...]:
        """The rows with what the subject says against their values together."""
        asked = [row for row in rows if row.item is not None and row.applied]
        changes = [Changed(row.item, row.applied) for row in asked if row.item is not None]
        against = {
            row.name: found
            for row, found in zip(asked, self.subject.objections(changes, now=now), strict=True)
        }
        return tuple(self._objected(row, against.get(row.name, {})) for row in rows)

    def _objected(self, row: MergedRow, against: Mapping[str, str]) -> MergedRow:
        if not against:
            return row
        cells = tuple(
            self._faulty(replace(cell, mendable=True), f"{row.name}:{cell.key}", against[cell.key])
            if cell.key in against and cell.verdict is Verdict.APPLY
            else cell
            for cell in row.cells
        )
        return replace(row, cells=cells)

    def _cell(
        self,
        key: str,
        row: SheetRow,
        verdict: Verdict,
        sealed: SealedRow,
        *,
        sentence: str = "",
        value: Value = None,
        today: str = "",
    ) -> MergedCell:
        return MergedCell(
            key=key,
            header=self.subject.header(key),
            place=f"{self.incoming.columns.get(key, '')}{row.row}",
            verdict=verdict,
            before=sealed.cells.get(key, ""),
            sheet=told(row.cells.get(key) if value is None else value),
            today=today,
            sentence=sentence,
        )


def short(text: str) -> str:
    """A digest that a form carries back."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
