"""The review queue: who gets which tabs, in bulk with a result for each, and one by one."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Score
from assessments.rounds import verification
from assessments.rounds.queries import seen_version
from indicators.assignments.states import UnitState
from indicators.models import UnitAssignment
from lawgov.audit.models import AuditEntry
from tests.factories import make_proof, make_unit, make_work
from tests.people import browser

pytestmark = pytest.mark.django_db
LIST, NEXT = reverse("review:list"), reverse("review:next")


@pytest.fixture
def assignments(cast):
    return [*cast.campaign.assignments.select_related("campaign", "indicator")]


@pytest.fixture
def works(cast, assignments):
    """Two units' work on the first indicator, both with the lead unit."""
    made = [
        make_work(assignments[0], unit, state=UnitState.WITH_LEAD, submitted_at=timezone.now())
        for unit in (cast.unit, cast.other_unit)
    ]
    for work in made:
        make_proof(work)
    return made


def tabs(actor):
    response = browser(actor).get(LIST)
    return {step.key: count for step, count in response.context["steps"]}


def state_of(work):
    return UnitAssignment.objects.get(pk=work.pk).state


def scored(cast, assignment):
    verification.give_lead_score(
        assignment, actor=cast.lead, now=timezone.now(), self_points=Decimal(9),
        points=Decimal("8.5"), version=seen_version(assignment, assignment.unit_assignments.all()),
    )  # fmt: skip


# -- tabs --------------------------------------------------------------------------------------


def test_everybody_gets_the_tabs_of_their_role(cast, assignments, works):
    make_work(assignments[1], cast.unit, state=UnitState.WITH_HEAD)
    make_work(assignments[1], cast.lead_unit, state=UnitState.WITH_LEAD)
    assert tabs(cast.head) == {"head": 1}
    assert tabs(cast.lead) == {"lead": 2, "exemption": 0, "score": 0}
    # The office reviews what lead units hand in themselves.
    assert tabs(cast.office) == {"lead": 1, "exemption": 0, "score": 0, "verify": 0}


@pytest.mark.parametrize("who", ["editor", "supervisor", "leader", "assessor", "publicist"])
def test_those_who_do_not_review_have_no_queue(cast, who):
    assert browser(getattr(cast, who)).get(LIST).status_code == 404
    assert browser(getattr(cast, who)).get(NEXT).status_code == 404


def test_another_place_sees_nothing_of_it(cast, works):
    assert set(tabs(cast.foreign_office).values()) == {0}


def test_the_first_tab_with_work_opens(cast, assignments, works):
    UnitAssignment.objects.update(state=UnitState.ACCEPTED)
    assert browser(cast.lead).get(LIST).context["step"].key == "score"


# -- filters, empty states ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "units"),
    [
        ("q=林业", ["区林业局"]),
        ("q=指标1", ["区水利局", "区林业局"]),
        ("number=2", []),
        ("area=1", ["区水利局", "区林业局"]),
        ("area=2", []),
        ("number=x&area=-1", ["区水利局", "区林业局"]),
    ],
)
def test_filters_combine_and_are_in_the_address(cast, works, query, units):
    response = browser(cast.lead).get(f"{LIST}?step=lead&{query}")
    assert [str(row.unit) for row, _due, _state in response.context["rows"]] == units


def test_filter_by_unit(cast, works):
    response = browser(cast.lead).get(f"{LIST}?step=lead&unit={cast.unit.pk}")
    assert [row for row, _due, _state in response.context["rows"]] == [works[0]]


def test_both_empty_states_say_what_to_do(cast, works):
    client = browser(cast.lead)
    assert "清除全部条件" in client.get(f"{LIST}?step=lead&q=查无此项").content.decode()
    assert "没有等待审核" in client.get(f"{LIST}?step=exemption").content.decode()


# -- in bulk -----------------------------------------------------------------------------------


def test_bulk_accept_reports_each_row(cast, works):
    stale = works[1]
    data = {"pk": [work.pk for work in works], f"seen-{works[0].pk}": 1, f"seen-{stale.pk}": 99}
    url = reverse("review:pass", args=["lead"])
    html = browser(cast.lead).post(url, data, follow=True).content.decode()
    assert "已通过 1 件，1 件没有办" in html and "1 区林业局 已有人处理" in html
    assert (state_of(works[0]), state_of(stale)) == (UnitState.ACCEPTED, UnitState.WITH_LEAD)


def test_a_row_that_somebody_decided_meanwhile_is_reported(cast, works):
    UnitAssignment.objects.filter(pk=works[1].pk).update(state=UnitState.RETURNED, version=2)
    data = {"pk": [work.pk for work in works]}
    html = browser(cast.lead).post(
        reverse("review:pass", args=["lead"]), data, follow=True
    ).content.decode()  # fmt: skip
    assert "1 件没有办" in html


def test_all_that_is_filtered_can_be_passed_at_once(cast, works):
    data = {"all": "1", "query": "step=lead&q=林业"}
    browser(cast.lead).post(reverse("review:pass", args=["lead"]), data)
    assert (state_of(works[0]), state_of(works[1])) == (UnitState.WITH_LEAD, UnitState.ACCEPTED)


