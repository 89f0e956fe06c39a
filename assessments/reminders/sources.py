"""What a rule watches: rows of the place as Items with the day they are due, a query a rule.

Each source gives all that may be owed today and no more: a day beyond the rule's horizon stays
in the database. Which day is a day of reminding, the rules in levels.py say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple

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

ANSWER = ("pk", "unit_id", "deadline_version")
LEAD = "issue__assignment__lead_unit"


class Item(NamedTuple):
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
    checkers: tuple[Post, ...] = ()

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


def _walk(rows: QuerySet, *fields: str) -> Iterator[tuple]:
    return rows.values_list(*fields).iterator(chunk_size=CHUNK)


def deadlines(region: object, today: date, rules: Rules, workdays: Workdays) -> Iterator[Item]:
    rows = _due(region, today + rules.horizon)
    fields = (*ANSWER, "state", "deadline_date", LEAD)
    for pk, unit, version, state, due, lead in _walk(rows, *fields):
        checkers = tuple(issue_checkers(unit, lead)) if state in WITH_CHECKER else ()
        yield Item(Watch.DEADLINE, "response", pk, due, unit, version, checkers)


def receipts(region: object, today: date, rules: Rules, workdays: Workdays) -> Iterator[Item]:
    rows = _answers(region).filter(state=State.ISSUED)
    rows = rows.annotate(since=Coalesce("letter__issued_on", "issue__inspection__issued_on"))
    for pk, unit, version, since in _walk(rows.exclude(since=None), *ANSWER, "since"):
        due = workdays.add(since, rules.limit)
        yield Item(Watch.RECEIPT, "response", pk, due, unit, version)


def evidence(region: object, today: date, rules: Rules, workdays: Workdays) -> Iterator[Item]:
    rows = UnitAssignment.objects.in_region(region).filter(
        state__in=WITH_UNIT, assignment__due_on__lte=today + rules.horizon
    )
    for pk, unit, due in _walk(rows.order_by("pk"), "pk", "unit_id", "assignment__due_on"):
        yield Item(Watch.EVIDENCE, "work", pk, due, unit)


def reviews(region: object, today: date, rules: Rules, workdays: Workdays) -> Iterator[Item]:
    answers = _answers(region).filter(state__in=WITH_CHECKER).exclude(submitted_at=None)
    for pk, unit, version, sent, lead in _walk(answers, *ANSWER, "submitted_at", LEAD):
        due = workdays.add(local_day(sent), rules.limit)
        checkers = tuple(issue_checkers(unit, lead))
        yield Item(Watch.REVIEW, "response", pk, due, unit, version, checkers)
    work = UnitAssignment.objects.in_region(region).exclude(submitted_at=None)
    work = work.filter(state__in=[UnitState.WITH_HEAD, UnitState.WITH_LEAD]).order_by("pk")
    fields = ("pk", "unit_id", "state", "submitted_at", "assignment__lead_unit")
    for pk, unit, state, sent, lead in _walk(work, *fields):
        due = workdays.add(local_day(sent), rules.limit)
        checkers = tuple(work_checkers(unit, lead, state))
        yield Item(Watch.REVIEW, "work", pk, due, unit, 1, checkers)


def extensions(region: object, today: date, rules: Rules, workdays: Workdays) -> Iterator[Item]:
    granted = Extension.objects.filter(
        response=OuterRef("pk"),
        state=Extension.State.APPROVED,
        new_date=OuterRef("deadline_date"),
    )
    rows = _due(region, today + rules.horizon).exclude(state__in=WITH_CHECKER)
    rows = rows.filter(Exists(granted))
    for pk, unit, version, due in _walk(rows, *ANSWER, "deadline_date"):
        yield Item(Watch.EXTENSION, "response", pk, due, unit, version)


def expiring(region: object, today: date, rules: Rules, workdays: Workdays) -> Iterator[Item]:
    used = EvidenceLink.objects.filter(evidence=OuterRef("pk"), removed_at=None)
    rows = Evidence.objects.in_region(region).filter(
        Exists(used), removed_at=None, period_to__range=(today - OVER, today + rules.horizon)
    )
    for pk, due, unit in _walk(rows.order_by("pk"), "pk", "period_to", "unit_id"):
        yield Item(Watch.EXPIRING, "evidence", pk, due, unit)


def periodic(region: object, today: date, rules: Rules, workdays: Workdays) -> Iterator[Item]:
    """Long-term answers, from their last note of progress, else from when they were handed over."""
    lasting = (DeadlineKind.LONG_TERM, DeadlineKind.COMPOUND)
    rows = _answers(region).exclude(state__in=WITH_CHECKER)
    rows = rows.filter(deadline_date=None, deadline_kind__in=lasting).annotate(
        told_at=Max("notes__at", filter=Q(notes__removed_at=None)),
        since=Coalesce("letter__issued_on", "issue__inspection__issued_on"),
        made_at=F("issue__created_at"),
    )
    fields = (*ANSWER, "told_at", "since", "made_at")
    for pk, unit, version, told, since, made in _walk(rows, *fields):
        last = local_day(told) if told else since or local_day(made)
        due = last + timedelta(days=rules.limit)
        yield Item(Watch.PERIODIC, "response", pk, due, unit, version)


SOURCES: dict[str, Source] = {
    Watch.DEADLINE: deadlines,
    Watch.RECEIPT: receipts,
    Watch.EVIDENCE: evidence,
    Watch.REVIEW: reviews,
    Watch.EXTENSION: extensions,
    Watch.EXPIRING: expiring,
    Watch.PERIODIC: periodic,
}
