"""What a reminder is about, whatever it is: its words, its address, its posts, and if it still
stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Reminder, UnitResponse
from assessments.rectification.states import OPEN, WITH_CHECKER, State
from assessments.reminders.kinds import Kind
from assessments.reminders.people import Post, issue_checkers, posts, work_checkers
from assessments.reminders.texts import when_text
from indicators.assignments.states import WITH_UNIT
from indicators.models import Evidence, UnitAssignment
from lawgov.holidays.tables import calendar_in_force
from lawgov.web.dates import day_text


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
        if reminder.kind in (Kind.RECEIPT, Kind.PERIODIC):
            return counted_day(reminder)
        return self.row.deadline_date

    def values(self, reminder: Reminder, today: date) -> dict[str, str]:
        issue, due = self.row.issue, self.due(reminder)
        return {
            "unit": self.row.unit.short_name,
            "number": issue.number,
            "title": issue.title,
            "due": day_text(due, today) if due else "",
            "when": when_text(reminder.days),
        }

    def headline(self, reminder: Reminder) -> str:
        return f"{self.row.issue.number} {self.row.issue.text}"

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
            "unit": self.row.unit.short_name,
            "number": str(indicator.number),
            "title": indicator.shown_title,
            "due": day_text(due, today) if due else "",
            "when": when_text(reminder.days),
        }

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
            "due": day_text(due, today) if due else "",
            "when": when_text(reminder.days),
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
