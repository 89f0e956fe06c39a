"""Entering the holidays of a year 录入放假安排."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lawgov.accounts.actors import Actor
from lawgov.audit.record import record
from lawgov.errors import StaleState
from lawgov.holidays.models import HolidayDay, HolidayTable
from lawgov.holidays.reading import DayOff
from lawgov.holidays.tables import editions_of


def enter_year(
    year: int, days: Sequence[DayOff], *, source: str, edition: int, actor: Actor, now: datetime
) -> HolidayTable:
    """Put an edition of the year in force; the ones before stay as they were.

    `edition` is the one that the person saw in force, 0 for what ships. Raises StaleState when
    another was entered meanwhile.
    """
    stale = StaleState(_("别人刚录入过这一年，页面已更新"))
    last = editions_of(year).first()
    if (last.edition if last else 0) != edition:
        raise stale
    try:
        with transaction.atomic():
            table = HolidayTable.objects.create(
                year=year,
                edition=edition + 1,
                source=source,
                entered_at=now,
                entered_by=actor.user,
            )
            HolidayDay.objects.bulk_create(
                HolidayDay(table=table, day=one.day, worked=one.worked, name=one.name)
                for one in days
            )
            told = {"year": year, "edition": table.edition, "source": source, "days": len(days)}
            record(actor, "holidays.entered", table, now=now, data=told)
    except IntegrityError:
        raise stale from None
    return table
