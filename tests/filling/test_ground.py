"""Whatever is done to a sheet on the way: rows are known again, or the file is refused."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.core.signing import Signer
from openpyxl import load_workbook

from assessments.models import ScoreDraft
from assessments.rounds.actions import save_draft
from indicators.models import UnitAssignment
from lawgov.filling import seal
from lawgov.filling.outgoing import MARKS, SEAL_SHEET
from lawgov.filling.seal import Baseline, SealedRow
from tests import factories
from tests.factories import NOW
from tests.filling.sheets import Desk, applied, edited, exported, merged, uploaded, verdicts
from tests.people import Cast, make_cast

pytestmark = pytest.mark.django_db
CODE = "self_scores"


@pytest.fixture
def cast() -> Cast:
    made = make_cast(edition=factories.make_edition(areas=2, groups=2, each=2))
    made.campaign.assignments.update(lead_unit=made.lead_unit)
    for assignment in made.campaign.assignments.all():
        work = factories.make_work(assignment, made.unit)
        if assignment.indicator.number % 2:
            text = f"=SUM(1)第{assignment.indicator.number}项\n第二行　"
            save_draft(work, actor=made.editor, now=NOW, points=7, statement=text)
    return made


def filled(desk: Desk) -> None:
    desk.type(0, "自评得分", 8).type(3, "自评说明", "已办")


EXPECTED = {"1 自评得分": "apply", "4 自评说明": "apply"}


def rename(desk: Desk) -> None:
    desk.sheet.title = "我改的名"


def reorder(desk: Desk) -> None:
    desk.swap(0, 3)
    desk.swap(1, 6)


def delete_rows(desk: Desk) -> None:
    for number in sorted(desk.rows()[5:], reverse=True):
        desk.sheet.delete_rows(number)


def hide_rows(desk: Desk) -> None:
    for number in desk.rows()[:2]:
        desk.sheet.row_dimensions[number].hidden = True


def hide_columns(desk: Desk) -> None:
    desk.sheet.column_dimensions["F"].hidden = True


def add_column(desk: Desk) -> None:
    for block in list(desk.sheet.merged_cells.ranges):
        desk.sheet.unmerge_cells(str(block))
    desk.sheet.insert_cols(4)
    desk.sheet.cell(desk.header, 4).value = "我的备忘"
    for number in desk.rows():
        desk.sheet.cell(number, 4).value = "备忘"


def delete_a_column(desk: Desk) -> None:
    for block in list(desk.sheet.merged_cells.ranges):
        desk.sheet.unmerge_cells(str(block))
    desk.sheet.delete_cols(desk.column("佐证材料"))


def add_a_sheet(desk: Desk) -> None:
    desk.book.create_sheet("草稿", 0)["A1"] = "随手记"


def show_everything(desk: Desk) -> None:
    for sheet in desk.book.worksheets:
        sheet.sheet_state = "visible"
        sheet.protection.sheet = False
    for column in desk.sheet.column_dimensions.values():
        column.hidden = False


@pytest.mark.parametrize(
    "change",
    [rename, reorder, delete_rows, hide_rows, hide_columns, add_column, delete_a_column,
     add_a_sheet, show_everything],
)  # fmt: skip
def test_rows_are_known_wherever_they_stand(cast: Cast, change: Callable[[Desk], None]) -> None:
    def edit(desk: Desk) -> None:
        filled(desk)
        change(desk)

    file = edited(exported(CODE, cast.editor), edit)
    found = merged(uploaded(file, cast.editor), cast.editor)
    assert verdicts(found) == EXPECTED
    assert len(found.missing) == (3 if change is delete_rows else 0)
    applied(uploaded(file, cast.editor), cast.editor)
    of = {d.unit_assignment.assignment.indicator.number: d for d in ScoreDraft.objects.all()}
    assert of[1].points == 8 and of[4].statement == "已办"
    assert of[3].version == of[5].version == of[7].version == 1


def test_a_deleted_column_leaves_its_cells(cast: Cast) -> None:
    def edit(desk: Desk) -> None:
        filled(desk)
        desk.sheet.cell(desk.header, desk.column("自评说明")).value = None

    found = merged(uploaded(edited(exported(CODE, cast.editor), edit), cast.editor), cast.editor)
    assert verdicts(found) == {"1 自评得分": "apply"}
    assert found.lost == ("自评说明",)


def test_a_partial_sort_is_told_and_writes_nothing_of_these_rows(cast: Cast) -> None:
    def edit(desk: Desk) -> None:
        first, second = desk.rows()[:2]
        for column in range(1, desk.marks):  # the hidden column stays where it was
            a, b = desk.sheet.cell(first, column), desk.sheet.cell(second, column)
            if hasattr(a, "hyperlink") and hasattr(b, "hyperlink"):
                try:
                    a.value, b.value = b.value, a.value
                except AttributeError:
                    continue

    found = merged(uploaded(edited(exported(CODE, cast.editor), edit), cast.editor), cast.editor)
    faulty = [row for row in found.rows if row.sentence]
    assert [row.row for row in faulty] == [4, 5] and not found.changes


def test_a_row_copied_is_told(cast: Cast) -> None:
    def edit(desk: Desk) -> None:
        first, second = desk.rows()[:2]
        mark = desk.sheet.cell(first, desk.marks).value
        desk.sheet.cell(second, desk.marks).value = mark

    found = merged(uploaded(edited(exported(CODE, cast.editor), edit), cast.editor), cast.editor)
    assert [row.row for row in found.rows if row.sentence] == [5]


def test_a_row_of_ones_own_is_told(cast: Cast) -> None:
    def edit(desk: Desk) -> None:
        number = desk.rows()[-1]
        desk.sheet.insert_rows(number)
        desk.sheet.cell(number, 1).value, desk.sheet.cell(number, 4).value = 99, "我加的"

    found = merged(uploaded(edited(exported(CODE, cast.editor), edit), cast.editor), cast.editor)
    (row,) = [row for row in found.rows if row.sentence]
    assert row.is_new and "不能从表格里新增" in row.sentence


# -- tampering ---------------------------------------------------------------------------------


def other_id(desk: Desk) -> None:
    cell = desk.sheet.cell(desk.rows()[0], desk.marks)
    head, _, tail = cell.value.partition("-")
    pk, _, mac = tail.partition(":")
    cell.value = f"{head}-{int(pk) + 1}:{mac}"


def a_mark_of_another_sheet(desk: Desk, other: str = "") -> None:
    desk.sheet.cell(desk.rows()[0], desk.marks).value = other


def altered_baseline(desk: Desk) -> None:
    sheet = desk.book.worksheets[-1]
    sheet["A2"] = sheet["A2"].value[:-1] + ("A" if sheet["A2"].value[-1] != "A" else "B")


def forged_baseline(desk: Desk) -> None:
    """Signed, but not with the key of this installation."""
    sheet = desk.book.worksheets[-1]
    signed = Signer(key="guessed", salt=seal.SALT).sign_object({"rows": {}}, compress=True)
    sheet["A2"] = f"LGSEAL:1/1:{signed}"


def scribbled_mark(desk: Desk) -> None:
    desk.sheet.cell(desk.rows()[0], desk.marks).value = "12"


def no_seal(desk: Desk) -> None:
    desk.book.remove(desk.book.worksheets[-1])


def no_marks(desk: Desk) -> None:
    desk.sheet.delete_cols(desk.marks)


def copied_sheet(desk: Desk) -> None:
    desk.book.copy_worksheet(desk.sheet)


TAMPERED = [
    other_id, altered_baseline, forged_baseline, scribbled_mark, no_seal, no_marks, copied_sheet,
]  # fmt: skip


@pytest.mark.parametrize("change", TAMPERED)
def test_a_tampered_sheet_is_refused_in_one_sentence(
    cast: Cast, change: Callable[[Desk], None]
) -> None:
    def edit(desk: Desk) -> None:
        filled(desk)
        change(desk)

    sheet = uploaded(edited(exported(CODE, cast.editor), edit), cast.editor)
    assert sheet.state == "refused" and sheet.rows == {}
    assert sheet.refusal and "\n" not in sheet.refusal and len(sheet.refusal) < 80


def test_a_mark_cannot_be_carried_to_another_sheet(cast: Cast) -> None:
    other = Desk(exported(CODE, cast.editor))
    mark = other.sheet.cell(other.rows()[0], other.marks).value
    file = edited(
        exported(CODE, cast.editor), lambda desk: a_mark_of_another_sheet(desk, str(mark))
    )
    assert uploaded(file, cast.editor).state == "refused"


def test_without_the_signature_check_a_forgery_would_pass(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The positive control of the tests above: the guard removed, an altered id is believed."""

    class Trusting(Signer):
        def unsign(self, signed_value: str) -> str:
            return signed_value.rsplit(self.sep, 1)[0]

    monkeypatch.setattr(seal, "_signer", lambda: Trusting(salt=seal.SALT))
    second = UnitAssignment.objects.get(assignment__indicator__number=2).pk

    def edit(desk: Desk) -> None:
        cell = desk.sheet.cell(desk.rows()[0], desk.marks)
        head = cell.value.partition("-")[0]
        cell.value = f"{head}-{second}:{'x' * 43}"
        desk.type(0, "自评得分", 8)

    assert uploaded(edited(exported(CODE, cast.editor), edit), cast.editor).state == "open"


