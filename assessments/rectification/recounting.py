"""Deadlines counted in working days, counted again when the holidays of a year become known.

Source: deadlines in a year not yet published are provisional, and recomputed when it is entered.
Only a deadline that still is what its letter said moves: not one that was extended or reopened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import pgettext_lazy

from assessments.rectification.models import Issue, UnitResponse
from assessments.rectification.states import AT_REST
from lawgov.accounts.actors import Actor
from lawgov.audit import verbs
from lawgov.audit.record import Event, record_many
from lawgov.calendars import Workdays
from lawgov.chinese.deadlines import read_deadline
from lawgov.notifications.outbox import Notice, post, unit_people
from lawgov.units.models import Region

VERB = "response.recounted"


@dataclass(frozen=True)
class Moved:
    """An answer whose deadline is another day by the new calendar."""

    response: UnitResponse
    old: date
    new: date


def would_move(old: Workdays, new: Workdays) -> list[Moved]:
    """The open answers of all places whose deadline was counted by `old` and differs by `new`.

    One query. What is counted is the text as written, from the day of the letter.
    """
    rows = (
        UnitResponse.objects.exclude(state__in=AT_REST)
        .filter(deadline_version=1, deadline_date__isnull=False, deadline_text__contains="工作日")
        .select_related("issue__inspection__campaign", "unit", "letter", "region")
        .order_by("region_id", "issue_id", "unit_id")
    )
    before, after = _counting(old), _counting(new)
    found = []
    for row in rows:
        day = after(row)
        if day and day != row.deadline_date == before(row):
            found.append(Moved(row, row.deadline_date, day))
    return found


def recount(found: Sequence[Moved], *, year: int, actor: Actor, now: datetime) -> list[Moved]:
    """Move them, place by place, with the trail and a word to the unit; what was moved.

    An answer that somebody changed at the same moment keeps its day and is left out.
    """
    by_region: dict[Region, list[Moved]] = {}
    for one in found:
        by_region.setdefault(one.response.region, []).append(one)
    with transaction.atomic():
        places = [_recount_place(*place, year, actor, now) for place in by_region.items()]
    return [one for place in places for one in place]


def _recount_place(
    region: Region, found: list[Moved], year: int, actor: Actor, now: datetime
) -> list[Moved]:
    done = [one for one in found if _write(one)]
    if not done:
        return []
    _write_issues(done)
    # The chain is the place's own, whoever entered the year.
    by = Actor(actor.user, actor.membership, region, ip=actor.ip, request_id=actor.request_id)
    record_many(by, [_event(one, year) for one in done], now=now)
    post(region, [_notice(one, year) for one in done], now=now)
    return done


def _write(one: Moved) -> bool:
    row = one.response
    same = UnitResponse.objects.filter(pk=row.pk, version=row.version, state=row.state)
    counters = {"version": F("version") + 1, "deadline_version": F("deadline_version") + 1}
    return bool(same.update(deadline_date=one.new, **counters))


def _write_issues(done: Iterable[Moved]) -> None:
    """The issue says the day of its answers; several units of one issue have one deadline."""
    for one in done:
        same = Issue.objects.filter(pk=one.response.issue_id, deadline_date=one.old)
        same.update(deadline_date=one.new, version=F("version") + 1)


def _event(one: Moved, year: int) -> Event:
    row = one.response
    data = {"year": year, "was_on": one.old, "new_date": one.new, "version": row.version + 1}
    data |= {"from": row.state, "to": row.state}
    return Event(VERB, row, row.issue, data)


def _notice(one: Moved, year: int) -> Notice:
    row = one.response
    data = {
        "number": row.issue.number,
        "text": row.issue.title,
        "deadline": one.new.isoformat(),
        "was_on": one.old.isoformat(),
        "year": year,
    }
    return Notice(unit_people(row.unit_id), VERB, row.get_absolute_url(), row, data)


def _counting(workdays: Workdays) -> Callable[[UnitResponse], date | None]:
    """What a text means from the day of a letter; each pair is read once."""
    known: dict[tuple[str, date | None, int], date | None] = {}

    def count(row: UnitResponse) -> date | None:
        inspection = row.issue.inspection
        issued_on = row.letter.issued_on if row.letter else inspection.issued_on
        immediate = inspection.campaign.immediate_days
        key = (row.deadline_text, issued_on, immediate)
        if key not in known:
            known[key] = read_deadline(
                row.deadline_text,
                year=(issued_on or inspection.ends_on).year,
                issued_on=issued_on,
                immediate_days=immediate,
                workdays=workdays,
            ).day
        return known[key]

    return count


verbs.add(
    {VERB: pgettext_lazy("trail", "%(year)s 年放假安排公布，期限由 %(was_on)s 重算为 %(new_date)s")}
)
