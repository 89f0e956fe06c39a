"""Dividing the work: exact, audited, safe against two people at once."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from indicators.assignments.actions import Share, assign, distribute
from indicators.campaigns.actions import PhaseDays, change_campaign, create_campaign, default_phases
from indicators.evidence.handing_over import hand_over, workload
from indicators.models import Campaign, UnitAssignment
from lawgov.audit.models import AuditEntry
from lawgov.errors import GuardFailed, StaleState
from lawgov.units.resolve import UnitRegister
from tests.factories import NOW, make_edition, make_proof, make_region, make_unit, make_work

pytestmark = pytest.mark.django_db

DAYS = {
    "starts_on": date(2026, 3, 2),
    "ends_on": date(2026, 12, 31),
    "evidence_from": date(2024, 10, 1),
    "evidence_to": date(2026, 12, 31),
}


def first(cast):
    return cast.campaign.assignments.select_related("campaign__region").first()


def names(assignment) -> list[str]:
    return list(assignment.unit_assignments.values_list("unit__name", flat=True))


# -- campaigns -------------------------------------------------------------------------------


def test_a_campaign_begins_with_phases_and_an_assignment_per_indicator(cast):
    region, edition = make_region(), make_edition(areas=3, groups=2, each=4)
    made = create_campaign(
        region, edition, name="创建", actor=cast.office, now=NOW, light_days=15, **DAYS
    )
    assert made.light_days == 15
    assert [phase.code for phase in made.phases.all()] == [
        "mobilise", "self_check", "rectify", "mock", "submit", "accept",
    ]  # fmt: skip
    assert made.assignments.count() == 24
    assert set(made.assignments.values_list("points", flat=True)) == {Decimal(10)}
    assert made.assignments.all().unowned().count() == 24


@pytest.mark.parametrize("length", [1, 2, 5, 6, 7, 100, 500])
def test_default_phases_fill_the_days_without_overlap(length):
    start = date(2026, 3, 2)
    end = date.fromordinal(start.toordinal() + length - 1)
    phases = default_phases(start, end)
    assert (phases[0].starts_on, phases[-1].ends_on) == (start, end)
    for phase, later in pairwise(phases):
        assert phase.starts_on <= phase.ends_on
        if length >= 16:
            assert (later.starts_on - phase.ends_on).days == 1


def test_own_phases_are_taken_as_given(cast):
    phases = [PhaseDays("only", "一气呵成", date(2026, 3, 2), date(2026, 4, 1))]
    made = create_campaign(
        make_region(), make_edition(), name="创建", actor=cast.office, now=NOW,
        phases=phases, **DAYS,
    )  # fmt: skip
    assert [phase.name for phase in made.phases.all()] == ["一气呵成"]


def test_a_place_has_one_campaign(cast):
    with pytest.raises(GuardFailed, match="已经有创建活动"):
        create_campaign(
            cast.region, make_edition(), name="又一个", actor=cast.office, now=NOW, **DAYS
        )


@pytest.mark.parametrize(
    "wrong", [{"ends_on": date(2026, 3, 1)}, {"evidence_to": date(2020, 1, 1)}]
)
def test_days_the_wrong_way_round_are_refused(cast, wrong):
    with pytest.raises(GuardFailed, match="早于"):
        create_campaign(
            make_region(), make_edition(), name="x", actor=cast.office, now=NOW, **DAYS | wrong
        )


def test_settings_and_phases_change_under_one_version(cast):
    campaign = Campaign.objects.get(pk=cast.campaign.pk)
    phase = campaign.phases.first()
    phase.ends_on = date(2026, 9, 1)
    change = {"actor": cast.office, "now": NOW, "version": 1}
    change_campaign(campaign, {"light_days": 20}, [phase], **change)
    assert campaign.light_days == 20
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert verbs == {"campaign.changed", "phase.changed"}
    with pytest.raises(StaleState):
        change_campaign(campaign, {"light_days": 5}, [], **change)


# -- assignments -----------------------------------------------------------------------------


def test_assigning_keeps_who_stays_and_names_who_came_and_went(cast):
    row = first(cast)
    change = {"lead_unit": cast.lead_unit, "actor": cast.office, "now": NOW}
    assign(row, units=[cast.unit, cast.other_unit], version=1, **change)
    kept = row.unit_assignments.get(unit=cast.unit).pk
    assign(row, units=[cast.unit, cast.lead_unit], version=2, **change)
    assert names(row) == ["区水利局", "区司法局"]
    assert row.unit_assignments.get(unit=cast.unit).pk == kept
    entry = AuditEntry.objects.last()
    assert (entry.data["added"], entry.data["removed"]) == (["区司法局"], ["区林业局"])


def test_a_stale_assignment_is_refused(cast):
    row = first(cast)
    change = {"lead_unit": cast.unit, "actor": cast.office, "now": NOW}
    assign(row, units=[cast.unit], version=1, **change)
    with pytest.raises(StaleState):
        assign(row, units=[], version=1, **change)
    assert names(row) == ["区水利局"]


@pytest.mark.parametrize("begun", ["proof", "state"])
def test_a_unit_at_work_is_not_taken_off(cast, begun):
    row = first(cast)
    work = make_work(row, cast.unit, state="collecting" if begun == "state" else "not_started")
    if begun == "proof":
        make_proof(work)
    with pytest.raises(GuardFailed, match="区水利局 已经开始办理"):
        assign(row, lead_unit=None, units=[], actor=cast.office, now=NOW, version=1)


def test_in_bulk_one_refusal_does_not_stop_the_rest(cast):
    rows = list(cast.campaign.assignments.all())
    make_proof(make_work(rows[0], cast.other_unit))
    shares = [Share(row, units=[cast.unit]) for row in rows]
    outcomes = distribute(cast.campaign, shares, actor=cast.office, now=NOW)
    assert [bool(outcome.error) for outcome in outcomes] == [True, False]
    assert (names(rows[0]), names(rows[1])) == (["区林业局"], ["区水利局"])
    assert not distribute(cast.campaign, shares[1:], actor=cast.office, now=NOW)[0].changed


def test_points_and_days_change_without_touching_units(cast):
    row = first(cast)
    make_work(row, cast.unit)
    share = Share(row, points=Decimal("12.5"), due_text="年底前", due_on=date(2026, 12, 31))
    (outcome,) = distribute(cast.campaign, [share], actor=cast.office, now=NOW)
    assert outcome.changed
    assert names(row) == ["区水利局"]
    assert AuditEntry.objects.last().verb == "assignment.changed"
    (outcome,) = distribute(
        cast.campaign, [Share(row, points=Decimal(0))], actor=cast.office, now=NOW
    )
    assert "大于 0" in str(outcome.error)


# -- merging ---------------------------------------------------------------------------------


def test_work_goes_to_the_successor_with_its_proof(cast):
    row, other = cast.campaign.assignments.all()
    work = make_work(row, cast.unit, state="collecting")
    proof = make_proof(work)
    shared = make_work(other, cast.unit)
    shared_proof = make_proof(shared, "会议纪要")
    theirs = make_work(other, cast.other_unit, state="ticked")
    cast.campaign.assignments.update(lead_unit=cast.unit)
    assert (workload(cast.unit).led, workload(cast.unit).open) == (2, 2)

    assert hand_over(cast.unit, cast.other_unit, actor=cast.office, now=NOW) == 2
    work.refresh_from_db()
    proof.refresh_from_db()
    assert (work.unit, work.state, work.version) == (cast.other_unit, "collecting", 2)
    assert proof.unit == cast.other_unit
    assert not UnitAssignment.objects.filter(pk=shared.pk).exists()
    theirs.refresh_from_db()
    assert theirs.state == "ticked"
    assert [link.evidence for link in theirs.evidence_links.all()] == [shared_proof]
    assert not workload(cast.unit)
    moved = AuditEntry.objects.filter(verb="unit.work_moved")
    assert moved.count() == 4
    assert moved.filter(topic_type="assignment", topic_id=row.pk).count() == 2


def test_merged_names_lead_to_the_successor(cast):
    cast.unit.successor = cast.other_unit
    cast.unit.save()
    register = UnitRegister(cast.region)
    assert register.find("区水利局") == [cast.other_unit]
    later = make_unit(cast.region, "区自然资源局")
    cast.other_unit.successor = later
    cast.other_unit.save()
    assert UnitRegister(cast.region).find("区水利局") == [later]
