from datetime import timedelta
from decimal import Decimal

import pytest

from assessments.models import Round, Score, ScoreDraft
from assessments.rounds import actions, verification
from assessments.rounds.queries import indicator_states, scores_of, seen_version
from indicators.assignments.states import IndicatorState, UnitState
from lawgov.accounts.policy import Role
from lawgov.audit.models import AuditEntry
from lawgov.errors import GuardFailed, NotAllowed, StaleState
from lawgov.notifications.models import Notification
from tests.factories import NOW, TODAY, make_member, make_proof, make_work

pytestmark = pytest.mark.django_db
HALF = {"points": Decimal("9.5"), "statement": "两年共 14 件，均有书面审核意见。"}


@pytest.fixture
def assignment(cast):
    return cast.campaign.assignments.select_related("campaign", "lead_unit").first()


@pytest.fixture
def work(cast, assignment):
    """The unit's work with one proof, not ticked yet."""
    made = make_work(assignment, cast.unit, state=UnitState.COLLECTING)
    make_proof(made)
    return made


def act(work, edge, actor, **data):
    return actions.move(work, edge, actor=actor, now=NOW, version=work.version, **data)


def hand_in(work, cast):
    act(work, "submit", cast.editor, **HALF)
    act(work, "approve", cast.head)
    return act(work, "accept", cast.lead)


def score(assignment, cast, points="9.5"):
    works = assignment.unit_assignments.all()
    verification.give_lead_score(
        assignment, actor=cast.lead, now=NOW, version=seen_version(assignment, works),
        self_points=Decimal("9.5"), points=Decimal(points),
    )  # fmt: skip


def verify(assignment, cast, points="9.5", reason="", actor=None):
    works = assignment.unit_assignments.all()
    verification.verify(
        assignment, actor=actor or cast.office, now=NOW, reason=reason,
        version=seen_version(assignment, works), points=Decimal(points),
    )  # fmt: skip


def state(assignment):
    return indicator_states(assignment.campaign)[assignment.pk]


# -- the self-score ----------------------------------------------------------------------------


def test_submit_ticks_first_and_writes_the_self_score(cast, work):
    act(work, "submit", cast.editor, **HALF)
    assert work.state == UnitState.WITH_HEAD
    given = Score.objects.get(unit=cast.unit, source="self")
    assert (given.points, given.reason) == (HALF["points"], HALF["statement"])
    verbs = AuditEntry.objects.about(work).values_list("verb", flat=True)
    assert [*verbs] == ["work.submit", "work.tick"]


def test_submit_without_proof_changes_nothing(cast, assignment):
    bare = make_work(assignment, cast.unit)
    with pytest.raises(GuardFailed) as refused:
        act(bare, "submit", cast.editor, **HALF)
    assert "还缺" in refused.value.sentences[0]
    assert not Score.objects.exists() and not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"points": None, "statement": "有"}, "points"),
        ({"points": Decimal(9), "statement": "  "}, "statement"),
        ({"points": Decimal("10.5"), "statement": "有"}, "points"),
        ({"points": Decimal("9.3"), "statement": "有"}, "points"),
    ],
)
def test_submit_needs_good_points_and_a_statement(cast, work, given, field):
    with pytest.raises(GuardFailed) as refused:
        act(work, "submit", cast.editor, **given)
    assert field in refused.value.fields
    work.refresh_from_db()
    assert work.state == UnitState.COLLECTING


def test_unit_without_head_goes_on_to_the_lead(cast, work):
    cast.head.membership.delete()
    act(work, "submit", cast.editor, **HALF)
    assert work.state == UnitState.WITH_LEAD
    assert AuditEntry.objects.about(work).first().verb == "work.skip_head"
    assert Notification.objects.filter(recipient=cast.lead.user, kind="work.approved").exists()


def test_head_whose_term_is_over_does_not_hold_up_the_work(cast, work):
    cast.head.membership.valid_to = TODAY - timedelta(days=1)
    cast.head.membership.save()
    act(work, "submit", cast.editor, **HALF)
    assert work.state == UnitState.WITH_LEAD


def test_handing_in_again_keeps_the_earlier_score(cast, work):
    act(work, "submit", cast.editor, **HALF)
    act(work, "return", cast.head, reason="说明写实")
    act(work, "submit", cast.editor, points=Decimal(8), statement="补正")
    first, second = Score.objects.filter(source="self").order_by("id")
    assert first.superseded_at == NOW and second.superseded_at is None
    assert scores_of([work.assignment])[work.assignment_id].lowest == 8


