"""Three ways to one: what the sheet said when it went out, what it says now, what stands today.

Pure but for what the subject looks up. A cell is unchanged, already so, to be applied, in
conflict, faulty, or not the person's to fill in. Deleted rows change nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from lawgov.filling.incoming import Incoming, SheetRow
from lawgov.filling.merged import Merge, MergedCell, MergedRow, Side, Verdict, short
from lawgov.filling.seal import SealedRow
from lawgov.filling.subjects import Changed, Item, Newcomers, Subject, Unfit
from lawgov.filling.values import as_day, plain, same, told
from lawgov.spreadsheets.cells import Value, is_error

NEW = SealedRow(0, {})


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
