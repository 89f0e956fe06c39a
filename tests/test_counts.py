"""A1: what somebody may not see does not show in a count, a total or an order either.

Every page, list and export is read, then the place next door or another unit gets one of
everything, and it is read again: not one character may differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
import time_machine
from django.db.models import Q
from django.utils import timezone

from lawgov.accounts.scoping import Scoped
from tests.matrix.asking import ask, unpacked
from tests.matrix.cases import Case, address, cases
from tests.matrix.fixtures import Principals
from tests.world import World, add_more

#: Numbers of requests, nonces, keys of forms and tokens: new in every answer.
MADE_ANEW = re.compile(r"[A-Za-z0-9_-]{16,}")
#: Whose answers must not move when the other side gets more.
BLIND = [("foreign", "office"), ("foreign", "lead"), ("foreign", "editor"), ("other", "editor")]
#: Where the figure is meant to move, and why.
SHARED = {
    "healthz": "the installation tells machines of the reminders of all places",
}


@pytest.fixture
def still() -> Iterator[None]:
    with time_machine.travel(timezone.now(), tick=False):
        yield


def readable() -> list[Case]:
    return [case for case in cases() if case.route.name not in SHARED]


def seen(world: World, principals: Principals, name: str) -> dict[str, str]:
    """What a principal is shown at each address, without what is made anew in every answer."""
    client = principals[name][1]
    told = {}
    for case in readable():
        answer = ask(case, "GET", client, address(case, world, "own"))
        if answer.status == 200:
            told[str(case)] = MADE_ANEW.sub("-", unpacked(answer.body))
    return told


@pytest.mark.django_db
@pytest.mark.parametrize(("side", "name"), BLIND)
def test_what_is_hidden_moves_no_figure(side, name, world, principals, still) -> None:
    before = seen(world, principals, name)
    assert len(before) > 20
    add_more(world, side)
    after = seen(world, principals, name)
    moved = {case: first_difference(text, after.get(case, "")) for case, text in before.items()}
    assert {case: parts for case, parts in moved.items() if parts} == {}


def first_difference(one: str, two: str) -> tuple[str, str] | None:
    """The text around the first character that differs, in both; None for equal texts."""
    if one == two:
        return None
    pairs = enumerate(zip(one, two, strict=False))
    at = next((place for place, (a, b) in pairs if a != b), min(len(one), len(two)))
    around = slice(max(0, at - 60), at + 60)
    return one[around], two[around]


@pytest.mark.django_db
def test_control_without_the_scope_a_figure_moves(world, principals, still, monkeypatch) -> None:
    monkeypatch.setattr(Scoped, "scope_filter", classmethod(lambda *_args: Q()))
    before = seen(world, principals, "editor")
    add_more(world, "other")
    after = seen(world, principals, "editor")
    assert any(before[case] != after.get(case) for case in before)
