"""The ledger's counts against a recount, its order, and how many queries its pages take."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessments.models import Issue, UnitResponse
from assessments.rectification.deadlines import Light, worst
from assessments.rectification.ledger import (
    DIMENSIONS,
    FIXED,
    Filters,
    answer_cells,
    answers,
    chosen_answers,
    count,
)
from assessments.rectification.states import State, issue_state
from assessments.rectification.sums import matching, sum_cells, summed
from lawgov.accounts.actors import Actor
from lawgov.audit.record import record
from tests import factories
from tests.assessments.rectification import moves
from tests.people import Cast, browser

pytestmark = pytest.mark.postgres

NEAR = 10
CATEGORIES = ["行政执法案卷", "规范性文件管理", "重大行政决策"]


@pytest.fixture
def filled(cast, inspection) -> Cast:
    """90 individual issues of six units in two inspections, drawn with a fixed seed."""
    rng = random.Random(11)
    kinds = ["government", "township", "party", "vertical"]
    units = [cast.unit, cast.other_unit, cast.lead_unit]
    units += [factories.make_unit(cast.region, kind=kind) for kind in kinds]
    inspections = [inspection, factories.make_inspection(cast.region, name="7月督察")]
    assignments = [None, *cast.campaign.assignments.all()]
    for number in range(90):
        deadline = rng.choice([None, *(days(n) for n in (-9, -1, 0, 3, 10, 11, 40))])
        issue = factories.make_issue(
            rng.choice(inspections),
            number=str(number),
            category=rng.choice(CATEGORIES),
            text=f"第{number}条 {rng.choice('甲乙丙')}",
            assignment=rng.choice(assignments),
        )
        factories.make_response(
            issue, rng.choice(units), rng.choice([*State]), deadline_date=deadline
        )
    return cast


def days(offset: int) -> date:
    return timezone.localdate() + timedelta(days=offset)


def recount(cast: Cast, name: str, value: str, filters: Filters) -> int:
    """One facet value the plain way: all other filters, then this one, then count."""
    others = {key: chosen for key, chosen in filters.chosen.items() if key != name}
    one = Filters(others | {name: frozenset([value])}, filters.q, filters.person, filters.group)
    return chosen_answers(cast.office, "individual", one, days(0), NEAR).count()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "state=rectifying",
        "light=r",
        "light=r&light=y&state=planned&state=issued",
        "category=行政执法案卷&light=x",
        "unit_kind=township",
        "area=1&q=甲",
        "q=没有这样的字",
        "state=verifying&unit_kind=government&category=重大行政决策",
        "unit=999999",
        "unit=abc&state=nonsense",
    ],
)
def test_each_facet_is_counted_under_the_other_filters(filled, address):
    filters = Filters.of(QueryDict(address))
    cells, labels = answer_cells(answers(filled.office, "individual", filters), days(0), NEAR)
    counts = count(cells, filters.chosen, labels)
    rows = chosen_answers(filled.office, "individual", filters, days(0), NEAR)
    assert counts.matching == rows.count()
    for name in DIMENSIONS:
        for value in counts.facets[name]:
            assert value.n == recount(filled, name, value.value, filters), (name, value)


def test_the_states_sum_to_what_is_listed(filled):
    filters = Filters.of(QueryDict("light=r"))
    cells, labels = answer_cells(answers(filled.office, "individual", filters), days(0), NEAR)
    counts = count(cells, filters.chosen, labels)
    assert sum(value.n for value in counts.facets["state"]) == counts.matching
    assert [value.value for value in counts.facets["state"]] == [
        state for state in FIXED["state"] if any(v.value == state for v in counts.facets["state"])
    ]


def test_a_unit_counts_only_its_own(filled):
    filters = Filters()
    cells, labels = answer_cells(answers(filled.editor, "individual", filters), days(0), NEAR)
    counts = count(cells, {}, labels)
    own = UnitResponse.objects.filter(unit=filled.unit).exclude(state=State.FOUND)
    assert counts.matching == own.count()
    assert [value.value for value in counts.facets["unit"]] == [str(filled.unit.pk)]
    assert not answers(filled.foreign_office, "individual", filters).exists()


def test_the_light_in_groups_is_the_light_of_the_rule(filled):
    rows = UnitResponse.objects.with_light_value(days(0), near=NEAR)
    assert all(row.light_value == row.light(days(0), NEAR) for row in rows)


def test_search_finds_text_requirement_unit_and_number(cast, inspection):
    issue = factories.make_issue(inspection, number="7", text="无告知书", requirement="补正")
    other = factories.make_issue(inspection, number="17", text="其他", requirement="其他")
    factories.make_response(issue, cast.unit)
    factories.make_response(other, cast.other_unit)
    for text in ("告知", "补正", "水利", "7", "007"):
        found = UnitResponse.objects.matching(text)
        assert [row.issue for row in found] == [issue], text
    assert UnitResponse.objects.matching("").count() == 2


def test_numbers_sort_as_numbers(cast, inspection):
    for number in ("10", "9", "100", "1"):
        factories.make_response(factories.make_issue(inspection, number=number), cast.unit)
    page = browser(cast.office).get("/ledger/individual/?sort=number")
    assert [row.number for row in page.context["rows"]] == ["1", "9", "10", "100"]


def test_what_is_closed_comes_last_by_default(cast, inspection):
    closed = factories.make_issue(inspection, number="1")
    factories.make_response(closed, cast.unit, State.CLOSED, deadline_date=days(-90))
    soon = factories.make_issue(inspection, number="2")
    factories.make_response(soon, cast.unit, deadline_date=days(3))
    undated = factories.make_issue(inspection, number="3")
    factories.make_response(undated, cast.unit, deadline_date=None)
    page = browser(cast.office).get("/ledger/individual/")
    assert [row.number for row in page.context["rows"]] == ["2", "3", "1"]


# -- issues with many answers ---------------------------------------------------------------------


@pytest.fixture
def shared(cast, inspection) -> list[Issue]:
    """Twelve common issues with up to four answers in drawn states."""
    rng = random.Random(5)
    units = [cast.unit, cast.other_unit, cast.lead_unit, factories.make_unit(cast.region)]
    made = []
    for number in range(1, 13):
        issue = factories.make_issue(inspection, kind="common", number=str(number))
        for unit in units[: rng.randint(1, 4)]:
            deadline = rng.choice([None, days(-3), days(5), days(30)])
            factories.make_response(issue, unit, rng.choice([*State]), deadline_date=deadline)
        made.append(issue)
    return made


def test_an_issue_is_summed_up_as_the_rules_say(cast, shared):
    found, _labels = summed(answers(cast.office, "common", Filters()), days(0), NEAR)
    by_id = {one.pk: one for one in found}
    for issue in shared:
        responses = list(issue.responses.all())
        one = by_id[issue.pk]
        assert one.state == issue_state(r.state for r in responses)
        assert one.light == worst(r.light(days(0), NEAR) for r in responses)
        assert one.done == sum(r.state in (State.CLOSED, State.LOOK_BACK) for r in responses)
        assert one.total == sum(r.state != State.WITHDRAWN for r in responses)


@pytest.mark.parametrize("address", ["", "light=r", "state=closed", "light=y&light=g"])
def test_counts_of_issues_match_a_recount(cast, shared, address):
    filters = Filters.of(QueryDict(address))
    issues, labels = summed(answers(cast.office, "common", filters), days(0), NEAR)
    counts = count(sum_cells(issues), filters.chosen, labels)
    assert counts.matching == len(matching(issues, filters.chosen))
    for name, values in counts.facets.items():
        for value in values:
            others = {k: v for k, v in filters.chosen.items() if k != name}
            one = others | {name: frozenset([value.value])}
            assert value.n == len(matching(issues, one)), (name, value)


def test_a_unit_sees_a_common_issue_by_its_own_answer(cast, inspection):
    issue = factories.make_issue(inspection, kind="common")
    factories.make_response(issue, cast.unit, State.CLOSED)
    factories.make_response(issue, cast.other_unit, State.ISSUED, deadline_date=days(-5))
    (own,), _labels = summed(answers(cast.editor, "common", Filters()), days(0), NEAR)
    assert (own.state, own.light, own.done, own.total) == (State.CLOSED, Light.GREY, 1, 1)
    (whole,), _labels = summed(answers(cast.office, "common", Filters()), days(0), NEAR)
    assert (whole.state, whole.light, whole.total) == (State.ISSUED, Light.RED, 2)


# -- budgets, decisions §8 ------------------------------------------------------------------------

OUTSIDE = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def statements(work) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = work()
        assert response.status_code in (200, 302), response.status_code
    return sum(not q["sql"].startswith(OUTSIDE) for q in captured.captured_queries)


def warm(actor: Actor) -> Client:
    """Signed in and seen within the minute, in a place whose trail has begun."""
    with transaction.atomic():
        record(actor, "account.login", actor.user, now=timezone.now())
    client = browser(actor)
    client.get("/ledger/individual/")
    return client


def fill(cast: Cast, inspection, n: int, state: State = State.RECTIFYING) -> list[UnitResponse]:
    units = [cast.unit, cast.other_unit]
    rows = []
    for number in range(n):
        issue = factories.make_issue(
            inspection,
            number=f"9{number:04}",
            assignment=cast.campaign.assignments.first(),
        )
        rows.append(factories.make_response(issue, units[number % 2], state))
    return rows


@pytest.mark.parametrize("n", [10, 200])
def test_a_ledger_page_takes_12_queries(cast, inspection, n):
    fill(cast, inspection, n)
    client = browser(cast.office)
    client.get("/ledger/individual/")
    for address in ("/ledger/individual/", "/ledger/individual/?light=g&sort=-unit&q=处罚"):
        assert statements(lambda a=address: client.get(a)) <= 12


@pytest.mark.parametrize("n", [10, 200])
def test_a_ledger_of_issues_takes_12_queries(cast, inspection, n):
    units = [factories.make_unit(cast.region) for _ in range(n // 10)]
    for number in range(10):
        issue = factories.make_issue(inspection, kind="common", number=str(number))
        for unit in units:
            factories.make_response(issue, unit)
    client = browser(cast.office)
    client.get("/ledger/common/")
    assert statements(lambda: client.get("/ledger/common/")) <= 12


@pytest.mark.parametrize("n", [10, 200])
def test_an_issue_takes_15_queries(cast, inspection, n):
    response = fill(cast, inspection, n)[0]
    for _ in range(n // 10):
        moves.make_proof_of(response)
        moves.make_measure(response)
    client = browser(cast.head)
    address = response.issue.get_absolute_url()
    client.get(address)
    assert statements(lambda: client.get(address)) <= 15


@pytest.mark.parametrize("n", [10, 69])
def test_an_issue_with_many_answers_takes_15_queries(cast, inspection, n):
    issue = factories.make_issue(inspection, kind="common")
    for _ in range(n):
        factories.make_response(issue, factories.make_unit(cast.region), State.SUBMITTED)
    client = browser(cast.office)
    client.get(issue.get_absolute_url())
    assert statements(lambda: client.get(issue.get_absolute_url())) <= 15


# 交办 of a single issue also makes its letter; that is an action over rows, not one edge.
@pytest.mark.parametrize(
    ("edge", "state", "data"),
    [
        ("accept", State.ISSUED, {}),
        ("plan", State.ACCEPTED, {"measures": "自查\n补正", "person": "赵某"}),
        ("progress", State.RECTIFYING, {"progress": "已查"}),
        ("request", State.RECTIFYING, {"result": "改好了"}),
        ("check", State.SUBMITTED, {}),
        ("return", State.VERIFYING, {"reason": "缺附件"}),
        ("close", State.VERIFYING, {"conclusion": "属实"}),
        ("ask_extension", State.RECTIFYING, {"reason": "案卷多"}),
        ("approve_extension", State.RECTIFYING, {}),
        ("look_back", State.CLOSED, {}),
    ],
)
def test_a_transition_takes_10_queries(cast, answer, edge, state, data):
    response = answer(state=state, deadline_date=days(30))
    moves.prepare(response, edge)
    who = getattr(cast, moves.WHO[edge])
    client = warm(who)
    days_of = {"target_on": days(1), "new_date": days(60)}
    given = {"version": 1} | data
    given |= {k: v.isoformat() for k, v in days_of.items() if edge in ("plan", "ask_extension")}
    address = f"{response.get_absolute_url()}{edge}/"
    assert statements(lambda: client.post(address, given)) <= 10
    response.refresh_from_db()
    assert response.version == 2


@pytest.mark.parametrize("edge", ["return", "check", "close", "withdraw"])
def test_a_bulk_of_100_takes_40_queries(cast, inspection, edge):
    state = {"close": State.VERIFYING, "withdraw": State.ACCEPTED}.get(edge, State.SUBMITTED)
    rows = fill(cast, inspection, 100, state)
    for row in rows:
        moves.make_proof_of(row)
    client = warm(cast.office)
    data = {
        "confirmed": "1",
        "pk": [row.pk for row in rows],
        "seen": [f"{row.pk}:1" for row in rows],
        "reason": "缺附件",
        "conclusion": "属实",
    }
    address = f"/ledger/individual/bulk/{edge}/"
    assert statements(lambda: client.post(address, data)) <= 40
    assert UnitResponse.objects.filter(version=2).count() == 100
