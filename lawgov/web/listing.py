"""What every list page shares: search text, sort order and pages, all of it in the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.dateparse import parse_date

SEARCH_LENGTH = 60  # characters; longer search texts are cut, never refused
PAGE_SIZES = (20, 50, 100)
NUMBERED_ROWS = 10_000  # above this many rows there are no page numbers, only "next"


@dataclass(frozen=True)
class Listing:
    """One page of a list and what its head and foot say.

    `total` counts all rows under the filters; `first` and `last` are positions counted from 1
    (0 and 0 when empty). `sort` is a key of the view's allow-list, with "-" when descending.
    `query` is the address's query string less the position in the list. Above NUMBERED_ROWS
    `pages` is 0 and `after` names the row that the next page follows (None: there is none).
    """

    rows: list[Any]
    total: int
    size: int
    sort: str
    query: str
    page: int = 1
    pages: int = 0
    after: int | None = None

    @property
    def first(self) -> int:
        return (self.page - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return (self.page - 1) * self.size + len(self.rows)

    @property
    def previous(self) -> int | None:
        return self.page - 1 if self.page > 1 else None

    @property
    def next(self) -> int | None:
        return self.page + 1 if self.page < self.pages else None

    @property
    def sizes(self) -> list[int]:
        return sorted({*PAGE_SIZES, self.size})


def search_text(request: HttpRequest, name: str = "q") -> str:
    """What was typed into the search box: trimmed, NUL removed, at most SEARCH_LENGTH long."""
    return request.GET.get(name, "").replace("\0", "").strip()[:SEARCH_LENGTH]


def chosen(request: HttpRequest, name: str, allowed: Iterable[object]) -> str:
    """The value of a filter, or "" when it is none of the allowed ones."""
    value = request.GET.get(name, "")
    return value if value in set(map(str, allowed)) else ""


def number(request: HttpRequest, name: str, default: int) -> int:
    """A whole number from the address; anything else gives `default`."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


def day(request: HttpRequest, name: str) -> date | None:
    """A day of the address in ISO form; None for anything else."""
    try:
        return parse_date(request.GET.get(name, ""))
    except ValueError:
        return None


def query_without(query: QueryDict, *names: str) -> str:
    """The query string less the named and the empty parameters, in its own order."""
    kept = query.copy()
    for name in {*names, *(key for key in query if not any(query.getlist(key)))}:
        kept.pop(name, None)
    return kept.urlencode()


def narrowed(query: QueryDict, *which: str) -> bool:
    """Whether the address asks for less than a whole list; `which` are the parameters that name
    the list itself (a tab, a quarter)."""
    return bool(query_without(query, "page", "after", "per", "sort", "from", *which))


@dataclass(frozen=True)
class Picked:
    """What the bulk bar sent: `pks` of rows, or everything under the filters of `query`."""

    pks: list[int]
    query: QueryDict | None = None

    def of(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The picked ones of `rows`; with `query` the caller has filtered `rows` by it."""
        return rows if self.query is not None else rows.filter(pk__in=self.pks)


def picked(request: HttpRequest) -> Picked:
    """Read the form of `web/_bulk.html`; at most NUMBERED_ROWS ids are taken."""
    if request.POST.get("all") == "1":
        return Picked([], QueryDict(request.POST.get("query", "")))
    ids = [int(pk) for pk in request.POST.getlist("pk") if pk.isascii() and pk.isdigit()]
    return Picked(ids[:NUMBERED_ROWS])


def list_page(
    request: HttpRequest,
    rows: QuerySet[Any],
    *,
    sorts: Mapping[str, Iterable[str]],
    default: str,
    size: int = 50,
) -> Listing:
    """Sort and cut `rows` by the address; two queries, three beyond NUMBERED_ROWS.

    `sorts` is the allow-list: key in the address → columns; `default` is one of its keys and may
    begin with "-", as may a column; a descending sort turns every column. Rows without a value
    come last either way, on both databases, and the primary key breaks ties. Wrong page numbers
    give the nearest page.
    """
    sort, columns = _order(request.GET, sorts, default)
    per = number(request, "per", size)
    per = per if per in (*PAGE_SIZES, size) else size
    ordered = rows.order_by(*map(_nulls_last, columns))
    pages = Paginator(ordered, per)
    query = query_without(request.GET, "page", "after")
    if pages.count > NUMBERED_ROWS:
        position = _following(rows, columns, number(request, "after", 0))
        found = [*ordered.filter(position)[: per + 1]]
        after = found[per - 1].pk if len(found) > per else None
        return Listing(found[:per], pages.count, per, sort, query, after=after)
    page = pages.get_page(max(number(request, "page", 1), 1))
    found = [*page.object_list]
    return Listing(found, pages.count, per, sort, query, page.number, pages.num_pages)


def in_order(
    query: QueryDict, rows: QuerySet[Any], *, sorts: Mapping[str, Iterable[str]], default: str
) -> QuerySet[Any]:
    """All of `rows` in the order that `list_page` gives them under the address `query`."""
    _sort, columns = _order(query, sorts, default)
    return rows.order_by(*map(_nulls_last, columns))


def _order(
    query: QueryDict, sorts: Mapping[str, Iterable[str]], default: str
) -> tuple[str, list[str]]:
    """The sort that the address names, if it is an allowed one, and its columns."""
    sort = query.get("sort", "")
    if sort.removeprefix("-") not in sorts:
        sort = default
    names = [*sorts[sort.removeprefix("-")], "pk"]
    return sort, [_turned(name, sort.startswith("-")) for name in names]


def _turned(column: str, descending: bool) -> str:
    """`column` with its direction turned when the whole sort is descending."""
    if not descending:
        return column
    return column.removeprefix("-") if column.startswith("-") else f"-{column}"


def _nulls_last(column: str) -> Any:
    name = F(column.removeprefix("-"))
    return name.desc(nulls_last=True) if column.startswith("-") else name.asc(nulls_last=True)


def _following(rows: QuerySet[Any], columns: list[str], after: int) -> Q:
    """The condition of standing behind row `after` in the order of `columns` (keyset paging).

    A row that is gone or no longer under the filters starts the list anew.
    """
    names = [column.removeprefix("-") for column in columns]
    values = rows.filter(pk=after).values_list(*names).first() if after else None
    if values is None:
        return Q()
    behind = Q(pk__in=[])
    for column, name, value in reversed([*zip(columns, names, values, strict=True)]):
        if value is None:
            behind = Q(**{f"{name}__isnull": True}) & behind
            continue
        beyond = Q(**{f"{name}__{'lt' if column.startswith('-') else 'gt'}": value})
        behind = beyond | Q(**{f"{name}__isnull": True}) | (Q(**{name: value}) & behind)
    return behind
