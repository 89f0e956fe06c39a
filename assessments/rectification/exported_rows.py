"""The lines of the official sheets, from the answers that a person may see.

Inspection by inspection, answers, measures and proof come from the database side by side, each
issue by issue: a handful of queries however many rows, and a few thousand rows in memory. That is
the order of indexes (of answers `response_region_issue`), so that nothing long has to be sorted.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Case, CharField, Q, QuerySet, When
from django.db.models.functions import Cast

from assessments.rectification.annex_sheet import AnnexRow
from assessments.rectification.feedback_sheets import FeedbackRow
from assessments.rectification.models import Issue, ResponseProofQuerySet, UnitResponse
from assessments.rectification.sheet_rows import CommonRow, LedgerRow
from assessments.rectification.states import State
from lawgov.accounts.actors import Actor

CLOSED = frozenset({State.CLOSED, State.LOOK_BACK})
CHUNK = 2_000  # rows fetched at a time

# Where a row stands in its inspection. The order of units inside an issue is made here: the
# database would sort the long texts with it.
PLACE = ("issue_id", "unit__order", "unit_id")
_READ = (
    *("issue__number", "issue__category", "issue__text", "issue__requirement", "issue__remark"),
    *("unit__name", "person", "deadline_text", "deadline_kind", "deadline_date"),
    *("result", "progress", "state", "closed_on"),
)
_DAYS = ("deadline_date", "closed_on")
_issue, _place = itemgetter(0), itemgetter(0, 1, 2)
_NO_MORE: tuple[int, tuple] = (sys.maxsize, ())  # behind every issue


def ledger_rows(answers: QuerySet) -> Iterator[LedgerRow]:
    """One row per answer, in the order of inspections, issues and units.

    One query for the inspections and three for each, however many rows.
    """
    for inspection, part in _by_inspection(answers):
        yield from _rows_of(part, _measures(inspection), _proofs(inspection))


def _by_inspection(answers: QuerySet) -> Iterator[tuple[int, QuerySet]]:
    """The answers of each inspection that are not withdrawn, unordered."""
    answers = answers.exclude(state=State.WITHDRAWN).order_by()
    for inspection in sorted(answers.values_list("issue__inspection_id", flat=True).distinct()):
        yield inspection, answers.filter(issue__inspection=inspection)


def _rows_of(answers: QuerySet, measures: _Beside, proofs: _Beside) -> Iterator[LedgerRow]:
    # Days come as text, of which each is understood once: Django would parse every one anew.
    read = [Cast(name, CharField()) if name in _DAYS else name for name in _READ]
    rows = answers.order_by("issue_id").values_list(*PLACE, *read).iterator(chunk_size=CHUNK)
    # fmt: off
    for (
        issue, _, unit_id, number, category, text, requirement, remark, unit, person,
        deadline_text, deadline_kind, deadline, result, progress, state, closed_on,
    ) in _in_place(rows):
        # fmt: on
        yield LedgerRow(
            _number(number),
            unit,
            category,
            text,
            requirement,
            measures.of(issue, unit_id),
            _split(person),
            deadline_text,
            deadline_kind,
            _day(deadline),
            result or progress,
            "、".join(proofs.of(issue, unit_id)),
            state in CLOSED,
            _day(closed_on),
            remark,
        )


def _in_place(rows: Iterable[tuple]) -> Iterator[tuple]:
    """Rows that come issue by issue, the units of each in their order."""
    for _, answers in groupby(rows, key=_issue):
        yield from sorted(answers, key=_place)


class _Beside:
    """Texts that stand beside answers: read along with them, both issue by issue.

    Rows are (issue, unit, what gives the order, …, text).
    """

    def __init__(self, rows: QuerySet) -> None:
        self._groups = groupby(rows.iterator(chunk_size=CHUNK), key=_issue)
        self._at = -1
        self._rows: list[tuple] = []

    def of(self, issue: int, unit: int) -> tuple[str, ...]:
        """The texts of one unit's answer; those of issues before are passed over."""
        while self._at < issue:
            self._at, rows = next(self._groups, _NO_MORE)
            self._rows = sorted(rows)
        if self._at != issue:
            return ()
        return tuple([row[-1] for row in self._rows if row[1] == unit])


def _measures(inspection: int) -> _Beside:
    """Measures in force of all answers, which costs less than asking whose are wanted."""
    in_force = Q(measures__isnull=False, measures__removed_at=None)
    order = ("measures__unit_id", "measures__order", "measures__pk")
    return _beside(inspection, in_force, *order, "measures__text")


def _proofs(inspection: int) -> _Beside:
    """Titles of the proof in force of all answers."""
    proofs = "responses__proofs__"
    in_force = Q(responses__proofs__isnull=False) & ResponseProofQuerySet.counts(proofs)
    place = ("responses__unit_id", f"{proofs}pk")
    return _beside(inspection, in_force, *place, f"{proofs}evidence__title")


def _beside(inspection: int, wanted: Q, *columns: str) -> _Beside:
    """Columns beside the issues of an inspection, in the order of the issues' own table.

    In that of any other table SQLite would sort them, and hold the texts of all for it.
    """
    issues = Issue.objects.filter(wanted, inspection=inspection).order_by("pk")
    return _Beside(issues.values_list("pk", *columns))


