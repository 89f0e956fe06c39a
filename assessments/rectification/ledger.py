"""The ledger page 整改台账: what the address asks for, the counts beside it, and its rows.

One GROUP BY gives all counts: a cell is a combination of state, light, unit and so on with its
number of rows; each facet is counted from the cells under the other filters. Individual issues
are listed as answers; common ones, opinions and problems as issues with their answers summed up.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from assessments.rectification.deadlines import Light, worst
from assessments.rectification.models import Issue, UnitResponse
from assessments.rectification.states import PROGRESS, State, issue_state
from lawgov.accounts.actors import Actor
from lawgov.units.models import Unit
from lawgov.web.listing import SEARCH_LENGTH

# One answer each, or one line that many units answer to.
BY_ANSWER = frozenset({Issue.Kind.INDIVIDUAL, Issue.Kind.DIRECT})

AREA = "issue__assignment__indicator__group__area"
# Name in the address → where it stands; these are counted, and combine.
DIMENSIONS = {
    "state": "state",
    "light": "light_value",
    "category": "issue__category",
    "unit_kind": "unit__kind",
    "unit": "unit_id",
    "inspection": "issue__inspection_id",
    "area": f"{AREA}__number",
}
LABELS = {
    "unit": "unit__short_name",
    "inspection": "issue__inspection__name",
    "area": f"{AREA}__title",
}
FIXED = {
    "state": {state.value: state.label for state in [*PROGRESS, State.WITHDRAWN]},
    "light": {"r": _("已逾期"), "y": _("临近到期"), "g": _("期限内"), "x": _("已办结")},
    "unit_kind": dict(Unit.Kind.choices),
}
SORTS = {
    "due": ["at_rest", "deadline_date", "number_length", "issue__number"],
    "number": ["number_length", "issue__number"],
    "unit": ["unit__order", "number_length", "issue__number"],
    "state": ["state_rank", "deadline_date"],
}
DEFAULT_SORT = "due"


@dataclass(frozen=True)
class Filters:
    """What the address asks for. `chosen` maps a dimension to its values, empty ones left out.

    `q` and `person` are texts, `group` and `lead` ids of a group of units and of a lead unit.
    """

    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    q: str = ""
    person: str = ""
    group: int | None = None
    lead: int | None = None

    @classmethod
    def of(cls, query: QueryDict) -> Filters:
        chosen = {name: frozenset(filter(None, query.getlist(name)[:50])) for name in DIMENSIONS}
        return cls(
            chosen={name: values for name, values in chosen.items() if values},
            q=_text(query.get("q", "")),
            person=_text(query.get("person", "")),
            group=_id(query.get("group", "")),
            lead=_id(query.get("lead", "")),
        )

    @property
    def any(self) -> bool:
        return self != Filters()


def _text(value: str) -> str:
    return value.replace("\0", "").strip()[:SEARCH_LENGTH]


def _id(value: str) -> int | None:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 18 else None


# -- rows under the filters --------------------------------------------------------------------


def answers(actor: Actor, kind: str, filters: Filters) -> QuerySet:
    """Answers of this kind that the actor may see, under the filters that are not counted."""
    rows = UnitResponse.objects.visible_to(actor).of_kind(kind).matching(filters.q)
    if filters.person:
        rows = rows.filter(person__icontains=filters.person)
    if filters.group:
        rows = rows.filter(unit__groups=filters.group)
    if filters.lead:
        named = Issue.lead_units.through.objects.filter(unit=filters.lead).values("issue")
        linked = Q(issue__assignment__lead_unit=filters.lead)
        rows = rows.filter(linked | Q(issue__in=named))
    return rows


def chosen_answers(actor: Actor, kind: str, filters: Filters, today: date, near: int) -> QuerySet:
    """The same, under all filters; `near` is the campaign's `light_days`."""
    rows = answers(actor, kind, filters).with_light_value(today, near=near)
    for name, values in filters.chosen.items():
        known = [value for value in values if _fits(name, value)]
        rows = rows.filter(**{f"{DIMENSIONS[name]}__in": known})
    return rows


def _fits(name: str, value: str) -> bool:
    """Whether a value from the address can stand in the column at all."""
    return name not in ("unit", "inspection", "area") or _id(value) is not None


