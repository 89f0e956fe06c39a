"""The ledger page 整改台账: what the address asks for, the counts beside it, and its rows.

One GROUP BY gives all counts: a cell is a combination of state, light, unit and so on with its
number of rows; each facet is counted from the cells under the other filters. Individual issues
are listed as answers; common ones, opinions and problems as issues, see sums.py.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from assessments.rectification.models import Issue, UnitResponse
from assessments.rectification.states import PROGRESS, State
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
    "lead": "issue__assignment__lead_unit_id",
}
LABELS = {
    "unit": "unit__short_name",
    "inspection": "issue__inspection__name",
    "area": f"{AREA}__title",
    "lead": "issue__assignment__lead_unit__short_name",
}
# Dimensions that stand as links beside the table; the others are selects in the filter row.
LINKED = ("state", "light", "category", "unit_kind")
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

    `q` and `person` are texts, `group` is the id of a group of units.
    """

    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    q: str = ""
    person: str = ""
    group: int | None = None

    @classmethod
    def of(cls, query: QueryDict) -> Filters:
        chosen = {name: frozenset(filter(None, query.getlist(name)[:50])) for name in DIMENSIONS}
        return cls(
            chosen={name: values for name, values in chosen.items() if values},
            q=_text(query.get("q", "")),
            person=_text(query.get("person", "")),
            group=_id(query.get("group", "")),
        )

    @property
    def any(self) -> bool:
        return self != Filters()

    @property
    def linked(self) -> list[tuple[str, str]]:
        """What was chosen by links, for the hidden fields of the filter form."""
        return [(name, v) for name in LINKED for v in sorted(self.chosen.get(name, ()))]

    @property
    def more(self) -> int:
        """How many of the further conditions 更多条件 are in use."""
        used = [self.person, self.group, *map(self.chosen.get, ("inspection", "area", "lead"))]
        return sum(bool(value) for value in used)


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
    return name not in ("unit", "inspection", "area", "lead") or _id(value) is not None


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
        Cell({name: frozenset([word(row[c])]) for name, c in DIMENSIONS.items()}, row["n"])
        for row in found
    ]
    return cells, labels_of(found)


def word(value: Any) -> str:
    return "" if value is None else str(value)


def labels_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        for name, column in LABELS.items():
            labels[name][word(row[DIMENSIONS[name]])] = row[column]
    return labels


def tab_counts(actor: Actor) -> dict[str, int]:
    """Rows of each ledger that the actor may see: answers of the single kinds, else issues."""
    rows = UnitResponse.objects.visible_to(actor).order_by().values("issue__kind")
    found = rows.annotate(answers=Count("pk"), issues=Count("issue", distinct=True))
    return {
        row["issue__kind"]: row["answers" if row["issue__kind"] in BY_ANSWER else "issues"]
        for row in found
    }
