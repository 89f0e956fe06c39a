"""A4: nothing is written that the caller's form does not name.

Every call that writes is sent a whole good body and beside it a field for each column of each
table. All of these are named as unknown, in the body and in each line of its lists, and nothing
is written.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from rest_framework import serializers

from lawgov.web.rest.bodies import StrictSerializer
from tests.api.bodies import Place, path_of, plausible, who_may
from tests.matrix.asking import BESIDE, UNSAFE, Answer, writing
from tests.matrix.cases import cases
from tests.matrix.fixtures import Principals
from tests.source import modules
from tests.world import World

#: Every name by which a column of ours can be written: `unit` and `unit_id`.
COLUMNS = {
    name
    for model in apps.get_models()
    for field in model._meta.concrete_fields
    for name in (field.name, field.attname, "pk")
}


def places() -> Iterator[Place]:
    """Every call with a body, at the first case that takes it."""
    for case in cases():
        bodies = getattr(case.route.cls, "bodies", {})
        for method, action in case.route.actions.items():
            if method.upper() in UNSAFE and action in bodies:
                yield Place(case, method, action, "")


PLACES = [*places()]
#: An office enters the calendar only where its place is alone, and the world has several.
NOBODYS = {"calendar"}
TAKEN = [place for place in PLACES if place.subject not in NOBODYS]


def test_all_calls_are_here():
    assert len(PLACES) > 80 and len(COLUMNS) > 200


def fields_of(place: Place) -> dict[str, serializers.Field]:
    return place.endpoint.bodies[place.action]().fields


def send(place: Place, body: dict[str, Any], world: World, principals: Principals) -> Answer:
    given: dict[str, Any] = {"data": body}
    if place.action not in place.endpoint.uploads:
        given |= {"data": json.dumps(body), "content_type": "application/json"}
    ask = getattr(who_may(place, world, principals), place.method)
    with transaction.atomic(), writing() as wrote:
        response = ask(path_of(place, world), **given)
        transaction.set_rollback(True)
    return Answer(response, response.content, wrote - BESIDE)


@pytest.mark.django_db
@pytest.mark.parametrize("place", TAKEN, ids=str)
def test_columns_beside_the_body_are_refused(
    place: Place, world: World, principals: Principals
) -> None:
    more = dict.fromkeys(COLUMNS - set(fields_of(place)), "1")
    answer = send(place, more | plausible(place, world), world, principals)
    assert answer.status == 422, answer.body.decode()
    assert set(more) <= set(json.loads(answer.body)["error"]["fields"])
    assert not answer.wrote


def takers(place: Place) -> Iterator[type[serializers.Serializer]]:
    """The body, and what each line of its lists is."""
    yield place.endpoint.bodies[place.action]
    for field in fields_of(place).values():
        if isinstance(field, serializers.ListSerializer):
            yield type(field.child)


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_columns_beside_a_line_are_refused_as_well(place: Place) -> None:
    for taker in takers(place):
        more = dict.fromkeys(COLUMNS - set(taker().fields), "1")
        taken = taker(data=more)
        assert not taken.is_valid()
        assert set(more) <= set(taken.errors), taker


@pytest.mark.django_db
def test_control_a_lenient_body_takes_them(world, principals, monkeypatch) -> None:
    lenient = serializers.Serializer.to_internal_value
    monkeypatch.setattr(StrictSerializer, "to_internal_value", lenient)
    place = next(place for place in PLACES if str(place).startswith("api:group-list-post"))
    body = plausible(place, world) | {"region": world.foreign.pk}
    assert send(place, body, world, principals).status < 400


def test_forms_name_what_they_take() -> None:
    """No form of the pages takes every column of its table, or all but some."""
    found = [
        f"{module.name}:{node.lineno}"
        for module in modules().values()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Assign)
        and ("__all__" in ast.unparse(node.value) or ast.unparse(node.targets[0]) == "exclude")
    ]
    assert found == []
