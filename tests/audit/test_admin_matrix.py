"""The operator's back office: every one of its pages is absent for everybody but the operator."""

from __future__ import annotations

import re

import pytest
from django.db import transaction
from django.urls import reverse

from tests.matrix.asking import BESIDE, writing
from tests.matrix.fixtures import Principals
from tests.routes import Route, routes

PAGES = [route for route in routes() if route.is_admin]
#: Parts of an address that are no row.
WORDS = {"app_label": "accounts", "content_type_id": 1, "url": "nothing"}


def address(route: Route, principals: Principals) -> str:
    """The page of a row that is there: the operator's own account has number 1 or more."""
    operator = principals["superuser"][0]
    assert operator is not None
    values = {name: WORDS.get(name, operator.user.pk) for name in route.params}
    if route.name.startswith("admin:"):
        return reverse(route.name, kwargs=values)
    return "/" + re.sub(r"<path:\w+>", str(operator.user.pk), route.pattern)


def test_there_are_pages_of_every_kind():
    kinds = {route.name.rpartition("_")[2] for route in PAGES}
    assert {"changelist", "add", "change", "delete", "history"} <= kinds


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_but_the_operator_finds_a_page(method: str, principals: Principals) -> None:
    faults = []
    for route in PAGES:
        path = address(route, principals)
        for name, (_actor, client) in principals.items():
            if name == "superuser":
                continue
            with transaction.atomic(), writing() as wrote:
                answer = getattr(client, method)(path)
                transaction.set_rollback(True)
            sent = answer.status_code == 302 and answer.url.startswith("/login/")
            away = sent and name in ("anonymous", "disabled")
            if not (away or answer.status_code == 404) or wrote - BESIDE:
                faults.append(f"{method} {path} {name}: {answer.status_code} {wrote - BESIDE}")
    assert not faults, "\n".join(faults)


@pytest.mark.django_db
def test_the_operator_finds_them(principals: Principals) -> None:
    """The control: the same addresses are pages for who may open them."""
    client = principals["superuser"][1]
    lists = [route for route in PAGES if route.name.endswith("_changelist")]
    assert lists
    for route in lists:
        assert client.get(address(route, principals)).status_code == 200, route.name
