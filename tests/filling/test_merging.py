"""Three-way merging as a law: two people offline and one online come to the same as in order.

Any edits of two sheets made from one baseline, with edits on the pages in between, give cell by
cell what doing them online one after the other would have given, or a conflict; and a conflict
exactly where both sides moved a cell to different values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lawgov.accounts.policy import Action
from lawgov.filling import merged
from lawgov.filling.incoming import Incoming, SheetRow
from lawgov.filling.merged import Side, Verdict, short
from lawgov.filling.merging import Decisions, merge
from lawgov.filling.seal import Baseline, SealedRow
from lawgov.filling.subjects import Changed, Item, Subject
from lawgov.filling.values import told
from lawgov.spreadsheets.columns import Column, Filling
from tests.factories import NOW

KEYS = ("a", "b")
PKS = (1, 2, 3)
FILLED = (Filling(Action.SUBMIT, "put"),)

Table = dict[tuple[int, str], str]
Cells = st.fixed_dictionaries({(pk, key): st.sampled_from("xyz") for pk in PKS for key in KEYS})
Edits = st.dictionaries(
    st.tuples(st.sampled_from(PKS), st.sampled_from(KEYS)), st.sampled_from(["", *"xyz"]),
    max_size=6,
)  # fmt: skip


class Toy(Subject):
    """Cells of text, kept in a dict."""

    code, label, action = "toy", "toy", Action.SUBMIT
    columns = (Column("n", "序号"), *(Column(key, key, filled=FILLED) for key in KEYS))
    anchors = ("n",)
    ways = ("put",)

    def __init__(self, table: Table) -> None:
        self.table = table

    def items(self, actor: Any = None, pks: Any = None) -> list[Item]:
        return [
            Item(pk, str(pk), 1, {"n": pk} | {key: self.table[pk, key] for key in KEYS})
            for pk in PKS
        ]

    def draw(self, *args: Any, **kwargs: Any) -> Any:
        raise AssertionError("not drawn here")

    def read(self, key: str, value: Any, item: Item) -> str:
        return told(value)

    def save(self, changes: Sequence[Changed], **kwargs: Any) -> None:
        for change in changes:
            for key, value in change.values.items():
                self.table[change.item.pk, key] = value


def sheet(before: Table, edits: Mapping[tuple[int, str], str], order: Sequence[int]) -> Incoming:
    """A sheet made from `before`, edited, its rows in any order and some of them left out."""
    sealed = {
        pk: SealedRow(1, {"n": str(pk)} | {key: before[pk, key] for key in KEYS}) for pk in PKS
    }
    rows = [
        SheetRow(
            number, pk,
            {"n": pk} | {key: edits.get((pk, key), before[pk, key]) or None for key in KEYS},
        )
        for number, pk in enumerate(order, 4)
    ]  # fmt: skip
    columns = {"n": "A", "a": "B", "b": "C"}
    return Incoming(Baseline("toy", "", 1, "", "", sealed, "0" * 8), "s", tuple(rows), columns)


@dataclass
class Applied:
    conflicts: set[tuple[int, str]]


def bring_home(subject: Toy, incoming: Incoming, choose: Side) -> Applied:
    """Merge, decide every conflict one way, apply."""
    found = merge(incoming, subject, subject.items(), now=NOW)
    conflicts = {
        (row.pk, cell.key): cell.digest
        for row in found.rows
        for cell in row.cells
        if cell.verdict is Verdict.CONFLICT and row.pk is not None
    }
    sides = {f"{pk}:{key}": (choose.value, seen) for (pk, key), seen in conflicts.items()}
    decided = merge(incoming, subject, subject.items(), now=NOW, decisions=Decisions(sides, {}))
    assert not decided.open
    subject.save(decided.changes)
    return Applied(set(conflicts))


@settings(max_examples=300, deadline=None)
@given(
    before=Cells, online=Edits, first=Edits, second=Edits,
    order=st.permutations(PKS), kept=st.integers(0, len(PKS)), choose=st.sampled_from(list(Side)),
)  # fmt: skip
def test_two_offline_and_one_online(
    before: Table, online: Table, first: Table, second: Table, order: list[int], kept: int,
    choose: Side,
) -> None:  # fmt: skip
    subject = Toy(dict(before))
    model = dict(before)

    subject.table.update(online)
    model.update(online)
    for edits in (first, second):
        there = order[:kept] if edits is first else order
        expected: set[tuple[int, str]] = set()
        standing = dict(model)
        for place, value in edits.items():
            if place[0] not in there or value == before[place]:
                continue  # a deleted row and an untouched cell change nothing
            if standing[place] not in (before[place], value):
                expected.add(place)
                if choose is Side.SYSTEM:
                    continue
            model[place] = value
        done = bring_home(subject, sheet(before, edits, there), choose)
        assert done.conflicts == expected
        assert subject.table == model
        again = merge(sheet(before, edits, there), subject, subject.items(), now=NOW)
        if choose is Side.SHEET:  # what was applied is there; the same file changes nothing
            assert not again.changes and not again.open


def test_a_merge_that_ignores_today_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The positive control: with the third side left out, a lost update passes unseen."""
    before = {(pk, key): "x" for pk in PKS for key in KEYS}
    incoming = sheet(before, {(1, "a"): "y"}, PKS)
    subject = Toy(before | {(1, "a"): "z"})
    (cell,) = merge(incoming, subject, subject.items(), now=NOW).rows[0].cells
    assert cell.verdict is Verdict.CONFLICT
    monkeypatch.setattr(Item, "digest", lambda item, key: incoming.baseline.rows[1].cells[key])
    (cell,) = merge(incoming, subject, subject.items(), now=NOW).rows[0].cells
    assert cell.verdict is Verdict.APPLY


@pytest.mark.parametrize(
    ("before", "sheet_says", "today", "verdict"),
    [
        ("x", "x", "x", None),
        ("x", "x", "y", None),
        ("x", "y", "y", Verdict.DONE),
        ("x", "y", "x", Verdict.APPLY),
        ("x", "y", "z", Verdict.CONFLICT),
        ("x", "", "z", Verdict.CONFLICT),
        ("", "y", "", Verdict.APPLY),
        ("x", "", "x", Verdict.APPLY),
    ],
)
def test_the_table_of_three_sides(
    before: str, sheet_says: str, today: str, verdict: Verdict | None
) -> None:
    base = {(pk, key): before for pk in PKS for key in KEYS}
    subject = Toy(base | {(1, "a"): today})
    found = merge(sheet(base, {(1, "a"): sheet_says}, [1]), subject, subject.items(), now=NOW)
    assert [cell.verdict for cell in found.rows[0].cells] == ([verdict] if verdict else [])
    assert found.missing == ("2", "3")


def test_a_decision_is_about_what_was_seen() -> None:
    base = {(pk, key): "x" for pk in PKS for key in KEYS}
    incoming = sheet(base, {(1, "a"): "y"}, [1])
    decided = Decisions({"1:a": ("sheet", short("z"))}, {})
    for today, verdict in (("z", Verdict.APPLY), ("w", Verdict.CONFLICT)):
        subject = Toy(base | {(1, "a"): today})
        (row,) = merge(incoming, subject, subject.items(), now=NOW, decisions=decided).rows
        assert row.cells[0].verdict is verdict


def test_every_verdict_has_its_place() -> None:
    graded = set(merged._GRAVEST) | {Verdict.SAME}
    assert graded == set(Verdict)