def test_bulk_return_asks_for_the_reason_first(cast, works):
    url = reverse("review:back", args=["lead"])
    data = {"pk": [work.pk for work in works]}
    dialog = browser(cast.lead, HX_Request="true").post(url, data).content.decode()
    assert 'id="dialog-title"' in dialog and "退回 2 件？" in dialog
    assert state_of(works[0]) == UnitState.WITH_LEAD
    empty = browser(cast.lead).post(url, data | {"reason": " "})
    assert empty.status_code == 422
    browser(cast.lead).post(url, data | {"reason": "登记表缺盖章"})
    assert {state_of(work) for work in works} == {UnitState.RETURNED}
    assert AuditEntry.objects.filter(verb="work.return").count() == 2


def test_bulk_verification_takes_the_leads_scores(cast, assignments, works):
    UnitAssignment.objects.update(state=UnitState.ACCEPTED)
    scored(cast, assignments[0])
    response = browser(cast.office).get(f"{LIST}?step=verify")
    ((row, _due, _state),) = response.context["rows"]
    data = {"pk": [row.pk], f"seen-{row.pk}": row.seen}
    browser(cast.office).post(reverse("review:pass", args=["verify"]), data)
    assert Score.objects.get(source="office").points == Decimal("8.5")


@pytest.mark.parametrize(
    ("who", "name", "key"),
    [
        ("editor", "pass", "lead"), ("head", "pass", "lead"), ("office", "pass", "head"),
        ("lead", "pass", "verify"), ("lead", "pass", "score"), ("office", "back", "verify"),
        ("lead", "pass", "nothing"), ("stranger", "back", "head"),
    ],
)  # fmt: skip
def test_bulk_of_others_steps_is_not_there(cast, works, who, name, key):
    data = {"pk": [work.pk for work in works], "reason": "x"}
    url = reverse(f"review:{name}", args=[key])
    assert browser(getattr(cast, who)).post(url, data).status_code == 404
    assert {state_of(work) for work in works} == {UnitState.WITH_LEAD}


def test_foreign_rows_in_a_bulk_are_not_there(cast, works):
    data = {"pk": [work.pk for work in works], "reason": "x"}
    client = browser(cast.foreign_office)
    assert client.post(reverse("review:pass", args=["lead"]), data).status_code == 404
    assert {state_of(work) for work in works} == {UnitState.WITH_LEAD}


# -- one by one --------------------------------------------------------------------------------


def test_one_by_one_shows_the_proof_and_goes_on_after_each(cast, works):
    client = browser(cast.lead)
    first = client.get(f"{NEXT}?step=lead")
    html = first.content.decode()
    assert "第 1 件，共 2 件" in html and "审核登记表" in html
    assert 'data-key="a"' in html and 'data-key="r"' in html
    after = first.context["next"]
    number = works[0].assignment.indicator.number
    url = reverse("indicators:move", args=[number, cast.unit.pk, "accept"])
    done = client.post(url, {"seen": 1, "next": after})
    assert done.url == after
    second = client.get(done.url)
    assert second.context["work"] == works[1] and second.context["position"] == 1


def test_skipping_goes_round_and_the_end_says_so(cast, works):
    client = browser(cast.lead)
    again = client.get(f"{NEXT}?step=lead&after={works[1].pk}")
    assert again.context["work"] == works[0]
    UnitAssignment.objects.update(state=UnitState.RETURNED)
    done = client.get(f"{NEXT}?step=lead", follow=True)
    assert "这一步已经审完" in done.content.decode()


def test_one_row_opens_by_its_number(cast, works):
    response = browser(cast.lead).get(f"{NEXT}?step=lead&at={works[1].pk}")
    assert response.context["work"] == works[1]


def test_office_verifies_one_by_one(cast, assignments, works):
    UnitAssignment.objects.update(state=UnitState.ACCEPTED)
    scored(cast, assignments[0])
    client = browser(cast.office)
    page = client.get(f"{NEXT}?step=verify")
    assert "核验得分" in page.content.decode()
    url = reverse("indicators:verify", args=[assignments[0].indicator.number])
    data = {"seen": page.context["page"].version, "points": "8.5", "next": page.context["next"]}
    assert client.post(url, data).url == page.context["next"]
    assert Score.objects.filter(source="office").count() == 1


# -- price -------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [f"{LIST}?step=lead", f"{NEXT}?step=lead"])
def test_the_queue_costs_the_same_for_few_and_many(
    cast, assignments, works, url, django_assert_max_num_queries
):
    client = browser(cast.lead)

    def cost():
        client.get(url)
        with django_assert_max_num_queries(15) as counted:
            assert client.get(url).status_code == 200
        return len(counted.captured_queries)

    few = cost()
    for _number in range(20):
        make_proof(make_work(assignments[1], make_unit(cast.region), state=UnitState.WITH_LEAD))
    assert cost() == few


def test_bulk_of_a_hundred_stays_in_its_budget(cast, assignments, django_assert_max_num_queries):
    made = [
        make_work(assignments[0], make_unit(cast.region), state=UnitState.WITH_LEAD)
        for _number in range(100)
    ]
    client = browser(cast.lead)
    with django_assert_max_num_queries(40):
        client.post(reverse("review:pass", args=["lead"]), {"pk": [work.pk for work in made]})
    assert UnitAssignment.objects.filter(state=UnitState.ACCEPTED).count() == 100