def test_no_score_enters_a_closed_round(cast, work):
    Round.objects.update(closed_on=TODAY - timedelta(days=1))
    with pytest.raises(GuardFailed):
        act(work, "submit", cast.editor, **HALF)
    work.refresh_from_db()
    assert work.state == UnitState.COLLECTING and not Score.objects.exists()


def test_first_round_is_made_where_there_is_none(cast, work):
    Round.objects.all().delete()
    act(work, "submit", cast.editor, **HALF)
    assert Score.objects.get().round.kind == Round.Kind.SELF


# -- drafts ------------------------------------------------------------------------------------


def draft(work, actor, points="9", statement="初稿", version=None):
    return actions.save_draft(
        work, actor=actor, now=NOW, points=points and Decimal(points), statement=statement,
        version=version,
    )  # fmt: skip


def test_draft_is_kept_and_the_same_again_writes_nothing(cast, work):
    draft(work, cast.editor, version=0)
    again = draft(work, cast.editor, version=1)
    assert again.version == 1
    assert AuditEntry.objects.filter(verb="score.draft").count() == 1
    assert not Score.objects.exists()


def test_draft_may_have_no_points_yet_but_no_wrong_ones(cast, work):
    assert draft(work, cast.editor, points=None).points is None
    with pytest.raises(GuardFailed):
        draft(work, cast.editor, points="11")


def test_two_people_at_one_draft_do_not_overwrite_each_other(cast, work):
    draft(work, cast.editor, version=0)
    with pytest.raises(StaleState):
        draft(work, cast.head, statement="另一稿", version=0)
    assert ScoreDraft.objects.get().statement == "初稿"


def test_draft_is_closed_while_the_work_is_reviewed(cast, work):
    act(work, "submit", cast.editor, **HALF)
    with pytest.raises(GuardFailed):
        draft(work, cast.editor)


@pytest.mark.parametrize("who", ["stranger", "lead", "office", "foreign_office"])
def test_nobody_else_writes_a_units_draft(cast, work, who):
    with pytest.raises(NotAllowed):
        draft(work, getattr(cast, who))


# -- review ------------------------------------------------------------------------------------


def test_bulk_accept_gives_a_result_for_each(cast, assignment, work):
    second = make_work(assignment, cast.other_unit, state=UnitState.WITH_LEAD)
    act(work, "submit", cast.editor, **HALF)
    results = actions.move_many([work, second], "accept", actor=cast.lead, now=NOW)
    assert [bool(result.error) for result in results] == [True, False]
    second.refresh_from_db()
    assert second.state == UnitState.ACCEPTED


def test_lead_scores_when_all_have_handed_in(cast, assignment, work):
    with pytest.raises(GuardFailed):
        score(assignment, cast)
    hand_in(work, cast)
    assert state(assignment) is IndicatorState.WITH_LEAD
    score(assignment, cast)
    assert state(assignment) is IndicatorState.TO_VERIFY
    scores = scores_of([assignment])[assignment.pk]
    assert [column.points for column in scores.columns] == [
        Decimal("9.5"), Decimal("9.5"), None, None,
    ]  # fmt: skip


def test_lead_score_on_an_old_page_is_stale(cast, assignment, work):
    hand_in(work, cast)
    seen = seen_version(assignment, assignment.unit_assignments.all())
    act(work, "return", cast.lead, reason="补")
    with pytest.raises(StaleState):
        verification.give_lead_score(
            assignment, actor=cast.lead, now=NOW, version=seen,
            self_points=Decimal(9), points=Decimal(9),
        )  # fmt: skip


@pytest.mark.parametrize("who", ["editor", "head", "office", "supervisor", "foreign_office"])
def test_only_the_lead_unit_gives_the_lead_score(cast, assignment, work, who):
    hand_in(work, cast)
    with pytest.raises(NotAllowed):
        verification.give_lead_score(
            assignment, actor=getattr(cast, who), now=NOW,
            version=seen_version(assignment, [work]), self_points=Decimal(9), points=Decimal(9),
        )  # fmt: skip


def test_office_gives_the_lead_score_where_nobody_leads(cast, assignment, work):
    assignment.lead_unit = None
    assignment.save()
    work.assignment = assignment
    act(work, "submit", cast.editor, **HALF)
    act(work, "approve", cast.head)
    act(work, "accept", cast.office)
    verification.give_lead_score(
        assignment, actor=cast.office, now=NOW, version=seen_version(assignment, [work]),
        self_points=Decimal(9), points=Decimal(9),
    )  # fmt: skip
    assert state(assignment) is IndicatorState.TO_VERIFY


