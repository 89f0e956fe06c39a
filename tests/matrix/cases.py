"""What each principal must get from each address: it follows from the policy and the tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from assessments.models import Issue, UnitResponse
from indicators.models import Assignment
from lawgov.accounts.actors import Actor
from lawgov.accounts.guards import PUBLIC
from lawgov.accounts.models import Membership
from lawgov.accounts.policy import Action as A
from lawgov.accounts.policy import can
from tests.matrix.tables import CHOICES, GONE, GONE_BY, MODELS, OPENS, OWNED, Opens
from tests.routes import Route, routes
from tests.world import ABSENT, World

SIDES = ("own", "other", "foreign", "absent")


@dataclass(frozen=True)
class Case:
    """One route with one choice of what is no object in its address."""

    route: Route
    choice: str = ""

    def __str__(self) -> str:
        return f"{self.route.name}-{self.choice}" if self.choice else self.route.name

    @property
    def opens(self) -> Opens | None:
        found = OPENS.get(self.route.name)
        return found[self.choice] if isinstance(found, dict) else found

    @property
    def own_rights(self) -> tuple[A, ...]:
        """Those of the choice, of which any is enough; none where it has no right of its own."""
        found = CHOICES.get(self.route.name, {}).get(self.choice)
        return found if isinstance(found, tuple) else (found,) if found else ()

    @property
    def sides(self) -> tuple[str, ...]:
        return SIDES if self.opens else ("own",)

    def right(self, method: str) -> Any:
        """The policy of the method: `PUBLIC`, or the actions of which one is needed."""
        policy = self.route.policy
        if not isinstance(policy, dict):
            return policy
        return policy[self.route.actions.get(method.lower(), method.lower())]


def cases() -> list[Case]:
    found = []
    for route in routes():
        if route.is_admin:
            continue
        opens, choices = OPENS.get(route.name), CHOICES.get(route.name, {})
        several = opens if isinstance(opens, dict) else choices
        found += [Case(route, choice) for choice in several] or [Case(route)]
    return found


# -- addresses -------------------------------------------------------------------------------------


def address(case: Case, world: World, side: str) -> str:
    opens, route = case.opens, case.route
    values = {param: _value(param, case, world, side) for param in route.params}
    return reverse(route.name, kwargs=values) + (opens.query if opens else "")


def _value(param: str, case: Case, world: World, side: str) -> Any:
    kind = case.opens.kind if case.opens else ""
    if kind in ("work", "number", "task") and param in ("number", "unit_id", "key"):
        return _of_work(param, world, side)
    if param == "key" and kind:
        return "0" * 15 if side == "absent" else world.things[side]["token"].token_key
    if param == "kind" and case.choice not in ("individual", "common"):
        return "individual"
    if param in ("edge", "kind", "what", "code", "year", "key", "watch", "token"):
        return case.choice
    if param in ("number", "page_number"):
        return 1
    assert param in ("pk", "issue"), f"say in _value what {param} is"
    return world.pk(side, "issue" if param == "issue" else kind)


def _of_work(param: str, world: World, side: str) -> Any:
    """Works are addressed by the indicator's number and the unit's id."""
    if side == "absent":
        return {"number": 999, "unit_id": ABSENT, "key": f"w{ABSENT}"}[param]
    work = world.things[side]["work"]
    known = {"number": work.assignment.indicator.number, "unit_id": work.unit_id}
    return {**known, "key": f"w{work.pk}"}[param]


# -- what is expected ------------------------------------------------------------------------------


def expected(case: Case, method: str, world: World, side: str, actor: Actor | None) -> str:
    """gone (404), login (302 or 401), or open (neither)."""
    rights, name = case.right(method), case.route.name
    if rights == PUBLIC:
        return "gone" if name in GONE else "open"
    if actor is None:
        return "login"
    if name in GONE or (name, method) in GONE_BY:
        return "gone"
    if not any(can(actor, right) for right in rights):
        return "gone"
    if case.own_rights and not any(can(actor, right) for right in case.own_rights):
        return "gone"
    return "open" if is_there(case, world, side, actor) else "gone"


def is_there(case: Case, world: World, side: str, actor: Actor) -> bool:
    """Whether the object is the actor's to open, by the rights in the table."""
    opens = case.opens
    if opens is None:
        return True
    if side == "absent":
        return False
    kind = opens.kind
    if kind in OWNED:
        return actor.user == getattr(world.things[side][kind], OWNED[kind])
    if kind in FINDERS:
        return FINDERS[kind](world.things[side], actor, opens)
    row = world.things[side][kind]
    if not MODELS[kind].objects.visible_to(actor, opens.action).filter(pk=row.pk).exists():
        return False
    return opens.also is None or can(actor, opens.also, row)


Things = dict[str, Any]


def _number(things: Things, actor: Actor, opens: Opens) -> bool:
    """Every place has indicators of the same numbers; the actor's own one is meant."""
    rows = Assignment.objects.visible_to(actor).filter(region=actor.region)
    return rows.filter(indicator__number=things["work"].assignment.indicator.number).exists()


def _task(things: Things, actor: Actor, opens: Opens) -> bool:
    return can(actor, A.TICK) and can(actor, A.VIEW_TASKS, things["work"])


def _person(things: Things, actor: Actor, opens: Opens) -> bool:
    held = Membership.objects.visible_to(actor, A.MANAGE_PEOPLE)
    return held.filter(user=things["person"]).exists()


def _found(things: Things, actor: Actor, opens: Opens) -> bool:
    return Issue.objects.visible_to(actor, opens.action).filter(pk=things["found"].pk).exists()


def _extension(things: Things, actor: Actor, opens: Opens) -> bool:
    answers = UnitResponse.objects.visible_to(actor)
    return answers.filter(pk=things["extension"].response_id).exists()


#: Kinds whose rows are found by way of another.
FINDERS = {
    "number": _number,
    "task": _task,
    "person": _person,
    "found": _found,
    "extension": _extension,
}