def test_a_stranger_s_workbook_is_refused(cast: Cast) -> None:
    book = load_workbook(io.BytesIO(exported(CODE, cast.editor)))
    while len(book.worksheets) > 1:
        book.remove(book.worksheets[-1])
    out = io.BytesIO()
    book.save(out)
    assert "不是从这里下载的填报表" in uploaded(out.getvalue(), cast.editor).refusal


# -- what goes out -------------------------------------------------------------------------------


def test_marks_and_seal_are_hidden_and_locked(cast: Cast) -> None:
    desk = Desk(exported(CODE, cast.editor))
    letter = desk.sheet.cell(1, desk.marks).column_letter
    assert desk.sheet.column_dimensions[letter].hidden
    assert desk.sheet.cell(desk.header, desk.marks).value == MARKS
    assert desk.sheet.protection.sheet
    assert letter not in (desk.sheet.print_area or "")
    assert desk.book.worksheets[-1].title == SEAL_SHEET
    assert desk.book.worksheets[-1].sheet_state == "veryHidden"
    open_ones = {
        desk.sheet.cell(desk.header, cell.column).value
        for number in desk.rows()
        for cell in desk.sheet[number]
        if not cell.protection.locked
    }
    assert open_ones == {"自评得分", "自评说明"}


def test_what_is_sealed_holds_no_more_than_the_sheet_shows(cast: Cast) -> None:
    desk = Desk(exported(CODE, cast.editor))
    parts = [str(row[0].value) for row in desk.book.worksheets[-1].iter_rows(min_row=2)]
    baseline = seal.unseal(parts)
    assert set(baseline.rows) == set(
        UnitAssignment.objects.filter(unit=cast.unit).values_list("pk", flat=True)
    )
    first = next(iter(baseline.rows.values()))
    assert first.cells["statement"] == "=SUM(1)第1项\n第二行"
    assert first.version == 1


def test_nothing_in_a_mark_reads_as_an_escape() -> None:
    """`_x5_` in a signature came home from LibreOffice as a control character."""
    row = SealedRow(1, {"text": "各单位"})
    baseline = Baseline("x", "", 1, "", "", dict.fromkeys(range(3000), row))
    written = [*seal.seal(baseline), *(seal.mark(baseline, pk) for pk in baseline.rows)]
    assert not [text for text in written if "_" in text]
    assert seal.unseal(written[:-3000]) == baseline
    assert [seal.marked_row(baseline, text) for text in written[-3000:]] == list(baseline.rows)
