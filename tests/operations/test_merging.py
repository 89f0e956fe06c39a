"""Closing a unit: its work, proof, scores, answers, people and names go to the successor."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from assessments.models import Measure, ResponseProof, Score, UnitResponse
from assessments.rectification.states import State
from indicators.models import UnitAssignment
from lawgov.accounts.models import Membership
from lawgov.audit.models import AuditEntry
from lawgov.audit.verify import verify
from lawgov.errors import GuardFailed, StaleState
from lawgov.operations.merging import close, load_of
from lawgov.units.models import Liaison, Unit
from lawgov.units.resolve import UnitRegister
from tests.factories import (
    NOW,
    TODAY,
    make_inspection,
    make_issue,
    make_proof,
    make_response,
    make_work,
)
from tests.people import browser

pytestmark = pytest.mark.django_db


def merge(
    cast, successor: Unit | None = None, *, unit: Unit | None = None, version: int = 1
) -> None:
    close(
        unit or cast.unit,
        successor=successor,
        on=TODAY,
        actor=cast.office,
        now=timezone.now(),
        version=version,
    )


def answer(cast, unit: Unit, state: State, **fields: object) -> UnitResponse:
    return make_response(make_issue(make_inspection(cast.region)), unit, state, **fields)


def test_everything_goes_to_the_successor(cast):
    row = cast.campaign.assignments.first()
    work = make_work(row, cast.unit, state="accepted")
    Score.objects.create(
        round=cast.campaign.rounds.get(), region=cast.region, assignment=row, unit=cast.unit,
        source="self", points=9, given_at=NOW,
    )  # fmt: skip
    response = answer(cast, cast.unit, State.RECTIFYING)
    evidence = make_proof(work)
    ResponseProof.objects.create(response=response, evidence=evidence, created_at=NOW)
    measure = Measure.objects.create(
        region=cast.region, unit=cast.unit, text="逐卷补", created_at=NOW
    )
    measure.issues.add(response.issue)
    Liaison.objects.create(unit=cast.unit, name="王某", phone="13812345678")

    merge(cast, cast.other_unit)

    for thing in (work, response, evidence, measure):
        thing.refresh_from_db()
        assert thing.unit == cast.other_unit, thing
    assert (work.state, work.version) == ("accepted", 2)
    assert (response.state, response.version) == (State.RECTIFYING, 2)
    assert Score.objects.get().unit == cast.other_unit
    assert Liaison.objects.get().unit == cast.other_unit
    cast.unit.refresh_from_db()
    assert (cast.unit.closed_on, cast.unit.successor) == (TODAY, cast.other_unit)
    assert UnitRegister(cast.region).find("区水利局") == [cast.other_unit]
    assert not load_of(cast.unit, TODAY).work
    assert verify(cast.region.code).faults == []


def test_people_work_for_the_successor_from_now_on(cast):
    merge(cast, cast.other_unit)
    rows = Membership.objects.filter(user=cast.editor.user).order_by("pk")
    assert [row.unit for row in rows] == [cast.unit, cast.other_unit]
    browser(cast.editor).get("/tasks/")  # the old membership no longer counts, the new one does
    today = timezone.localdate()
    assert [row.unit for row in rows.valid_on(today)] == [cast.other_unit]
    verbs = AuditEntry.objects.filter(topic_id=cast.editor.user.pk, topic_type="user")
    assert set(verbs.values_list("verb", flat=True)) == {"membership.ended", "membership.created"}


def test_work_both_have_is_joined(cast):
    row = cast.campaign.assignments.first()
    old = make_work(row, cast.unit, state="collecting")
    new = make_work(row, cast.other_unit, state="ticked")
    evidence = make_proof(old)
    issue = make_issue(make_inspection(cast.region), kind="common")
    theirs = make_response(issue, cast.other_unit, State.PLANNED)
    mine = make_response(issue, cast.unit, State.RECTIFYING)
    mine.notes.create(text="已补 3 份", at=NOW)
    merge(cast, cast.other_unit)
    assert list(UnitAssignment.objects.filter(assignment=row)) == [new]
    assert [link.evidence for link in new.evidence_links.all()] == [evidence]
    assert list(UnitResponse.objects.filter(issue=issue)) == [theirs]
    assert theirs.notes.get().text == "已补 3 份"
    moved = AuditEntry.objects.filter(verb="unit.work_moved", topic_type="issue")
    assert moved.get().data["state"] == "rectifying"


def test_an_answer_at_rest_beside_the_successors_stays_as_history(cast):
    issue = make_issue(make_inspection(cast.region), kind="common")
    make_response(issue, cast.other_unit, State.PLANNED)
    closed = make_response(issue, cast.unit, State.CLOSED)
    merge(cast, cast.other_unit)
    closed.refresh_from_db()
    assert (closed.unit, closed.version) == (cast.unit, 1)


def test_nothing_owed_disappears_behind_a_closed_answer(cast):
    issue = make_issue(make_inspection(cast.region), kind="common", number="3")
    make_response(issue, cast.other_unit, State.CLOSED)
    make_response(issue, cast.unit, State.RECTIFYING)
    with pytest.raises(GuardFailed, match="问题 3 区林业局 已经办结，区水利局 还没有办完"):
        merge(cast, cast.other_unit)
    cast.unit.refresh_from_db()
    assert cast.unit.closed_on is None
    assert Membership.objects.get(user=cast.editor.user).unit == cast.unit


@pytest.mark.parametrize("what", ["work", "answer", "lead"])
def test_a_unit_with_open_work_needs_a_successor(cast, what):
    if what == "work":
        make_work(cast.campaign.assignments.first(), cast.unit)
    elif what == "answer":
        answer(cast, cast.unit, State.ISSUED)
    unit = cast.lead_unit if what == "lead" else cast.unit
    with pytest.raises(GuardFailed, match="选一个单位接过去"):
        merge(cast, unit=unit)


def test_a_unit_without_work_can_simply_be_closed(cast):
    make_work(cast.campaign.assignments.first(), cast.unit, state="accepted")
    merge(cast)
    cast.unit.refresh_from_db()
    assert (cast.unit.closed_on, cast.unit.successor) == (TODAY, None)
    assert not cast.unit.groups.exists()


def test_a_unit_is_closed_once(cast):
    merge(cast, cast.other_unit)
    with pytest.raises(StaleState):
        merge(cast, cast.lead_unit)
    with pytest.raises(StaleState):
        merge(cast, cast.lead_unit, unit=cast.other_unit, version=9)


def test_the_page_says_what_will_move_and_does_it(cast):
    make_work(cast.campaign.assignments.first(), cast.unit)
    office = browser(cast.office)
    here = f"/settings/units/{cast.unit.pk}/close/"
    page = office.get(here)
    assert (page.context["load"].works, page.context["load"].people) == (1, 2)
    choices = page.context["form"].fields["successor"].queryset
    assert set(choices) == {cast.other_unit, cast.lead_unit}
    data = {"on": date.today().isoformat(), "version": 1}  # noqa: DTZ011
    refused = office.post(here, data)
    assert refused.status_code == 422
    assert "选一个单位接过去" in refused.content.decode()
    foreign = Unit.objects.create(
        region=cast.foreign_office.region, code="X", name="别处", short_name="别处", kind="other"
    )
    assert office.post(here, data | {"successor": foreign.pk}).status_code == 422
    good = data | {"successor": cast.other_unit.pk}
    assert office.post(here, good | {"version": 7}).status_code == 409
    assert office.post(here, good).status_code == 302
    assert office.get(here).status_code == 404
    assert "撤并" in office.get(f"/settings/units/{cast.unit.pk}/").content.decode()
