"""The calendar in force: what ships, and over it the editions that were entered here.

Every request reads the number of the newest edition together with its membership, so an edition
counts from the next request on and costs no query of its own. Outside of requests it is asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date

from django.db.models import Max, QuerySet, Subquery
from django.db.models.functions import Coalesce

from lawgov.calendars import Workdays, published_rows
from lawgov.holidays.models import HolidayDay, HolidayTable
from lawgov.holidays.reading import DayOff

#: Year → (day, is it worked).
Entered = dict[int, list[tuple[date, bool]]]

#: The number of the newest edition as the running request knows it; empty: not asked yet.
_request: ContextVar[list[int] | None] = ContextVar("holiday_edition", default=None)
#: The one calendar kept in memory, with the number of the newest edition in it.
_kept: tuple[int, Workdays] = (0, Workdays.standard())


def newest() -> Coalesce:
    """The number of the newest edition, 0 for none, for a query that is made anyway."""
    rows = HolidayTable.objects.order_by("-pk").values("pk")[:1]
    return Coalesce(Subquery(rows), 0)


@contextmanager
def one_edition(number: int | None = None) -> Iterator[None]:
    """Within it one edition counts: `number`, as read by `newest`, or what the first look finds."""
    token = _request.set([] if number is None else [number])
    try:
        yield
    finally:
        _request.reset(token)


def calendar_in_force() -> Workdays:
    """The calendar in force. At most one query, three more when an edition is new here."""
    global _kept
    number = _number()
    kept = _kept
    if kept[0] != number:
        kept = _kept = (number, Workdays.with_entered(entered()))
    return kept[1]


def _number() -> int:
    known = _request.get()
    if known:
        return known[0]
    number = HolidayTable.objects.aggregate(newest=Max("pk"))["newest"] or 0
    if known is not None:
        known.append(number)
    return int(number)


def with_year(year: int, days: list[DayOff]) -> Workdays:
    """The calendar in force as it would be with these days for `year`."""
    return Workdays.with_entered(entered() | {year: [(one.day, one.worked) for one in days]})


def entered() -> Entered:
    """What was entered here, the edition in force of each year; two queries."""
    in_force = {table.year: table.pk for table in HolidayTable.objects.order_by("edition")}
    found: Entered = {year: [] for year in in_force}
    rows = HolidayDay.objects.filter(table__in=in_force.values())
    for year, day, worked in rows.values_list("table__year", "day", "worked"):
        found[year].append((day, worked))
    return found


def days_of(year: int) -> list[DayOff]:
    """The exceptions of one year in force, by day, with the names that were entered."""
    table = editions_of(year).first()
    if table is None:
        return [DayOff(day, worked) for day, worked in published_rows() if day.year == year]
    return [DayOff(row.day, row.worked, row.name) for row in table.days.all()]


def editions_of(year: int) -> QuerySet[HolidayTable]:
    """What was entered for a year, the one in force first."""
    return HolidayTable.objects.filter(year=year).order_by("-edition")
