"""Bodies for every endpoint, drawn from its own tables: good enough to be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from rest_framework import serializers

from lawgov.web.rest.bodies import IdField, VersionField
from lawgov.web.rest.endpoints import Endpoint
from tests import papers
from tests.matrix.cases import Case, address, expected
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
#: What else the body says, where one choice of it alone reads the field.
READ_WITH = {
    ("import", "inspection", "create"): {"kind": "ledger"},
    ("assignment", "lead_unit", "many"): {"what": "lead"},
}
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


def who_may(place: Place, world: World, principals: Principals) -> Client:
    found = [
        client
        for actor, client in principals.values()
        if actor and expected(place.case, place.method.upper(), world, "own", actor) == "open"
    ]
    assert found, "nobody may"
    return found[0]


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
