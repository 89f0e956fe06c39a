"""What a reminder is about, whatever it is: its words, its address, its posts, and if it still
stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Issue, Reminder, UnitResponse
from assessments.rectification.queries import is_provisional
from assessments.rectification.states import OPEN, WITH_CHECKER, State
from assessments.reminders.kinds import Kind, Level
from assessments.reminders.people import Post, issue_checkers, posts, work_checkers
from assessments.reminders.texts import when_text
from indicators.assignments.states import WITH_UNIT, UnitState
from indicators.models import Evidence, UnitAssignment
from lawgov.holidays.tables import calendar_in_force
from lawgov.web.dates import day_text

#: What an answer is reminded of by a day that is not its deadline.
OWN_DAY = (Kind.RECEIPT, Kind.REVIEW, Kind.PERIODIC)


class Subject(Protocol):
    """The questions that a digest asks of any subject."""

    def is_open(self, reminder: Reminder) -> bool: ...
    def posts(self, reminder: Reminder) -> Sequence[Post]: ...
    def due(self, reminder: Reminder) -> date | None: ...
    def values(self, reminder: Reminder, today: date) -> dict[str, str]: ...
    def headline(self, reminder: Reminder) -> str: ...
    def url(self, reminder: Reminder) -> str: ...


def counted_day(reminder: Reminder) -> date:
    """The day that `days` counts from, for what has no day of its own in the database."""
    if reminder.days < 0:
        return reminder.local_day + timedelta(days=reminder.days)
    return calendar_in_force().add(reminder.local_day, reminder.days)


def told_day(day: date | None, today: date, *, provisional: bool = False) -> str:
    """The day as a digest says it; 暂定 where it may still move."""
    if day is None:
        return ""
    text = day_text(day, today)
    return _("暂定 %(day)s") % {"day": text} if provisional else text


def told_when(reminder: Reminder, due: date | None, kind: str = "") -> str:
    """How long there is, or since when it is over."""
    about = due is not None and calendar_in_force().provisional(due)
    return when_text(reminder.days, kind, about=about)


class AnswerSubject:
    """A unit's answer to an issue."""

    def __init__(self, row: UnitResponse) -> None:
        self.row = row

    def is_open(self, reminder: Reminder) -> bool:
        state = self.row.state
        match reminder.kind:
            case Kind.REVIEW:
                return state in WITH_CHECKER
            case Kind.RECEIPT:
                return state == State.ISSUED
        if state not in OPEN or state in WITH_CHECKER:
            return False
        return self.row.deadline_version == reminder.deadline_version

    def posts(self, reminder: Reminder) -> Sequence[Post]:
        assignment = self.row.issue.assignment
        lead = assignment.lead_unit_id if assignment else None
        return posts(reminder.level, self.row.unit_id, issue_checkers(self.row.unit_id, lead))

    def due(self, reminder: Reminder) -> date | None:
        if reminder.kind in OWN_DAY:
            return counted_day(reminder)
        return self.row.deadline_date

    def values(self, reminder: Reminder, today: date) -> dict[str, str]:
        issue, due = self.row.issue, self.due(reminder)
        return {
            "unit": self.row.unit.short_name,
            "number": issue.number,
            "title": issue.title,
            "due": told_day(due, today, provisional=self._may_move(reminder)),
            # A deadline that passes while they check is no delay of theirs.
            "when": told_when(
                reminder, due, reminder.kind if due != self.row.deadline_date else ""
            ),
        }

    def _may_move(self, reminder: Reminder) -> bool:
        """Receipt and review are counted in working days too; a report in calendar days."""
        if reminder.kind not in OWN_DAY:
            return is_provisional(self.row)
        counted = reminder.kind != Kind.PERIODIC
        return counted and calendar_in_force().provisional(counted_day(reminder))

    def headline(self, reminder: Reminder) -> str:
        issue = self.row.issue
        number = f"{issue.number} {issue.text}"
        # Each list of an inspection counts from 1: only individual issues go by the bare number.
        if issue.kind == Issue.Kind.INDIVIDUAL:
            return number
        return f"{issue.get_kind_display()} {number}"

    def url(self, reminder: Reminder) -> str:
        return self.row.get_absolute_url()


class WorkSubject:
    """A unit's work on an indicator."""

    def __init__(self, row: UnitAssignment) -> None:
        self.row = row

    def is_open(self, reminder: Reminder) -> bool:
        if reminder.kind == Kind.REVIEW:
            return bool(self._checkers())
        return self.row.state in WITH_UNIT

    def _checkers(self) -> list[Post]:
        lead = self.row.assignment.lead_unit_id
        return work_checkers(self.row.unit_id, lead, self.row.state)

    def posts(self, reminder: Reminder) -> Sequence[Post]:
        return posts(reminder.level, self.row.unit_id, self._checkers())

    def due(self, reminder: Reminder) -> date | None:
        own = self.row.assignment.due_on
        return own if reminder.kind == Kind.EVIDENCE and own else counted_day(reminder)

    def values(self, reminder: Reminder, today: date) -> dict[str, str]:
        indicator, due = self.row.assignment.indicator, self.due(reminder)
        return {
            "unit": self._party(reminder),
            "number": str(indicator.number),
            "title": indicator.shown_title,
            "due": told_day(due, today),
            "when": told_when(reminder, due, reminder.kind),
        }

    def _party(self, reminder: Reminder) -> str:
        """The unit, and where its work lies when others have to act on it."""
        unit = str(self.row.unit.short_name)
        if reminder.kind != Kind.REVIEW or reminder.level == Level.CHECKER:
            return unit
        lead = self.row.assignment.lead_unit
        if self.row.state != UnitState.WITH_LEAD or lead is None:
            return f"{unit}　{self.row.get_state_display()}"
        return f"{unit}　" + _("待%(lead)s审核") % {"lead": lead.short_name}

    def headline(self, reminder: Reminder) -> str:
        indicator = self.row.assignment.indicator
        told = {"number": indicator.number, "title": indicator.shown_title}
        return _("指标 %(number)s %(title)s") % told

    def url(self, reminder: Reminder) -> str:
        return self.row.get_absolute_url()


class EvidenceSubject:
    """A piece of evidence whose period ends."""

    def __init__(self, row: Evidence) -> None:
        self.row = row

    def is_open(self, reminder: Reminder) -> bool:
        return self.row.removed_at is None and self.row.period_to is not None

    def posts(self, reminder: Reminder) -> Sequence[Post]:
        return posts(reminder.level, self.row.unit_id)

    def due(self, reminder: Reminder) -> date | None:
        return self.row.period_to

    def values(self, reminder: Reminder, today: date) -> dict[str, str]:
        due = self.row.period_to
        return {
            "unit": self.row.unit.short_name,
            "number": self.row.document_number,
            "title": self.row.title,
            "due": told_day(due, today),
            "when": told_when(reminder, due, reminder.kind),
        }

    def headline(self, reminder: Reminder) -> str:
        return _("佐证 %(title)s") % {"title": self.row.title}

    def url(self, reminder: Reminder) -> str:
        return reverse("evidence:preview", args=[self.row.pk])


def told_of(reminder: Reminder) -> Subject:
    if reminder.response:
        return AnswerSubject(reminder.response)
    if reminder.work:
        return WorkSubject(reminder.work)
    return EvidenceSubject(reminder.evidence)
