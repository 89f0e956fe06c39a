"""Two people at once on the same row: one wins, the other is told; unguarded, both would win.

Each round reads the row in two threads, lets both go at the same moment, and looks at what is
stored. The control does the same with a plain save, to show that the rounds have teeth.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from assessments.models import Inspection, Letter, UnitResponse
from assessments.rectification.actions import Finding, edit_issue, record_issue
from assessments.rectification.issuing import issue_letters
from assessments.rectification.states import State as S
from assessments.rectification.transitions import LEDGER
from lawgov.accounts.actors import Actor
from lawgov.audit.models import AuditEntry
from lawgov.errors import DomainError, GuardFailed, StaleState
from tests import factories
from tests.assessments.rectification import moves

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

ROUNDS = 20
TODAY = timezone.localdate()

# State that both start from, and the two rival moves as (person, edge).
PAIRS = [
    (S.VERIFYING, ("supervisor", "close"), ("office", "return")),
    (S.VERIFYING, ("supervisor", "close"), ("office", "close")),
    (S.SUBMITTED, ("supervisor", "check"), ("editor", "recall")),
    (S.SUBMITTED, ("supervisor", "return"), ("office", "check")),
    (S.ISSUED, ("editor", "accept"), ("office", "withdraw")),
    (S.ACCEPTED, ("editor", "plan"), ("head", "plan")),
    (S.RECTIFYING, ("editor", "progress"), ("head", "request")),
    (S.RECTIFYING, ("head", "ask_extension"), ("head", "request")),
    (S.RECTIFYING, ("office", "approve_extension"), ("office", "refuse_extension")),
    (S.RECTIFYING, ("office", "approve_extension"), ("head", "request")),
    (S.CLOSED, ("supervisor", "look_back"), ("office", "reopen_closed")),
]


def at_once(*works: Callable[[], object]) -> list[BaseException | None]:
    """Run the works in threads that leave the barrier together; None where one succeeded."""
    outcomes: list[BaseException | None] = [None] * len(works)

    def run(place: int, work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcomes


def unexpected(outcomes: list) -> list:
    return [o for o in outcomes if o is not None and not isinstance(o, DomainError)]


@pytest.fixture
def inspection(cast) -> Inspection:
    return factories.make_inspection(cast.region)


def rival(actor: Actor, edge: str, pk: int, data: dict, barrier: Barrier) -> Callable[[], object]:
    def work() -> None:
        row = UnitResponse.objects.for_moves().get(pk=pk)
        barrier.wait(timeout=30)
        now = timezone.now()
        LEDGER.perform(row, edge, actor=actor, now=now, version=row.version, **data)

    return work


@pytest.mark.parametrize(("state", "one", "other"), PAIRS)
def test_of_two_rivals_one_wins(cast, inspection, state, one, other):
    for _ in range(ROUNDS):
        response = factories.make_response(
            factories.make_issue(inspection), cast.unit, state, deadline_date=TODAY
        )
        for _who, edge in (one, other):
            moves.prepare(response, edge)
        barrier = Barrier(2)
        works = [
            rival(
                getattr(cast, who), edge, response.pk, moves.given(response, edge, TODAY), barrier
            )
            for who, edge in (one, other)
        ]
        outcomes = at_once(*works)
        assert not unexpected(outcomes), outcomes
        assert [type(o) for o in outcomes].count(type(None)) == 1, outcomes
        assert any(isinstance(o, StaleState) for o in outcomes)
        stored = UnitResponse.objects.get(pk=response.pk)
        assert stored.version == 2
        assert AuditEntry.objects.about(stored).count() == 1


def test_control_a_plain_save_loses_the_first_decision(cast, inspection):
    """Without the conditional UPDATE both think they won, nearly every time."""
    both = 0
    for _ in range(ROUNDS):
        response = factories.make_response(factories.make_issue(inspection), cast.unit, S.VERIFYING)
        barrier = Barrier(2)

        def decide(state: S, pk: int = response.pk, barrier: Barrier = barrier) -> None:
            row = UnitResponse.objects.get(pk=pk)
            barrier.wait(timeout=30)
            row.state, row.closed_on = state, TODAY
            row.save()

        outcomes = at_once(lambda d=decide: d(S.CLOSED), lambda d=decide: d(S.RETURNED))
        both += outcomes == [None, None]
    assert both >= ROUNDS * 0.9


def test_a_bulk_and_a_single_move_share_no_row(cast, inspection):
    """Each row goes one way; the bulk still moves what nobody else took."""
    for _ in range(ROUNDS):
        rows = [
            factories.make_response(factories.make_issue(inspection), cast.unit, S.SUBMITTED)
            for _ in range(5)
        ]
        ids, barrier, results = [row.pk for row in rows], Barrier(2), []

        def bulk(ids=ids, barrier=barrier, results=results) -> None:
            found = list(UnitResponse.objects.for_moves().filter(pk__in=ids).order_by("pk"))
            barrier.wait(timeout=30)
            now = timezone.now()
            results += LEDGER.perform_many(
                found, "return", actor=cast.supervisor, now=now, reason="缺附件"
            )

        outcomes = at_once(bulk, rival(cast.office, "check", ids[2], {}, barrier))
        assert not unexpected(outcomes), outcomes
        lost = [result for result in results if result.error]
        single = outcomes[1] is None
        assert len(lost) == (1 if single else 0)
        states = dict(UnitResponse.objects.filter(pk__in=ids).values_list("pk", "state"))
        assert states.pop(ids[2]) == (S.VERIFYING if single else S.RETURNED)
        assert set(states.values()) == {S.RETURNED}
        assert (
            AuditEntry.objects.filter(subject_id__in=ids, subject_type="unitresponse").count() == 5
        )


def test_two_who_send_letters_send_them_once_and_without_a_gap(cast, inspection):
    number = 0
    for _ in range(ROUNDS):
        for unit in (cast.unit, cast.other_unit):
            finding = Finding("individual", "缺告知书", [unit], deadline_text="12月底前")
            record_issue(inspection, finding, actor=cast.supervisor, now=timezone.now())
        barrier = Barrier(2)

        def send(barrier=barrier) -> None:
            own = Inspection.objects.select_related("campaign").get(pk=inspection.pk)
            barrier.wait(timeout=30)
            issue_letters(own, actor=cast.office, now=timezone.now(), issued_on=TODAY)

        outcomes = at_once(send, send)
        assert [type(o) for o in outcomes].count(type(None)) == 1, outcomes
        assert all(o is None or isinstance(o, (StaleState, GuardFailed)) for o in outcomes)
        number += 2
        found = Letter.objects.order_by("number").values_list("number", flat=True)
        assert list(found) == [*range(1, number + 1)]


def test_an_issue_is_edited_or_handed_over_but_not_both_ways(cast, inspection):
    """What a unit has in hand is what the office saw when it sent the letter."""
    for _ in range(ROUNDS):
        finding = Finding("individual", "原来的", [cast.unit], deadline_text="12月底前")
        issue = record_issue(inspection, finding, actor=cast.supervisor, now=timezone.now())
        (response,) = UnitResponse.objects.for_moves().filter(issue=issue)
        barrier = Barrier(2)

        def edit(issue=issue, barrier=barrier) -> None:
            changed = Finding("individual", "改过的", [cast.unit], deadline_text="11月底前")
            barrier.wait(timeout=30)
            edit_issue(issue, changed, actor=cast.supervisor, now=timezone.now(), version=1)

        def send(response=response, barrier=barrier) -> None:
            barrier.wait(timeout=30)
            issue_letters(
                inspection,
                actor=cast.office,
                now=timezone.now(),
                issued_on=TODAY,
                responses=[response],
            )

        outcomes = at_once(edit, send)
        assert not unexpected(outcomes), outcomes
        issue.refresh_from_db()
        stored = UnitResponse.objects.get(pk=response.pk)
        assert stored.deadline_text == issue.deadline_text
        if stored.state == S.ISSUED:
            assert issue.text == "原来的"


def test_the_number_of_an_issue_is_given_once(cast, inspection):
    for _ in range(ROUNDS):
        barrier = Barrier(2)

        def write(barrier=barrier) -> None:
            own = Inspection.objects.select_related("campaign").get(pk=inspection.pk)
            finding = Finding("individual", "缺告知书", [cast.unit], deadline_text="12月底前")
            barrier.wait(timeout=30)
            record_issue(own, finding, actor=cast.supervisor, now=timezone.now())

        assert at_once(write, write) == [None, None]
    numbers = sorted(int(n) for n in inspection.issues.values_list("number", flat=True))
    assert numbers == [*range(1, 2 * ROUNDS + 1)]
