"""The dashboard: the sentence's figures against recounts, what each role gets, its statements."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from assessments.models import Issue, Round, Score, UnitResponse
from assessments.rectification.states import AT_REST, State
from assessments.reports.queries import late_units
from indicators.assignments.states import IndicatorState, UnitState
from lawgov.accounts.actors import Actor
from lawgov.audit.record import Event, record_many
from lawgov.desk.campaigns import running
from lawgov.desk.dashboard.queries import KIND, dashboard
from tests import factories
from tests.people import Cast, browser, make_cast

pytestmark = pytest.mark.django_db
PAGE = "/dashboard/"


@pytest.fixture
def cast() -> Cast:
    made = make_cast(edition=factories.make_edition(areas=2, groups=1, each=3))
    day = timezone.localdate()
    for phase in made.campaign.phases.all():
        begins = {"mobilise": -90, "self_check": -60, "rectify": -20, "mock": -5, "submit": 14}
        phase.starts_on = day + timedelta(days=begins.get(phase.code, 40))
        phase.ends_on = phase.starts_on + timedelta(days=25)
        phase.save()
    first = made.campaign.assignments.first()
    factories.make_work(first, made.unit, state=UnitState.ACCEPTED)
    for source in ("lead", "office"):
        Score.objects.create(
            round=Round.objects.get(campaign=made.campaign),
            region=made.region,
            assignment=first,
            source=source,
            points=9,
            given_at=factories.NOW,
        )
    return made


def answers(cast: Cast, *rows: tuple[State, int], unit=None, kind=Issue.Kind.INDIVIDUAL) -> None:
    """Answers with state and days to the deadline; handed over ten days ago, by the trail too."""
    inspection = cast.region.inspections.first() or factories.make_inspection(cast.region)
    now, made = timezone.now(), []
    for state, days in rows:
        day = timezone.localdate() + timedelta(days=days)
        issue = factories.make_issue(inspection, kind=kind, deadline_date=day)
        made.append(factories.make_response(issue, unit or cast.unit, state, person="石某"))
    actor = Actor.system(cast.region)
    with transaction.atomic():
        for row in made:
            told = {"from": "found", "to": "issued", "was": {"deadline_date": None}}
            event = Event("response.issue", row, row.issue, told)
            record_many(actor, [event], now=now - timedelta(days=10))
            if row.state in AT_REST:
                told = {"from": "verifying", "to": "closed", "was": {}}
                event = Event("response.close", row, row.issue, told)
                record_many(actor, [event], now=now - timedelta(days=1))


def figures(cast: Cast, who: str = "leader"):
    actor = getattr(cast, who)
    actor.region.__dict__.pop("running", None)
    return dashboard(actor, running(actor.region), timezone.localdate())


def html_of(cast: Cast, who: str = "leader", query: str = "") -> str:
    response = browser(getattr(cast, who)).get(PAGE + query)
    assert response.status_code == 200
    return response.content.decode()


def words(html: str) -> str:
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", html))


def test_the_sentence_is_a_recount(cast):
    answers(cast, (State.CLOSED, 5), (State.LOOK_BACK, 5), (State.RECTIFYING, -3))
    answers(cast, (State.VERIFYING, -8), (State.ISSUED, 9), unit=cast.other_unit)
    answers(cast, (State.WITHDRAWN, -9), (State.FOUND, 9))
    answers(cast, (State.RECTIFYING, -30), kind=Issue.Kind.COMMON)
    made = figures(cast)
    rows = UnitResponse.objects.filter(issue__kind=KIND)
    counted = rows.exclude(state=State.WITHDRAWN)
    assert made.issues.total == counted.count() == 6
    assert made.issues.closed == counted.filter(state__in=AT_REST).count() == 2
    overdue = rows.overdue(timezone.localdate())
    assert made.issues.overdue == overdue.count() == 2
    assert {unit.unit for unit in made.late} == set(overdue.values_list("unit", flat=True))
    text = words(html_of(cast))
    assert "6项指标完成1项；6条个性问题销号2条" in text
    assert "2条逾期，集中在2家单位。距集中申报" in text


def test_todays_point_of_the_chart_is_the_sentence(cast):
    answers(cast, (State.CLOSED, 5), (State.RECTIFYING, -3), (State.RECTIFYING, 3))
    made = figures(cast)
    last = made.burndown.weeks[-1]
    assert last.day == timezone.localdate()
    found = (last.open, last.closed, last.overdue)
    assert found == (made.issues.open, made.issues.closed, made.issues.overdue)
    assert made.burndown.weeks[0].day == timezone.localdate() - timedelta(days=10)
    assert made.burndown.target == cast.campaign.phases.get(code="rectify").ends_on


def test_the_gap_to_the_plan_is_named(cast):
    answers(cast, *[(State.RECTIFYING, 30)] * 10)
    made = figures(cast)
    assert made.burndown.behind > 0
    assert f"比计划慢{made.burndown.behind}条" in words(html_of(cast))


def test_who_is_late_most_first_with_the_oldest_and_whose(cast):
    answers(cast, (State.RECTIFYING, -3), (State.RECTIFYING, -12))
    answers(cast, (State.RECTIFYING, -20), unit=cast.other_unit)
    first, second = late_units(cast.leader, KIND, timezone.localdate())
    assert (first.name, first.overdue, first.longest, first.person) == ("区水利局", 2, 12, "石某")
    assert (second.name, second.overdue, second.longest) == ("区林业局", 1, 20)


def test_phases_may_overlap(cast):
    steps = figures(cast).steps
    assert [step.past for step in steps] == [True, True, False, False, False, False]
    assert [step.running for step in steps] == [False, False, True, True, False, False]
    assert html_of(cast).count('aria-current="step"') == 2


def test_areas_are_counted_like_the_checklist(cast):
    made = figures(cast)
    assert [(area.done, area.total) for area in made.areas] == [(1, 3), (0, 3)]
    listed = browser(cast.office).get(f"/checklist/?area=1&state={IndicatorState.COMPLETE.value}")
    assert "显示 1 / 6 项" in listed.content.decode()


def test_each_chart_has_its_table(cast):
    answers(cast, (State.RECTIFYING, -3))
    html = html_of(cast, query="?as=table")
    assert html.count("看表格") == 2 and "看图" in html
    assert "单位和方面完成情况" in html


@pytest.mark.parametrize("who", ["leader", "office", "supervisor", "assessor", "publicist"])
def test_readers_get_the_same_figures(cast, who):
    answers(cast, (State.CLOSED, 5), (State.RECTIFYING, -3))
    made = figures(cast, who)
    assert (made.total.done, made.total.total) == (1, 6)
    assert (made.issues.total, made.issues.closed, made.issues.overdue) == (2, 1, 1)
    assert len(made.map.units) == 1


def test_those_who_may_not_open_a_list_get_no_link_and_no_names(cast):
    answers(cast, (State.RECTIFYING, -3))
    html = html_of(cast, "publicist")
    main = html[html.index("<main") :]
    assert "/ledger/" not in main and "/checklist/" not in main and "石某" not in main
    assert "石某" in html_of(cast, "leader")


@pytest.mark.parametrize("who", ["editor", "head", "lead", "expert", "external", "city"])
def test_others_do_not_find_it(cast, who):
    assert browser(getattr(cast, who)).get(PAGE).status_code == 404


def test_another_place_counts_its_own(cast):
    answers(cast, (State.RECTIFYING, -3))
    made = figures(cast, "foreign_office")
    assert made.issues.total == 0 and made.burndown is None and made.total.done == 0


def test_before_any_data_the_page_says_so(cast):
    cast.campaign.assignments.all().delete()
    assert "还没有可以汇总的数据" in html_of(cast)


@pytest.mark.parametrize("who", ["leader", "office", "publicist"])
def test_at_most_25_statements(cast, count_statements, who):
    answers(cast, (State.CLOSED, 5), (State.RECTIFYING, -3))
    client = browser(getattr(cast, who))
    client.get(PAGE)
    before = count_statements(lambda: client.get(PAGE))
    assert before <= 25
    for _n in range(12):
        unit = factories.make_unit(cast.region)
        answers(cast, (State.CLOSED, 5), (State.RECTIFYING, -3), unit=unit)
        for assignment in cast.campaign.assignments.all():
            factories.make_work(assignment, unit)
    assert count_statements(lambda: client.get(PAGE)) == before
