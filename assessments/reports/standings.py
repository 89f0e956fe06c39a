"""Who stands where at the end of a quarter 季度排序, from the scores that were in force then.

Scores are never overwritten: each knows when it was given and when another took its place. So the
quarter before is counted from the same rows as this one, and both come out the same next year. The
division of work has no such history; it counts as it is today, for both quarters.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from assessments.models import Score
from assessments.reports.quarters import Quarter, after
from assessments.reports.ranking import Tally, change, ranks
from indicators.models import Campaign, UnitAssignment

#: Whose points may make a ranking: nobody is ranked by the points they gave themselves.
SOURCES = (Score.Source.OFFICE, Score.Source.LEAD)


@dataclass(frozen=True)
class Standing:
    """One unit: its rate out of 100 and rank, both None while none of its indicators is scored.

    `scored` of the `indicators` it answers for have a score; `previous` is its rank a quarter ago.
    """

    number: int
    unit: int
    name: str
    rate: Decimal | None
    rank: int | None
    previous: int | None
    scored: int
    indicators: int

    @property
    def change(self) -> str:
        """↑2, ↓1, —, 新; empty for a unit without a rank."""
        return "" if self.rank is None else change(self.rank, self.previous)


@dataclass(frozen=True)
class Ranking:
    """A place's units in order: by rank, equals by the place's own order, unranked ones last.

    `counted_to` is the local day whose end the scores are of; `scored` counts indicators.
    """

    quarter: Quarter
    counted_to: date
    source: Score.Source
    scored: int
    rows: tuple[Standing, ...]

    @property
    def ranked(self) -> int:
        return sum(row.rank is not None for row in self.rows)


Work = tuple[int, int, Decimal]  # unit, assignment, points of the indicator


def ranking(campaign: Campaign, quarter: Quarter, source: Score.Source, today: date) -> Ranking:
    """The units of a campaign at the end of a quarter, or today while it runs; three queries.

    Units are those that answer for an indicator and were not closed by then. Raises ValueError
    for a quarter that has not begun.
    """
    counted_to = quarter.as_of(today)
    if quarter > Quarter.of(today):
        raise ValueError(f"{quarter} has not begun")
    units, works = _works(campaign, counted_to)
    points = _points(campaign, source, counted_to)
    now = _tallies(works, points)
    before = _tallies(works, _points(campaign, source, quarter.previous.end))
    rank = ranks({unit: now[unit].rate for unit in units})
    earlier = ranks({unit: before[unit].rate for unit in units})
    all_of = defaultdict(int)
    for unit, _assignment, _full in works:
        all_of[unit] += 1
    in_order = sorted(units, key=lambda unit: rank.get(unit, len(units) + 1))
    rows = (
        Standing(
            number=number,
            unit=unit,
            name=units[unit],
            rate=now[unit].rate,
            rank=rank.get(unit),
            previous=earlier.get(unit),
            scored=now[unit].scored,
            indicators=all_of[unit],
        )
        for number, unit in enumerate(in_order, 1)
    )
    return Ranking(quarter, counted_to, source, len(points), tuple(rows))


def _works(campaign: Campaign, day: date) -> tuple[dict[int, str], list[Work]]:
    """Names by unit in the place's order, and who answers for what; exempt work is left out."""
    rows = UnitAssignment.objects.filter(assignment__campaign=campaign).counted()
    rows = rows.filter(Q(unit__closed_on=None) | Q(unit__closed_on__gt=day))
    found = rows.order_by("unit__order", "unit").values_list(
        "unit", "unit__name", "assignment", "assignment__points"
    )
    names: dict[int, str] = {}
    works: list[Work] = []
    for unit, name, assignment, full in found:
        names[unit] = name
        works.append((unit, assignment, full))
    return names, works


def _points(campaign: Campaign, source: str, day: date) -> dict[int, Decimal]:
    """Points in force when a local day was over, by assignment; of several rounds the latest."""
    moment = after(day)
    scores = Score.objects.of_indicator().filter(
        Q(superseded_at=None) | Q(superseded_at__gte=moment),
        assignment__campaign=campaign,
        source=source,
        given_at__lt=moment,
    )
    return dict(scores.order_by("round__number", "pk").values_list("assignment", "points"))


def _tallies(works: Iterable[Work], points: Mapping[int, Decimal]) -> dict[int, Tally]:
    """What each unit's scored indicators came to."""
    given: dict[int, list[tuple[Decimal, Decimal]]] = defaultdict(list)
    for unit, assignment, full in works:
        if assignment in points:
            given[unit].append((points[assignment], full))
    zero = Decimal(0)
    found = {
        unit: Tally(sum((o for o, _f in all_), zero), sum((f for _o, f in all_), zero), len(all_))
        for unit, all_ in given.items()
    }
    return defaultdict(lambda: Tally(zero, zero, 0), found)
