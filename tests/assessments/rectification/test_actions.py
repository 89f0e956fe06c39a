"""Recording and editing issues; letters in one series without gaps."""

from __future__ import annotations

from datetime import date

import pytest

from assessments.models import Issue, Letter, UnitResponse
from assessments.rectification.actions import Finding, edit_issue, next_number, record_issue
from assessments.rectification.issuing import accept_letter, issue_letters
from assessments.rectification.states import State
from lawgov.audit.models import AuditEntry
from lawgov.errors import GuardFailed, NotAllowed, StaleState
from lawgov.notifications.models import Notification
from tests import factories
from tests.assessments.rectification import moves
from tests.factories import NOW

DAY = date(2026, 9, 28)


def finding(*units, kind: str = "individual", **fields) -> Finding:
    return Finding(
        kind=kind, text="缺少告知书", units=units, **({"deadline_text": "12月底前"} | fields)
    )


def found(cast, inspection, *units, **fields) -> Issue:
    return record_issue(inspection, finding(*units, **fields), actor=cast.supervisor, now=NOW)


# -- recording ------------------------------------------------------------------------------------


def test_an_individual_issue_has_one_answer(cast, inspection):
    issue = found(cast, inspection, cast.unit)
    (response,) = issue.responses.all()
    assert (response.unit, response.state) == (cast.unit, State.FOUND)
    assert response.deadline_date == issue.deadline_date == date(2026, 12, 31)
    assert cast.unit in inspection.units.all()
    assert AuditEntry.objects.get().verb == "issue.found"


def test_a_common_issue_has_one_for_each_unit(cast, inspection):
    units = [cast.unit, cast.other_unit, cast.lead_unit]
    issue = found(cast, inspection, *units, kind="common", addressed_text="各责任单位")
    assert {r.unit for r in issue.responses.all()} == set(units)


def test_an_individual_issue_of_two_units_is_refused(cast, inspection):
    with pytest.raises(GuardFailed) as refused:
        found(cast, inspection, cast.unit, cast.other_unit)
    assert "共性问题" in str(refused.value)
    with pytest.raises(GuardFailed):
        found(cast, inspection)
    assert not Issue.objects.exists()


def test_numbers_run_by_kind_and_leave_texts_alone(cast, inspection):
    factories.make_issue(inspection, number="12")
    factories.make_issue(inspection, number="三（2）")
    assert next_number(inspection, "individual") == "13"
    assert next_number(inspection, "common") == "1"


@pytest.mark.parametrize("who", ["editor", "head", "lead", "leader", "publicist", "foreign_office"])
def test_only_inspectors_and_the_office_record(cast, inspection, who):
    with pytest.raises(NotAllowed):
        record_issue(inspection, finding(cast.unit), actor=getattr(cast, who), now=NOW)


def test_an_issue_is_changed_while_no_unit_has_it(cast, inspection):
    issue = found(cast, inspection, cast.unit, kind="common")
    changed = finding(cast.unit, cast.other_unit, kind="common", deadline_text="11月底前")
    edit_issue(issue, changed, actor=cast.supervisor, now=NOW, version=1)
    assert {r.unit for r in issue.responses.all()} == {cast.unit, cast.other_unit}
    assert {r.deadline_date for r in issue.responses.all()} == {date(2026, 11, 30)}
    assert issue.version == 2
    edit_issue(
        issue, finding(cast.other_unit, kind="common"), actor=cast.office, now=NOW, version=2
    )
    assert [r.unit for r in issue.responses.all()] == [cast.other_unit]
    entry = AuditEntry.objects.filter(verb="issue.edited").first()
    assert entry.data["was"]["deadline_text"] == "12月底前"


def test_a_stale_or_handed_over_issue_is_not_changed(cast, inspection):
    issue = found(cast, inspection, cast.unit)
    with pytest.raises(StaleState):
        edit_issue(issue, finding(cast.unit), actor=cast.supervisor, now=NOW, version=7)
    issue_letters(inspection, actor=cast.office, now=NOW, issued_on=DAY)
    with pytest.raises(StaleState):
        edit_issue(issue, finding(cast.unit), actor=cast.supervisor, now=NOW, version=1)


# -- letters --------------------------------------------------------------------------------------


@pytest.fixture
def three(cast, inspection) -> list[Issue]:
    """Two individual issues and a common one for three units, so three letters."""
    units = [cast.unit, cast.other_unit, cast.lead_unit]
    return [
        found(cast, inspection, cast.unit),
        found(cast, inspection, cast.unit, deadline_text="15个工作日内"),
        found(cast, inspection, *units, kind="common", deadline_text="立行立改，长期坚持"),
    ]


