"""The decomposition sheet 任务分解表 of a place, filled or blank, from what a person may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from django.db.models import QuerySet

from indicators.assignments.models import Assignment, UnitAssignment
from indicators.assignments.sheets import (
    AssignmentHeading,
    AssignmentRow,
    assignment_book,
    blank_assignment_book,
)
from indicators.campaigns.models import Campaign
from lawgov.accounts.actors import Actor
from lawgov.spreadsheets import house
from lawgov.spreadsheets.sheet import Book
from lawgov.units.models import Unit, UnitGroup


def assignment_workbook(
    campaign: Campaign,
    assignments: QuerySet,
    actor: Actor,
    *,
    today: date,
    created: datetime,
    narrowed: bool = False,
) -> Book:
    """The given indicators with who answers for them; without any, the blank form.

    `narrowed` says that they are not all. The number of queries does not grow with the rows.
    """
    rows = assignment_rows(campaign, assignments)
    heading = _heading(campaign, actor, today)
    heading = replace(heading, unit=house.handed_in_by(heading.unit, narrowed=narrowed))
    make = assignment_book if rows else blank_assignment_book
    return make(rows, heading, created=created)


def blank_workbook(campaign: Campaign, actor: Actor, *, created: datetime) -> Book:
    """The form to be filled in: the campaign's indicators, nobody's name."""
    rows = assignment_rows(campaign, Assignment.objects.filter(campaign=campaign))
    return blank_assignment_book(rows, _heading(campaign, actor, None), created=created)


def assignment_rows(campaign: Campaign, assignments: QuerySet) -> list[AssignmentRow]:
    """One row per indicator, in the order of the framework; four queries."""
    listed = list(assignments.with_tree().order_by("indicator__number"))
    units = units_as_written(campaign, [assignment.pk for assignment in listed])
    return [
        AssignmentRow(
            number=assignment.indicator.number,
            area=assignment.indicator.group.area.title,
            group=assignment.indicator.group.title,
            title=assignment.indicator.title,
            points=assignment.points,
            method=assignment.indicator.method,
            lead_unit=assignment.lead_unit.name if assignment.lead_unit else "",
            units=tuple(units.get(assignment.pk, ())),
            due_text=assignment.due_text,
            due_on=assignment.due_on,
            remark=assignment.remark,
        )
        for assignment in listed
    ]


def units_as_written(campaign: Campaign, assignments: Iterable[int]) -> dict[int, list[str]]:
    """Responsible units by indicator in their order; a group's name where exactly its members
    are meant.
    """
    works = UnitAssignment.objects.filter(assignment__in=list(assignments))
    members, names = defaultdict(list), defaultdict(list)
    order = works.order_by("unit__order", "unit_id")
    for pk, unit, name in order.values_list("assignment_id", "unit_id", "unit__short_name"):
        members[pk].append(unit)
        names[pk].append(name)
    groups = {
        frozenset(unit.pk for unit in group.members.all()): group.name
        for group in UnitGroup.objects.in_region(campaign.region).prefetch_related("members")
    }
    return {
        pk: [groups[key]] if (key := frozenset(units)) in groups else names[pk]
        for pk, units in members.items()
    }


def _heading(campaign: Campaign, actor: Actor, day: date | None) -> AssignmentHeading:
    units = Unit.objects.in_region(campaign.region).filter(closed_on=None)
    return AssignmentHeading(
        place=campaign.region.name,
        edition=campaign.edition.name,
        unit=actor.unit.name if actor.unit else campaign.office_name,
        filled_on=day,
        leads=tuple(units.order_by("order", "pk").values_list("name", flat=True)),
    )
