"""Issues with many answers as lines of the ledger: their answers summed up in memory.

There are never many of these (a place has some eight common issues a year), and what a filter
asks of them, worst light and least advanced state, follows from all of their answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from assessments.rectification.deadlines import Light, worst
from assessments.rectification.ledger import DIMENSIONS, LABELS, Cell, labels_of, word
from assessments.rectification.models import Issue
from assessments.rectification.states import PROGRESS, State, issue_state


@dataclass(frozen=True)
class Summed:
    """An issue as its visible answers make it: worst light, least advanced state, done of total.

    `deadline` is the earliest of those still open; `closed_on` the last day, when none is open.
    """

    pk: int
    number: str
    state: State
    light: Light
    done: int
    total: int
    deadline: date | None
    deadline_kind: str
    closed_on: date | None
    values: Mapping[str, frozenset[str]]

    @property
    def due_key(self) -> tuple:
        at_rest = self.light is Light.GREY
        return (at_rest, self.deadline is None, self.deadline or date.max, self.number_key)

    @property
    def number_key(self) -> tuple[int, str]:
        return len(self.number), self.number

    @property
    def state_key(self) -> tuple:
        order = [*PROGRESS, State.WITHDRAWN]
        return (order.index(self.state), *self.due_key)


SUM_SORTS = {"due": "due_key", "number": "number_key", "state": "state_key"}


def summed(rows: QuerySet, today: date, near: int) -> tuple[list[Summed], dict]:
    """Issues summed up from their answers, and labels; two queries."""
    columns = ["issue_id", "issue__number", "deadline_date", "deadline_kind", "closed_on"]
    columns += [*DIMENSIONS.values(), *LABELS.values()]
    found = list(rows.with_light_value(today, near=near).order_by("issue_id").values(*columns))
    by_issue: dict[int, list[dict]] = defaultdict(list)
    for row in found:
        by_issue[row["issue_id"]].append(row)
    leads, labels = _named_leads(by_issue), labels_of(found)
    labels["lead"] |= {str(pk): name for named in leads.values() for pk, name in named}
    return [_sum(pk, answers, leads[pk]) for pk, answers in by_issue.items()], labels


def _named_leads(issues: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    """Lead units that the issues name themselves, beside that of a linked indicator."""
    rows = Issue.lead_units.through.objects.filter(issue__in=list(issues))
    named: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for issue, unit, name in rows.values_list("issue_id", "unit_id", "unit__short_name"):
        named[issue].append((unit, name))
    return named


def _sum(pk: int, answers: list[dict], leads: list[tuple[int, str]]) -> Summed:
    state = issue_state(row["state"] for row in answers)
    shown = worst(Light(row["light_value"]) for row in answers)
    running = [row for row in answers if row["light_value"] != Light.GREY]
    first = min(running, key=lambda row: row["deadline_date"] or date.max, default=None)
    closed = [row for row in answers if row["state"] in (State.CLOSED, State.LOOK_BACK)]
    days = [row["closed_on"] for row in closed if row["closed_on"]]
    values = {name: frozenset(word(row[c]) for row in answers) for name, c in DIMENSIONS.items()}
    values["lead"] |= {str(unit) for unit, _name in leads}
    return Summed(
        pk=pk,
        number=answers[0]["issue__number"],
        state=state,
        light=shown,
        done=len(closed),
        total=sum(row["state"] != State.WITHDRAWN for row in answers),
        deadline=first["deadline_date"] if first else None,
        deadline_kind=first["deadline_kind"] if first else "none",
        closed_on=max(days, default=None) if not running else None,
        values=values | {"state": frozenset([state]), "light": frozenset([shown])},
    )


def sum_cells(issues: Iterable[Summed]) -> list[Cell]:
    return [Cell(one.values, 1) for one in issues]


def matching(issues: Iterable[Summed], chosen: Mapping[str, frozenset[str]]) -> list[Summed]:
    """Issues under all filters; a unit is meant when any of its answers is that unit's."""
    return [one for one in issues if all(v & one.values[name] for name, v in chosen.items())]
