"""Who is responsible for which indicator in the demo: by rule, the rest drawn with the seed."""

from __future__ import annotations

import csv
from pathlib import Path
from random import Random

from django.conf import settings

from indicators.assignments.actions import Share
from indicators.models import Assignment, Campaign
from lawgov.units.models import Unit

UNITS_FILE = Path(settings.BASE_DIR) / "fixtures" / "demo-units.csv"


class Duties:
    """The demo's rule over one place's units, in register order. Source: decisions §6."""

    def __init__(self, units: list[Unit], rng: Random) -> None:
        self.units, self.rng = units, rng
        by_code = {unit.code: unit for unit in units}
        with UNITS_FILE.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.leads = [by_code[row["code"]] for row in rows if row["lead"] == "1"]
        self.lead_of = {
            kind: by_code[row["code"]]
            for row in rows
            for kind in row["lead_types"].split(";")
            if kind
        }

    def shares(self, campaign: Campaign) -> list[Share]:
        assignments = campaign.assignments.with_tree()
        return [self._share(assignment) for assignment in assignments]

    def _share(self, assignment: Assignment) -> Share:
        lead = self.lead_of[assignment.indicator.lead_unit_type]
        area = assignment.indicator.group.area.number
        return Share(assignment, lead_unit=lead, units=self._responsible(area, lead))

    def _responsible(self, area: int, lead: Unit) -> list[Unit]:
        kind = Unit.Kind
        townships = [unit for unit in self.units if unit.kind == kind.TOWNSHIP]
        if area == 4:
            return [unit for unit in self.units if unit.enforcement]
        if area in (2, 3):
            return [u for u in self.units if u.kind in (kind.GOVERNMENT, kind.VERTICAL)]
        if area in (6, 7):
            return [lead, *townships]
        if area in (8, 9):
            return self.units
        others = [u for u in self.units if u.kind != kind.TOWNSHIP and u != lead]
        return [lead, *self.rng.sample(others, self.rng.randint(6, 11))]
