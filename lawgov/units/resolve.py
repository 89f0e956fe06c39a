"""Unit names as offices write them → units of the register, aliases and groups included."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from lawgov.units.models import Region, Unit, UnitAlias, UnitGroup

NEAR = 0.5  # share of common characters from which a name may be meant; our default


def normalise(name: str) -> str:
    """The form under which names are compared: NFKC, without blanks and outer brackets' width."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def unknown_names(names: Iterable[str]) -> str:
    """What is said of names that nobody answers to, with the two ways out."""
    text = _("单位库里没有「%(names)s」，请改成单位全称，或先在单位库里加别名")
    return text % {"names": _("」「").join(names)}


@dataclass
class Resolved:
    """`units` in the order named, each once; `unknown` the names nobody answers to."""

    units: list[Unit] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


class UnitRegister:
    """All names of one place's units, read in four queries and asked many times."""

    def __init__(self, region: Region, also: Mapping[str, int] | None = None) -> None:
        """`also` are further names for now, with the ids of the units they stand for."""
        self.region = region
        self._single: dict[str, Unit] = {}
        self._many: dict[str, list[Unit]] = {}
        units = {unit.pk: unit for unit in Unit.objects.in_region(region)}
        for alias in UnitAlias.objects.filter(region=region):
            self._single[normalise(alias.name)] = _in_office(units[alias.unit_id], units)
        # Full names win over aliases, whatever somebody entered as an alias.
        for unit in units.values():
            for name in (unit.short_name, unit.name):
                self._single[normalise(name)] = _in_office(unit, units)
        for name, pk in (also or {}).items():
            if pk in units:
                self._single.setdefault(normalise(name), _in_office(units[pk], units))
        for group in UnitGroup.objects.in_region(region).prefetch_related("members"):
            members = sorted(group.members.all(), key=lambda unit: (unit.order, unit.pk))
            self._many[normalise(group.name)] = members

    def find(self, name: str) -> list[Unit]:
        """The units that `name` stands for: one, the members of a group, or none."""
        key = normalise(name)
        unit = self._single.get(key) or self._without_region(key)
        if unit:
            return [unit]
        return self._many.get(key, [])

    def is_group(self, name: str) -> bool:
        """Whether `name` stands for a group, be it one without members."""
        return normalise(name) in self._many

    def resolve(self, names: list[str]) -> Resolved:
        found = Resolved()
        for name in names:
            units = self.find(name)
            if not units:
                found.unknown.append(name)
            found.units += [unit for unit in units if unit not in found.units]
        return found

    def nearest(self, name: str) -> Unit | None:
        """The unit whose name is most like `name`, where one is rather alike; a guess to be
        offered, never to be taken without asking."""
        key = normalise(name).removeprefix(normalise(self.region.name))
        score, best = NEAR, None
        for known, unit in self._single.items():
            alike = SequenceMatcher(None, key, known, autojunk=False)
            if alike.real_quick_ratio() > score and (ratio := alike.ratio()) > score:
                score, best = ratio, unit
        return best

    def _without_region(self, key: str) -> Unit | None:
        """曾都区司法局 names 区司法局 and 司法局 in 曾都区."""
        place = normalise(self.region.name)
        if not key.startswith(place):
            return None
        rest = key.removeprefix(place)
        return self._single.get(rest) or self._single.get(place[-1] + rest)


def _in_office(unit: Unit, units: dict[int, Unit]) -> Unit:
    """The unit itself, or whoever took over its work when it was merged away."""
    seen = {unit.pk}
    while unit.successor_id in units and unit.successor_id not in seen:
        unit = units[unit.successor_id]
        seen.add(unit.pk)
    return unit
