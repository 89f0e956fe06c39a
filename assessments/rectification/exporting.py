"""The official workbooks of the ledgers, from the answers that a person may see."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import override

from assessments.inspections.models import Inspection
from assessments.rectification.annex_sheet import AnnexHeading, annex_book
from assessments.rectification.exported_rows import (
    annex_rows,
    common_rows,
    common_rows_of,
    feedback_rows,
    ledger_rows,
)
from assessments.rectification.feedback_sheets import LEDGERS, feedback_book, feedback_sheets
from assessments.rectification.models import Issue, Letter, UnitResponse
from assessments.rectification.sheet_rows import MayMove
from assessments.rectification.sheets import LedgerHeading, kind_book, ledger_book, long_ledger
from lawgov.accounts.actors import Actor
from lawgov.holidays.tables import calendar_in_force
from lawgov.spreadsheets import house
from lawgov.spreadsheets.lists import SMALL, write_list
from lawgov.spreadsheets.sheet import Book, Notice, Sheet
from lawgov.spreadsheets.writer import write
from lawgov.units.models import Region


def ledger_workbook(
    region: Region, individual: QuerySet, actor: Actor, *, today: date, created: datetime
) -> Book:
    """Sheet 1 the given answers to individual issues, sheet 2 the common issues, sheet 3 sums.

    Opinions and problems follow as two sheets where there are any. `individual` are answers
    already narrowed to what the actor may see and asked for; withdrawn ones are left out, they are
    no issues any more. Lights compare with `today`. The number of queries does not grow with the
    rows.
    """
    return _official(individual, actor, heading_of(region, actor, today), created)


def _official(
    individual: QuerySet, actor: Actor, heading: LedgerHeading, created: datetime
) -> Book:
    seen = UnitResponse.objects.visible_to(actor)
    more: Sequence[Sheet] = ()
    if seen.filter(issue__kind__in=LEDGERS).exists():
        more = feedback_sheets(
            {kind: feedback_rows(seen.of_kind(kind)) for kind in LEDGERS}, heading
        )
    rows = list(ledger_rows(individual))
    return ledger_book(rows, common_rows(actor), heading, created=created, more=more)


def write_ledger(
    region: Region,
    kind: str,
    answers: QuerySet,
    actor: Actor,
    target: Path,
    *,
    today: date,
    created: datetime,
    narrowed: bool = False,
    report: Callable[[int], None] | None = None,
) -> list[Notice]:
    """Write the workbook of one kind of issues with the given answers, in the way of their number.

    `narrowed` says that they are not all.
    Beyond SMALL answers it is one long sheet without statistics; opinions and problems, which
    stand under merged cells, are always laid out. The individual ledger is the official workbook
    that the command writes, with the common list beside it.
    """
    heading = heading_of(region, actor, today)
    heading = replace(heading, unit=house.handed_in_by(heading.unit, narrowed=narrowed))
    if kind in LEDGERS:
        found = {kind: feedback_rows(answers)}
        return write(feedback_book(found, heading, created=created), target)
    with override(settings.LANGUAGE_CODE):  # sheets are Chinese, whoever asks for them
        heading = replace(heading, kind=str(Issue.Kind(kind).label))
    rows = ledger_rows(answers)
    if answers.count() > SMALL:
        return write_list(long_ledger(heading), rows, target, created=created, report=report)
    if kind == Issue.Kind.INDIVIDUAL:
        return write(_official(answers, actor, heading, created), target)
    listed = common_rows_of(answers) if kind == Issue.Kind.COMMON else ()
    return write(kind_book(list(rows), heading, created=created, issues=listed), target)


def heading_of(region: Region, actor: Actor, today: date) -> LedgerHeading:
    """What stands over the tables: the latest inspection's day and the campaign's settings."""
    inspections = Inspection.objects.in_region(region).select_related("campaign")
    inspection = inspections.order_by("-issued_on", "-pk").first()
    campaign = inspection.campaign if inspection else None
    return LedgerHeading(
        subject=f"{region.name}法治政府建设专项督察",
        unit=actor.unit.name if actor.unit else (campaign.office_name if campaign else ""),
        reported_on=today,
        issued_on=inspection.issued_on if inspection else None,
        near_days=campaign.light_days if campaign else 10,
        may_move=_asked_once(),
    )


def _asked_once() -> MayMove:
    """The calendar in force, read when the first time limit needs it and no more than once."""
    calendar = cache(calendar_in_force)
    return lambda day: calendar().provisional(day)


def annex_workbook(letter: Letter, actor: Actor, *, created: datetime) -> Book:
    """问题清单: what the letter hands over, as far as the actor may see it."""
    answers = UnitResponse.objects.visible_to(actor).filter(letter=letter)
    heading = AnnexHeading(
        subject=letter.inspection.name,
        unit=letter.unit.name,
        issued_on=letter.issued_on,
        letter=str(letter),
        may_move=_asked_once(),
    )
    return annex_book(annex_rows(answers), heading, created=created)
