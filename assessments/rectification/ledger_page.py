"""What the ledger page shows, and which rows stand before and after one in its order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from assessments.rectification.ledger import (
    BY_ANSWER,
    DEFAULT_SORT,
    SORTS,
    Counts,
    Filters,
    answer_cells,
    answers,
    chosen_answers,
    count,
    tab_counts,
)
from assessments.rectification.models import Issue
from assessments.rectification.queries import LedgerRow, answer_row, light_days, summed_row
from assessments.rectification.sums import SUM_SORTS, Summed, matching, sum_cells, summed
from assessments.rectification.transitions import LEDGER
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action, can
from lawgov.units.models import UnitGroup
from lawgov.web.listing import PAGE_SIZES, Listing, in_order, list_page, number, query_without

NEIGHBOURS = 10_000  # rows of a list that previous and next look through


@dataclass(frozen=True)
class Tab:
    """One ledger of the place: `n` issues, or answers where the ledger lists answers."""

    kind: str
    label: str
    n: int


@dataclass(frozen=True)
class BulkAction:
    """A button of the bulk bar; `asks`: a dialog comes first."""

    label: str
    url: str
    icon: str = ""
    primary: bool = False
    asks: bool = True


# Edges that may be taken for many rows at once, with their icons.
BULK = {
    "accept": "check",
    "check": "eye",
    "close": "check",
    "return": "back",
    "approve_extension": "clock",
    "withdraw": "close",
}


def ledger_context(request: HttpRequest, kind: str, today: date) -> dict[str, Any]:
    actor, filters = request.actor, Filters.of(request.GET)
    near = light_days(actor.region_id)
    by_answer = kind in BY_ANSWER
    make = _answer_list if by_answer else _issue_list
    counts, listing, rows = make(request, kind, filters, today, near)
    tabs = [tab for tab in _tabs(actor) if tab.n or tab.kind in ("individual", "common", kind)]
    total = next((tab.n for tab in tabs if tab.kind == kind), 0)
    return {
        "section": "ledger",
        "today": today,
        "kind": kind,
        "kind_label": Issue.Kind(kind).label,
        "by_answer": by_answer,
        "tabs": tabs,
        "total": total,
        "counts": counts,
        "states": [v for v in counts.facets["state"] if v.n or v.on],
        "filters": filters,
        "listing": listing,
        "rows": rows,
        "groups": UnitGroup.objects.visible_to(actor),
        "actions": bulk_actions(actor, kind) if by_answer else [],
        "near": near,
        "may_record": can(actor, Action.RECORD_ISSUE),
        "import_url": f"{address('imports:new')}?kind=ledger"
        if can(actor, Action.IMPORT_LEDGER)
        else "",
        "export_url": reverse("rectification:export", args=[kind])
        if can(actor, Action.EXPORT)
        else "",
        "export_query": query_without(request.GET, "page", "after"),
        "from_query": f"from={kind}&{query_without(request.GET)}".rstrip("&"),
    }


def _tabs(actor: Actor) -> list[Tab]:
    found = tab_counts(actor)
    return [Tab(kind.value, str(kind.label), found.get(kind, 0)) for kind in Issue.Kind]


def address(name: str, *args: object) -> str:
    """The address of a page that another part brings; empty where it is not installed."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _answer_list(
    request: HttpRequest, kind: str, filters: Filters, today: date, near: int
) -> tuple[Counts, Listing, list[LedgerRow]]:
    actor = request.actor
    cells, labels = answer_cells(answers(actor, kind, filters), today, near)
    counts = count(cells, filters.chosen, labels)
    found = chosen_answers(actor, kind, filters, today, near).with_order()
    listing = list_page(request, found.for_rows(), sorts=SORTS, default=DEFAULT_SORT)
    suffix = f"?from={kind}&{query_without(request.GET)}".rstrip("&")
    rows = [
        answer_row(row, today, near, f"{row.issue.get_absolute_url()}{suffix}")
        for row in listing.rows
    ]
    return counts, listing, rows


