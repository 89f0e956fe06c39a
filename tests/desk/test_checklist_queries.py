"""Figures of the checklist against recounts from the rows, for each kind of reader."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from assessments.models import Round, Score
from assessments.rounds.queries import indicator_states
from indicators.assignments.states import TICKED_OR_LATER, IndicatorState, UnitState
from indicators.models import Assignment, UnitAssignment
from lawgov.desk.checklist import queries
from lawgov.desk.checklist.filters import LED, OWN, Filters
from tests import factories
from tests.people import Cast, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    """Four indicators in two areas: complete, in work, returned, nobody's yet."""
    made = make_cast(edition=factories.make_edition(areas=2, groups=2, each=1))
    first, second, third, _fourth = made.campaign.assignments.order_by("indicator__number")
    for unit in (made.unit, made.other_unit):
        factories.make_proof(factories.make_work(first, unit, state=UnitState.ACCEPTED))
    for source in ("self", "lead", "office"):
        score(first, source)
    factories.make_work(second, made.unit, state=UnitState.TICKED)
    factories.make_work(second, made.other_unit, state=UnitState.NOT_APPLICABLE)
    factories.make_work(third, made.unit, state=UnitState.COLLECTING)
    factories.make_work(third, made.other_unit, state=UnitState.RETURNED)
    return made


def score(assignment: Assignment, source: str, unit=None) -> Score:
    return Score.objects.create(
        round=Round.objects.get(campaign=assignment.campaign),
        region=assignment.region,
        assignment=assignment,
        unit=unit,
        source=source,
        points=Decimal("9.5"),
        given_at=factories.NOW,
    )


def board(cast: Cast, actor, **given) -> queries.Board:
    return queries.board(actor, cast.campaign, Filters(**given))


def test_states_are_those_of_the_rounds(cast):
    states = {item.pk: item.state for item in board(cast, cast.office).items}
    derived = indicator_states(cast.campaign)
    assert states == {pk: derived[pk] for pk in states}
    assert set(states.values()) == {
        IndicatorState.COMPLETE,
        IndicatorState.COLLECTING,
        IndicatorState.RETURNED,
        IndicatorState.NOT_STARTED,
    }


def test_unit_counts_leave_exempt_units_out(cast):
    for item in board(cast, cast.office).items:
        works = UnitAssignment.objects.filter(assignment=item.pk).counted()
        assert item.units == works.count()
        assert item.ticked == works.filter(state__in=TICKED_OR_LATER).count()


def test_progress_by_area_is_the_sum_of_the_rows(cast):
    made = board(cast, cast.office)
    assert [(area.done, area.total, area.points) for area in made.areas] == [(1, 2, 20), (0, 2, 20)]
    assert (made.total.done, made.total.total) == (1, 4)


def test_missing_counts_required_pieces_over_all_units(cast):
    third = cast.campaign.assignments.get(indicator__number=3)
    third.required = ["登记表", "审核意见书"]
    third.save()
    work = third.unit_assignments.get(unit=cast.unit)
    factories.make_proof(work, slot="登记表")
    factories.make_proof(work, "另一件", slot="登记表")
    items = {item.number: item for item in board(cast, cast.office).items}
    assert (items[3].pieces, items[3].missing) == (2, 3)
    assert (items[1].pieces, items[1].missing) == (2, 0)
    assert items[2].missing == 1  # nothing named: one piece a unit, exempt units apart
    mine = {item.number: item for item in board(cast, cast.editor).items}
    assert mine[3].missing == 1
    assert mine[3].work.missing == ("审核意见书",)


def test_removed_proof_does_not_count(cast):
    first = cast.campaign.assignments.get(indicator__number=1)
    link = first.unit_assignments.get(unit=cast.unit).evidence_links.get()
    link.removed_at = factories.NOW
    link.save()
    item = board(cast, cast.office).items[0]
    assert item.pieces == 1


def test_proof_dated_outside_the_period_is_counted(cast):
    work = cast.campaign.assignments.get(indicator__number=2).unit_assignments.get(unit=cast.unit)
    evidence = factories.make_proof(work)
    evidence.issued_on = date(2019, 1, 1)
    evidence.save()
    assert [item.outside for item in board(cast, cast.office).items] == [0, 1, 0, 0]


def test_a_unit_sees_its_own_part_only(cast):
    made = board(cast, cast.editor)
    assert [item.number for item in made.items] == [1, 2, 3]
    assert [item.state for item in made.items] == [
        UnitState.ACCEPTED,
        UnitState.TICKED,
        UnitState.COLLECTING,
    ]
    assert {item.units for item in made.items} == {1}
    assert made.items[0].pieces == 1
    assert made.total.done == 2
    assert all(item.work for item in made.items)


def test_a_unit_sees_its_own_score_only(cast):
    first = cast.campaign.assignments.get(indicator__number=1)
    assert board(cast, cast.editor).items[0].self_points is None
    score(first, "self", cast.unit)
    assert board(cast, cast.editor).items[0].self_points == Decimal("9.5")


def test_strangers_see_nothing(cast):
    assert board(cast, cast.foreign_office).items == []
    assert board(cast, cast.external).items == []


def test_an_expert_reads_the_list_without_proof(cast):
    items = board(cast, cast.expert).items
    assert len(items) == 4
    assert {(item.pieces, item.missing) for item in items} == {(0, 0)}


@pytest.mark.parametrize(
    "given, numbers",
    [
        ({"area": 2}, [3, 4]),
        ({"state": "returned"}, [3]),
        ({"missing": True}, [2, 3]),
        ({"q": "指标4"}, [4]),
        ({"q": "2"}, [2]),
        ({"q": "审核登记表"}, [1]),  # the title of a piece of proof
        ({"q": "安司审〔2026〕5号"}, [1]),
        ({"q": "没有这样的"}, []),
        ({"area": 1, "state": "complete"}, [1]),
    ],
)
def test_filters_combine(cast, given, numbers):
    assert [item.number for item in board(cast, cast.office, **given).items] == numbers


def test_filtering_for_a_unit_shows_its_ticks(cast):
    made = board(cast, cast.office, unit=cast.other_unit.pk)
    assert [(item.number, item.work.state) for item in made.items] == [
        (1, UnitState.ACCEPTED),
        (2, UnitState.NOT_APPLICABLE),
        (3, UnitState.RETURNED),
    ]


def test_tabs_of_a_lead_reviewer(cast):
    cast.campaign.assignments.filter(indicator__number=4).update(lead_unit=None)
    factories.make_work(cast.campaign.assignments.get(indicator__number=2), cast.lead_unit)
    made = board(cast, cast.lead)
    assert made.tabs == {"": 3, LED: 3, OWN: 1}
    assert [item.number for item in board(cast, cast.lead, scope=OWN).items] == [2]


def test_a_lead_unit_is_offered_by_name(cast):
    assert board(cast, cast.office).leads == {cast.lead_unit.pk: cast.lead_unit.short_name}


@pytest.mark.parametrize("who, statements", [("office", 4), ("editor", 5), ("lead", 5)])
def test_statements_do_not_grow(cast, django_assert_num_queries, who, statements):
    with django_assert_num_queries(statements):
        board(cast, getattr(cast, who))
    for number in range(20):
        unit = factories.make_unit(cast.region)
        state = UnitState.TICKED if number % 2 else UnitState.COLLECTING
        for assignment in cast.campaign.assignments.all():
            factories.make_work(assignment, unit, state=state)
    with django_assert_num_queries(statements):
        board(cast, getattr(cast, who))
