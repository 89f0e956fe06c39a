"""The lines of the official sheets, from the answers that a person may see.

Answers, measures and proof come from the database side by side, each in the order of inspection,
issue and unit: a handful of queries however many rows, and a few thousand rows in memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Case, QuerySet, When

from assessments.rectification.annex_sheet import AnnexRow
from assessments.rectification.feedback_sheets import FeedbackRow
from assessments.rectification.models import Issue, Measure, ResponseProof
from assessments.rectification.sheet_rows import CommonRow, LedgerRow
from assessments.rectification.states import State
from lawgov.accounts.actors import Actor

CLOSED = frozenset({State.CLOSED, State.LOOK_BACK})
CHUNK = 2_000  # rows fetched at a time

# Where a row stands; measures and proof come in the same order.
PLACE = ("issue__inspection_id", "issue_id", "unit__order", "unit_id")
_READ = (
    *("issue__number", "issue__category", "issue__text", "issue__requirement", "issue__remark"),
    *("unit__name", "person", "deadline_text", "deadline_kind", "deadline_date"),
    *("result", "progress", "state", "closed_on"),
)
Key = tuple[int, int, int, int]


def ledger_rows(answers: QuerySet) -> Iterator[LedgerRow]:
    """One row per answer, in the order of inspections, issues and units; three queries."""
    answers = answers.exclude(state=State.WITHDRAWN).order_by()
    measures, proofs = _measures(answers), _proofs(answers)
    rows = answers.order_by(*PLACE).values_list(*PLACE, *_READ, named=True)
    for row in rows.iterator(chunk_size=CHUNK):
        key = _key(row)
        yield LedgerRow(
            number=_number(row.issue__number),
            unit=row.unit__name,
            category=row.issue__category,
            text=row.issue__text,
            requirement=row.issue__requirement,
            measures=measures.of(key),
            persons=_split(row.person),
            deadline_text=row.deadline_text,
            deadline_kind=row.deadline_kind,
            deadline_date=row.deadline_date,
            progress=row.result or row.progress,
            evidence="、".join(proofs.of(key)),
            closed=row.state in CLOSED,
            closed_on=row.closed_on,
            remark=row.issue__remark,
        )


class _Beside:
    """Texts that stand beside rows: read along with them, both in the order of their keys."""

    def __init__(self, rows: Iterable[tuple]) -> None:
        self._rows = iter(rows)
        self._next = next(self._rows, None)

    def of(self, key: Key) -> tuple[str, ...]:
        """The texts of the row with this key; what belongs to rows before it is passed over."""
        found = []
        while self._next is not None and self._next[:-1] <= key:
            if self._next[:-1] == key:
                found.append(self._next[-1])
            self._next = next(self._rows, None)
        return tuple(found)


def _measures(answers: QuerySet) -> _Beside:
    links = Measure.issues.through.objects.filter(
        issue__in=answers.values("issue"), measure__removed_at=None
    )
    place = ("issue__inspection_id", "issue_id", "measure__unit__order", "measure__unit_id")
    ordered = links.order_by(*place, "measure__order", "measure_id")
    return _Beside(ordered.values_list(*place, "measure__text").iterator(chunk_size=CHUNK))


def _proofs(answers: QuerySet) -> _Beside:
    proofs = ResponseProof.objects.in_force().filter(response__in=answers.values("pk"))
    place = tuple(f"response__{name}" for name in PLACE)
    ordered = proofs.order_by(*place, "pk")
    return _Beside(ordered.values_list(*place, "evidence__title").iterator(chunk_size=CHUNK))


def common_rows(actor: Actor) -> list[CommonRow]:
    """The common issues that the actor may see, each once."""
    return _common(Issue.objects.visible_to(actor).filter(kind=Issue.Kind.COMMON))


def common_rows_of(answers: QuerySet) -> list[CommonRow]:
    """The issues of these answers, each once."""
    return _common(Issue.objects.filter(pk__in=answers.order_by().values("issue")))


def _common(issues: QuerySet) -> list[CommonRow]:
    return [
        CommonRow(
            number=_number(issue.number),
            category=issue.category,
            text=issue.text,
            units=_split(issue.addressed_text),
            requirement=issue.requirement,
            deadline_text=issue.deadline_text,
            deadline_kind=issue.deadline_kind,
            deadline_date=issue.deadline_date,
            remark=issue.remark,
        )
        for issue in issues.order_by("inspection", "pk")
    ]


def feedback_rows(answers: QuerySet) -> list[FeedbackRow]:
    """One row per opinion or problem, its answers taken together; four queries."""
    answers = answers.exclude(state=State.WITHDRAWN).order_by()
    measures, leads = _measures(answers), _leads(answers)
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
    taken = [measure for row in rows for measure in measures.of(_key(row))]
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


def _key(row: Any) -> Key:
    return row.issue__inspection_id, row.issue_id, row.unit__order, row.unit_id


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() else text


def _split(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split("、")))
