"""What the checklist is made of: one item an indicator, a total an area, all of it a board."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from indicators.assignments.states import TICKED_OR_LATER, IndicatorState, UnitState
from lawgov.desk.checklist.filters import LED, OWN

# What a click on the tick does from here; elsewhere the tick is shown and stays.
CLICKS = {
    UnitState.NOT_STARTED: "tick",
    UnitState.COLLECTING: "tick",
    UnitState.RETURNED: "tick",
    UnitState.TICKED: "untick",
}


@dataclass(frozen=True, slots=True)
class Work:
    """One unit's part of an indicator; `missing` names the required proof that is not there."""

    pk: int
    state: UnitState
    version: int
    pieces: int
    missing: tuple[str, ...]

    @property
    def ticked(self) -> bool:
        return self.state in TICKED_OR_LATER

    @property
    def click(self) -> str:
        """The edge that a click on the tick takes, "" for none."""
        return CLICKS.get(self.state, "")


@dataclass(frozen=True, slots=True)
class Item:
    """One indicator as its reader sees it.

    `units` counts responsible units, `ticked` those with a tick, both without units that are
    exempt. `state` is the indicator's, or the unit's own where the reader sees one unit only.
    `pieces` are pieces of proof in use, `outside` those dated outside the campaign's evidence
    period, `missing` required pieces that are not there yet, over all units. `work` is the part
    of the unit that the page looks at, None when it has none in it.
    """

    pk: int
    number: int
    title: str
    area: int
    area_title: str
    area_name: str
    group: int
    group_title: str
    points: Decimal
    self_points: Decimal | None
    lead: int | None
    lead_name: str
    due_on: date | None
    due_text: str
    units: int
    ticked: int
    state: IndicatorState | UnitState
    pieces: int
    outside: int
    missing: int
    work: Work | None

    @property
    def done(self) -> bool:
        """What the progress counts: complete, or ticked where the reader sees one unit only."""
        if isinstance(self.state, UnitState):
            return self.state in TICKED_OR_LATER
        return self.state == IndicatorState.COMPLETE

    @property
    def lacking(self) -> int:
        """Required pieces of proof that are still to come; 0 once it is done."""
        return 0 if self.done else self.missing


@dataclass
class AreaTotal:
    """One area 方面 as the page shows it: `done` of `total` indicators, and their points."""

    number: int
    title: str
    short_name: str
    done: int = 0
    total: int = 0
    points: Decimal = Decimal(0)

    def count(self, item: Item) -> None:
        self.done += item.done
        self.total += 1
        self.points += item.points


@dataclass
class Board:
    """Everything on one page.

    `items` pass all filters. `areas` and `total` know only tab and unit, so that progress stays
    what it is while one looks for something. `tabs` counts the indicators of each tab, `leads`
    names the lead units by id.
    """

    items: list[Item] = field(default_factory=list)
    areas: list[AreaTotal] = field(default_factory=list)
    total: AreaTotal = field(default_factory=lambda: AreaTotal(0, "", ""))
    tabs: dict[str, int] = field(default_factory=lambda: {"": 0, LED: 0, OWN: 0})
    leads: dict[int, str] = field(default_factory=dict)

    def count(self, item: Item) -> None:
        self.total.count(item)
        if not self.areas or self.areas[-1].number != item.area:
            self.areas.append(AreaTotal(item.area, item.area_title, item.area_name))
        self.areas[-1].count(item)