def test_each_unit_gets_one_letter_with_all_its_issues(cast, inspection, three):
    letters = issue_letters(inspection, actor=cast.office, now=NOW, issued_on=DAY)
    assert [str(letter) for letter in letters] == [
        "安法办函〔2026〕1号",
        "安法办函〔2026〕2号",
        "安法办函〔2026〕3号",
    ]
    by_unit = {letter.unit: letter.responses.count() for letter in letters}
    assert by_unit == {cast.unit: 3, cast.other_unit: 1, cast.lead_unit: 1}
    assert not UnitResponse.objects.exclude(state=State.ISSUED).exists()
    inspection.refresh_from_db()
    assert inspection.issued_on == DAY


def test_deadlines_count_from_the_letter(cast, inspection, three):
    issue_letters(inspection, actor=cast.office, now=NOW, issued_on=DAY)
    days = {r.deadline_text: (r.deadline_kind, r.deadline_date) for r in UnitResponse.objects.all()}
    assert days == {
        "12月底前": ("fixed", date(2026, 12, 31)),
        "15个工作日内": ("fixed", date(2026, 10, 23)),
        "立行立改，长期坚持": ("compound", date(2026, 10, 5)),
    }
    three[1].refresh_from_db()
    assert three[1].deadline_date == date(2026, 10, 23)


def test_each_unit_is_told_once(cast, inspection, three):
    issue_letters(inspection, actor=cast.office, now=NOW, issued_on=DAY)
    told = Notification.objects.filter(recipient=cast.editor.user)
    assert [(n.data["letter"], n.data["n"]) for n in told] == [("安法办函〔2026〕1号", 3)]


def test_numbers_go_on_without_a_gap_and_anew_each_year(cast, inspection, three):
    issue_letters(inspection, actor=cast.office, now=NOW, issued_on=DAY)
    found(cast, inspection, cast.other_unit)
    (next_one,) = issue_letters(inspection, actor=cast.office, now=NOW, issued_on=DAY)
    assert next_one.number == 4
    found(cast, inspection, cast.other_unit)
    (new_year,) = issue_letters(inspection, actor=cast.office, now=NOW, issued_on=date(2027, 1, 4))
    assert (new_year.year, new_year.number) == (2027, 1)


def test_all_letters_go_or_none(cast, inspection, three):
    """One answer is taken from the pile between reading and sending."""
    rows = list(UnitResponse.objects.for_moves().order_by("pk"))
    moves.take(rows[0], "withdraw", cast.office)
    rows[0].state, rows[0].version = State.FOUND, 1  # as the page still has it
    with pytest.raises(StaleState):
        issue_letters(inspection, actor=cast.office, now=NOW, issued_on=DAY, responses=rows)
    assert not Letter.objects.exists()
    assert not UnitResponse.objects.filter(state=State.ISSUED).exists()
    (letter, *_rest) = issue_letters(inspection, actor=cast.office, now=NOW, issued_on=DAY)
    assert letter.number == 1


def test_an_issue_without_deadline_is_named(cast, inspection):
    found(cast, inspection, cast.unit, deadline_text="")
    with pytest.raises(GuardFailed) as refused:
        issue_letters(inspection, actor=cast.office, now=NOW, issued_on=DAY)
    assert "没有完成时限：1" in str(refused.value)


def test_without_agency_code_nothing_is_sent(cast, inspection, three):
    cast.campaign.letter_agency = ""
    cast.campaign.save()
    with pytest.raises(GuardFailed):
        issue_letters(inspection, actor=cast.office, now=NOW, issued_on=DAY)


def test_nothing_found_makes_no_letter(cast, inspection):
    with pytest.raises(GuardFailed):
        issue_letters(inspection, actor=cast.office, now=NOW, issued_on=DAY)


@pytest.mark.parametrize("who", ["supervisor", "editor", "leader", "foreign_office"])
def test_only_the_office_hands_over(cast, inspection, three, who):
    with pytest.raises(NotAllowed):
        issue_letters(inspection, actor=getattr(cast, who), now=NOW, issued_on=DAY)


def test_a_letter_is_signed_for_as_a_whole(cast, inspection, three):
    letter, *_rest = issue_letters(inspection, actor=cast.office, now=NOW, issued_on=DAY)
    results = accept_letter(letter, actor=cast.editor, now=NOW)
    assert [result.error for result in results] == [None] * 3
    rows = UnitResponse.objects.filter(unit=cast.unit)
    assert {(r.state, r.accepted_by) for r in rows} == {(State.ACCEPTED, cast.editor.user)}
    assert UnitResponse.objects.filter(state=State.ISSUED).count() == 2
    assert accept_letter(letter, actor=cast.editor, now=NOW) == []
