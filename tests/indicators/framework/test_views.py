"""The framework's pages: the tree with its sums, and loading another edition."""

from __future__ import annotations

import pytest
from django.utils import timezone

from indicators.framework.loader import load_framework
from lawgov.accounts.actors import Actor
from tests.indicators.framework.test_checking import SHIPPED
from tests.people import browser, make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return browser(make_cast().office)


def shipped() -> None:
    actor = Actor.system(None, "test")
    load_framework(SHIPPED.read_bytes(), SHIPPED.name, actor=actor, now=timezone.now())


def test_the_own_edition_is_shown_and_another_on_demand(office):
    own = office.get("/settings/framework/").context
    assert own["shown"].pk == own["own"].pk
    assert not own["unofficial"]
    shipped()
    context = office.get("/settings/framework/?edition=2021").context
    assert (context["shown"].size, context["shown"].total) == (100, 1000)
    assert [entry["size"] for entry in context["areas"]][:3] == [21, 9, 9]
    assert context["unofficial"]
    assert office.get("/settings/framework/?edition=nonsense").context["shown"].pk == own["own"].pk


def test_the_tree_asks_few_queries(office, django_assert_max_num_queries):
    shipped()
    with django_assert_max_num_queries(12):
        office.get("/settings/framework/?edition=2021")


def test_the_pages_are_the_offices():
    cast = make_cast()
    for name, actor in cast.everybody().items():
        expected = 200 if name in ("office", "foreign_office") else 404
        assert browser(actor).get("/settings/framework/").status_code == expected, name