def test_office_accepts_the_lead_units_own_work(cast, assignment):
    editor = make_member(Role.UNIT_EDITOR, cast.region, cast.lead_unit)
    own = make_work(assignment, cast.lead_unit, state=UnitState.COLLECTING)
    make_proof(own)
    act(own, "submit", editor, **HALF)
    with pytest.raises(GuardFailed):
        act(own, "accept", cast.lead)
    act(own, "accept", cast.office)
    assert own.state == UnitState.ACCEPTED


# -- verification ------------------------------------------------------------------------------


def test_verification_completes_and_a_later_return_takes_it_back(cast, assignment, work):
    hand_in(work, cast)
    score(assignment, cast)
    verify(assignment, cast)
    assert state(assignment) is IndicatorState.COMPLETE
    act(work, "return", cast.office, reason="原件与登记表不符")
    assert state(assignment) is IndicatorState.RETURNED
    assert Score.objects.get(source="office").superseded_at == NOW
    act(work, "submit", cast.editor, **HALF)
    act(work, "approve", cast.head)
    act(work, "accept", cast.lead)
    assert state(assignment) is IndicatorState.TO_VERIFY


def test_undo_of_that_return_puts_the_verification_back(cast, assignment, work):
    hand_in(work, cast)
    score(assignment, cast)
    verify(assignment, cast)
    act(work, "return", cast.office, reason="退错了")
    later = NOW + timedelta(seconds=5)
    actions.undo(work, actor=cast.office, now=later, version=work.version)
    assert state(assignment) is IndicatorState.COMPLETE


def test_verification_waits_for_the_lead_score(cast, assignment, work):
    hand_in(work, cast)
    with pytest.raises(GuardFailed):
        verify(assignment, cast)


def test_verification_that_differs_needs_a_reason(cast, assignment, work):
    hand_in(work, cast)
    score(assignment, cast)
    with pytest.raises(GuardFailed) as refused:
        verify(assignment, cast, "9")
    assert "reason" in refused.value.fields
    verify(assignment, cast, "9", "第 3 号文件缺意见书")
    assert scores_of([assignment])[assignment.pk].columns[2].differs == "−0.5"


def test_verification_is_the_offices_alone(cast, assignment, work):
    hand_in(work, cast)
    score(assignment, cast)
    for actor in (cast.lead, cast.supervisor, cast.assessor, cast.head, cast.foreign_office):
        with pytest.raises(NotAllowed):
            verify(assignment, cast, actor=actor)


def test_second_verification_of_the_same_page_is_stale(cast, assignment, work):
    hand_in(work, cast)
    score(assignment, cast)
    seen = seen_version(assignment, [work])
    verify(assignment, cast)
    with pytest.raises(StaleState):
        verification.verify(
            assignment, actor=cast.office, now=NOW, version=seen, points=Decimal("9.5")
        )
    assert Score.objects.filter(source="office").count() == 1


def test_bulk_verification_takes_over_the_leads_scores(cast, assignment, work):
    other = cast.campaign.assignments.exclude(pk=assignment.pk).get()
    make_work(other, cast.unit)
    hand_in(work, cast)
    score(assignment, cast, "9")
    both = [assignment, other]
    versions = {a.pk: seen_version(a, a.unit_assignments.all()) for a in both}
    results = verification.verify_many(both, actor=cast.office, now=NOW, versions=versions)
    assert [bool(result.error) for result in results] == [False, True]
    assert Score.objects.get(source="office").points == 9


# -- exemption ---------------------------------------------------------------------------------


def test_exemption_is_asked_decided_and_taken_back(cast, assignment, work):
    act(work, "ask_exemption", cast.editor, reason="本单位没有此项职能")
    act(work, "exempt", cast.lead)
    assert state(assignment) is IndicatorState.NOT_APPLICABLE
    act(work, "restore", cast.lead, reason="职能划入")
    assert work.state == UnitState.COLLECTING
    with pytest.raises((GuardFailed, StaleState)):
        act(work, "exempt", cast.lead)


def test_states_cost_the_same_for_few_and_many(cast, django_assert_num_queries):
    for assignment in cast.campaign.assignments.all():
        make_work(assignment, cast.unit)
    with django_assert_num_queries(2):
        assert len(indicator_states(cast.campaign)) == 2