def _issue_list(
    request: HttpRequest, kind: str, filters: Filters, today: date, near: int
) -> tuple[Counts, Listing, list[LedgerRow]]:
    actor = request.actor
    issues, labels = summed(answers(actor, kind, filters), today, near)
    counts = count(sum_cells(issues), filters.chosen, labels)
    found = _sorted(request.GET, matching(issues, filters.chosen))
    listing = _cut(request, found)
    shown = Issue.objects.in_bulk([one.pk for one in listing.rows])
    suffix = f"?from={kind}&{query_without(request.GET)}".rstrip("&")
    rows = [
        summed_row(one, shown[one.pk], today, near, f"{shown[one.pk].get_absolute_url()}{suffix}")
        for one in listing.rows
    ]
    return counts, listing, rows


def _sorted(query: QueryDict, issues: list[Summed]) -> list[Summed]:
    key = _sort(query)
    name = SUM_SORTS[key.removeprefix("-")]
    return sorted(issues, key=lambda one: getattr(one, name), reverse=key.startswith("-"))


def _sort(query: QueryDict) -> str:
    sort = query.get("sort", "")
    return sort if sort.removeprefix("-") in SUM_SORTS else DEFAULT_SORT


def _cut(request: HttpRequest, issues: list[Summed]) -> Listing:
    """A page of issues that were sorted in memory; there are never many of these."""
    size = number(request, "per", 50)
    size = size if size in PAGE_SIZES else 50
    pages = max(-(-len(issues) // size), 1)
    page = min(max(number(request, "page", 1), 1), pages)
    rows = issues[(page - 1) * size : page * size]
    query = query_without(request.GET, "page", "after")
    return Listing(rows, len(issues), size, _sort(request.GET), query, page, pages)


def bulk_actions(actor: Actor, kind: str) -> list[BulkAction]:
    """What the actor's role may do with many rows; the first is the filled button."""
    edges = [LEDGER[name] for name in BULK if can(actor, LEDGER[name].action)]
    offered = [
        BulkAction(
            label=str(edge.label),
            url=reverse("rectification:bulk", args=[kind, edge.name]),
            icon=BULK[edge.name],
            primary=position == 0,
        )
        for position, edge in enumerate(edges)
    ]
    if can(actor, Action.REMIND) and (remind := address("reminding:press_many", kind)):
        offered.append(BulkAction(_("催办"), remind, "bell"))
    if can(actor, Action.EXPORT) and kind in BY_ANSWER:
        url = reverse("rectification:export", args=[kind])
        offered.append(BulkAction(_("导出所选"), url, "down", asks=False))
    return offered


@dataclass(frozen=True)
class Neighbours:
    """The rows before and after in the list one came from; `position` counts from 1, 0 if gone."""

    previous: str = ""
    next: str = ""
    position: int = 0
    total: int = 0
    back: str = ""


def neighbours(request: HttpRequest, issue: Issue, today: date, near: int) -> Neighbours:
    """By the list that the address names in `from`, else by the issue's own ledger."""
    named = request.GET.get("from", "")
    kind = named if named in Issue.Kind.values else issue.kind
    query = request.GET.copy() if named == kind else QueryDict(mutable=True)
    query.pop("from", None)
    ids = _ids(request, kind, query, today, near)
    back = f"{reverse('rectification:list', args=[kind])}?{query.urlencode()}".rstrip("?")
    if issue.pk not in ids:
        return Neighbours(total=len(ids), back=back)
    at = ids.index(issue.pk)
    suffix = f"?from={kind}&{query.urlencode()}".rstrip("&") if named == kind else ""
    around = [ids[i] if 0 <= i < len(ids) else None for i in (at - 1, at + 1)]
    links = [f"{reverse('rectification:detail', args=[pk])}{suffix}" if pk else "" for pk in around]
    return Neighbours(links[0], links[1], at + 1, len(ids), back)


def _ids(request: HttpRequest, kind: str, query: QueryDict, today: date, near: int) -> list[int]:
    filters = Filters.of(query)
    if kind not in BY_ANSWER:
        issues, _labels = summed(answers(request.actor, kind, filters), today, near)
        return [one.pk for one in _sorted(query, matching(issues, filters.chosen))]
    rows = chosen_answers(request.actor, kind, filters, today, near).with_order()
    found = in_order(query, rows, sorts=SORTS, default=DEFAULT_SORT)
    return list(found.values_list("issue_id", flat=True)[:NEIGHBOURS])
