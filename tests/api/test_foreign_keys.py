"""Every field of the API that names a row, sent with another place's: refused like an absent one.

Drawn from the endpoints' own tables of bodies (goal A3 of the robustness guide): a new field that
takes a number has to say in `ROWS` what it names, or why it names nothing of a place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from rest_framework import serializers

from lawgov.web.rest.bodies import IdField, VersionField
from lawgov.web.rest.endpoints import Endpoint
from tests import papers
from tests.matrix.asking import BESIDE, Answer, writing
from tests.matrix.cases import Case, address, cases, expected
from tests.matrix.fixtures import Principals
from tests.world import World

#: What a field names, as a kind of the world.
ROWS = {
    **dict.fromkeys(["unit", "units", "members", "lead_unit", "lead_units", "successor"], "unit"),
    **dict.fromkeys(["assignment", "assignments"], "assignment"),
    **dict.fromkeys(["evidence", "known"], "evidence"),
    "ids": "response",
    "deputy": "membership",
    "person": "person",
    "groups": "group",
    "work": "work",
    "inspection": "inspection",
    "measure": "measure",
    "proof": "proof",
}
#: The rows that a list of items names, by the endpoint's subject.
ITEMS = {
    "indicator": "assignment",
    "assignment": "assignment",
    "work": "work",
    "response": "response",
    "campaign": "phase",
}
#: Fields that name nothing of a place.
NOT_OF_A_PLACE = {
    ("token", "membership"): "one's own, after account and password; see test_tokens.py",
    ("campaign", "edition"): "editions are the same in all places",
}
#: What else the body says, where one choice of it alone reads the field.
READ_WITH = {
    ("import", "inspection", "create"): {"kind": "ledger"},
    ("assignment", "lead_unit", "many"): {"what": "lead"},
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
KINDS_OF_TEXT = {"due_text": "12月20日前", "deadline_text": "12月18日", "email": "a@demo.invalid"}


@dataclass(frozen=True)
class Place:
    """One field of one body, at the case of the matrix that takes it.

    `item`: of its rows. `inner`: the field of each line of a list that is no list of rows.
    """

    case: Case
    method: str
    action: str
    field: str
    item: bool = False
    inner: str = ""

    def __str__(self) -> str:
        return f"{self.case}-{self.method}-{self.field}"

    @property
    def endpoint(self) -> type[Endpoint]:
        return self.case.route.cls

    @property
    def subject(self) -> str:
        return self.case.route.name.removeprefix("api:").split("-")[0]

    @property
    def kind(self) -> str:
        return ITEMS[self.subject] if self.item else ROWS[self.inner or self.field]


def names_rows(field: serializers.Field) -> bool:
    return isinstance(field, IdField) or isinstance(getattr(field, "child", None), IdField)


def is_items(field: serializers.Field) -> bool:
    return isinstance(field, serializers.ListSerializer) and "id" in field.child.fields


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


def who_may(place: Place, world: World, principals: Principals) -> Client:
    found = [
        client
        for actor, client in principals.values()
        if actor and expected(place.case, place.method.upper(), world, "own", actor) == "open"
    ]
    assert found, "nobody may"
    return found[0]


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


def path_of(place: Place, world: World) -> str:
    """An issue that was handed over is not changed any more; one that was only found is."""
    if place.case.route.name == "api:issue-detail":
        return reverse("api:issue-detail", args=[world.pk("own", "found")])
    return address(place.case, world, "own")


def version_of(world: World, kind: str) -> int:
    return getattr(world.things["own"][kind], "version", 1)


def plausible(place: Place, world: World) -> dict[str, Any]:
    """The rest of the body, good enough that the field itself is looked at."""
    fields = place.endpoint.bodies[place.action]().fields
    found = {
        name: items_of(place, world) if is_items(field) else value_of(name, field)
        for name, field in fields.items()
        if field.required or isinstance(field, VersionField) or place.field == name
    }
    for name in fields:
        if isinstance(fields[name], VersionField) and place.case.opens:
            found[name] = version_of(world, place.case.opens.kind)
    return found | READ_WITH.get((place.subject, place.field, place.action), {})


def items_of(place: Place, world: World) -> list[dict[str, Any]]:
    """One line of the list, naming the own row."""
    kind, fields = ITEMS[place.subject], place.endpoint.bodies[place.action]().fields
    (items,) = filter(is_items, fields.values())
    given = {name: value_of(name, inner) for name, inner in items.child.fields.items()}
    return [given | {"id": world.pk("own", kind), "version": version_of(world, kind)}]


def value_of(name: str, field: serializers.Field) -> Any:
    match field:
        case VersionField() | serializers.IntegerField():
            return 1
        case serializers.ChoiceField():
            return next(iter(field.choices))
        case serializers.DateField():
            return "2026-12-01"
        case serializers.DecimalField():
            return "1.0"
        case serializers.BooleanField():
            return False
        case serializers.FileField():
            return SimpleUploadedFile("表.xlsx", papers.xlsx("表"))
        case serializers.ListField() | serializers.ListSerializer():
            return []
    return KINDS_OF_TEXT.get(name, "文字")


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
