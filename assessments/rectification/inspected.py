"""What one inspection has come to: issues, letters and receipts by unit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count

from assessments.models import Inspection
from assessments.rectification.actions import SINGLE
from assessments.rectification.models import Letter, UnitResponse
from assessments.rectification.states import AT_REST, State
from lawgov.accounts.actors import Actor
from lawgov.accounts.models import Membership
from lawgov.accounts.policy import Role
from lawgov.units.models import Unit

NOT_RECEIVED = frozenset({State.FOUND, State.ISSUED, State.WITHDRAWN})


@dataclass
class UnitLine:
    """One unit in an inspection. All figures count answers of the unit.

    `single` issues of its own, `shared` common ones; `found` wait to be handed over, `waiting`
    for receipt 签收; `closed` of `total` are done, withdrawn ones left out.
    """

    unit: Unit
    visited: bool = False
    letters: list[Letter] = field(default_factory=list)
    single: int = 0
    shared: int = 0
    found: int = 0
    waiting: int = 0
    closed: int = 0
    total: int = 0

    def count(self, kind: str, state: str, n: int) -> None:
        if state == State.WITHDRAWN:
            return
        self.total += n
        self.found += n if state == State.FOUND else 0
        self.waiting += n if state == State.ISSUED else 0
        self.closed += n if state in AT_REST else 0
        if kind in SINGLE:
            self.single += n
        else:
            self.shared += n

    @property
    def received(self) -> bool:
        return bool(self.letters) and not self.waiting


@dataclass(frozen=True)
class Inspected:
    """The lines in the order of the units, and their sums."""

    lines: list[UnitLine]
    issues: Counter

    @property
    def sums(self) -> dict[str, int]:
        names = ("single", "shared", "found", "waiting", "closed", "total")
        return {name: sum(getattr(line, name) for line in self.lines) for name in names}

    @property
    def letters(self) -> int:
        return sum(len(line.letters) for line in self.lines)

    @property
    def received(self) -> int:
        return sum(line.received for line in self.lines)


def inspected(inspection: Inspection) -> Inspected:
    """All units that were visited or have an issue; four queries."""
    visited = set(inspection.units.values_list("pk", flat=True))
    answers = (
        UnitResponse.objects.filter(issue__inspection=inspection)
        .order_by()
        .values_list("unit_id", "issue__kind", "state")
        .annotate(n=Count("pk"))
    )
    rows = list(answers)
    letters = list(inspection.letters.all())
    ids = visited | {row[0] for row in rows} | {letter.unit_id for letter in letters}
    units = Unit.objects.in_region(inspection.region_id).filter(pk__in=ids)
    lines = {unit.pk: UnitLine(unit, unit.pk in visited) for unit in units}
    for unit_id, kind, state, n in rows:
        lines[unit_id].count(kind, state, n)
    for letter in letters:
        lines[letter.unit_id].letters.append(letter)
    kinds = inspection.issues.order_by().values_list("kind").annotate(n=Count("pk"))
    return Inspected(list(lines.values()), Counter(dict(kinds)))


@dataclass(frozen=True)
class Sending:
    """One letter about to be sent: to which unit, how many issues, how many people are told."""

    unit: Unit
    number: str
    single: int
    shared: int
    people: int


def sendings(
    responses: Sequence[UnitResponse], numbers: Sequence[str], actor: Actor, today: date
) -> list[Sending]:
    """The letters that `responses` will make, in their order; one query."""
    by_unit: dict[int, list[UnitResponse]] = defaultdict(list)
    for row in responses:
        by_unit[row.unit_id].append(row)
    told = (
        Membership.objects.in_region(actor.region)
        .valid_on(today)
        .with_role(Role.UNIT_EDITOR, Role.UNIT_HEAD)
        .filter(unit__in=by_unit)
        .values_list("unit_id")
        .annotate(n=Count("user", distinct=True))
    )
    people = dict(told)
    return [
        Sending(
            unit=rows[0].unit,
            number=number,
            single=sum(row.issue.kind in SINGLE for row in rows),
            shared=sum(row.issue.kind not in SINGLE for row in rows),
            people=people.get(unit_id, 0),
        )
        for number, (unit_id, rows) in zip(numbers, by_unit.items(), strict=False)
    ]
