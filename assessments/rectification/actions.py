"""Recording an issue 录入问题 and editing it, as long as no unit has it; letters: issuing.py."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from assessments.models import Inspection
from assessments.rectification.models import Issue, UnitResponse
from assessments.rectification.states import State
from indicators.models import Assignment
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action, can
from lawgov.audit.record import record
from lawgov.calendars import local_day
from lawgov.chinese.deadlines import Deadline, read_deadline
from lawgov.errors import GuardFailed, NotAllowed, StaleState
from lawgov.holidays.tables import calendar_in_force
from lawgov.units.models import Unit

# Kinds that are one unit's alone; the others go to every unit concerned.
SINGLE = frozenset({Issue.Kind.INDIVIDUAL, Issue.Kind.DIRECT})
# What a finding gives to columns of the same name.
OWN_COLUMNS = (
    "text", "category", "requirement", "goal", "addressed_text", "found_on", "remark", "assignment",
)  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """What an inspector writes down of one issue; `deadline_text` as written, may be empty."""

    kind: str
    text: str
    units: Sequence[Unit]
    category: str = ""
    requirement: str = ""
    goal: str = ""
    deadline_text: str = ""
    addressed_text: str = ""
    found_on: date | None = None
    remark: str = ""
    assignment: Assignment | None = None
    lead_units: Sequence[Unit] = field(default=())

    @property
    def columns(self) -> dict[str, Any]:
        """The values of the issue's own columns, the deadline apart."""
        return {name: getattr(self, name) for name in OWN_COLUMNS}


# -- recording -------------------------------------------------------------------------------


def record_issue(inspection: Inspection, finding: Finding, *, actor: Actor, now: datetime) -> Issue:
    """Write down an issue with an answer, in state found, for each unit.

    The number is the next of its kind in the inspection. Raises NotAllowed, and GuardFailed for
    no unit at all or for several units of an individual issue.
    """
    demand(actor, Action.RECORD_ISSUE, inspection)
    _check_units(finding)
    deadline = deadline_of(finding.deadline_text, inspection, None, year=local_day(now).year)
    with transaction.atomic():
        Inspection.objects.select_for_update().get(pk=inspection.pk)
        issue = Issue.objects.create(
            inspection=inspection,
            region_id=inspection.region_id,
            kind=finding.kind,
            number=next_number(inspection, finding.kind),
            created_at=now,
            **finding.columns,
            **deadline_columns(deadline),
        )
        issue.lead_units.set(finding.lead_units)
        _add_answers(issue, finding.units)
        if finding.kind in SINGLE:
            inspection.units.add(*finding.units)
        told = {"number": issue.number, "kind": issue.kind, "units": _names(finding.units)}
        record(actor, "issue.found", issue, now=now, data=told)
    return issue


def edit_issue(
    issue: Issue, finding: Finding, *, actor: Actor, now: datetime, version: int
) -> Issue:
    """Change an issue that has not been handed over to any unit yet.

    Units that are no longer named lose their answer, new ones get one. Raises NotAllowed,
    StaleState when it was changed or handed over since, GuardFailed as `record_issue`.
    """
    demand(actor, Action.RECORD_ISSUE, issue)
    _check_units(finding)
    values = finding.columns | deadline_columns(
        deadline_of(finding.deadline_text, issue.inspection, None, year=local_day(now).year)
    )
    with transaction.atomic():
        was = {name: getattr(issue, name) for name in values if name != "assignment"}
        states = issue.responses.select_for_update().values_list("state", flat=True)
        seen = Issue.objects.filter(pk=issue.pk, version=version)
        handed_over = any(state != State.FOUND for state in states)
        if handed_over or not seen.update(**values, version=F("version") + 1):
            raise StaleState(_("已有人处理，页面已更新"))
        _set_answers(issue, finding.units, values)
        issue.lead_units.set(finding.lead_units)
        issue.refresh_from_db()
        told = {"number": issue.number, "units": _names(finding.units), "was": was}
        record(actor, "issue.edited", issue, now=now, data=told)
    return issue


def next_number(inspection: Inspection, kind: str) -> str:
    """One more than the highest whole number among the inspection's issues of this kind."""
    numbers = inspection.issues.filter(kind=kind).values_list("number", flat=True)
    return str(max((int(n) for n in numbers if n.isascii() and n.isdigit()), default=0) + 1)


def deadline_of(
    text: str, inspection: Inspection, issued_on: date | None, *, year: int | None = None
) -> Deadline:
    """What a deadline as written means for an issue of this inspection.

    `issued_on` is the day of the issue's own letter, from which 15个工作日内 and 立行立改 count. An
    issue that has none yet gives None: such a deadline keeps its kind and has no day, also where
    earlier letters of the inspection have gone out. `year` stands in for a missing one.
    """
    return read_deadline(
        text,
        year=year or (issued_on or inspection.ends_on).year,
        issued_on=issued_on,
        immediate_days=inspection.campaign.immediate_days,
        workdays=calendar_in_force(),
    )


def _check_units(finding: Finding) -> None:
    if not finding.units:
        raise GuardFailed(fields={"units": _("还没有选单位")})
    if finding.kind in SINGLE and len(finding.units) > 1:
        raise GuardFailed(fields={"units": _("个性问题只对应一个单位；涉及多个单位的记作共性问题")})


def deadline_columns(deadline: Deadline) -> dict[str, Any]:
    return {
        "deadline_text": deadline.text or "",
        "deadline_kind": deadline.kind,
        "deadline_date": deadline.day,
    }


def _names(units: Iterable[Unit]) -> list[str]:
    return [str(unit) for unit in units]


def _add_answers(issue: Issue, units: Iterable[Unit]) -> None:
    UnitResponse.objects.bulk_create(
        UnitResponse(
            issue=issue,
            region_id=issue.region_id,
            unit=unit,
            deadline_text=issue.deadline_text,
            deadline_kind=issue.deadline_kind,
            deadline_date=issue.deadline_date,
        )
        for unit in units
    )


def _set_answers(issue: Issue, units: Sequence[Unit], values: dict[str, Any]) -> None:
    """Answers of exactly these units, all still in found, with the issue's new deadline."""
    deadline = {name: value for name, value in values.items() if name.startswith("deadline")}
    issue.responses.exclude(unit__in=units).delete()
    issue.responses.update(**deadline, version=F("version") + 1)
    known = set(issue.responses.values_list("unit_id", flat=True))
    for name, value in deadline.items():
        setattr(issue, name, value)
    _add_answers(issue, [unit for unit in units if unit.pk not in known])


def demand(actor: Actor, action: Action, obj: object) -> None:
    if not can(actor, action, obj):
        raise NotAllowed(_("这一步不归你办"))
