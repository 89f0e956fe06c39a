"""The places below, for the supervisor above: counters only, equal to recounts, few statements."""

from __future__ import annotations

import pytest
from django.utils import timezone

from assessments.models import Round, Score
from assessments.rectification.states import State
from assessments.rounds.queries import indicator_states
from indicators.assignments.states import IndicatorState, UnitState
from indicators.models import Campaign
from lawgov.desk.places.queries import places_below
from tests import factories
from tests.people import Cast, browser, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    made = make_cast(edition=factories.make_edition(each=8))
    states = [
        ["accepted", "accepted"], ["accepted", "not_applicable"], ["accepted", "with_lead"],
        ["accepted", "returned"], ["not_applicable", "not_applicable"], ["accepted"],
    ]  # fmt: skip
    units = (made.unit, made.other_unit)
    for assignment, given in zip(made.campaign.assignments.all(), states, strict=False):
        for unit, state in zip(units, given, strict=False):
            factories.make_work(assignment, unit, state=UnitState(state))
        for source in ("self", "lead", "office"):
            if (assignment.indicator.number, source) != (6, "office"):
                give(assignment, source)
    inspection = factories.make_inspection(made.region)
    for state, day in [
        (State.CLOSED, "2026-10-01"), (State.LOOK_BACK, "2026-10-01"),
        (State.RECTIFYING, "2020-01-01"), (State.ISSUED, "2100-01-01"),
        (State.WITHDRAWN, "2020-01-01"), (State.VERIFYING, None),
    ]:  # fmt: skip
        issue = factories.make_issue(inspection, deadline_date=day)
        factories.make_response(issue, made.unit, state)
    return made


def give(assignment, source: str) -> None:
    Score.objects.create(
        round=Round.objects.get(campaign=assignment.campaign),
        region=assignment.region,
        assignment=assignment,
        source=source,
        points=9,
        given_at=factories.NOW,
    )


def test_counters_are_recounts(cast):
    here, there = places_below(cast.city, timezone.localdate())
    if here.region != cast.region:
        here, there = there, here
    states = indicator_states(cast.campaign).values()
    assert here.complete == sum(state == IndicatorState.COMPLETE for state in states) == 2
    assert (here.indicators, here.points) == (8, 80)
    assert (here.self_points, here.office_points) == (54, 45)
    assert (here.issues, here.closed, here.open, here.overdue) == (5, 2, 3, 1)
    assert (there.indicators, there.complete, there.issues, there.self_points) == (8, 0, 0, None)


def test_the_page_shows_counters_and_no_rows(cast):
    html = browser(cast.city).get("/places/").content.decode()
    assert "安和区" in html and "平川县" in html and "2/8" in html
    assert "区水利局" not in html and "处罚决定书" not in html and "指标1" not in html


@pytest.mark.parametrize("who", ["office", "leader", "editor", "publicist", "external"])
def test_nobody_inside_a_place_finds_it(cast, who):
    assert browser(getattr(cast, who)).get("/places/").status_code == 404


def test_only_places_below(cast):
    other = factories.make_region(name="别的市")
    factories.make_campaign(factories.make_region(parent=other), cast.campaign.edition)
    names = {place.region.name for place in places_below(cast.city, timezone.localdate())}
    assert names == {"安和区", "平川县"}
    assert places_below(cast.leader, timezone.localdate()) == []


def test_without_campaigns_it_says_so(cast):
    alone = factories.make_member("upper_supervisor", factories.make_region())
    assert "下级还没有开展创建的地区" in browser(alone).get("/places/").content.decode()


def test_at_most_25_statements_however_many_places(cast, count_statements):
    client = browser(cast.city)
    client.get("/places/")
    before = count_statements(lambda: client.get("/places/"))
    assert before <= 25
    for _n in range(6):
        place = factories.make_region(parent=cast.city.region)
        factories.make_campaign(place, cast.campaign.edition)
    assert Campaign.objects.count() == 8
    assert count_statements(lambda: client.get("/places/")) == before
