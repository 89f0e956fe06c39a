"""Two people offline and one online, on real rows and through the real apply: the same comes of it
as of doing all of it online, one after the other, or exactly the conflicts are told.

test_merging.py has the law for cells in memory; here rows, rules and edges of the pages are in it.
The random rounds are seeded by their number.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from assessments.models import ScoreDraft, UnitResponse
from assessments.rectification.actions import OWN_COLUMNS, Finding, edit_issue
from assessments.rectification.states import State
from assessments.rectification.transitions import LEDGER
from assessments.rounds.actions import save_draft
from indicators.assignments.actions import Share, distribute
from indicators.models import Assignment, UnitAssignment
from lawgov.filling import actions
from lawgov.filling.merged import Side, Verdict
from lawgov.filling.subjects import Item
from lawgov.filling.values import told
from lawgov.units.actions import save_liaison
from lawgov.units.models import Liaison, Unit
from tests.factories import NOW
from tests.filling.everyone import BY_CODE
from tests.filling.sheets import Desk, applied, edited, exported, merged, uploaded
from tests.people import Cast
from tests.tiers import amount

pytestmark = pytest.mark.django_db
ROUNDS = amount(8, 400)
ROWS, EDITS = 3, 4  # rows that are edited, edits of one person at most

Place = tuple[int, str]  # the id of a row and a header
Table = dict[Place, str]


class Law:
    """One sheet: what may be typed under each header, how the page saves it, what stands now.

    Texts are as people type them. `once`: headers of a row that are filled in together and only
    once; then another text is refused, and not in conflict.
    """

    code = ""
    choices: Mapping[str, tuple[str, ...]] = {}
    once: tuple[str, ...] = ()

    def open(self, cast: Cast) -> dict[int, tuple[str, ...]]:
        """The rows, and the headers under which each may be typed in now."""
        return dict.fromkeys(sorted({pk for pk, _h in self.table(cast)}), tuple(self.choices))

    def table(self, cast: Cast) -> Table:
        """What stands in the database."""
        raise NotImplementedError

    def online(self, cast: Cast, pk: int, texts: Mapping[str, str]) -> None:
        """Save some cells of one row as their page does it."""
        raise NotImplementedError

    def typed(self, header: str, text: str) -> object:
        """What is typed into the sheet for it."""
        return text or None


class SelfScores(Law):
    code = "self_scores"
    choices = {"自评得分": ("", "7", "8.5", "10"), "自评说明": ("", "甲", "乙\n丙")}

    def table(self, cast: Cast) -> Table:
        found = {}
        for work in UnitAssignment.objects.filter(unit=cast.unit):
            draft = ScoreDraft.objects.filter(unit_assignment=work).first()
            found[work.pk, "自评得分"] = told(draft.points) if draft else ""
            found[work.pk, "自评说明"] = draft.statement if draft else ""
        return found

    def online(self, cast: Cast, pk: int, texts: Mapping[str, str]) -> None:
        stands = self.table(cast)
        points = texts.get("自评得分", stands[pk, "自评得分"])
        save_draft(
            UnitAssignment.objects.get(pk=pk),
            actor=cast.editor,
            now=NOW,
            points=Decimal(points) if points else None,
            statement=texts.get("自评说明", stands[pk, "自评说明"]),
        )

    def typed(self, header: str, text: str) -> object:
        return float(text) if header == "自评得分" and text else text or None


class Ledger(Law):
    code = "rectification"
    choices = {
        "整改进展": ("已办 1 件", "已办 2 件\n其余在办", "办完"),
        "整改措施": ("1.逐卷自查\n2.补正文书", "1.开展培训\n2.抽查回访"),
        "责任人": ("王某", "李某"),
    }
    once = ("整改措施", "责任人")

    def open(self, cast: Cast) -> dict[int, tuple[str, ...]]:
        rows = UnitResponse.objects.filter(unit=cast.unit).order_by("pk")
        return {row.pk: self.once if row.state == State.ACCEPTED else ("整改进展",) for row in rows}

    def table(self, cast: Cast) -> Table:
        found = {}
        for row in UnitResponse.objects.filter(unit=cast.unit).prefetch_related("issue__measures"):
            measures = [f"{n}.{m.text}" for n, m in enumerate(row.issue.measures.all(), 1)]
            found[row.pk, "整改进展"] = row.progress
            found[row.pk, "整改措施"] = "\n".join(measures)
            found[row.pk, "责任人"] = row.person
        return found

    def online(self, cast: Cast, pk: int, texts: Mapping[str, str]) -> None:
        if "整改措施" in texts:
            row = UnitResponse.objects.for_moves().get(pk=pk)
            measures = [re.sub(r"^\d\.", "", line) for line in texts["整改措施"].split("\n")]
            LEDGER.perform(
                row, "plan", actor=cast.editor, now=NOW, version=row.version,
                measures=[{"text": text} for text in measures], person=texts["责任人"],
                target_on=row.deadline_date,
            )  # fmt: skip
        if "整改进展" in texts:
            row = UnitResponse.objects.for_moves().get(pk=pk)
            LEDGER.perform(
                row, "progress", actor=cast.editor, now=NOW, version=row.version,
                progress=texts["整改进展"],
            )  # fmt: skip


class Decomposition(Law):
    code = "decomposition"
    choices = {
        "分值": ("10", "12.5", "8"),
        "备注": ("", "先办", "缓办"),
        "责任单位": ("区水利局", "区林业局", "区水利局、区林业局"),
        "完成时限": ("", "2026-12-20", "2026-11-30"),
    }

    def table(self, cast: Cast) -> Table:
        found = {}
        for row in Assignment.objects.filter(campaign=cast.campaign):
            works = row.unit_assignments.order_by("unit__order")
            found[row.pk, "分值"] = told(row.points)
            found[row.pk, "备注"] = row.remark
            found[row.pk, "责任单位"] = "、".join(work.unit.name for work in works)
            found[row.pk, "完成时限"] = told(row.due_on)
        return found

    def online(self, cast: Cast, pk: int, texts: Mapping[str, str]) -> None:
        values: dict = {}
        if "分值" in texts:
            values["points"] = Decimal(texts["分值"])
        if "备注" in texts:
            values["remark"] = texts["备注"]
        if "责任单位" in texts:
            names = texts["责任单位"].split("、")
            values["units"] = list(Unit.objects.filter(region=cast.region, name__in=names))
        if "完成时限" in texts:
            day = date.fromisoformat(texts["完成时限"]) if texts["完成时限"] else None
            text = f"{day.year}年{day.month}月{day.day}日" if day else ""
            values |= {"due_on": day, "due_text": text}
        (outcome,) = distribute(
            cast.campaign, [Share(Assignment.objects.get(pk=pk), **values)], actor=cast.office,
            now=NOW,
        )  # fmt: skip
        assert outcome.error is None

    def typed(self, header: str, text: str) -> object:
        if header == "完成时限" and text:
            return date.fromisoformat(text)
        return float(text) if header == "分值" else text or None


class Contacts(Law):
    code = "contacts"
    choices = {
        "职务": ("", "科长", "副局长"),
        "联系电话": ("13811111234", "13822221234", "13800005678"),  # two look alike masked
        "备注": ("", "新任", "兼任"),
    }
    fields = {"职务": "position", "联系电话": "phone", "备注": "remark"}

    def table(self, cast: Cast) -> Table:
        return {
            (row.pk, header): getattr(row, name)
            for row in Liaison.objects.filter(unit__region=cast.region)
            for header, name in self.fields.items()
        }

    def online(self, cast: Cast, pk: int, texts: Mapping[str, str]) -> None:
        row = Liaison.objects.get(pk=pk)
        values = {self.fields[header]: text for header, text in texts.items()}
        save_liaison(row, values, actor=cast.office, now=NOW, version=row.version)


class Deadlines(Law):
    code = "deadlines"
    choices = {"完成时限": ("2026-12-18", "2026-12-31", "2027-03-01")}

    def table(self, cast: Cast) -> Table:
        rows = UnitResponse.objects.filter(unit=cast.unit, state=State.FOUND)
        return {(row.pk, "完成时限"): told(row.deadline_date) for row in rows}

    def online(self, cast: Cast, pk: int, texts: Mapping[str, str]) -> None:
        issue = UnitResponse.objects.select_related("issue__inspection").get(pk=pk).issue
        same = {name: getattr(issue, name) for name in OWN_COLUMNS}
        day = date.fromisoformat(texts["完成时限"])
        finding = Finding(
            kind=issue.kind, units=[cast.unit], lead_units=[],
            deadline_text=f"{day.year}年{day.month}月{day.day}日", **same,
        )  # fmt: skip
        edit_issue(issue, finding, actor=cast.office, now=NOW, version=issue.version)

    def typed(self, header: str, text: str) -> object:
        return date.fromisoformat(text)


LAWS = (SelfScores(), Ledger(), Decomposition(), Contacts(), Deadlines())
each = pytest.mark.parametrize("law", LAWS, ids=lambda law: law.code)


# -- one round -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sheet:
    """What one person does offline: cells typed, rows deleted, rows in another order; and what
    they choose in every conflict."""

    typed: Table
    deleted: frozenset[int]
    swapped: tuple[int, int]
    choose: Side


@dataclass(frozen=True)
class Round:
    online: Table
    sheets: tuple[Sheet, Sheet]


def dealt(law: Law, cast: Cast, number: int) -> Round:
    """A random round; each person touches some of the same few rows."""
    dice = random.Random(f"{law.code} {number}")
    opened = law.open(cast)
    rows = [*opened][:ROWS]

    def cells() -> Table:
        found: Table = {}
        for _edit in range(dice.randint(0, EDITS)):
            pk = dice.choice(rows)
            header = dice.choice(opened[pk])
            together = law.once if header in law.once else (header,)
            which = dice.randrange(len(law.choices[header]))
            found |= {(pk, name): law.choices[name][which] for name in together}
        return found

    def sheet() -> Sheet:
        deleted = frozenset(dice.sample(rows, dice.choice((0, 0, 1))))
        first, second = dice.sample(range(ROWS), 2)
        return Sheet(cells(), deleted, (first, second), dice.choice(list(Side)))

    return Round(cells(), (sheet(), sheet()))


def ids(desk: Desk) -> list[int]:
    """The ids of the data rows, in the order of the sheet."""
    said = [str(desk.sheet.cell(number, desk.marks).value) for number in desk.rows()]
    return [int(re.search(r"-(\d+):", text)[1]) for text in said]


def filled_in(law: Law, content: bytes, sheet: Sheet) -> bytes:
    def edit(desk: Desk) -> None:
        place = {pk: index for index, pk in enumerate(ids(desk))}
        for (pk, header), text in sheet.typed.items():
            desk.type(place[pk], header, law.typed(header, text))
        desk.swap(*sheet.swapped)
        for pk in sheet.deleted:
            desk.sheet.delete_rows(desk.rows()[ids(desk).index(pk)])

    return edited(content, edit)


@dataclass(frozen=True)
class Expected:
    """What a sheet should come to: cells to write by row, conflicts, cells refused."""

    writes: dict[int, dict[str, str]]
    conflicts: set[Place]
    refused: set[Place]


def expected(law: Law, before: Table, stands: Table, sheet: Sheet) -> Expected:
    """The law, from three tables of text."""
    found = Expected({}, set(), set())
    for place, text in sheet.typed.items():
        pk, header = place
        if pk in sheet.deleted or text in (before[place], stands[place]):
            continue
        if header in law.once and stands[place]:
            found.refused.add(place)
            continue
        if stands[place] != before[place]:
            found.conflicts.add(place)
            if sheet.choose is Side.SYSTEM:
                continue
        found.writes.setdefault(pk, {})[header] = text
    return found


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def by_row(table: Table) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for (pk, header), text in table.items():
        found.setdefault(pk, {})[header] = text
    return found


def played(law: Law, cast: Cast, content: bytes, play: Round) -> None:
    """A round, and the same done online in order; asserts that nothing tells them apart."""
    actor, before = BY_CODE[law.code].actor(cast), law.table(cast)
    tables, told_of, wanted = [], [], []
    with undone():
        for pk, texts in by_row(play.online).items():
            law.online(cast, pk, texts)
        for sheet in play.sheets:
            wanted.append(expected(law, before, law.table(cast), sheet))
            told_of.append(brought_home(filled_in(law, content, sheet), actor, sheet))
            tables.append(law.table(cast))
    with undone():
        for pk, texts in by_row(play.online).items():
            law.online(cast, pk, texts)
        for sheet, want, found, table in zip(play.sheets, wanted, told_of, tables, strict=True):
            assert found == (want.conflicts, want.refused), sheet
            for pk, texts in want.writes.items():
                law.online(cast, pk, texts)
            assert table == law.table(cast), sheet
    assert law.table(cast) == before


def brought_home(content: bytes, actor, sheet: Sheet) -> tuple[set[Place], set[Place]]:
    """Upload, decide and apply; the conflicts and the faults that were told."""
    upload = uploaded(content, actor)
    assert upload.state == "open", upload.refusal
    found = merged(upload, actor)
    places: dict[Verdict, set[Place]] = {Verdict.CONFLICT: set(), Verdict.ERROR: set()}
    for row in found.rows:
        assert not row.sentence
        for cell in row.cells:
            places.setdefault(cell.verdict, set()).add((row.pk, cell.header))
    faults = {
        f"{row.name}:{cell.key}": Side.SYSTEM.value
        for row in found.rows
        for cell in row.cells
        if cell.verdict is Verdict.ERROR
    }
    actions.decide(upload, actor=actor, now=NOW, sides=faults, every=sheet.choose)
    applied(upload, actor)
    return places[Verdict.CONFLICT], places[Verdict.ERROR]


@each
def test_offline_is_as_good_as_online(law: Law) -> None:
    case = BY_CODE[law.code]
    cast = case.cast()
    content = exported(law.code, case.actor(cast))
    clashes = 0
    for number in range(ROUNDS):
        play = dealt(law, cast, number)
        played(law, cast, content, play)
        clashes += any(set(play.online) & set(sheet.typed) for sheet in play.sheets)
    assert clashes, "rounds in which nobody meets anybody prove little"


@each
def test_a_merge_blind_to_today_is_found_out(law: Law, monkeypatch: pytest.MonkeyPatch) -> None:
    """The positive control: without the third side an update is lost, and the rounds say so."""
    case = BY_CODE[law.code]
    cast = case.cast()
    content = exported(law.code, case.actor(cast))
    sealed: dict[tuple[int, str], str] = {}
    real = Item.digest

    def blind(item: Item, key: str) -> str:
        return sealed.setdefault((item.pk, key), real(item, key))

    subject = merged(uploaded(content, case.actor(cast)), case.actor(cast))
    for row in subject.rows:
        for key in row.item.cells:
            sealed[row.item.pk, key] = real(row.item, key)
    monkeypatch.setattr(Item, "digest", blind)
    with pytest.raises(AssertionError):
        for number in range(60):
            played(law, cast, content, dealt(law, cast, number))
