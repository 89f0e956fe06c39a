"""A random walk of many people through the ledger; the invariants hold after every step.

Steps are legal and illegal, with good data and bad, at fresh and at stale versions. Invariants
I1, I2, I4-I6, I7, I11 and I12 of the robustness guide, D1. The seed is printed and can be given
in WALK_SEED.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import connection

from assessments.models import (
    Extension,
    Measure,
    ProgressNote,
    ResponseProof,
    UnitResponse,
)
from assessments.rectification.ledger import Filters, answer_cells, answers, count
from assessments.rectification.states import State as S
from assessments.rectification.transitions import LEDGER
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Role
from lawgov.audit.models import AuditEntry
from lawgov.audit.verify import verify
from lawgov.calendars import local_day
from lawgov.errors import DomainError, NotAllowed
from lawgov.notifications.models import Notification
from tests import factories
from tests.assessments.rectification import moves
from tests.assessments.rectification.test_transitions import EDGES
from tests.factories import NOW
from tests.people import Cast
from tests.tiers import amount

pytestmark = pytest.mark.postgres

STEPS = amount(1000 if connection.vendor == "postgresql" else 3000, 100_000)
ROWS = 11  # answers: eight individual issues of three units and one common issue
WHOLE = 100  # steps between recounts of everything
BESIDE = (Extension, Measure, ProgressNote, ResponseProof, Notification)
MOVES_DEADLINE = {"issue", "approve_extension", "reopen", "reopen_closed"}


@dataclass
class Walk:
    """Where the walk stands: rows as the test believes them to be, and what it has done."""

    cast: Cast
    rng: random.Random
    people: list[Actor]
    now: datetime = NOW
    done: Counter = field(default_factory=Counter)
    refused: Counter = field(default_factory=Counter)
    states: set = field(default_factory=set)
    entries: int = 0

    def pick(self) -> UnitResponse:
        """Any row; now and then the one from which the way least gone sets out."""
        rows = list(UnitResponse.objects.for_moves().order_by("pk"))
        if self.rng.random() < 0.2:
            return min(
                rows,
                key=lambda row: min(map(self.done.__getitem__, leading_on(row)), default=STEPS),
            )
        return self.rng.choice(rows)


def leading_on(row: UnitResponse) -> list[str]:
    """The edges of the table that set out from where this row stands."""
    return sorted(edge for edge, row_of in EDGES.items() if row.state in row_of[0])


@pytest.fixture
def walk(cast, inspection) -> Walk:
    seed = int(os.environ.get("WALK_SEED") or 20261120)
    print(f"WALK_SEED={seed}")  # noqa: T201 - the seed belongs in the log
    units = [cast.unit, cast.other_unit, cast.lead_unit]
    linked = cast.campaign.assignments.first()
    kinds = [("fixed", "12月18日"), ("immediate", "立行立改"), ("compound", "立行立改，长期坚持")]
    for number in range(8):
        kind, text = kinds[number % 3]
        issue = factories.make_issue(inspection, assignment=linked if number % 2 else None)
        fields = {"deadline_kind": kind, "deadline_text": text}
        factories.make_response(issue, units[number % 3], S.FOUND, **fields)
    common = factories.make_issue(inspection, kind="common")
    for unit in units:
        factories.make_response(common, unit, S.FOUND)
    member = factories.make_member
    others = [member(Role.UNIT_HEAD, cast.region, unit) for unit in units[1:]]
    people = [*cast.everybody().values(), *others]
    return Walk(cast, random.Random(seed), people)


def whole_table() -> list:
    return list(UnitResponse.objects.order_by("pk").values_list())


def beside(row: UnitResponse) -> list:
    """What a refused step must leave alone: all that hangs from the row, and how much there is."""
    hanging = [row.extensions, row.notes, row.proofs, row.issue.measures]
    found = [list(rows.order_by("pk").values_list()) for rows in hanging]
    tables = ", ".join(f"(SELECT count(*) FROM {model._meta.db_table})" for model in BESIDE)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {tables}")
        return [*found, cursor.fetchone()]


def data_for(walk: Walk, row: UnitResponse, edge: str) -> dict:
    """Good data, now and then with a field left out."""
    unproven = edge == "request" and row.state == S.RECTIFYING and not row.has_proof
    if unproven and walk.rng.random() < 0.8:
        moves.make_proof_of(row)
    data = moves.given(row, edge, local_day(walk.now))
    if data and walk.rng.random() < 0.1:
        data[walk.rng.choice(sorted(data))] = ""
    return data


# Who may take an edge, from decisions §2, as roles instead of the names in EDGES.
ROLES = {
    "editor": Role.UNIT_EDITOR,
    "head": Role.UNIT_HEAD,
    "office": Role.OFFICE_ADMIN,
    "supervisor": Role.SUPERVISOR,
    "lead": Role.LEAD_REVIEWER,
}


def may(actor: Actor, edge: str, row: UnitResponse) -> bool:
    """Whether the decisions let this person take the edge for this row, whatever its state."""
    if actor.region_id != row.region_id or actor.role not in {ROLES[w] for w in EDGES[edge][2]}:
        return False
    if actor.role in (Role.UNIT_EDITOR, Role.UNIT_HEAD):
        return actor.unit_id == row.unit_id and row.state != S.FOUND
    if actor.role is Role.LEAD_REVIEWER:
        linked = row.issue.assignment
        return linked is not None and linked.lead_unit_id == actor.unit_id
    return True


def choose(walk: Walk, row: UnitResponse) -> tuple[Actor, str]:
    """A person and an edge: mostly what leads on from here, sometimes anything at all."""
    fitting = leading_on(row)
    if not fitting or walk.rng.random() < 0.3:
        return walk.rng.choice(walk.people), walk.rng.choice(sorted(EDGES))
    if "withdraw" in fitting and walk.rng.random() < 0.8:  # the end of the road comes soon enough
        fitting.remove("withdraw")
    edge = walk.rng.choice(fitting)
    if walk.rng.random() < 0.4:  # ways seldom gone come up, however short the walk
        edge = min(fitting, key=lambda name: walk.done[name])
    able = [actor for actor in walk.people if may(actor, edge, row)]
    return walk.rng.choice(able or walk.people), edge


def step(walk: Walk) -> None:
    walk.now += timedelta(minutes=walk.rng.randint(1, 600))
    row = walk.pick()
    if walk.rng.random() < 0.05:
        return undo(walk, row)
    actor, edge = choose(walk, row)
    allowed = may(actor, edge, row)
    data = data_for(walk, row, edge)
    version = row.version - (walk.rng.random() < 0.05)
    before, rows, sides = row.state, whole_table(), beside(row)
    proofs = row.proofs.in_force().count()
    was = copy(row)
    try:
        LEDGER.perform(row, edge, actor=actor, now=walk.now, version=version, **data)
    except DomainError as error:
        walk.refused[edge] += 1
        assert (whole_table(), beside(row)) == (rows, sides), (edge, error)  # I12
        assert allowed or isinstance(error, NotAllowed)
        return None
    stored = UnitResponse.objects.get(pk=row.pk)
    assert allowed, (edge, actor)  # I1, I11
    check(walk, edge, actor, before, was, stored, proofs)
    walk.done[edge] += 1
    walk.states.add(stored.state)
    walk.entries += 1
    return None


def check(walk, edge, actor, before, was, stored, proofs) -> None:
    sources, target, _people = EDGES[edge]
    assert before in sources, edge  # I1
    assert stored.state == (target or before)
    if stored.state == S.CLOSED and before != S.CLOSED:  # I2
        assert edge in ("close", "confirm")
        assert actor.unit_id != stored.unit_id
    if edge == "close":
        assert before == S.VERIFYING
        assert proofs > 0
        late = was.deadline_date and local_day(walk.now) > was.deadline_date
        assert stored.closed_late == bool(was.closed_late or late)
    assert stored.version == was.version + 1  # I5
    moved = stored.deadline_date != was.deadline_date
    assert not moved or edge in MOVES_DEADLINE, edge  # I6
    raised = stored.deadline_version - was.deadline_version
    assert raised == (edge in MOVES_DEADLINE - {"issue"}), edge
    if edge == "approve_extension":
        assert stored.deadline_date > was.deadline_date
    last = AuditEntry.objects.about(stored).first()  # I4
    assert (last.verb, last.data["from"], last.data["to"]) == (
        f"response.{edge}",
        before,
        stored.state,
    )


def undo(walk: Walk, row: UnitResponse) -> None:
    """Undo by the last one who acted, or by somebody else, in time or too late."""
    last = AuditEntry.objects.about(row).first()
    if last is None:
        return
    people = {actor.user.pk: actor for actor in walk.people}
    actor = people[last.actor_id] if walk.rng.random() < 0.8 else walk.cast.office
    now = last.at + timedelta(seconds=walk.rng.choice([1, 9, 60]))
    rows, sides = whole_table(), beside(row)
    try:
        LEDGER.undo(row, actor=actor, now=now, version=row.version)
    except DomainError:
        assert (whole_table(), beside(row)) == (rows, sides)
        return
    assert actor.user.pk == last.actor_id
    stored = UnitResponse.objects.get(pk=row.pk)
    assert (stored.state, stored.version) == (last.data["from"], last.data["version"] + 1)
    walk.done["undo"] += 1
    walk.entries += 1


def recount(walk: Walk) -> None:
    """The dear invariants: the chain, one open request, lights, counts, and who sees what."""
    assert verify(walk.cast.region.code).faults == []
    about = AuditEntry.objects.filter(subject_type="unitresponse")
    assert about.count() == walk.entries
    today = local_day(walk.now)
    for row in UnitResponse.objects.all():
        versions = AuditEntry.objects.about(row).count() + 1
        assert row.version == versions  # I5 over the whole life
        assert row.extensions.filter(state="open").count() <= 1
        assert row.state != S.CLOSED or row.closed_on
    for kind in ("individual", "common"):
        rows = answers(walk.cast.office, kind, Filters())
        cells, labels = answer_cells(rows, today, 10)
        counts = count(cells, {}, labels)
        by_rule = Counter(row.light(today).value for row in rows)
        assert {v.value: v.n for v in counts.facets["light"]} == by_rule  # I7, I9
        assert counts.matching == rows.count()
    foreign = UnitResponse.objects.visible_to(walk.cast.foreign_office)  # I11
    assert not foreign.exists()
    for row in UnitResponse.objects.visible_to(walk.cast.stranger):
        assert row.unit == walk.cast.other_unit
    told = Notification.objects.filter(recipient=walk.cast.editor.user, subject_type="unitresponse")
    others = set(UnitResponse.objects.exclude(unit=walk.cast.unit).values_list("pk", flat=True))
    assert not set(told.values_list("subject_id", flat=True)) & others


def test_many_people_walk_and_the_invariants_hold(walk):
    for number in range(1, STEPS + 1):
        step(walk)
        if number % WHOLE == 0:
            recount(walk)
            start_anew(walk)
    recount(walk)
    assert set(walk.done) >= set(EDGES) | {"undo"}, set(EDGES) - set(walk.done)
    assert walk.states >= set(S) - {S.FOUND}
    assert sum(walk.refused.values()) > STEPS / 10


def start_anew(walk: Walk) -> None:
    """Answers that were withdrawn for good make room for new ones."""
    UnitResponse.objects.filter(state=S.WITHDRAWN).delete()
    inspection = walk.cast.campaign.inspections.first()
    for _ in range(ROWS - UnitResponse.objects.count()):
        unit = walk.rng.choice([walk.cast.unit, walk.cast.other_unit])
        factories.make_response(factories.make_issue(inspection), unit, S.FOUND)
