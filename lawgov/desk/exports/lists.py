"""What a list page exports: its rows under the filters of its address, as an official sheet.

Every list is one row of `LISTS`; page, API, job, audit trail and tests are drawn from it. The job
carries the filter, asks for the rows anew as the person may see them then, and its file is fetched
by nobody who has lost the right meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext, override

from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.jobs.kinds import JobKind, Outcome, Work, register
from lawgov.spreadsheets import house
from lawgov.spreadsheets.lists import ListSheet, write_list
from lawgov.spreadsheets.sheet import Book
from lawgov.spreadsheets.writer import write
from lawgov.web.listing import narrowed

CHUNK = 2_000  # rows fetched at a time


@dataclass(frozen=True)
class Asked:
    """The address of a list page and who asks: what a page's own filter function reads.

    `narrowed`: the address has filters, so that the sheet is not the whole list.
    """

    actor: Actor
    now: datetime
    GET: QueryDict = field(default_factory=QueryDict)
    narrowed: bool = False

    @property
    def today(self) -> date:
        return local_day(self.now)

    @property
    def unit(self) -> str:
        """Who hands the sheet in, for the unit line."""
        return house.handed_in_by(self.owner, narrowed=self.narrowed)

    @property
    def owner(self) -> str:
        """The unit, else the place."""
        return self.actor.unit.name if self.actor.unit else self.actor.region.name


@dataclass(frozen=True)
class Rows:
    """A plain list: what stands around it, the row objects in their order, how many."""

    sheet: ListSheet
    rows: Iterable[Any]
    total: int


@dataclass(frozen=True)
class ListExport:
    """One list page. `code` stands in the address of its export; any of `actions` opens the page.

    `make` gives the rows of a plain list, or a whole workbook where the list has an official form.
    `which` are parameters of the address that name the list and do not narrow it.
    """

    code: str
    label: str | Promise
    actions: tuple[Action, ...]
    make: Callable[[Asked], Rows | Book]
    which: tuple[str, ...] = ()

    @property
    def job(self) -> str:
        """The code of its kind of job."""
        return f"list_{self.code}"

    @property
    def sentence(self) -> Promise:
        """What the trail says of it."""
        return _told(self.label)

    def run(self, work: Work) -> Outcome:
        """Write the sheet; sheets are Chinese, whoever asks for them."""
        now = timezone.now()
        with override(settings.LANGUAGE_CODE):
            query = QueryDict(work.params.get("query", ""))
            asked = Asked(work.actor, now, query, narrowed(query, *self.which))
            made = self.make(asked)
            if isinstance(made, Book):
                write(made, work.target)
            else:
                total = made.total
                report = lambda done: work.report(done, total)  # noqa: E731 - one word for it
                write_list(made.sheet, made.rows, work.target, created=now, report=report)
            name = f"{asked.owner}{self.label}"
            name = house.dated_name(name, asked.today, narrowed=asked.narrowed)
        return Outcome(filename=name)


def _sentence(label: str | Promise) -> str:
    return gettext("导出%(list)s") % {"list": label}


_told = lazy(_sentence, str)


def in_chunks(rows: QuerySet[Any]) -> Iterable[Any]:
    """Row objects one by one, with what is prefetched, never all at once."""
    return rows.iterator(chunk_size=CHUNK)


def numbered(rows: Iterable[Any]) -> Iterable[tuple[int, Any]]:
    """Rows with the number of their line 序号."""
    return enumerate(rows, 1)


def known(lists: Iterable[ListExport]) -> Mapping[str, ListExport]:
    """The lists by code, each with its kind of job."""
    found = {each.code: each for each in lists}
    for each in found.values():
        first, *others = each.actions
        register(
            JobKind(each.job, each.label, first, each.run, others=tuple(others), repeatable=True)
        )
    return found
