"""The demo's issues: both lists read in, one letter to each unit, every answer on its way."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from random import Random

from assessments.inspections.models import Inspection
from assessments.rectification.deadlines import Light
from assessments.rectification.importing import import_ledger
from assessments.rectification.issuing import issue_letters
from assessments.rectification.models import Issue, UnitResponse
from assessments.rectification.reading import read_ledger
from assessments.rectification.states import State
from assessments.rectification.transitions import LEDGER
from indicators.models import Evidence
from lawgov.files.store import hash_of
from lawgov.operations.demo import ledger
from lawgov.operations.demo.fates import COMMON_STATES, Fate, draw, shares
from lawgov.operations.demo.history import Historian
from lawgov.operations.demo.people import People
from lawgov.operations.demo.plan import LETTER_AGE, Plan


def _import(
    name: str,
    fates: list[Fate],
    inspection: Inspection,
    people: People,
    plan: Plan,
    rng: Random,
) -> None:
    """Shift a shipped ledger to today; the office reads it in."""
    with tempfile.TemporaryDirectory(prefix="lawgov-demo-") as folder:
        file = Path(folder) / f"{name}.xlsx"
        ledger.shifted(
            ledger.original(name), file, fates, letter=plan.letter, today=plan.today, rng=rng
        )
        reading = read_ledger(file, year=plan.letter.year, issued_on=plan.letter)
        import_ledger(
            reading,
            inspection,
            actor=people.office,
            now=plan.at(LETTER_AGE + 1, 17),
            source_name=file.name,
            source_hash=hash_of(file),
        )


def _import_individual(
    inspection: Inspection, people: People, plan: Plan, rng: Random
) -> dict[str, State]:
    """Read the individual issues in; where each is to end, by its number."""
    have = ledger.original("individual").rows
    kinds = [have[index % len(have)].deadline_kind for index in range(plan.issues)]
    fates = draw(kinds, rng)
    _import("individual", fates, inspection, people, plan, rng)
    return {str(number): fate.state for number, fate in enumerate(fates, start=1)}


def _import_common(inspection: Inspection, people: People, plan: Plan, rng: Random) -> None:
    count = len(ledger.original("common").rows)
    lights = rng.choices([Light.RED, Light.YELLOW, Light.GREEN], [2, 3, 4], k=count)
    fates = [Fate(State.RECTIFYING, light) for light in lights]
    _import("common", fates, inspection, people, plan, rng)


def play_issues(inspection: Inspection, people: People, plan: Plan, rng: Random) -> None:
    """Read in, hand out and answer, up to the states and lights that were drawn."""
    ends = _import_individual(inspection, people, plan, rng)
    _import_common(inspection, people, plan, rng)
    issue_letters(
        inspection, actor=people.office, now=plan.at(LETTER_AGE, 10), issued_on=plan.letter
    )
    own = responses(inspection, Issue.Kind.INDIVIDUAL)
    shared = responses(inspection, Issue.Kind.COMMON)
    states = [s for s, n in shares(COMMON_STATES, len(shared)).items() for _one in range(n)]
    rng.shuffle(states)
    targets = {row.pk: ends[row.issue.number] for row in own}
    targets |= {row.pk: state for row, state in zip(shared, states, strict=True)}
    _play([*own, *shared], targets, people, plan, rng)
    _ask_for_time(inspection, people, plan)


def responses(inspection: Inspection, kind: str) -> list[UnitResponse]:
    rows = UnitResponse.objects.for_moves().filter(issue__inspection=inspection, issue__kind=kind)
    return list(rows.order_by("pk"))


def _play(
    rows: list[UnitResponse], ends: dict[int, State], people: People, plan: Plan, rng: Random
) -> None:
    """Write every answer's script, make the proof it names, and play them all."""
    historian = Historian(people, plan.letter, plan.today, rng)
    measures = _measures(rows)
    steps = []
    for row in rows:
        deadline = row.deadline_date or plan.today + timedelta(days=20)
        mine = measures.get((row.unit_id, row.issue_id), [])
        steps += historian.script(row, ends[row.pk], mine, max(deadline, plan.today))
    proofs = [step.data["evidence"][0] for step in steps if step.edge == "add_proof"]
    Evidence.objects.bulk_create(proofs, batch_size=500)
    historian.play(steps)


def _measures(rows: list[UnitResponse]) -> dict[tuple[int, int], list[str]]:
    """Texts of the measures that came with the ledger, by unit and issue, in order."""
    found: dict[tuple[int, int], list[str]] = {}
    issues = {row.issue_id for row in rows}
    links = Issue.measures.through.objects.filter(
        issue__in=issues, measure__removed_at=None
    ).select_related("measure")
    for link in links.order_by("measure__order", "pk"):
        found.setdefault((link.measure.unit_id, link.issue_id), []).append(link.measure.text)
    return found


def _ask_for_time(inspection: Inspection, people: People, plan: Plan) -> None:
    """Three heads have asked for more time, so that the office has something to decide."""
    rows = responses(inspection, Issue.Kind.INDIVIDUAL)
    waiting = [r for r in rows if r.state == State.RECTIFYING and r.deadline_date][:40:15]
    for row in waiting:
        LEDGER.perform(
            row,
            "ask_extension",
            actor=people.heads[row.unit_id],
            now=plan.at(1, 20),
            version=row.version,
            new_date=max(row.deadline_date, plan.today) + timedelta(days=15),
            reason="涉及案卷数量多，需逐户核实补正。",
        )
