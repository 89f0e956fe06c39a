from datetime import date, timedelta

import pytest
from django.test import RequestFactory

from indicators.models import Assignment
from lawgov.units.models import Unit
from lawgov.web import listing
from lawgov.web.listing import chosen, list_page, number, picked, query_without, search_text
from tests import factories

SORTS = {"name": ["name"], "kind": ["kind", "-order"]}


def get(query: str = ""):
    return RequestFactory().get(f"/?{query}")


@pytest.fixture
def units(db):
    region = factories.make_region()
    for n in range(45):
        kind = "party" if n % 2 else "government"
        factories.make_unit(region, f"第{n:02d}局", kind=kind, order=n)
    return Unit.objects.in_region(region)


def names(page):
    return [unit.name for unit in page.rows]


@pytest.mark.parametrize(
    ("text", "found"),
    [("  水利 ", "水利"), ("a\0b", "ab"), ("长" * 300, "长" * 60), ("", "")],
)
def test_search_text_is_trimmed_and_bounded(text, found):
    assert search_text(RequestFactory().get("/", {"q": text})) == found


@pytest.mark.parametrize("text", ["-1", "1.5", "²", "99999999999999", "1' OR 1=1", ""])
def test_numbers_from_the_address_are_whole_and_small(text):
    assert number(RequestFactory().get("/", {"page": text}), "page", 7) == 7


def test_filter_values_outside_the_list_count_as_none():
    assert chosen(get("state=closed"), "state", ["closed", "found"]) == "closed"
    assert chosen(get("state=evil"), "state", ["closed", "found"]) == ""
    assert chosen(get("area=3"), "area", range(1, 10)) == "3"


def test_empty_parameters_leave_the_address():
    query = get("q=&unit=3&page=2&state=a&state=b").GET
    assert query_without(query, "page") == "unit=3&state=a&state=b"


def test_pages_are_numbered_from_the_sorted_rows(units):
    page = list_page(get("page=2&per=20"), units, sorts=SORTS, default="name")
    assert names(page)[0] == "第20局"
    assert (page.first, page.last, page.total, page.pages) == (21, 40, 45, 3)
    assert (page.previous, page.next) == (1, 3)


@pytest.mark.parametrize(("asked", "shown"), [("99", 3), ("0", 1), ("x", 1), ("-2", 1)])
def test_wrong_page_numbers_give_the_nearest_page(units, asked, shown):
    assert list_page(get(f"page={asked}&per=20"), units, sorts=SORTS, default="name").page == shown


@pytest.mark.parametrize("asked", ["password", "region__secret", "-", "--name", "pk"])
def test_sorting_is_by_allow_list(units, asked):
    page = list_page(get(f"sort={asked}"), units, sorts=SORTS, default="name")
    assert page.sort == "name"


def test_descending_turns_every_column(units):
    up = list_page(get("sort=kind&per=100"), units, sorts=SORTS, default="name")
    down = list_page(get("sort=-kind&per=100"), units, sorts=SORTS, default="name")
    assert names(down) == names(up)[::-1]


def test_page_size_is_one_of_those_offered(units):
    assert list_page(get("per=100000"), units, sorts=SORTS, default="name").size == 50


def test_a_page_costs_two_queries(units, django_assert_num_queries):
    with django_assert_num_queries(2):
        list_page(get("page=2&per=20"), units, sorts=SORTS, default="name")


def test_no_rows(units):
    page = list_page(get(), units.none(), sorts=SORTS, default="name")
    assert (page.first, page.last, page.total) == (0, 0, 0)


# ---------- beyond the numbered pages ----------


@pytest.mark.parametrize("sort", ["name", "-name", "kind", "-kind"])
def test_long_lists_go_on_behind_the_last_row(units, monkeypatch, sort):
    whole = list_page(get(f"sort={sort}&per=100"), units, sorts=SORTS, default="name")
    monkeypatch.setattr(listing, "NUMBERED_ROWS", 10)
    seen, after = [], ""
    while after is not None:
        page = list_page(
            get(f"sort={sort}&per=20&after={after}"), units, sorts=SORTS, default="name"
        )
        assert page.pages == 0
        seen += names(page)
        after = page.after
    assert seen == names(whole)


def test_rows_without_a_value_come_last_both_ways_and_none_is_lost(db, monkeypatch):
    campaign = factories.make_campaign(
        factories.make_region(), factories.make_edition(groups=4, each=8)
    )
    rows = Assignment.objects.filter(campaign=campaign)
    for n, row in enumerate(rows):
        row.due_on = None if n % 3 == 0 else date(2026, 11, 1) + timedelta(days=n % 5)
        row.save()
    monkeypatch.setattr(listing, "NUMBERED_ROWS", 5)
    for sort in ("due", "-due"):
        seen, after = [], ""
        while after is not None:
            query = get(f"sort={sort}&per=20&after={after}")
            page = list_page(query, rows, sorts={"due": ["due_on"]}, default="due")
            seen += page.rows
            after = page.after
        days = [row.due_on for row in seen]
        assert len({row.pk for row in seen}) == len(seen) == 32
        dated = [day for day in days if day]
        assert days == dated + [None] * 11
        assert dated == sorted(dated, reverse=sort == "-due")


def test_a_row_that_left_the_list_starts_it_anew(units, monkeypatch):
    monkeypatch.setattr(listing, "NUMBERED_ROWS", 10)
    page = list_page(get("after=999999"), units, sorts=SORTS, default="name")
    assert names(page)[0] == "第00局"


# ---------- what the bulk bar sends ----------


def test_picked_rows_are_ids_or_the_whole_filter(units):
    some = picked(RequestFactory().post("/", {"pk": ["3", "x", "-1", "5"]}))
    assert some.pks == [3, 5]
    everything = picked(RequestFactory().post("/", {"all": "1", "query": "kind=party", "pk": "3"}))
    assert everything.query["kind"] == "party"
    assert everything.of(units.filter(kind="party")).count() == 22
    first = units.first()
    assert picked(RequestFactory().post("/", {"pk": first.pk})).of(units).get() == first
