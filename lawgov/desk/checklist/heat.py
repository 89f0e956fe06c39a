"""Units × areas: how many of its indicators each unit has ticked in each area 热力图."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Issue, UnitResponse
from indicators.assignments.states import TICKED_OR_LATER
from indicators.models import Area, Campaign, UnitAssignment
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action, can
from lawgov.units.models import Unit
from lawgov.web.charts import Cell, Column, Heat


@dataclass(frozen=True)
class Square:
    """One unit in one area: `done` of `total` indicators ticked; total 0: not responsible."""

    area: int
    done: int
    total: int


@dataclass(frozen=True)
class UnitLine:
    """One unit with a square per area, in the order of the areas; `late`: has overdue issues."""

    pk: int
    name: str
    group: str
    squares: tuple[Square, ...]
    late: bool

    @property
    def done(self) -> int:
        return sum(square.done for square in self.squares)

    @property
    def total(self) -> int:
        return sum(square.total for square in self.squares)

    @property
    def share(self) -> float:
        return self.done / self.total if self.total else 0.0


@dataclass(frozen=True)
class HeatMap:
    """Units in groups, in a group from high to low; `areas` are (number, title, short name).

    `linked`: the reader may open the checklist that a square counts.
    """

    areas: tuple[tuple[int, str, str], ...]
    units: tuple[UnitLine, ...]
    linked: bool

    @property
    def groups(self) -> Iterator[tuple[str, list[UnitLine]]]:
        for name, units in groupby(self.units, key=lambda unit: unit.group):
            yield name, [*units]

    def chart(self) -> Heat:
        """For the tag `heat_chart`: each square is a link to the checklist that it counts."""
        url = reverse("indicators:list") if self.linked else ""
        return Heat([short for _number, _title, short in self.areas], [*self._columns(url)])

    def _columns(self, url: str) -> Iterator[Column]:
        for unit in self.units:
            mine = f"{url}?unit={unit.pk}" if url else ""
            cells = [
                Cell(s.done, s.total, f"{url}?area={s.area}&unit={unit.pk}" if url else "")
                for s in unit.squares
            ]
            yield Column(unit.name, unit.group, cells, unit.late, mine)


def heat_map(
    actor: Actor, campaign: Campaign, today: date, action: Action = Action.VIEW_CHECKLIST
) -> HeatMap:
    """The map of what `actor` sees by `action`; 4 statements, however many units.

    Exempt work is left out. Late are units with overdue individual issues.
    """
    areas = Area.objects.filter(edition=campaign.edition_id)
    counted = _counts(actor, campaign, action)
    answers = UnitResponse.objects.in_region(actor.region).overdue(today)
    late = answers.filter(issue__kind=Issue.Kind.INDIVIDUAL).order_by()
    late_units = set(late.values_list("unit", flat=True).distinct())
    named = tuple(areas.values_list("number", "title", "short_name"))
    numbers = [number for number, _title, _short in named]
    units = Unit.objects.filter(region=actor.region_id, pk__in={unit for unit, _area in counted})
    ranked = []
    for unit in units:
        rank, group = _group(unit)
        squares = tuple(Square(n, *counted.get((unit.pk, n), (0, 0))) for n in numbers)
        line = UnitLine(unit.pk, unit.short_name, group, squares, unit.pk in late_units)
        ranked.append((rank, -line.share, unit.order, line))
    ranked.sort(key=lambda entry: entry[:3])
    lines = tuple(line for *_rank, line in ranked)
    return HeatMap(named, lines, can(actor, Action.VIEW_CHECKLIST))


def _counts(
    actor: Actor, campaign: Campaign, action: Action
) -> dict[tuple[int, int], tuple[int, int]]:
    """(unit, area number) → (ticked, all)."""
    works = UnitAssignment.objects.visible_to(actor, action).filter(assignment__campaign=campaign)
    rows = works.counted().order_by()
    rows = rows.values_list("unit_id", "assignment__indicator__group__area__number")
    found = rows.annotate(
        done=Count("pk", filter=Q(state__in=TICKED_OR_LATER)),
        total=Count("pk"),
    )
    return {(unit, area): (done, total) for unit, area, done, total in found}


def _group(unit: Unit) -> tuple[int, str]:
    """Where a unit stands: enforcement units, then others, then townships."""
    if unit.kind == Unit.Kind.TOWNSHIP:
        return 2, _("镇街、园区")
    return (0, _("行政执法单位")) if unit.enforcement else (1, _("党群和其他单位"))