# -- counts -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """Rows that agree in every dimension; a common issue has all values of its answers."""

    values: Mapping[str, frozenset[str]]
    n: int


@dataclass(frozen=True)
class Choice:
    """One value of a facet: how many rows it would give under the other filters."""

    value: str
    label: Any
    n: int
    on: bool


@dataclass(frozen=True)
class Counts:
    """`matching` rows under all filters, of `total`; `facets` by dimension, in their order."""

    matching: int
    total: int
    facets: Mapping[str, list[Choice]]


def count(
    cells: Iterable[Cell], chosen: Mapping[str, frozenset[str]], labels: Mapping[str, Mapping]
) -> Counts:
    """Count every facet under the other filters, in one pass over the cells.

    A cell that fails one filter still counts for that filter's own facet.
    """
    counters: dict[str, Counter] = {name: Counter() for name in DIMENSIONS}
    known: dict[str, set[str]] = {name: set() for name in DIMENSIONS}
    matching = total = 0
    for cell in cells:
        failing = [name for name, wanted in chosen.items() if not wanted & cell.values[name]]
        total += cell.n
        matching += 0 if failing else cell.n
        for name, values in cell.values.items():
            known[name] |= values
            if not failing or failing == [name]:
                counters[name].update(dict.fromkeys(values, cell.n))
    facets = {
        name: _facet(name, known[name], counter, chosen.get(name, frozenset()), labels)
        for name, counter in counters.items()
    }
    return Counts(matching, total, facets)


def _facet(
    name: str,
    known: set[str],
    counter: Counter,
    on: frozenset[str],
    labels: Mapping[str, Mapping],
) -> list[Choice]:
    """Fixed values in their own order; the rest by count, the largest first."""
    names = FIXED.get(name) or labels.get(name) or {}
    values = [value for value in known if value]
    if name in FIXED:
        order = [*FIXED[name]]
        values = sorted({*values, *(set(order) & on)}, key=order.index)
    else:
        values.sort(key=lambda value: (-counter[value], str(names.get(value, value))))
    return [Choice(v, names.get(v, v), counter[v], v in on) for v in values]


def answer_cells(rows: QuerySet, today: date, near: int) -> tuple[list[Cell], dict]:
    """Cells and labels of answers: one GROUP BY, whatever the number of rows."""
    columns = [*DIMENSIONS.values(), *LABELS.values()]
    grouped = rows.with_light_value(today, near=near).order_by().values(*columns)
    found = list(grouped.annotate(n=Count("pk")))
    cells = [
        Cell({name: frozenset([_word(row[c])]) for name, c in DIMENSIONS.items()}, row["n"])
        for row in found
    ]
    return cells, _labels(found)


def _word(value: Any) -> str:
    return "" if value is None else str(value)


def _labels(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        for name, column in LABELS.items():
            labels[name][_word(row[DIMENSIONS[name]])] = row[column]
    return labels


# -- issues with many answers -------------------------------------------------------------------


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
    """Issues summed up from their answers, and labels; one query."""
    columns = ["issue_id", "issue__number", "deadline_date", "deadline_kind", "closed_on"]
    columns += [*DIMENSIONS.values(), *LABELS.values()]
    found = list(rows.with_light_value(today, near=near).order_by("issue_id").values(*columns))
    by_issue: dict[int, list[dict]] = defaultdict(list)
    for row in found:
        by_issue[row["issue_id"]].append(row)
    return [_sum(pk, answers) for pk, answers in by_issue.items()], _labels(found)


def _sum(pk: int, answers: list[dict]) -> Summed:
    state = issue_state(row["state"] for row in answers)
    shown = worst(Light(row["light_value"]) for row in answers)
    running = [row for row in answers if row["light_value"] != Light.GREY]
    first = min(running, key=lambda row: row["deadline_date"] or date.max, default=None)
    closed = [row for row in answers if row["state"] in (State.CLOSED, State.LOOK_BACK)]
    days = [row["closed_on"] for row in closed if row["closed_on"]]
    values = {name: frozenset(_word(row[c]) for row in answers) for name, c in DIMENSIONS.items()}
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
