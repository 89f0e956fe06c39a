"""The self-assessment sheet there and back: what a unit fills in becomes its drafts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from assessments.models import ScoreDraft
from assessments.rounds.actions import save_draft
from indicators.models import UnitAssignment
from lawgov.audit.models import AuditEntry
from lawgov.errors import GuardFailed, StaleState
from lawgov.filling import actions
from lawgov.filling.merged import Side, Verdict
from tests import factories
from tests.factories import NOW
from tests.filling.sheets import applied, edited, exported, merged, uploaded, verdicts
from tests.people import Cast, make_cast

pytestmark = pytest.mark.django_db
CODE = "self_scores"


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    for assignment in made.campaign.assignments.all():
        factories.make_work(assignment, made.unit)
        factories.make_work(assignment, made.other_unit)
    return made


def work(cast: Cast, number: int = 1) -> UnitAssignment:
    return UnitAssignment.objects.get(assignment__indicator__number=number, unit=cast.unit)


def draft(cast: Cast, points: str | None, statement: str = "", number: int = 1) -> None:
    save_draft(
        work(cast, number),
        actor=cast.editor,
        now=NOW,
        points=None if points is None else Decimal(points),
        statement=statement,
    )


def test_what_is_filled_in_becomes_a_draft_and_names_the_file(cast: Cast) -> None:
    file = edited(
        exported(CODE, cast.editor),
        lambda desk: desk.type(0, "自评得分", 8.5).type(0, "自评说明", "台账齐全"),
    )
    sheet = uploaded(file, cast.editor)
    assert sheet.state == "open", sheet.refusal
    assert verdicts(merged(sheet, cast.editor)) == {"1 自评得分": "apply", "1 自评说明": "apply"}
    applied(sheet, cast.editor)
    made = ScoreDraft.objects.get()
    assert (made.points, made.statement) == (Decimal("8.5"), "台账齐全")
    told = {"file": "填报.xlsx", "hash": sheet.blob.sha256}
    assert AuditEntry.objects.get(verb="score.draft").data["source"] == told
    entry = AuditEntry.objects.get(verb="filling.applied")
    assert entry.data | told == entry.data
    assert (entry.data["rows"], entry.data["cells"]) == (1, 2)


def test_the_same_file_again_changes_nothing(cast: Cast) -> None:
    file = edited(exported(CODE, cast.editor), lambda desk: desk.type(0, "自评得分", 8))
    applied(uploaded(file, cast.editor), cast.editor)
    before = AuditEntry.objects.exclude(verb__startswith="job.").count()
    again = uploaded(file, cast.editor)
    assert verdicts(merged(again, cast.editor)) == {"1 自评得分": "done"}
    applied(again, cast.editor)
    assert AuditEntry.objects.exclude(verb__startswith="job.").count() == before
    assert ScoreDraft.objects.get().version == 1


def test_an_untouched_sheet_changes_nothing(cast: Cast) -> None:
    draft(cast, "7.5", "第一段\n第二段　")
    found = merged(uploaded(exported(CODE, cast.editor), cast.editor), cast.editor)
    assert verdicts(found) == {} and not found.missing and not found.lost


def test_two_sides_moved_is_a_conflict_to_be_decided(cast: Cast) -> None:
    draft(cast, "6")
    file = edited(exported(CODE, cast.editor), lambda desk: desk.type(0, "自评得分", 8))
    draft(cast, "7")
    sheet = uploaded(file, cast.editor)
    (row,) = merged(sheet, cast.editor).shown
    (cell,) = row.cells
    assert (cell.verdict, cell.before, cell.sheet, cell.today) == ("conflict", "6", "8", "7")
    with pytest.raises(GuardFailed):
        applied(sheet, cast.editor)
    assert sheet.state == "open" and ScoreDraft.objects.get().points == 7
    name = f"{row.name}:{cell.key}"
    actions.decide(sheet, actor=cast.editor, now=NOW, sides={name: Side.SHEET})
    applied(sheet, cast.editor)
    assert ScoreDraft.objects.get().points == 8


def test_a_decision_holds_only_against_what_was_seen(cast: Cast) -> None:
    draft(cast, "6")
    file = edited(exported(CODE, cast.editor), lambda desk: desk.type(0, "自评得分", 8))
    draft(cast, "7")
    sheet = uploaded(file, cast.editor)
    found = actions.decide(sheet, actor=cast.editor, now=NOW, every=Side.SHEET)
    assert not found.open
    draft(cast, "5")
    with pytest.raises(StaleState):
        actions.apply(sheet, actor=cast.editor, now=NOW, seen=found.fingerprint)
    assert merged(sheet, cast.editor).open == 1
    assert ScoreDraft.objects.get().points == 5


def test_stale_between_preview_and_apply_writes_nothing(cast: Cast) -> None:
    file = edited(
        exported(CODE, cast.editor),
        lambda desk: desk.type(0, "自评得分", 8).type(1, "自评得分", 9),
    )
    sheet = uploaded(file, cast.editor)
    seen = merged(sheet, cast.editor).fingerprint
    draft(cast, "3", number=2)
    with pytest.raises(StaleState):
        actions.apply(sheet, actor=cast.editor, now=NOW, seen=seen)
    assert [d.points for d in ScoreDraft.objects.all()] == [3]
    assert verdicts(merged(sheet, cast.editor)) == {"1 自评得分": "apply", "2 自评得分": "conflict"}


def test_what_was_changed_elsewhere_only_stays(cast: Cast) -> None:
    file = edited(exported(CODE, cast.editor), lambda desk: desk.type(0, "自评说明", "已办"))
    draft(cast, "4")
    applied(uploaded(file, cast.editor), cast.editor)
    made = ScoreDraft.objects.get()
    assert (made.points, made.statement) == (4, "已办")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("８．５", Decimal("8.5")), ("8.5分", Decimal("8.5")), (8, 8), ("10", 10), (8.0, 8)],
)
def test_numbers_as_people_type_them(cast: Cast, typed: object, meant: Decimal) -> None:
    file = edited(exported(CODE, cast.editor), lambda desk: desk.type(0, "自评得分", typed))
    applied(uploaded(file, cast.editor), cast.editor)
    assert ScoreDraft.objects.get().points == meant


@pytest.mark.parametrize("typed", [11, -1, 8.3, "八分", "#REF!", "1e400"])
def test_a_fault_names_its_cell_and_can_be_mended_or_left(cast: Cast, typed: object) -> None:
    file = edited(exported(CODE, cast.editor), lambda desk: desk.type(0, "自评得分", typed))
    sheet = uploaded(file, cast.editor)
    (row,) = merged(sheet, cast.editor).shown
    (cell,) = row.cells
    assert cell.verdict is Verdict.ERROR and cell.place == "F4" and cell.sentence
    name = f"{row.name}:{cell.key}"
    found = actions.decide(sheet, actor=cast.editor, now=NOW, texts={name: "9"})
    assert verdicts(found) == {"1 自评得分": "apply"}
    found = actions.decide(sheet, actor=cast.editor, now=NOW, texts={name: "99"})
    assert verdicts(found) == {"1 自评得分": "error"}
    found = actions.decide(sheet, actor=cast.editor, now=NOW, sides={name: Side.SYSTEM})
    assert verdicts(found) == {"1 自评得分": "left"} and not found.open


def test_an_emptied_score_is_emptied(cast: Cast) -> None:
    draft(cast, "6", "有")
    file = edited(exported(CODE, cast.editor), lambda desk: desk.type(0, "自评得分", None))
    applied(uploaded(file, cast.editor), cast.editor)
    made = ScoreDraft.objects.get()
    assert (made.points, made.statement) == (None, "有")


def test_what_is_sent_on_cannot_be_filled_in(cast: Cast) -> None:
    file = edited(exported(CODE, cast.editor), lambda desk: desk.type(0, "自评得分", 8))
    UnitAssignment.objects.filter(pk=work(cast).pk).update(state="with_lead")
    (row,) = merged(uploaded(file, cast.editor), cast.editor).shown
    assert row.cells[0].verdict is Verdict.ERROR
    assert "退回后才能改" in row.cells[0].sentence


def test_locked_columns_are_told_and_not_written(cast: Cast) -> None:
    file = edited(
        exported(CODE, cast.editor),
        lambda desk: desk.type(0, "分值", 20).type(0, "自评得分", 8).type(0, "核验得分", 10),
    )
    sheet = uploaded(file, cast.editor)
    assert verdicts(merged(sheet, cast.editor)) == {
        "1 分值": "forbidden",
        "1 自评得分": "apply",
        "1 核验得分": "forbidden",
    }
    applied(sheet, cast.editor)
    assert ScoreDraft.objects.get().points == 8


def test_another_unit_cannot_fill_in_this_units_sheet(cast: Cast) -> None:
    draft(cast, "6", "本单位的话")
    file = edited(exported(CODE, cast.editor), lambda desk: desk.type(0, "自评得分", 8))
    draft(cast, "7", "只有本单位知道")
    found = merged(uploaded(file, cast.stranger), cast.stranger)
    assert verdicts(found) == {"1 自评得分": "forbidden"}
    assert "7" not in [cell.today for row in found.rows for cell in row.cells]
    applied(uploaded(file, cast.stranger), cast.stranger)
    assert ScoreDraft.objects.get().points == 7


def test_a_colleague_may_bring_it_home(cast: Cast) -> None:
    file = edited(exported(CODE, cast.editor), lambda desk: desk.type(0, "自评得分", 8))
    applied(uploaded(file, cast.head), cast.head)
    assert ScoreDraft.objects.get().saved_by == cast.head.user


@pytest.mark.parametrize("who", ["foreign_office", "office", "assessor", "lead"])
def test_others_are_refused_in_a_sentence(cast: Cast, who: str) -> None:
    sheet = uploaded(exported(CODE, cast.editor), getattr(cast, who))
    assert sheet.state == "refused" and sheet.refusal
    assert sheet.rows == {} and sheet.baseline == {}