def common_rows(actor: Actor) -> list[CommonRow]:
    """The common issues that the actor may see, each once."""
    seen = UnitResponse.objects.visible_to(actor)
    return _common(Issue.objects.visible_to(actor).filter(kind=Issue.Kind.COMMON), seen)


def common_rows_of(answers: QuerySet) -> list[CommonRow]:
    """The issues of these answers, each once."""
    return _common(Issue.objects.filter(pk__in=answers.order_by().values("issue")), answers)


def _common(issues: QuerySet, answers: QuerySet) -> list[CommonRow]:
    """Whom an issue concerns as it was written (各责任单位), else the units that answer to it."""
    listed = list(issues.order_by("inspection", "pk"))
    nameless = [issue.pk for issue in listed if not issue.addressed_text]
    units = _units_of(nameless, answers) if nameless else {}
    return [
        CommonRow(
            number=_number(issue.number),
            category=issue.category,
            text=issue.text,
            units=_split(issue.addressed_text) or tuple(units.get(issue.pk, ())),
            requirement=issue.requirement,
            deadline_text=issue.deadline_text,
            deadline_kind=issue.deadline_kind,
            deadline_date=issue.deadline_date,
            remark=issue.remark,
        )
        for issue in listed
    ]


def _units_of(issues: Sequence[int], answers: QuerySet) -> dict[int, list[str]]:
    """Names of the units by issue, in their order."""
    found = defaultdict(list)
    rows = answers.exclude(state=State.WITHDRAWN).filter(issue__in=issues)
    names = rows.order_by("unit__order", "unit_id").values_list("issue_id", "unit__name")
    for issue, name in names:
        found[issue].append(name)
    return found


def feedback_rows(answers: QuerySet) -> list[FeedbackRow]:
    """One row per opinion or problem, its answers taken together; queries as `ledger_rows`."""
    return [
        row
        for inspection, part in _by_inspection(answers)
        for row in _feedback_of(part, _measures(inspection))
    ]


def _feedback_of(answers: QuerySet, measures: _Beside) -> list[FeedbackRow]:
    leads = _leads(answers)
    rows = answers.order_by(*PLACE).values_list(
        *PLACE, *_READ, "issue__goal", "issue__addressed_text", named=True
    )
    return [
        _together(list(group), measures, leads[issue])
        for issue, group in groupby(rows, key=lambda row: row.issue_id)
    ]


def _together(rows: Sequence[Any], measures: _Beside, leads: Sequence[str]) -> FeedbackRow:
    """The answers to one issue as one row; of several time limits the latest counts."""
    first = rows[0]
    limit = max(rows, key=lambda row: row.deadline_date or date.min)
    units = tuple(row.unit__name for row in rows)
    taken = [measure for row in rows for measure in measures.of(row.issue_id, row.unit_id)]
    return FeedbackRow(
        number=_number(first.issue__number),
        text=first.issue__text,
        goal=first.issue__goal,
        measures=tuple(dict.fromkeys(taken)),
        lead_units=tuple(leads),
        units=(_split(first.issue__addressed_text) or units) if len(rows) > 1 else units,
        persons=tuple(dict.fromkeys(name for row in rows for name in _split(row.person))),
        deadline_text=limit.deadline_text,
        deadline_kind=limit.deadline_kind,
        deadline_date=limit.deadline_date,
        progress=_progress(rows),
        closed=all(row.state in CLOSED for row in rows),
        remark=first.issue__remark,
    )


def _progress(rows: Sequence[Any]) -> str:
    """What the units say; with several each line begins with its unit."""
    said = [(row.unit__name, row.result or row.progress) for row in rows]
    if len(said) == 1:
        return said[0][1]
    return "\n".join(f"{unit}：{text}" for unit, text in said if text)


def _leads(answers: QuerySet) -> dict[int, list[str]]:
    found = defaultdict(list)
    links = Issue.lead_units.through.objects.filter(issue__in=answers.values("issue"))
    for issue, name in links.order_by("unit__order", "pk").values_list("issue_id", "unit__name"):
        found[issue].append(name)
    return found


def annex_rows(answers: QuerySet) -> list[AnnexRow]:
    """The problems of one unit, numbered anew: its individual issues first; one query."""
    individual_first = Case(When(issue__kind=Issue.Kind.INDIVIDUAL, then=0), default=1)
    indicator = "issue__assignment__indicator"
    rows = answers.exclude(state=State.WITHDRAWN).order_by(individual_first, *PLACE)
    values = rows.values_list(*_READ, f"{indicator}__number", f"{indicator}__title", named=True)
    return [
        AnnexRow(
            number=number,
            text=row.issue__text,
            requirement=row.issue__requirement,
            deadline_text=row.deadline_text,
            deadline_kind=row.deadline_kind,
            deadline_date=row.deadline_date,
            indicator=f"{row[-2]}.{row[-1]}" if row[-2] else "",
        )
        for number, row in enumerate(values, 1)
    ]


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() else text


@lru_cache
def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@lru_cache
def _split(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split("、")))
