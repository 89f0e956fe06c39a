"""Dividing the work 任务分解: lead and responsible units, one by one, in bulk and from a sheet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.assignments.models import Assignment, UnitAssignment
from indicators.assignments.states import UnitState
from indicators.campaigns.models import Campaign
from lawgov.accounts.actors import Actor
from lawgov.audit.record import Event, record_many
from lawgov.errors import DomainError, GuardFailed, StaleState
from lawgov.notifications.outbox import Notice, post, unit_people
from lawgov.units.models import Unit

KEEP: Any = object()


@dataclass(frozen=True)
class Share:
    """What one indicator is to look like; KEEP and None leave a part as it is.

    `units` are exactly the responsible units. `version` is the one that the person saw, None for
    the row's own.
    """

    assignment: Assignment
    lead_unit: Unit | None = KEEP
    units: Sequence[Unit] | None = None
    points: Decimal | None = None
    due_text: str | None = None
    due_on: date | None = KEEP
    remark: str | None = None
    required: Sequence[str] | None = None
    version: int | None = None

    def values(self) -> dict[str, Any]:
        """Columns of Assignment that the share sets."""
        given = {
            "lead_unit": self.lead_unit,
            "points": KEEP if self.points is None else self.points,
            "due_text": KEEP if self.due_text is None else self.due_text,
            "due_on": self.due_on,
            "remark": KEEP if self.remark is None else self.remark,
            "required": KEEP if self.required is None else list(self.required),
        }
        return {name: value for name, value in given.items() if value is not KEEP}


@dataclass(frozen=True)
class Outcome:
    """What became of one share: `error` None means done, `changed` whether anything differed."""

    assignment: Assignment
    error: DomainError | None = None
    changed: bool = False


@dataclass
class Change:
    """A share compared with what is stored; `error` says why it cannot be written."""

    share: Share
    stored: Assignment | None = None
    error: DomainError | None = None
    values: dict[str, list] = field(default_factory=dict)  # column → [before, after]
    added: list[Unit] = field(default_factory=list)
    removed: list[UnitAssignment] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.values or self.added or self.removed)


def distribute(
    campaign: Campaign,
    shares: Sequence[Share],
    *,
    actor: Actor,
    now: datetime,
    tell: bool = True,
) -> list[Outcome]:
    """Give indicators of one campaign to units: an outcome per share, in their order.

    A unit whose work has begun is not taken off (GuardFailed names it); a share whose row moved
    on is StaleState; the others are written. The number of queries does not grow with the
    shares. With `tell` each unit that got work finds one notification.
    """
    with transaction.atomic():
        changes = foresee(shares)
        todo = [change for change in changes if change and not change.error]
        _write(todo)
        record_many(actor, [_event(change) for change in todo], now=now)
        if tell:
            post(campaign.region, _notices(todo), now=now)
    return [
        Outcome(change.share.assignment, change.error, bool(change) and not change.error)
        for change in changes
    ]


def foresee(shares: Sequence[Share]) -> list[Change]:
    """What `distribute` would do now, in the order of the shares; inside a transaction the rows
    are locked for it."""
    stored = _stored([share.assignment for share in shares])
    works = _works(stored)
    return [
        _compare(share, stored.get(share.assignment.pk), works[share.assignment.pk])
        for share in shares
    ]


def assign(
    assignment: Assignment,
    *,
    lead_unit: Unit | None,
    units: Sequence[Unit],
    actor: Actor,
    now: datetime,
    version: int,
    **values: Any,
) -> None:
    """Give one indicator to units. Raises what `distribute` tells as an outcome."""
    share = Share(assignment, lead_unit=lead_unit, units=units, version=version, **values)
    (outcome,) = distribute(assignment.campaign, [share], actor=actor, now=now)
    if outcome.error:
        raise outcome.error


# -- comparing ---------------------------------------------------------------------------------


def _stored(assignments: Sequence[Assignment]) -> dict[int, Assignment]:
    """The rows as stored; SQLite has its lock from BEGIN IMMEDIATE."""
    rows = Assignment.objects.select_related("lead_unit", "indicator")
    if connection.in_atomic_block:
        rows = rows.select_for_update(of=("self",))
    rows = rows.filter(pk__in=[row.pk for row in assignments])
    return {row.pk: row for row in rows.order_by("pk")}


def _works(stored: dict[int, Assignment]) -> dict[int, list[UnitAssignment]]:
    works = defaultdict(list)
    rows = UnitAssignment.objects.filter(assignment__in=list(stored)).with_proof()
    for work in rows.select_related("unit"):
        works[work.assignment_id].append(work)
    return works


def _compare(share: Share, stored: Assignment | None, works: Sequence[UnitAssignment]) -> Change:
    change = Change(share, stored=stored)
    if stored is None:
        change.error = StaleState(_("没有保存：别人刚改过这一项的分工"))
        return change
    for name, value in share.values().items():
        before = getattr(stored, name)
        if before != value:
            change.values[name] = [before, value]
    if share.units is not None:
        wanted = {unit.pk: unit for unit in share.units}
        have = {work.unit_id for work in works}
        change.added = [unit for pk, unit in wanted.items() if pk not in have]
        change.removed = [work for work in works if work.unit_id not in wanted]
    change.error = _objection(share, stored, change)
    return change


def _objection(share: Share, stored: Assignment, change: Change) -> DomainError | None:
    seen = share.assignment.version if share.version is None else share.version
    if stored.version != seen:
        return StaleState(_("没有保存：别人刚改过这一项的分工"))
    if share.points is not None and share.points <= 0:
        return GuardFailed(fields={"points": _("分值要大于 0")})
    begun = [work for work in change.removed if _has_begun(work)]
    if begun:
        names = _("、").join(str(work.unit) for work in begun)
        text = _("%(names)s 已经开始办理，不能直接去掉；可以先申请不适用，或者转给别的单位")
        return GuardFailed(fields={"units": text % {"names": names}})
    return None


def _has_begun(work: UnitAssignment) -> bool:
    return work.state != UnitState.NOT_STARTED or work.proof_count > 0


# -- writing -----------------------------------------------------------------------------------


def _write(changes: Sequence[Change]) -> None:
    if not changes:
        return
    rows = []
    for change in changes:
        row = change.stored
        for name, (_before, value) in change.values.items():
            setattr(row, name, value)
        rows.append(row)
    same = reduce(or_, (Q(pk=row.pk, version=row.version) for row in rows))
    columns = ["lead_unit", "points", "due_text", "due_on", "remark", "required"]
    written = Assignment.objects.filter(same).bulk_update(rows, columns)
    if written != len(rows):
        raise StaleState(_("没有保存：别人刚改过分工"))
    Assignment.objects.filter(pk__in=[row.pk for row in rows]).update(version=F("version") + 1)
    for row, change in zip(rows, changes, strict=True):
        row.version += 1
        for name in (*columns, "version"):
            setattr(change.share.assignment, name, getattr(row, name))
    gone = [work.pk for change in changes for work in change.removed]
    if gone:
        UnitAssignment.objects.filter(pk__in=gone, state=UnitState.NOT_STARTED).delete()
    UnitAssignment.objects.bulk_create(
        [
            UnitAssignment(
                assignment=change.share.assignment,
                region_id=change.share.assignment.region_id,
                unit=unit,
            )
            for change in changes
            for unit in change.added
        ],
        batch_size=500,
    )


def _event(change: Change) -> Event:
    people = "lead_unit" in change.values or change.added or change.removed
    data = {
        "number": change.stored.indicator.number,
        "set": {name: [_told(value) for value in pair] for name, pair in change.values.items()},
        "added": [unit.name for unit in change.added],
        "removed": [work.unit.name for work in change.removed],
    }
    verb = "assignment.assigned" if people else "assignment.changed"
    return Event(verb, change.share.assignment, data=data)


def _told(value: Any) -> Any:
    return value.name if isinstance(value, Unit) else value


def _notices(changes: Sequence[Change]) -> list[Notice]:
    got: dict[int, list[Assignment]] = defaultdict(list)
    for change in changes:
        for unit in change.added:
            got[unit.pk].append(change.share.assignment)
    url = reverse("indicators:list") if got else ""
    return [
        Notice(unit_people(pk), "assignment.assigned", url, rows[0], {"count": len(rows)})
        for pk, rows in got.items()
    ]
