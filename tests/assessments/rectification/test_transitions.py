"""The table LEDGER against decisions §2: who may take which edge from where, and what it writes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from assessments.models import Extension, Measure, ProgressNote, UnitResponse
from assessments.rectification.states import State as S
from assessments.rectification.transitions import LEDGER
from lawgov.accounts.actors import Actor
from lawgov.accounts.models import Membership
from lawgov.accounts.policy import Role
from lawgov.audit import verbs
from lawgov.audit.models import AuditEntry
from lawgov.errors import GuardFailed, NotAllowed, StaleState
from lawgov.notifications.kinds import sentence
from lawgov.notifications.models import Notification
from tests import factories
from tests.assessments.rectification import moves
from tests.assessments.rectification.moves import given, take
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.postgres

AT_WORK = {S.PLANNED, S.RETURNED, S.REOPENED, S.RECTIFYING}
RUNNING = AT_WORK | {S.ISSUED, S.ACCEPTED}
EDITORS, HEAD, OFFICE = {"editor", "head"}, {"head"}, {"office"}
CHECKERS, CLOSERS = {"supervisor", "office", "lead"}, {"supervisor", "office"}
SUPERVISOR = {"supervisor"}

# Written down from decisions §2, not from the table: from, to (None: unchanged), who.
EDGES = {
    "issue": ({S.FOUND}, S.ISSUED, OFFICE),
    "accept": ({S.ISSUED}, S.ACCEPTED, EDITORS),
    "withdraw": ({S.FOUND, S.ISSUED, S.ACCEPTED}, S.WITHDRAWN, OFFICE),
    "plan": ({S.ACCEPTED}, S.PLANNED, EDITORS),
    "start": ({S.PLANNED, S.RETURNED, S.REOPENED}, S.RECTIFYING, EDITORS),
    "progress": (AT_WORK, S.RECTIFYING, EDITORS),
    "mark_measure": (AT_WORK, None, EDITORS),
    "add_proof": (AT_WORK | {S.ACCEPTED}, None, EDITORS),
    "remove_proof": (AT_WORK | {S.ACCEPTED}, None, EDITORS),
    "request": ({S.RECTIFYING, S.ACCEPTED}, S.SUBMITTED, HEAD),
    "recall": ({S.SUBMITTED}, S.RECTIFYING, EDITORS),
    "check": ({S.SUBMITTED}, S.VERIFYING, CHECKERS),
    "return": ({S.SUBMITTED, S.VERIFYING}, S.RETURNED, CHECKERS),
    "close": ({S.VERIFYING}, S.CLOSED, CLOSERS),
    "look_back": ({S.CLOSED}, S.LOOK_BACK, SUPERVISOR),
    "confirm": ({S.LOOK_BACK}, S.CLOSED, SUPERVISOR),
    "reopen": ({S.LOOK_BACK}, S.REOPENED, SUPERVISOR),
    "reopen_closed": ({S.CLOSED}, S.REOPENED, OFFICE),
    "ask_extension": (RUNNING, None, HEAD),
    "approve_extension": (RUNNING, None, OFFICE),
    "refuse_extension": (RUNNING, None, OFFICE),
}
ROADS = [(edge, source) for edge, row in EDGES.items() for source in sorted(row[0])]


def test_the_table_holds_exactly_the_edges_of_the_decisions():
    assert {edge.name: (set(edge.sources), edge.target) for edge in LEDGER} == {
        name: (sources, target) for name, (sources, target, _who) in EDGES.items()
    }


@pytest.mark.parametrize("edge", EDGES)
def test_only_these_roles_may_take_the_edge_and_only_from_these_states(
    cast, answer, edge, monkeypatch
):
    sources, _target, who = EDGES[edge]
    response = answer(deadline_kind="immediate", deadline_text="立行立改")
    moves.prepare(response, edge)
    monkeypatch.setattr(LEDGER, "transitions", {edge: LEDGER[edge]})  # of one edge after the other
    for state in S:
        response.state = state
        for name, actor in cast.everybody().items():
            offered = edge in {offer.name for offer in LEDGER.available(response, actor)}
            assert offered == (state in sources and name in who), (state, name)


@pytest.mark.parametrize("edge", EDGES)
def test_whoever_may_not_changes_nothing(cast, answer, edge):
    sources, _target, who = EDGES[edge]
    response = answer(state=min(sources))
    for name, actor in cast.everybody().items():
        if name not in who:
            with pytest.raises(NotAllowed):
                LEDGER.perform(response, edge, actor=actor, now=NOW, version=1)
    assert not AuditEntry.objects.exists()
    assert UnitResponse.objects.get().version == 1


@pytest.mark.parametrize(("edge", "source"), ROADS)
def test_every_edge_from_every_source(cast, answer, edge, source):
    response = answer(state=source)
    moves.prepare(response, edge)
    actor = getattr(cast, moves.WHO[edge])
    take(response, edge, actor)
    stored = UnitResponse.objects.get(pk=response.pk)
    assert stored.state == response.state == (EDGES[edge][1] or source)
    assert stored.version == response.version == 2
    entry = AuditEntry.objects.about(response).get()
    assert (entry.verb, entry.actor) == (f"response.{edge}", actor.user)
    assert (entry.data["from"], entry.data["to"]) == (source, stored.state)
    assert (entry.topic_type, entry.topic_id) == ("issue", response.issue_id)


@pytest.mark.parametrize("edge", EDGES)
def test_an_edge_asks_for_what_it_needs(cast, answer, edge):
    response = answer(state=min(EDGES[edge][0]))
    moves.prepare(response, edge)
    actor = getattr(cast, moves.WHO[edge])
    for missing in LEDGER[edge].needs:
        data = given(response, edge) | {missing: ""}
        with pytest.raises(GuardFailed) as refused:
            LEDGER.perform(response, edge, actor=actor, now=NOW, version=1, **data)
        assert missing in refused.value.fields
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("edge", EDGES)
def test_a_stale_version_is_refused(cast, answer, edge):
    response = answer(state=min(EDGES[edge][0]))
    moves.prepare(response, edge)
    actor = getattr(cast, moves.WHO[edge])
    UnitResponse.objects.update(version=2)
    with pytest.raises(StaleState):
        LEDGER.perform(response, edge, actor=actor, now=NOW, version=1, **given(response, edge))
    assert not AuditEntry.objects.exists()


# -- guards ----------------------------------------------------------------------------------


def refused(response: UnitResponse, edge: str, actor: Actor, **data) -> str:
    with pytest.raises(GuardFailed) as failed:
        take(response, edge, actor, **data)
    return str(failed.value)


@pytest.mark.parametrize("edge", ["check", "return", "close", "look_back", "confirm", "reopen"])
def test_nobody_judges_their_own_unit(cast, answer, edge):
    """The supervisor also holds a membership in the responding unit, by which they do not act."""
    response = answer(state=min(EDGES[edge][0]))
    moves.prepare(response, edge)
    supervisor = cast.supervisor
    Membership.objects.create(
        user=supervisor.user, region=cast.region, role=Role.UNIT_EDITOR, unit=cast.unit
    )
    assert edge not in {offer.name for offer in LEDGER.available(response, supervisor)}
    assert "本单位" in refused(response, edge, supervisor)


def test_a_membership_that_has_ended_does_not_bar(cast, answer):
    response = answer(state=S.SUBMITTED)
    Membership.objects.create(
        user=cast.supervisor.user,
        region=cast.region,
        role=Role.UNIT_EDITOR,
        unit=cast.unit,
        valid_to=date(2020, 1, 1),
    )
    take(response, "check", cast.supervisor)


def test_a_lead_unit_does_not_check_its_own_answer(cast, issue):
    response = factories.make_response(issue, cast.lead_unit, S.SUBMITTED)
    assert LEDGER.available(response, cast.lead) == []


def test_a_lead_reviewer_checks_only_under_own_indicators(cast, answer, issue):
    response = answer(state=S.SUBMITTED)
    issue.assignment = None
    issue.save()
    with pytest.raises(NotAllowed):
        take(response, "check", cast.lead)


def test_two_persons_close_where_the_campaign_says_so(cast, answer):
    cast.campaign.two_person_close = True
    cast.campaign.save()
    moves.make_proof_of(answer(state=S.SUBMITTED))
    response = UnitResponse.objects.for_moves().get()
    take(response, "check", cast.supervisor)
    (offer,) = [o for o in LEDGER.available(response, cast.supervisor) if o.name == "close"]
    assert "两人" in offer.reasons[0]
    assert "两人" in refused(response, "close", cast.supervisor)
    take(response, "close", cast.office)
    assert (response.checker, response.closer) == (cast.supervisor.user, cast.office.user)


def test_one_person_may_check_and_close_where_it_does_not(cast, answer):
    response = answer(state=S.SUBMITTED)
    moves.make_proof_of(response)
    take(response, "check", cast.supervisor)
    assert take(response, "close", cast.supervisor).state == S.CLOSED


@pytest.mark.parametrize(("edge", "state"), [("request", S.RECTIFYING), ("close", S.VERIFYING)])
def test_nothing_is_closed_without_proof(cast, answer, edge, state):
    response = answer(state=state)
    actor = getattr(cast, moves.WHO[edge])
    assert "佐证" in refused(response, edge, actor)
    proof = moves.make_proof_of(response)
    proof.removed_at = NOW
    proof.save()
    response.forget()
    assert "佐证" in refused(response, edge, actor)


@pytest.mark.parametrize(
    ("kind", "text", "open_at_once"),
    [
        ("immediate", "立行立改", True),
        ("compound", "立行立改，长期坚持", True),
        ("compound", "2026年底前，并长期坚持", False),
        ("fixed", "12月18日", False),
        ("long_term", "长期坚持", False),
    ],
)
def test_only_what_is_immediate_goes_from_receipt_to_request(
    cast, answer, kind, text, open_at_once
):
    response = answer(state=S.ACCEPTED, deadline_kind=kind, deadline_text=text)
    moves.make_proof_of(response)
    assert ("request" in {o.name for o in LEDGER.available(response, cast.head)}) == open_at_once


@pytest.mark.parametrize(
    ("deadline", "target", "fits"),
    [
        (TODAY + timedelta(days=9), TODAY, True),
        (TODAY + timedelta(days=9), TODAY + timedelta(days=9), True),
        (TODAY + timedelta(days=9), TODAY + timedelta(days=10), False),
        (TODAY + timedelta(days=9), TODAY - timedelta(days=1), False),
        (TODAY, TODAY + timedelta(days=1), False),
        (TODAY - timedelta(days=1), TODAY + timedelta(days=30), True),  # no longer ahead
        (None, TODAY + timedelta(days=300), True),
    ],
)
def test_the_target_day_lies_between_today_and_the_deadline(cast, answer, deadline, target, fits):
    response = answer(state=S.ACCEPTED, deadline_date=deadline)
    if fits:
        assert take(response, "plan", cast.editor, target_on=target).target_on == target
    else:
        assert "目标日期" in refused(response, "plan", cast.editor, target_on=target)


def test_the_day_of_a_single_measure_counts_too(cast, answer):
    lines = [{"text": "自查", "target_on": date(2027, 5, 1)}]
    assert "目标日期" in refused(answer(S.ACCEPTED), "plan", cast.editor, measures=lines)


@pytest.mark.parametrize(
    ("deadline", "asked", "fits"),
    [
        (TODAY, TODAY + timedelta(days=1), True),
        (TODAY, TODAY, False),
        (TODAY - timedelta(days=20), TODAY - timedelta(days=1), False),
        (TODAY - timedelta(days=20), TODAY, True),
        (TODAY + timedelta(days=9), TODAY + timedelta(days=8), False),
    ],
)
def test_an_extension_asks_for_a_later_day(cast, answer, deadline, asked, fits):
    response = answer(state=S.RECTIFYING, deadline_date=deadline)
    if fits:
        take(response, "ask_extension", cast.head, new_date=asked)
        assert response.asked_to == asked
    else:
        refused(response, "ask_extension", cast.head, new_date=asked)
        assert not Extension.objects.exists()


def test_without_a_day_there_is_nothing_to_extend(cast, answer):
    response = answer(state=S.RECTIFYING, deadline_date=None, deadline_kind="long_term")
    assert "延期" in refused(response, "ask_extension", cast.head)


def test_one_open_request_for_more_time(cast, answer):
    response = answer(state=S.RECTIFYING)
    take(response, "ask_extension", cast.head)
    assert "等待审批" in refused(response, "ask_extension", cast.head)


def test_measures_and_proof_are_the_units_own(cast, answer, inspection):
    response = answer(state=S.RECTIFYING)
    other = factories.make_response(factories.make_issue(inspection), cast.other_unit, S.RECTIFYING)
    editor = cast.editor
    assert "措施" in refused(response, "mark_measure", editor, measure=moves.make_measure(other))
    evidence = [moves.make_own_evidence(other)]
    assert "本单位" in refused(response, "add_proof", editor, evidence=evidence)
    assert "不在这里" in refused(response, "remove_proof", editor, proof=moves.make_proof_of(other))


def test_a_piece_of_proof_is_attached_once(cast, answer):
    response = answer(state=S.RECTIFYING)
    evidence = [moves.make_own_evidence(response)]
    take(response, "add_proof", cast.editor, evidence=evidence)
    assert "已经在这里" in refused(response, "add_proof", cast.editor, evidence=evidence)


@pytest.mark.parametrize(
    ("day", "fits"), [(TODAY, True), (TODAY + timedelta(days=1), False), (date(2026, 11, 1), False)]
)
def test_a_look_back_lies_between_closing_and_today(cast, answer, day, fits):
    response = answer(state=S.LOOK_BACK, closed_on=date(2026, 11, 12))
    if fits:
        take(response, "confirm", cast.supervisor, looked_back_on=day)
    else:
        assert "回头看" in refused(response, "confirm", cast.supervisor, looked_back_on=day)


# -- effects ---------------------------------------------------------------------------------


def test_a_plan_makes_measures_in_their_order(cast, answer):
    response = answer(state=S.ACCEPTED)
    lines = [
        {"text": "逐卷自查"},
        {"text": "修订审核表", "person": "孙某", "target_on": date(2026, 12, 1)},
    ]
    take(response, "plan", cast.editor, measures=lines)
    first, second = Measure.objects.filter(issues=response.issue)
    assert (first.order, first.text, first.person, first.target_on) == (
        1,
        "逐卷自查",
        "赵某",
        TODAY,
    )
    assert (second.order, second.person, second.target_on) == (2, "孙某", date(2026, 12, 1))
    assert (response.person, response.target_on) == ("赵某", TODAY)


def test_the_first_note_of_progress_starts_the_work(cast, answer):
    response = take(answer(S.PLANNED), "progress", cast.editor)
    assert response.state == S.RECTIFYING
    assert ProgressNote.objects.get().text == response.progress == "已自查 64 本"


def test_only_approval_moves_the_deadline_and_raises_its_version(cast, answer):
    response = answer(state=S.RECTIFYING)
    old, new = response.deadline_date, date(2027, 1, 15)
    take(response, "ask_extension", cast.head, new_date=new)
    assert (response.deadline_date, response.deadline_version) == (old, 1)
    take(response, "approve_extension", cast.office)
    response.refresh_from_db()
    assert (response.deadline_date, response.deadline_version) == (new, 2)
    assert response.deadline_text == "2027年1月15日"
    extension = Extension.objects.get()
    assert (extension.state, extension.old_date) == (Extension.State.APPROVED, old)
    assert extension.decided_by == cast.office.user
    assert AuditEntry.objects.about(response).first().data["new_date"] == "2027-01-15"


def test_a_refusal_leaves_the_deadline_alone(cast, answer):
    response = answer(state=S.RECTIFYING)
    take(response, "ask_extension", cast.head)
    take(response, "refuse_extension", cast.office, reason="时间足够")
    assert (response.deadline_date, response.deadline_version) == (date(2026, 12, 18), 1)
    extension = Extension.objects.get()
    assert (extension.state, extension.decision_note) == (Extension.State.REFUSED, "时间足够")
    take(response, "ask_extension", cast.head)


def test_a_compound_deadline_stays_long_term_when_extended(cast, answer):
    response = answer(state=S.RECTIFYING, deadline_kind="compound", deadline_text="底前，长期坚持")
    take(response, "ask_extension", cast.head, new_date=date(2027, 1, 15))
    take(response, "approve_extension", cast.office)
    assert (response.deadline_kind, response.deadline_text) == (
        "compound",
        "2027年1月15日，长期坚持",
    )


@pytest.mark.parametrize(("edge", "state"), [("close", S.VERIFYING), ("withdraw", S.ACCEPTED)])
def test_an_open_request_lapses_when_the_answer_comes_to_rest(cast, answer, edge, state):
    response = answer(state=state)
    moves.prepare(response, edge)
    moves.ask_for(response)
    take(response, edge, getattr(cast, moves.WHO[edge]))
    assert Extension.objects.get().state == Extension.State.LAPSED


@pytest.mark.parametrize(
    ("deadline", "late"), [(TODAY, False), (TODAY - timedelta(days=1), True), (None, False)]
)
def test_closed_late_is_marked_by_the_local_day(cast, answer, deadline, late):
    response = answer(state=S.VERIFYING, deadline_date=deadline)
    moves.prepare(response, "close")
    take(response, "close", cast.supervisor)
    assert (response.closed_on, response.closed_late) == (TODAY, late)


def test_closed_late_stays_through_a_reopening(cast, answer):
    response = answer(state=S.CLOSED, closed_late=True)
    take(response, "look_back", cast.supervisor)
    take(response, "reopen", cast.supervisor, new_date=date(2026, 12, 31), reason="问题复发")
    assert (response.state, response.closed_on, response.deadline_version) == (S.REOPENED, None, 2)
    assert response.deadline_date == date(2026, 12, 31)
    moves.make_proof_of(response)
    for edge in ("progress", "request", "check", "close"):
        take(response, edge, getattr(cast, moves.WHO[edge]))
    assert response.closed_late


def test_a_second_request_forgets_the_first_check(cast, answer):
    response = answer(state=S.SUBMITTED)
    moves.make_proof_of(response)
    for edge in ("check", "return", "progress", "request"):
        take(response, edge, getattr(cast, moves.WHO[edge]))
    assert (response.checker, response.checked_at, response.return_reason) == (None, None, "")


# -- undo ------------------------------------------------------------------------------------


def undo(response, actor, later=timedelta(seconds=5)):
    return LEDGER.undo(response, actor=actor, now=NOW + later, version=response.version)


def test_progress_can_be_undone(cast, answer):
    response = answer(state=S.PLANNED, progress="先前")
    take(response, "progress", cast.editor)
    undo(response, cast.editor)
    response.refresh_from_db()
    assert (response.state, response.progress, response.version) == (S.PLANNED, "先前", 3)
    assert ProgressNote.objects.get().removed_at == NOW + timedelta(seconds=5)


def test_a_mark_can_be_undone(cast, answer):
    response = answer(state=S.RECTIFYING)
    measure = moves.make_measure(response)
    take(response, "mark_measure", cast.editor, measure=measure)
    measure.refresh_from_db()
    assert measure.done_at == NOW
    undo(response, cast.editor)
    measure.refresh_from_db()
    assert measure.done_at is None


def test_a_return_can_be_undone_and_its_unread_notices_go(cast, answer):
    response = answer(state=S.VERIFYING, checker=cast.office.user, checked_at=NOW)
    take(response, "return", cast.supervisor)
    assert Notification.objects.count() == 2  # editor and head
    Notification.objects.filter(recipient=cast.head.user).update(read_at=NOW)
    undo(response, cast.supervisor)
    response.refresh_from_db()
    assert (response.state, response.checker, response.checked_at) == (
        S.VERIFYING,
        cast.office.user,
        NOW,
    )
    assert [n.recipient for n in Notification.objects.all()] == [cast.head.user]


@pytest.mark.parametrize(
    ("who", "later"), [("editor", timedelta(seconds=20)), ("head", timedelta(seconds=5))]
)
def test_undo_is_for_the_author_and_for_seconds(cast, answer, who, later):
    response = take(answer(S.PLANNED), "progress", cast.editor)
    with pytest.raises(StaleState):
        undo(response, getattr(cast, who), later)


def test_undo_is_over_when_somebody_acted_since(cast, answer):
    response = take(answer(S.PLANNED), "progress", cast.editor)
    take(response, "progress", cast.head)
    with pytest.raises(StaleState):
        undo(response, cast.editor)


def test_letters_and_close_outs_are_not_undone(cast, answer):
    assert {edge.name for edge in LEDGER if edge.undoable} == {"progress", "mark_measure", "return"}


# -- notices ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("edge", "told"),
    [
        ("issue", {"editor", "head"}),
        ("withdraw", {"editor", "head"}),
        ("request", {"office", "supervisor", "lead"}),
        ("return", {"editor", "head"}),
        ("close", {"editor", "head"}),
        ("look_back", {"editor", "head"}),
        ("confirm", {"editor", "head"}),
        ("reopen", {"editor", "head"}),
        ("reopen_closed", {"editor", "head"}),
        ("ask_extension", {"office"}),
        ("approve_extension", {"editor", "head"}),
        ("refuse_extension", {"editor", "head"}),
        ("accept", set()),
        ("plan", set()),
        ("progress", set()),
        ("check", set()),
    ],
)
def test_these_people_are_told(cast, answer, edge, told):
    response = answer(state=max(EDGES[edge][0]))
    moves.prepare(response, edge)
    take(response, edge, getattr(cast, moves.WHO[edge]))
    names = {actor.user.pk: name for name, actor in cast.everybody().items()}
    assert {names[n.recipient_id] for n in Notification.objects.all()} == told


@pytest.mark.parametrize("edge", EDGES)
def test_what_people_are_told_reads_as_a_whole_sentence(cast, answer, edge):
    response = answer(state=max(EDGES[edge][0]))
    moves.prepare(response, edge)
    take(response, edge, getattr(cast, moves.WHO[edge]))
    entry = verbs.sentence(AuditEntry.objects.about(response).first())
    lines = [entry, *(sentence(notice) for notice in Notification.objects.all())]
    for line in lines:
        assert line
        assert not any(bit in line for bit in ("%(", "…", "None", "，，", "：，", "2026-", "2027-"))
        assert not line.endswith(("，", "：", "至 "))


def test_what_was_never_handed_over_is_withdrawn_in_silence(cast, answer):
    take(answer(S.FOUND), "withdraw", cast.office)
    assert not Notification.objects.exists()


# -- many at once ----------------------------------------------------------------------------


def test_many_move_with_a_result_each(cast, inspection):
    rows = [
        factories.make_response(factories.make_issue(inspection), cast.unit, state)
        for state in (S.SUBMITTED, S.VERIFYING, S.RECTIFYING, S.SUBMITTED)
    ]
    seen = {row.pk: row.version for row in rows}
    UnitResponse.objects.filter(pk=rows[3].pk).update(version=5)
    results = LEDGER.perform_many(
        rows, "return", actor=cast.supervisor, now=NOW, versions=seen, reason="缺附件"
    )
    assert [type(result.error) for result in results] == [
        type(None),
        type(None),
        StaleState,
        StaleState,
    ]
    states = [UnitResponse.objects.get(pk=row.pk).state for row in rows]
    assert states == [S.RETURNED, S.RETURNED, S.RECTIFYING, S.SUBMITTED]
    assert AuditEntry.objects.filter(verb="response.return").count() == 2


def test_each_row_may_be_given_its_own(cast, inspection):
    rows = [
        factories.make_response(factories.make_issue(inspection), cast.unit, S.FOUND)
        for _ in range(3)
    ]
    letter = moves.make_letter(rows[0])
    each = {row.pk: {"deadline_text": f"{n}月底前"} for n, row in enumerate(rows, start=10)}
    LEDGER.perform_many(rows, "issue", actor=cast.office, now=NOW, letter=letter, each=each)
    texts = [UnitResponse.objects.get(pk=row.pk).deadline_text for row in rows]
    assert texts == ["10月底前", "11月底前", "12月底前"]
    assert Notification.objects.count() == 2  # one letter, two people


def test_versions_given_empty_mean_that_nothing_was_seen(cast, answer):
    rows = [answer(S.SUBMITTED)]
    (result,) = LEDGER.perform_many(
        rows, "return", actor=cast.supervisor, now=NOW, versions={}, reason="缺附件"
    )
    assert isinstance(result.error, StaleState)
