"""The ledger there and back: plans and progress of a unit, deadlines of the office."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from assessments.models import Measure, ProgressNote, UnitResponse
from assessments.rectification.states import State
from assessments.rectification.transitions import LEDGER
from lawgov.audit.models import AuditEntry
from lawgov.filling.merged import Verdict
from tests import factories
from tests.factories import NOW, TODAY
from tests.filling.sheets import Desk, applied, edited, exported, merged, uploaded, verdicts
from tests.people import Cast

pytestmark = pytest.mark.django_db
CODE, TIME = "rectification", "deadlines"


@pytest.fixture
def inspection(cast: Cast):
    return factories.make_inspection(cast.region)


def answer(inspection, cast: Cast, state: State = State.RECTIFYING, **fields) -> UnitResponse:
    issue = factories.make_issue(inspection, **fields)
    return factories.make_response(issue, cast.unit, state)


def only(found):
    (row,) = found.shown
    (cell,) = row.cells
    return cell


def test_progress_is_a_note_of_its_own(cast: Cast, inspection) -> None:
    row = answer(inspection, cast, State.PLANNED)
    file = edited(
        exported(CODE, cast.editor), lambda desk: desk.type(0, "整改进展", "已补 3 份\n其余在办")
    )
    sheet = uploaded(file, cast.editor)
    applied(sheet, cast.editor)
    row.refresh_from_db()
    assert (row.state, row.progress) == (State.RECTIFYING, "已补 3 份\n其余在办")
    assert ProgressNote.objects.get().by == cast.editor.user
    entry = AuditEntry.objects.get(verb="response.progress")
    assert entry.data["source"] == {"file": "填报.xlsx", "hash": sheet.blob.sha256}
    again = uploaded(file, cast.editor)
    assert verdicts(merged(again, cast.editor)) == {f"{row.issue.number} 整改进展": "done"}
    applied(again, cast.editor)
    assert ProgressNote.objects.count() == 1


def test_measures_and_person_make_the_plan(cast: Cast, inspection) -> None:
    row = answer(inspection, cast, State.ACCEPTED)

    def fill(desk: Desk) -> None:
        desk.type(0, "整改措施", "1.逐卷自查\n2.补正文书").type(0, "责任人", "王某")
        desk.type(0, "整改进展", "已自查 10 卷")

    applied(uploaded(edited(exported(CODE, cast.editor), fill), cast.editor), cast.editor)
    row.refresh_from_db()
    assert (row.state, row.person, row.target_on) == ("rectifying", "王某", row.deadline_date)
    assert [m.text for m in Measure.objects.all()] == ["逐卷自查", "补正文书"]
    assert row.progress == "已自查 10 卷"
    assert exported_cell(cast, "整改措施") == "1.逐卷自查\n2.补正文书"


def exported_cell(cast: Cast, header: str) -> object:
    return Desk(exported(CODE, cast.editor)).cell(0, header).value


@pytest.mark.parametrize(
    ("typed", "key", "part"),
    [
        ({"整改措施": "自查"}, "measures", "一起填"),
        ({"责任人": "王某"}, "persons", "一起填"),
        ({"整改进展": "已办"}, "progress", "先填整改措施"),
    ],
)
def test_half_a_plan_is_told(cast: Cast, inspection, typed: dict, key: str, part: str) -> None:
    answer(inspection, cast, State.ACCEPTED)

    def fill(desk: Desk) -> None:
        for header, text in typed.items():
            desk.type(0, header, text)

    cell = only(
        merged(uploaded(edited(exported(CODE, cast.editor), fill), cast.editor), cast.editor)
    )
    assert (cell.key, cell.verdict) == (key, Verdict.ERROR) and part in cell.sentence


def test_a_plan_without_a_day_ahead_goes_to_the_page(cast: Cast, inspection) -> None:
    answer(inspection, cast, State.ACCEPTED, deadline_date=TODAY - timedelta(days=1))

    def fill(desk: Desk) -> None:
        desk.type(0, "整改措施", "自查").type(0, "责任人", "王某")

    found = merged(uploaded(edited(exported(CODE, cast.editor), fill), cast.editor), cast.editor)
    assert found.open == 2 and "网页" in found.shown[0].cells[0].sentence


@pytest.mark.parametrize(
    ("state", "header", "part"),
    [
        (State.ISSUED, "整改进展", "签收"),
        (State.ISSUED, "整改措施", "签收"),
        (State.SUBMITTED, "整改进展", "退回后"),
        (State.RECTIFYING, "整改措施", "已经定下"),
    ],
)
def test_the_state_decides_what_can_be_filled_in(
    cast: Cast, inspection, state: State, header: str, part: str
) -> None:
    row = answer(inspection, cast, state)
    file = exported(CODE, cast.editor)
    assert Desk(file).cell(0, header).protection.locked
    file = edited(file, lambda desk: desk.type(0, header, "填"))
    cell = only(merged(uploaded(file, cast.editor), cast.editor))
    assert cell.verdict is Verdict.ERROR and part in cell.sentence
    row.refresh_from_db()
    assert row.state == state


def test_what_was_closed_meanwhile_is_told(cast: Cast, inspection) -> None:
    row = answer(inspection, cast)
    file = edited(exported(CODE, cast.editor), lambda desk: desk.type(0, "整改进展", "办完"))
    UnitResponse.objects.filter(pk=row.pk).update(state=State.CLOSED, closed_on=TODAY)
    cell = only(merged(uploaded(file, cast.editor), cast.editor))
    assert cell.verdict is Verdict.ERROR and "已经销号" in cell.sentence


def test_closing_and_deadline_are_not_the_unit_s(cast: Cast, inspection) -> None:
    answer(inspection, cast)

    def fill(desk: Desk) -> None:
        desk.type(0, "是否销号", "是").type(0, "完成时限", date(2027, 5, 1))

    found = merged(uploaded(edited(exported(CODE, cast.editor), fill), cast.editor), cast.editor)
    assert {cell.verdict for row in found.rows for cell in row.cells} == {Verdict.FORBIDDEN}
    assert not found.changes


def test_another_unit_s_rows_stay_closed(cast: Cast, inspection) -> None:
    answer(inspection, cast)
    file = edited(exported(CODE, cast.editor), lambda desk: desk.type(0, "整改进展", "假的"))
    found = merged(uploaded(file, cast.stranger), cast.stranger)
    assert only(found).verdict is Verdict.FORBIDDEN and not found.changes


# -- deadlines ----------------------------------------------------------------------------------


def test_the_deadline_is_a_day_and_its_text_a_comment(cast: Cast, inspection) -> None:
    answer(inspection, cast, State.FOUND, deadline_text="12月18日前，长期坚持",
           deadline_kind="compound")  # fmt: skip
    answer(inspection, cast, deadline_text="长期坚持", deadline_kind="long_term",
           deadline_date=None)  # fmt: skip
    file = exported(TIME, cast.office)
    desk = Desk(file)
    days = {desk.cell(n, "完成时限").value for n in (0, 1)}
    assert "长期坚持" in days and any(getattr(day, "year", 0) == 2026 for day in days)
    comments = [desk.cell(n, "完成时限").comment for n in (0, 1)]
    assert "12月18日前，长期坚持" in [note.text for note in comments if note]
    # came home as it went: neither text nor kind changes
    assert verdicts(merged(uploaded(desk.content(), cast.office), cast.office)) == {}


def test_before_handing_over_the_deadline_is_edited(cast: Cast, inspection) -> None:
    row = answer(inspection, cast, State.FOUND)
    file = edited(
        exported(TIME, cast.office), lambda desk: desk.type(0, "完成时限", date(2026, 12, 31))
    )
    applied(uploaded(file, cast.office), cast.office)
    row.refresh_from_db()
    row.issue.refresh_from_db()
    assert row.deadline_date == row.issue.deadline_date == date(2026, 12, 31)
    assert row.deadline_text == "2026年12月31日" and row.deadline_kind == "fixed"
    assert AuditEntry.objects.get(verb="issue.edited").data["source"]["file"] == "填报.xlsx"


@pytest.mark.parametrize(
    ("typed", "day", "kind"),
    [
        ("12月25日前", date(2026, 12, 25), "fixed"),
        ("15个工作日内", None, "fixed"),
        ("长期坚持", None, "long_term"),
    ],
)
def test_a_deadline_as_written(cast: Cast, inspection, typed: str, day, kind: str) -> None:
    row = answer(inspection, cast, State.FOUND)
    file = edited(exported(TIME, cast.office), lambda desk: desk.type(0, "完成时限", typed))
    applied(uploaded(file, cast.office), cast.office)
    row.refresh_from_db()
    assert (row.deadline_text, row.deadline_date, row.deadline_kind) == (typed, day, kind)


def ask(row: UnitResponse, cast: Cast, day: date) -> None:
    row = UnitResponse.objects.for_moves().get(pk=row.pk)
    LEDGER.perform(
        row, "ask_extension", actor=cast.head, now=NOW, version=row.version,
        new_date=day, reason="需要公示期",
    )  # fmt: skip


def test_the_day_that_was_asked_for_approves_the_extension(cast: Cast, inspection) -> None:
    row, day = answer(inspection, cast), date(2027, 1, 15)
    ask(row, cast, day)
    file = exported(TIME, cast.office)
    assert "单位申请延期至2027-01-15" in str(Desk(file).cell(0, "备注").value)
    file = edited(file, lambda desk: desk.type(0, "完成时限", day))
    applied(uploaded(file, cast.office), cast.office)
    row.refresh_from_db()
    assert (row.deadline_date, row.deadline_version) == (day, 2)
    assert row.extensions.get().state == "approved"
    assert AuditEntry.objects.filter(verb="response.approve_extension").exists()


def test_another_day_than_asked_for_is_refused_with_the_remedy(cast: Cast, inspection) -> None:
    row = answer(inspection, cast)
    ask(row, cast, date(2027, 1, 15))
    file = edited(
        exported(TIME, cast.office), lambda desk: desk.type(0, "完成时限", date(2027, 3, 1))
    )
    cell = only(merged(uploaded(file, cast.office), cast.office))
    assert cell.verdict is Verdict.ERROR and "2027年1月15日" in cell.sentence


def test_without_a_request_no_running_deadline_moves(cast: Cast, inspection) -> None:
    row = answer(inspection, cast)
    file = edited(
        exported(TIME, cast.office), lambda desk: desk.type(0, "完成时限", date(2027, 3, 1))
    )
    cell = only(merged(uploaded(file, cast.office), cast.office))
    assert cell.verdict is Verdict.ERROR and "申请延期" in cell.sentence
    row.refresh_from_db()
    assert row.deadline_version == 1


@pytest.mark.parametrize("typed", ["11月31日", "2026年2月30日", None])
def test_days_that_are_none(cast: Cast, inspection, typed: str | None) -> None:
    answer(inspection, cast, State.FOUND)
    file = edited(exported(TIME, cast.office), lambda desk: desk.type(0, "完成时限", typed))
    assert only(merged(uploaded(file, cast.office), cast.office)).verdict is Verdict.ERROR
