"""What the wizard writes that no single subject has an action for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from indicators.assignments.actions import Share, distribute
from indicators.models import Assignment, Campaign
from lawgov.accounts.actors import Actor
from lawgov.units.actions import create_place
from lawgov.units.models import Region, Unit, UnitGroup
from lawgov.units.resolve import UnitRegister


def found_place(data: dict[str, str], *, actor: Actor, now: datetime) -> Region:
    """Create the place of a RegionForm with the places above it that it names."""
    with transaction.atomic():
        above: Region | None = None
        level = Region.Level(data["level"])
        for upper in (Region.Level.PROVINCE, Region.Level.CITY):
            name = data.get(upper, "").strip()
            if name and level != upper and level != Region.Level.PROVINCE:
                code = f"{data['code']}-{upper}"
                above = create_place(
                    code, name=name, level=upper, parent=above, actor=actor, now=now
                )
        return create_place(
            data["code"], name=data["name"], level=level, parent=above, actor=actor, now=now
        )


def rename_places(region: Region, data: dict[str, str]) -> None:
    """New names for a place and those above it, while nobody works in it yet."""
    place: Region | None = region
    names = {region.level: data["name"], "city": data.get("city"), "province": data.get("province")}
    names[region.level] = data["name"]
    while place:
        if names.get(place.level):
            Region.objects.filter(pk=place.pk).update(name=names[place.level])
        place = place.parent


@dataclass(frozen=True)
class Divided:
    """What the defaults did: indicators given out, and lead types that no unit answers to."""

    changed: int
    unknown: list[str]


def divide_by_default(
    campaign: Campaign, choices: Mapping[int, str], *, actor: Actor, now: datetime
) -> Divided:
    """Give the indicators that nobody owns to units: the lead whose name or alias is the
    edition's type of lead unit, and the units chosen for the area.

    `choices` by id of the area: "" leaves it alone, "lead" is the lead unit only, else the id of
    a group as text.
    """
    register = UnitRegister(campaign.region)
    groups = {
        str(group.pk): [*group.members.filter(closed_on=None)]
        for group in UnitGroup.objects.in_region(campaign.region_id)
    }
    shares, unknown = [], set()
    for row in campaign.assignments.with_tree().unowned():
        choice = choices[row.indicator.group.area_id]
        if not choice:
            continue
        kind = row.indicator.lead_unit_type
        lead = row.lead_unit or _single(register.find(kind))
        if lead is None:
            unknown.add(kind or str(row.indicator))
        shares.append(_share(row, lead, groups.get(choice, [])))
    outcomes = distribute(campaign, shares, actor=actor, now=now)
    changed = sum(outcome.changed for outcome in outcomes)
    return Divided(changed, sorted(unknown))


def _single(units: list[Unit]) -> Unit | None:
    return units[0] if len(units) == 1 else None


def _share(row: Assignment, lead: Unit | None, group: list[Unit]) -> Share:
    units = {unit.pk: unit for unit in [*([lead] if lead else []), *group]}
    present = [work.unit for work in row.unit_assignments.select_related("unit")]
    return Share(row, lead_unit=lead, units=present or list(units.values()))
