"""What a rule watches: rows of the place as Items with the day they are due, a query a rule.

Each source gives all that may be owed today and no more: a day beyond the rule's horizon stays
in the database. Which day is a day of reminding, the rules in levels.py say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from assessments.models import Extension, UnitResponse
from assessments.rectification.deadlines import DeadlineKind
from assessments.rectification.states import WITH_CHECKER, State
from assessments.reminders.kinds import Kind, Watch
from assessments.reminders.levels import Rules
from assessments.reminders.people import Post, issue_checkers, work_checkers
from indicators.assignments.states import WITH_UNIT, UnitState
from indicators.models import Evidence, EvidenceLink, UnitAssignment
from lawgov.calendars import Workdays, local_day

CHUNK = 1000
OVER = timedelta(days=45)  # evidence whose period ended longer ago is old news

ANSWER = ("pk", "state", "deadline_date", "deadline_version", "unit_id",
          "issue__assignment__lead_unit")  # fmt: skip
WORK = ("pk", "state", "unit_id", "submitted_at", "assignment__due_on", "assignment__lead_unit")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a rule watches: `subject` is response, work or evidence, by its `pk`.

    `due` is the local day it is counted from. With `checkers` it lies on their desk and they are
    told first, otherwise the contacts of `unit`.
    """

    watch: str
    subject: str
    pk: int
    due: date
    unit: int
    version: int = 1
    checkers: tuple[Post, ...] = field(default=())

    def kind(self, owed: str) -> str:
        """What the reminder says, where `owed` is the side of the day."""
        if self.checkers:
            return Kind.REVIEW
        return owed if self.watch == Watch.DEADLINE else self.watch


Source = Callable[[object, date, Rules, Workdays], Iterator[Item]]


def _answers(region: object) -> QuerySet:
    """Answers at work: handed over, and not at rest."""
    return UnitResponse.objects.in_region(region).open().exclude(state=State.FOUND).order_by("pk")


def _due(region: object, until: date) -> QuerySet:
    """Of these, those due by `until`, in the order of their days: in that of their ids a database
    would read every answer that the place ever had."""
    return _answers(region).filter(deadline_date__lte=until).order_by("deadline_date", "pk")


def _walk(rows: QuerySet, *fields: str) -> Iterator[dict]:
    return rows.values(*fields).iterator(chunk_size=CHUNK)


def deadlines(region: object, today: date, rules: Rules, workdays: Workdays) -> Iterator[Item]:
    for row in _walk(_due(region, today + rules.horizon), *ANSWER):
        checkers: list[Post] = []
        if row["state"] in WITH_CHECKER:
            checkers = issue_checkers(row["unit_id"], row["issue__assignment__lead_unit"])
        yield Item(
            Watch.DEADLINE, "response", row["pk"], row["deadline_date"], row["unit_id"],
            row["deadline_version"], tuple(checkers),
        )  # fmt: skip


def receipts(region: object, today: date, rules: Rules, workdays: Workdays) -> Iterator[Item]:
    rows = _answers(region).filter(state=State.ISSUED)
    rows = rows.annotate(since=Coalesce("letter__issued_on", "issue__inspection__issued_on"))
    for row in _walk(rows.exclude(since=None), *ANSWER, "since"):
        due = workdays.add(row["since"], rules.limit)
        yield Item(Watch.RECEIPT, "response", row["pk"], due, row["unit_id"],
                   row["deadline_version"])  # fmt: skip


def evidence(region: object, today: date, rules: Rules, workdays: Workdays) -> Iterator[Item]:
    rows = UnitAssignment.objects.in_region(region).filter(
        state__in=WITH_UNIT, assignment__due_on__lte=today + rules.horizon
    )
    for row in _walk(rows.order_by("pk"), *WORK):
        yield Item(Watch.EVIDENCE, "work", row["pk"], row["assignment__due_on"], row["unit_id"])


def reviews(region: object, today: date, rules: Rules, workdays: Workdays) -> Iterator[Item]:
    answers = _answers(region).filter(state__in=WITH_CHECKER).exclude(submitted_at=None)
    for row in _walk(answers, *ANSWER, "submitted_at"):
        due = workdays.add(local_day(row["submitted_at"]), rules.limit)
        checkers = issue_checkers(row["unit_id"], row["issue__assignment__lead_unit"])
        yield Item(Watch.REVIEW, "response", row["pk"], due, row["unit_id"],
                   row["deadline_version"], tuple(checkers))  # fmt: skip
    work = UnitAssignment.objects.in_region(region).exclude(submitted_at=None)
    work = work.filter(state__in=[UnitState.WITH_HEAD, UnitState.WITH_LEAD]).order_by("pk")
    for row in _walk(work, *WORK):
        due = workdays.add(local_day(row["submitted_at"]), rules.limit)
        unit, lead = row["unit_id"], row["assignment__lead_unit"]
        checkers = work_checkers(unit, lead, row["state"])
        yield Item(Watch.REVIEW, "work", row["pk"], due, unit, 1, tuple(checkers))


def extensions(region: object, today: date, rules: Rules, workdays: Workdays) -> Iterator[Item]:
    granted = Extension.objects.filter(
        response=OuterRef("pk"),
        state=Extension.State.APPROVED,
        new_date=OuterRef("deadline_date"),
    )
    rows = _due(region, today + rules.horizon).exclude(state__in=WITH_CHECKER)
    rows = rows.filter(Exists(granted))
    for row in _walk(rows, *ANSWER):
        yield Item(Watch.EXTENSION, "response", row["pk"], row["deadline_date"], row["unit_id"],
                   row["deadline_version"])  # fmt: skip


def expiring(region: object, today: date, rules: Rules, workdays: Workdays) -> Iterator[Item]:
    used = EvidenceLink.objects.filter(evidence=OuterRef("pk"), removed_at=None)
    rows = Evidence.objects.in_region(region).filter(
        Exists(used), removed_at=None, period_to__range=(today - OVER, today + rules.horizon)
    )
    for row in _walk(rows.order_by("pk"), "pk", "period_to", "unit_id"):
        yield Item(Watch.EXPIRING, "evidence", row["pk"], row["period_to"], row["unit_id"])


def periodic(region: object, today: date, rules: Rules, workdays: Workdays) -> Iterator[Item]:
    """Long-term answers, from their last note of progress, else from when they were handed over."""
    lasting = (DeadlineKind.LONG_TERM, DeadlineKind.COMPOUND)
    rows = _answers(region).exclude(state__in=WITH_CHECKER)
    rows = rows.filter(deadline_date=None, deadline_kind__in=lasting).annotate(
        told_at=Max("notes__at", filter=Q(notes__removed_at=None)),
        since=Coalesce("letter__issued_on", "issue__inspection__issued_on"),
        made_at=F("issue__created_at"),
    )
    for row in _walk(rows, *ANSWER, "told_at", "since", "made_at"):
        begun = row["since"] or local_day(row["made_at"])
        last = local_day(row["told_at"]) if row["told_at"] else begun
        due = last + timedelta(days=rules.limit)
        yield Item(Watch.PERIODIC, "response", row["pk"], due, row["unit_id"],
                   row["deadline_version"])  # fmt: skip


SOURCES: dict[str, Source] = {
    Watch.DEADLINE: deadlines,
    Watch.RECEIPT: receipts,
    Watch.EVIDENCE: evidence,
    Watch.REVIEW: reviews,
    Watch.EXTENSION: extensions,
    Watch.EXPIRING: expiring,
    Watch.PERIODIC: periodic,
}
