"""Every field of the API that names a row, sent with another place's: refused like an absent one.

Drawn from the endpoints' own tables of bodies (goal A3 of the robustness guide): a new field that
takes a number has to say in `ROWS` what it names, or why it names nothing of a place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from rest_framework import serializers

from tests.api.bodies import (
    ROWS,
    Place,
    is_items,
    names_rows,
    path_of,
    plausible,
    value_of,
    who_may,
)
from tests.matrix.asking import BESIDE, Answer, writing
from tests.matrix.cases import cases
from tests.matrix.fixtures import Principals
from tests.world import World

#: Fields that name nothing of a place.
NOT_OF_A_PLACE = {
    ("token", "membership"): "one's own, after account and password; see test_tokens.py",
    ("campaign", "edition"): "editions are the same in all places",
}
#: Where a rule stands against the world's own row as well, so that there is no control.
OWN_REFUSED = {
    *("me-absence-put-deputy", "membership-detail-put-deputy"),  # nobody stands in for themself
    *("membership-list-post-unit", "membership-detail-put-unit"),  # the office has no unit
    *("campaign-show-put-phases", "assignment-detail-put-units"),  # what is begun is not dropped
    *("indicator-verify-many-post-items", "work-bulk-post-items"),  # not at that step yet
    *("response-bulk-post-items", "response-references-post-known"),
    "unit-close-post-successor",  # no unit succeeds itself
    "import-mend-post-units",  # the world's upload was never read from a file
}
#: Fields that only one edge of the endpoint reads.
EDGES = {"measure": "mark_measure", "proof": "remove_proof"}


def places() -> Iterator[Place]:
    for case in cases():
        bodies = getattr(case.route.cls, "bodies", {})
        for method, action in case.route.actions.items():
            if action not in bodies:
                continue
            for name, field in bodies[action]().fields.items():
                place = Place(case, method, action, name)
                key = (place.subject, name)
                if key in NOT_OF_A_PLACE:
                    continue
                if names_rows(field) and case.choice in ("", EDGES.get(name)):
                    yield place
                elif is_items(field):
                    yield Place(case, method, action, name, item=True)
                elif isinstance(field, serializers.ListSerializer):
                    inner = [
                        each for each, child in field.child.fields.items() if names_rows(child)
                    ]
                    yield from (Place(case, method, action, name, inner=each) for each in inner)


PLACES = [*places()]


def test_every_field_says_what_it_names():
    unknown = [str(place) for place in PLACES if not place.item and place.field not in ROWS]
    assert not unknown, f"say in ROWS what these name: {unknown}"
    assert len(PLACES) >= 25


@pytest.mark.django_db
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_a_strangers_row_is_refused_like_an_absent_one(
    place: Place, world: World, principals: Principals
):
    client = who_may(place, world, principals)
    foreign, absent = (send(place, side, client, world) for side in ("foreign", "absent"))
    assert refuses(place, foreign), foreign.body.decode()
    assert not foreign.wrote, foreign.wrote
    assert same(place, world, foreign) == same(place, world, absent)
    if str(place).removeprefix("api:") not in OWN_REFUSED:  # the control: one's own is taken
        own = send(place, "own", client, world)
        assert not refuses(place, own), own.body.decode()


def send(place: Place, side: str, client: Client, world: World) -> Answer:
    body, pk = plausible(place, world), world.pk(side, place.kind)
    field = place.endpoint.bodies[place.action]().fields[place.field]
    if place.inner:
        line = {name: value_of(name, inner) for name, inner in field.child.fields.items()}
        body[place.field] = [line | {place.inner: pk}]
    elif place.item:
        body[place.field] = [item | {"id": pk} for item in body[place.field]]
    else:
        body[place.field] = [pk] if isinstance(field, serializers.ListField) else pk
    path, given = path_of(place, world), {"data": body}
    if place.action not in place.endpoint.uploads:
        given |= {"data": json.dumps(body), "content_type": "application/json"}
    with transaction.atomic(), writing() as wrote:
        response = getattr(client, place.method)(path, **given)
        transaction.set_rollback(True)
    return Answer(response, response.content, wrote - BESIDE)


def refuses(place: Place, answer: Answer) -> bool:
    """Whether the answer names the field, or says of the item that it was not done."""
    told = json.loads(answer.body) if answer.body else {}
    if answer.status < 400:
        return any(line["done"] is False and line["detail"] for line in told.get("results", []))
    return place.field in told["error"]["fields"] or place.item


def same(place: Place, world: World, answer: Answer) -> tuple[int, bytes]:
    """Status and body without the number of the request and of the row that was asked for."""
    numbers = "|".join(str(world.pk(side, place.kind)) for side in ("foreign", "absent"))
    body = re.sub(rf"\b({numbers})\b".encode(), b"#", answer.bare)
    return answer.status, body
