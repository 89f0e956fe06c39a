"""The page of one indicator: what each sees of it, what each can do on it, and its price."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.models import Score, ScoreDraft
from assessments.rounds import actions, verification
from assessments.rounds.queries import seen_version
from indicators.assignments.states import UnitState
from lawgov.accounts.policy import Role
from lawgov.audit.models import AuditHead
from tests.factories import make_member, make_proof, make_unit, make_work
from tests.people import browser

pytestmark = pytest.mark.django_db


@pytest.fixture
def assignment(cast):
    return cast.campaign.assignments.select_related("campaign", "indicator").first()


@pytest.fixture
def work(cast, assignment):
    made = make_work(assignment, cast.unit, state=UnitState.COLLECTING)
    make_proof(made, "审核登记表（本单位）")
    return made


@pytest.fixture
def other(cast, assignment):
    made = make_work(assignment, cast.other_unit, state=UnitState.WITH_LEAD)
    make_proof(made, "别家的登记表")
    return made


def page(actor, assignment, unit=None):
    number = assignment.indicator.number
    if unit is None:
        return browser(actor).get(reverse("indicators:detail", args=[number]))
    return browser(actor).get(reverse("indicators:unit", args=[number, unit.pk]))


def post(actor, work, edge, **data):
    data.setdefault("seen", work.version)
    return browser(actor).post(f"{work.get_absolute_url()}{edge}/", data)


def settle_all(cast, assignment, works):
    """Bring works to the lead, accept them and let the lead score."""
    now = timezone.now()
    for work in works:
        work.__class__.objects.filter(pk=work.pk).update(state=UnitState.ACCEPTED)
    verification.give_lead_score(
        assignment, actor=cast.lead, now=now, self_points=Decimal(9), points=Decimal(9),
        version=seen_version(assignment, assignment.unit_assignments.all()),
    )  # fmt: skip


# -- who sees what -----------------------------------------------------------------------------


def test_a_unit_sees_its_own_part_and_nothing_of_the_others(cast, assignment, work, other):
    response = page(cast.editor, assignment)
    html = response.content.decode()
    assert "审核登记表（本单位）" in html and "本单位佐证" in html
    assert "别家的登记表" not in html and "区林业局" not in html
    assert [each.pk for each in response.context["page"].works] == [work.pk]
    assert page(cast.editor, assignment, cast.other_unit).status_code == 404


@pytest.mark.parametrize("who", ["lead", "office", "supervisor", "leader", "assessor"])
def test_reviewers_see_all_units_and_open_each(cast, assignment, work, other, who):
    actor = getattr(cast, who)
    html = page(actor, assignment).content.decode()
    assert "区水利局" in html and "区林业局" in html
    assert "别家的登记表" in page(actor, assignment, cast.other_unit).content.decode()


def test_lead_of_other_indicators_sees_nothing(cast, assignment, work):
    elsewhere = make_unit(cast.region, "区财政局")
    lead = make_member(Role.LEAD_REVIEWER, cast.region, elsewhere)
    assert page(lead, assignment).status_code == 404
    assert page(lead, assignment, cast.unit).status_code == 404


def test_an_expert_reads_the_indicator_without_proof_or_scores(cast, assignment, work, other):
    Score.objects.create(
        round=cast.campaign.rounds.get(), region=cast.region, assignment=assignment,
        source="lead", points=7, reason="扣分理由", given_at=timezone.now(),
    )  # fmt: skip
    html = page(cast.expert, assignment, cast.unit).content.decode()
    assert "有据可查" in html
    assert "审核登记表" not in html and "扣分理由" not in html


@pytest.mark.parametrize("who", ["publicist", "external", "city", "foreign_office"])
def test_strangers_get_the_same_as_for_an_absent_indicator(cast, assignment, work, who):
    actor = getattr(cast, who)
    if who == "foreign_office":  # its own place has the same numbers, with nothing in them
        assert "审核登记表" not in page(actor, assignment).content.decode()
        assert page(actor, assignment, cast.unit).status_code == 404
        return
    assert page(actor, assignment).status_code == 404


def test_an_absent_indicator_is_404(cast):
    assert browser(cast.office).get(reverse("indicators:detail", args=[999])).status_code == 404


# -- the unit's turn ---------------------------------------------------------------------------


def test_submit_from_the_page(cast, assignment, work):
    response = post(cast.editor, work, "submit", points="９．５", statement="两年共 14 件。")
    assert response.status_code == 302
    work.refresh_from_db()
    assert work.state == UnitState.WITH_HEAD
    assert Score.objects.get().points == Decimal("9.5")
    html = page(cast.editor, assignment).content.decode()
    assert "两年共 14 件。" in html and "提交审核" in html


def test_refused_submit_shows_the_page_with_what_was_typed(cast, assignment, work):
    response = post(cast.editor, work, "submit", points="12", statement="写了一大段")
    html = response.content.decode()
    assert response.status_code == 422
    assert "得分要在 0 到 10 之间" in html and "写了一大段" in html


def test_missing_required_proof_is_named_and_the_button_says_why(cast, assignment, work):
    assignment.required = ["审核意见书"]
    assignment.save()
    html = page(cast.editor, assignment).content.decode()
    assert "还不能打勾，缺：审核意见书" in html
    assert f'aria-describedby="missing-{work.pk}"' in html
    response = post(cast.editor, work, "submit", points="9", statement="有")
    assert response.status_code == 422 and "还缺 审核意见书" in response.content.decode()


def test_draft_saves_by_itself_and_says_when(cast, assignment, work):
    url = reverse("indicators:draft", args=[assignment.indicator.number, cast.unit.pk])
    client = browser(cast.editor, HX_Request="true")
    first = client.post(url, {"points": "9", "statement": "初稿", "version": "0"})
    assert "自动保存于" in first.content.decode() and 'value="1"' in first.content.decode()
    bad = client.post(url, {"points": "九", "statement": "初稿", "version": "1"})
    assert bad.status_code == 422 and "还没有保存" in bad.content.decode()
    stale = client.post(url, {"points": "8", "statement": "另一页", "version": "0"})
    assert stale.status_code == 409
    assert ScoreDraft.objects.get().points == 9
    assert "初稿" in page(cast.editor, assignment).content.decode()


def test_draft_without_script_goes_back_to_the_page(cast, assignment, work):
    url = reverse("indicators:draft", args=[assignment.indicator.number, cast.unit.pk])
    response = browser(cast.editor).post(url, {"points": "", "statement": "初稿", "version": "0"})
    assert response.status_code == 302 and ScoreDraft.objects.get().points is None


def test_exemption_is_asked_and_answered_on_the_page(cast, assignment, work):
    post(cast.editor, work, "ask_exemption", reason="没有这项职能")
    work.refresh_from_db()
    html = page(cast.lead, assignment, cast.unit).content.decode()
    assert "没有这项职能" in html and "同意不适用" in html
    assert post(cast.lead, work, "exempt").status_code == 302
    work.refresh_from_db()
    assert work.state == UnitState.NOT_APPLICABLE


# -- review ------------------------------------------------------------------------------------


def test_return_needs_a_reason_and_can_be_undone(cast, assignment, other):
    refused = post(cast.lead, other, "return", reason=" ")
    assert refused.status_code == 422 and "还没有填写" in refused.content.decode()
    client = browser(cast.lead)
    url = reverse(
        "indicators:move", args=[assignment.indicator.number, cast.other_unit.pk, "return"]
    )
    html = client.post(url, {"seen": 1, "reason": "缺原件"}, follow=True).content.decode()
    assert "缺原件" in html
    undo = reverse("indicators:undo", args=[assignment.indicator.number, cast.other_unit.pk])
    assert f"{undo}?version=2" in html
    assert client.post(f"{undo}?version=2").status_code == 302
    other.refresh_from_db()
    assert other.state == UnitState.WITH_LEAD


def test_a_decision_on_an_old_page_is_409(cast, other):
    assert post(cast.lead, other, "accept", seen=7).status_code == 409
    other.refresh_from_db()
    assert other.state == UnitState.WITH_LEAD


@pytest.mark.parametrize(
    ("who", "edge"),
    [
        ("stranger", "approve"), ("editor", "accept"), ("head", "accept"), ("lead", "submit"),
        ("office", "tick"), ("supervisor", "return"), ("assessor", "accept"),
        ("lead", "skip_head"), ("lead", "collect"), ("lead", "no_such_edge"),
    ],
)  # fmt: skip
def test_others_edges_are_not_there(cast, other, who, edge):
    response = post(getattr(cast, who), other, edge, reason="x", points="9", statement="x")
    assert response.status_code == 404
    other.refresh_from_db()
    assert other.version == 1


def test_lead_scores_and_office_verifies_on_the_page(cast, assignment, work):
    work.__class__.objects.filter(pk=work.pk).update(state=UnitState.ACCEPTED)
    url = reverse("indicators:lead_score", args=[assignment.indicator.number])
    seen = page(cast.lead, assignment).context["page"].version
    data = {"seen": seen, "self_points": "9.5", "points": "9", "reason": "一件迟报"}
    assert browser(cast.lead).post(url, data).status_code == 302
    verify = reverse("indicators:verify", args=[assignment.indicator.number])
    seen = page(cast.office, assignment).context["page"].version
    refused = browser(cast.office).post(verify, {"seen": seen, "points": "8"})
    assert refused.status_code == 422 and "要写理由" in refused.content.decode()
    done = browser(cast.office).post(verify, {"seen": seen, "points": "8", "reason": "缺两件"})
    assert done.status_code == 302
    html = page(cast.office, assignment).content.decode()
    for shown in ("9.5", "−0.5", "−1.5", "已完成", "缺两件", "一件迟报"):
        assert shown in html, shown


@pytest.mark.parametrize("who", ["editor", "head", "lead", "supervisor"])
def test_verification_is_the_offices_alone(cast, assignment, work, who):
    settle_all(cast, assignment, [work])
    verify = reverse("indicators:verify", args=[assignment.indicator.number])
    assert browser(getattr(cast, who)).post(verify, {"points": "9"}).status_code == 404


def test_office_marks_required_slots(cast, assignment, work):
    url = reverse("indicators:required", args=[assignment.indicator.number])
    data = {"slot": ["登记表", "不是佐证项"], "seen": assignment.version}
    assert browser(cast.office).post(url, data).status_code == 302
    assignment.refresh_from_db()
    assert assignment.required == ["登记表"]
    assert browser(cast.office).post(url, data | {"slot": []}).status_code == 409
    assert browser(cast.lead).post(url, data).status_code == 404


# -- the way through the list ------------------------------------------------------------------


def test_next_and_previous_keep_the_filter(cast, assignment, work):
    later = cast.campaign.assignments.exclude(pk=assignment.pk).get()
    make_work(later, cast.unit)
    client = browser(cast.office)
    first = assignment.indicator.number
    there = client.get(reverse("indicators:next", args=[first]) + "?q=指标")
    assert there.url == reverse("indicators:detail", args=[later.indicator.number]) + (
        "?q=%E6%8C%87%E6%A0%87"
    )
    # Filtered to nothing else, one stays where one is and is told.
    stay = client.get(reverse("indicators:next", args=[first]) + "?q=指标1", follow=True)
    assert stay.redirect_chain[-1][0].startswith(reverse("indicators:detail", args=[first]))
    assert "这是最后一项" in stay.content.decode()
    back = client.get(reverse("indicators:previous", args=[later.indicator.number]))
    assert back.url == reverse("indicators:detail", args=[first])


def test_the_checklist_hands_its_filters_on(cast, assignment, work):
    html = browser(cast.office).get(reverse("indicators:list") + "?area=1&q=指标").content.decode()
    address = reverse("indicators:detail", args=[assignment.indicator.number])
    assert f'href="{address}?area=1&amp;q=%E6%8C%87%E6%A0%87"' in html
    assert "area=1&amp;q=" in browser(cast.office).get(f"{address}?area=1&q=指标").content.decode()


def test_timeline_tells_who_did_what_as_far_as_one_may_know(cast, assignment, work, other):
    now = timezone.now()
    actions.move(
        work, "submit", actor=cast.editor, now=now, version=1,
        points=Decimal(9), statement="说明",
    )  # fmt: skip
    actions.move(other, "return", actor=cast.lead, now=now, version=1, reason="别家的理由")
    own = page(cast.editor, assignment).content.decode()
    assert "提交审核" in own and "别家的理由" not in own
    assert "别家的理由" in page(cast.office, assignment).content.decode()


# -- price -------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["editor", "head", "lead", "office"])
def test_the_page_costs_the_same_for_few_and_many(
    cast, assignment, work, who, django_assert_max_num_queries
):
    def cost():
        client = browser(getattr(cast, who))
        url = reverse("indicators:unit", args=[assignment.indicator.number, cast.unit.pk])
        client.get(url)
        with django_assert_max_num_queries(15) as counted:
            assert client.get(url).status_code == 200
        return len(counted.captured_queries)

    few = cost()
    for number in range(20):
        unit = make_unit(cast.region)
        make_proof(make_work(assignment, unit, state=UnitState.WITH_LEAD))
        make_proof(work, f"第{number}件")
    assert cost() == few


def at_work(actor, work):
    """A client that has been here before, in a place whose trail has begun."""
    AuditHead.objects.get_or_create(chain=work.region.code)
    client = browser(actor)
    client.get(work.get_absolute_url())
    return client


@pytest.mark.parametrize(
    ("who", "state", "edge", "data"),
    [
        ("editor", UnitState.TICKED, "submit", {"points": "9", "statement": "有"}),
        ("head", UnitState.WITH_HEAD, "approve", {}),
        ("head", UnitState.WITH_HEAD, "return", {"reason": "补"}),
        ("lead", UnitState.WITH_LEAD, "accept", {}),
        ("lead", UnitState.WITH_LEAD, "return", {"reason": "补"}),
        ("lead", UnitState.ACCEPTED, "return", {"reason": "补"}),
        ("editor", UnitState.COLLECTING, "ask_exemption", {"reason": "没有这项职能"}),
    ],
)
def test_an_edge_costs_ten_statements_at_most(cast, work, who, state, edge, data, count_statements):
    work.__class__.objects.filter(pk=work.pk).update(state=state)
    client, url = at_work(getattr(cast, who), work), f"{work.get_absolute_url()}{edge}/"
    assert count_statements(lambda: client.post(url, {"seen": 1, **data})) <= 10
    work.refresh_from_db()
    assert work.version == 2


def test_a_tick_costs_eight_statements_at_most(cast, work, count_statements):
    client, url = at_work(cast.editor, work), f"{work.get_absolute_url()}tick/"
    assert count_statements(lambda: client.post(url, {"seen": 1})) <= 8
    work.refresh_from_db()
    assert work.state == UnitState.TICKED
