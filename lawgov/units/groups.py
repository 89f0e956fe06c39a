"""Names that stand for many units: the usual ones as a table, kept up as units come and change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from lawgov.units.models import Region, Unit, UnitGroup

Kind = Unit.Kind


@dataclass(frozen=True)
class UsualGroup:
    """A group that every place has; `{here}` in the name is 区, 县 or 市. `rule` is its meaning."""

    name: str
    rule: object
    holds: Callable[[Unit], bool]


# Source: decisions §6. The memberships are data that the office may change by hand.
USUAL = (
    UsualGroup("各责任单位", _("全部单位"), lambda unit: True),
    UsualGroup("全{here}各责任单位", _("全部单位"), lambda unit: True),
    UsualGroup("{here}直各单位", _("镇街以外的单位"), lambda unit: unit.kind != Kind.TOWNSHIP),
    UsualGroup(
        "{here}政府各部门",
        _("政府部门和垂管单位"),
        lambda unit: unit.kind in (Kind.GOVERNMENT, Kind.VERTICAL),
    ),
    UsualGroup("各镇（街道）", _("镇街"), lambda unit: unit.kind == Kind.TOWNSHIP),
    UsualGroup("各行政执法单位", _("行政执法单位"), lambda unit: unit.enforcement),
)


def place_word(region: Region) -> str:
    """区, 县 or 市, as the place calls itself in 区直各单位."""
    last = region.name[-1:]
    return last if last in "区县市旗" and last else "区"


def usual_name(group: UsualGroup, region: Region) -> str:
    return group.name.format(here=place_word(region))


def sort_into_groups(region: Region, units: Iterable[Unit]) -> None:
    """Put `units` into the usual groups where they belong and out of the others.

    Units not named keep what the office gave them by hand; groups with other names too. A usual
    group that is not there is made; one that the office renamed is made anew.
    """
    moved = list(units)
    if not moved:
        return
    names = {usual_name(group, region): group for group in USUAL}
    known = set(UnitGroup.objects.in_region(region).values_list("name", flat=True))
    UnitGroup.objects.bulk_create(
        UnitGroup(region=region, name=name) for name in names if name not in known
    )
    rows = UnitGroup.objects.in_region(region).filter(name__in=names)
    through = UnitGroup.members.through
    through.objects.filter(unitgroup__in=rows, unit__in=moved).delete()
    through.objects.bulk_create(
        through(unitgroup_id=row.pk, unit_id=unit.pk)
        for row in rows
        for unit in moved
        if unit.closed_on is None and names[row.name].holds(unit)
    )
