"""Two people at once on one work, one indicator, one draft, one piece of proof."""

from __future__ import annotations

from decimal import Decimal
from threading import Barrier

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assessments.models import Score, ScoreDraft
from assessments.rounds import actions, verification
from assessments.rounds.queries import indicator_states, seen_version
from indicators.assignments.states import IndicatorState, UnitState
from indicators.evidence import actions as evidence
from indicators.evidence import receiving, uses
from indicators.models import Assignment, Evidence, EvidenceLink, UnitAssignment
from lawgov.audit.models import AuditEntry
from lawgov.errors import StaleState
from tests.assessments.rectification.test_races import at_once, unexpected
from tests.factories import make_proof, make_work

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
ROUNDS = 10
NINE = Decimal(9)


@pytest.fixture
def assignment(cast):
    return cast.campaign.assignments.select_related("campaign", "indicator").first()


@pytest.fixture
def work(cast, assignment):
    return make_work(assignment, cast.unit)


def fresh(work):
    rows = UnitAssignment.objects.select_related(
        "assignment__indicator", "assignment__campaign", "unit"
    )
    return rows.get(pk=work.pk)


def place(work, state):
    UnitAssignment.objects.filter(pk=work.pk).update(state=state)


def seen(assignment):
    stored = Assignment.objects.select_related("campaign", "indicator").get(pk=assignment.pk)
    return stored, seen_version(stored, stored.unit_assignments.all())


def one_won(outcomes):
    assert not unexpected(outcomes), outcomes
    return [type(outcome) for outcome in outcomes].count(type(None)) == 1


def test_a_verification_never_outlives_a_return(cast, assignment, work):
    """Whoever comes first: a returned work leaves no verification in force."""
    for _ in range(ROUNDS):
        Score.objects.all().delete()
        place(work, UnitState.ACCEPTED)
        stored, version = seen(assignment)
        verification.give_lead_score(
            stored, actor=cast.lead, now=timezone.now(), version=version,
            self_points=NINE, points=NINE,
        )  # fmt: skip
        barrier = Barrier(2)

        def verify(barrier=barrier):
            stored, version = seen(assignment)
            barrier.wait(timeout=30)
            verification.verify(
                stored, actor=cast.office, now=timezone.now(), version=version, points=NINE
            )

        def send_back(barrier=barrier):
            row = fresh(work)
            barrier.wait(timeout=30)
            actions.move(
                row, "return", actor=cast.lead, now=timezone.now(), version=row.version, reason="补"
            )

        outcomes = at_once(verify, send_back)
        assert not unexpected(outcomes), outcomes
        assert outcomes[1] is None
        assert not Score.objects.in_force().filter(source="office").exists()
        assert indicator_states(cast.campaign)[assignment.pk] is IndicatorState.RETURNED


def test_of_two_scores_of_one_indicator_one_counts(cast, assignment, work):
    place(work, UnitState.ACCEPTED)
    for number in range(1, ROUNDS + 1):
        barrier = Barrier(2)

        def score(points, barrier=barrier):
            stored, version = seen(assignment)
            barrier.wait(timeout=30)
            verification.give_lead_score(
                stored, actor=cast.lead, now=timezone.now(), version=version,
                self_points=NINE, points=points,
            )  # fmt: skip

        assert one_won(at_once(lambda: score(NINE), lambda: score(Decimal(8))))
        assert Score.objects.in_force().filter(source="lead").count() == 1
        assert Score.objects.filter(source="lead").count() == number


def test_of_two_submits_one_counts(cast, assignment, work):
    make_proof(work)
    for _ in range(ROUNDS):
        place(work, UnitState.TICKED)
        Score.objects.all().delete()
        barrier = Barrier(2)

        def submit(barrier=barrier):
            row = fresh(work)
            barrier.wait(timeout=30)
            actions.move(
                row, "submit", actor=cast.editor, now=timezone.now(), version=row.version,
                points=NINE, statement="有",
            )  # fmt: skip

        assert one_won(at_once(submit, submit))
        assert Score.objects.count() == 1


def test_two_drafts_at_once_do_not_overwrite_each_other(cast, work):
    for _ in range(ROUNDS):
        ScoreDraft.objects.all().delete()
        barrier = Barrier(2)

        def write(actor, text, barrier=barrier):
            row = fresh(work)
            barrier.wait(timeout=30)
            actions.save_draft(
                row, actor=actor, now=timezone.now(), points=None, statement=text, version=0
            )

        outcomes = at_once(lambda: write(cast.editor, "甲"), lambda: write(cast.head, "乙"))
        assert one_won(outcomes) and any(isinstance(o, StaleState) for o in outcomes)
        assert ScoreDraft.objects.get().statement in ("甲", "乙")


def test_proof_comes_in_before_the_submit_or_not_at_all(cast, work, settings, tmp_path):
    """What a reviewer judges does not change under their eyes."""
    settings.DATA_DIR = tmp_path
    make_proof(work)
    for number in range(ROUNDS):
        place(work, UnitState.TICKED)
        upload = SimpleUploadedFile(f"{number}.txt", f"第{number}件".encode())
        arrived, barrier = receiving.receive(upload, cast.region), Barrier(2)

        def add(arrived=arrived, barrier=barrier):
            row = fresh(work)
            barrier.wait(timeout=30)
            evidence.add_files(row, [arrived], actor=cast.editor, now=timezone.now())

        def submit(barrier=barrier):
            row = fresh(work)
            barrier.wait(timeout=30)
            actions.move(
                row, "submit", actor=cast.head, now=timezone.now(), version=row.version,
                points=NINE, statement="有",
            )  # fmt: skip

        outcomes = at_once(add, submit)
        assert not unexpected(outcomes), outcomes
        assert outcomes[1] is None
        verbs = AuditEntry.objects.order_by("-pk").values_list("verb", flat=True)
        assert verbs[0] == "work.submit"
        assert outcomes[0] is not None or verbs[1] == "evidence.add"


def test_two_first_files_at_once_both_come_in(cast, assignment, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    for number in range(ROUNDS):
        EvidenceLink.objects.all().delete()
        UnitAssignment.objects.all().delete()
        work, barrier = make_work(assignment, cast.unit), Barrier(2)

        def add(name, work=work, barrier=barrier):
            upload = SimpleUploadedFile(f"{name}.txt", name.encode())
            arrived, row = receiving.receive(upload, cast.region), fresh(work)
            barrier.wait(timeout=30)
            evidence.add_files(row, [arrived], actor=cast.editor, now=timezone.now())

        outcomes = at_once(lambda n=number: add(f"甲{n}"), lambda n=number: add(f"乙{n}"))
        assert outcomes == [None, None], outcomes
        assert work.evidence_links.count() == 2
        assert fresh(work).state == UnitState.COLLECTING


def test_of_two_new_versions_one_counts(cast, work, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    arrived = receiving.receive(SimpleUploadedFile("a.txt", b"a"), cast.region)
    (piece,) = evidence.add_files(work, [arrived], actor=cast.editor, now=timezone.now())
    for number in range(1, ROUNDS + 1):
        barrier = Barrier(2)

        def renew(barrier=barrier):
            row = Evidence.objects.get(pk=piece.pk)
            barrier.wait(timeout=30)
            evidence.add_version(row, arrived, actor=cast.editor, now=timezone.now())

        assert one_won(at_once(renew, renew))
        assert piece.versions.count() == 1 + number


def test_the_last_proof_and_the_tick_do_not_part(cast, work):
    """Taken away before the tick, the tick is refused; after it, the proof stays."""
    piece = make_proof(work)
    link = EvidenceLink.objects.select_related("evidence", "unit_assignment").get()
    for _ in range(ROUNDS):
        place(work, UnitState.COLLECTING)
        EvidenceLink.objects.update(removed_at=None)
        Evidence.objects.update(removed_at=None)
        barrier = Barrier(2)

        def take(barrier=barrier):
            mine = EvidenceLink.objects.select_related("evidence", "unit_assignment").get(
                pk=link.pk
            )
            barrier.wait(timeout=30)
            uses.unlink(mine, actor=cast.editor, now=timezone.now())

        def tick(barrier=barrier):
            row = fresh(work)
            barrier.wait(timeout=30)
            actions.move(row, "tick", actor=cast.head, now=timezone.now(), version=row.version)

        outcomes = at_once(take, tick)
        assert not unexpected(outcomes), outcomes
        ticked = fresh(work).state == UnitState.TICKED
        assert ticked == piece.links.in_force().exists(), outcomes
