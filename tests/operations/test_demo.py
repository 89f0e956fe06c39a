"""The demo place with its rows: in four seasons as decided, and further places as its copies."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Model
from django.utils import timezone

from assessments.models import Inspection, Issue, Letter, ProgressNote, UnitResponse
from assessments.rectification.deadlines import Light
from assessments.rectification.states import State
from assessments.rounds.queries import indicator_states
from indicators.assignments.states import IndicatorState
from indicators.models import Campaign, Evidence, FrameworkEdition
from lawgov.accounts.models import User
from lawgov.audit.models import AuditEntry
from lawgov.audit.verify import verify
from lawgov.operations.demo import seed as demo
from lawgov.operations.demo.fates import STATES, shares
from lawgov.operations.demo.plan import Plan
from lawgov.operations.demo.reset import remove_demo
from lawgov.operations.demo.tables import TABLES
from lawgov.units.models import Region, Unit

pytestmark = pytest.mark.django_db

WINTER = date(2026, 2, 20)  # in the days off of the spring festival
SEASONS = [
    date(2026, 4, 7),  # spring, the day after a festival's days off
    date(2026, 7, 15),  # summer, in the second half of the year
    date(2026, 10, 5),  # autumn, in the days off of the national day
]
# Source: decisions §6.
DECIDED = {
    State.ISSUED: 6, State.ACCEPTED: 9, State.PLANNED: 14, State.RECTIFYING: 58,
    State.RETURNED: 5, State.SUBMITTED: 11, State.VERIFYING: 7, State.CLOSED: 91,
    State.LOOK_BACK: 2, State.REOPENED: 1,
}  # fmt: skip
LIGHTS = {Light.RED: 17, Light.YELLOW: 26, Light.GREEN: 68, Light.GREY: 93}


@dataclass(frozen=True)
class Seeded:
    """`demo` played, `demo-2` its copy; what the command printed."""

    printed: str
    first: Region
    second: Region


@pytest.fixture(scope="module")
def winter(django_db_setup, django_db_blocker) -> Iterator[Seeded]:
    """Two places, undone at the end of the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        out = io.StringIO()
        call_command("seed_demo", "--regions", "2", "--today", WINTER.isoformat(), stdout=out)
        first, second = (Region.objects.get(code=code) for code in ("demo", "demo-2"))
        yield Seeded(out.getvalue(), first, second)
        transaction.set_rollback(True)


def individual(region: Region):
    return UnitResponse.objects.in_region(region).of_kind(Issue.Kind.INDIVIDUAL)


def states_of(region: Region) -> Counter[str]:
    return Counter(individual(region).values_list("state", flat=True))


def lights_of(region: Region, today: date) -> dict[Light, int]:
    return {light: individual(region).with_light(light, today).count() for light in Light}


# -- the first place --------------------------------------------------------------------------


def test_winter_is_as_decided(winter):
    assert states_of(winter.first) == DECIDED
    assert lights_of(winter.first, WINTER) == LIGHTS
    assert UnitResponse.objects.in_region(winter.first).count() == 204 + 405
    states = Counter(indicator_states(Campaign.objects.get(region=winter.first)).values())
    assert (states[IndicatorState.COMPLETE], states.total()) == (59, 100)
    assert Inspection.objects.get(pk=1).code == "demo-1"


def test_the_command_prints_what_there_is(winter):
    (figures,) = (line for line in winter.printed.splitlines() if line.startswith("个性问题 204"))
    assert all(f"{state.label} {count}" in figures for state, count in DECIDED.items())
    assert "红灯 17，黄灯 26，绿灯 68，灰灯 93；共性问题的答复 405" in figures


@pytest.mark.parametrize("today", SEASONS, ids=str)
def test_other_seasons_end_in_the_same_states_and_lights(winter, today):
    region = place_of(Plan(today))
    assert states_of(region) == DECIDED
    assert lights_of(region, today) == LIGHTS
    assert UnitResponse.objects.in_region(region).count() == 204 + 405


def test_fewer_issues_keep_the_proportions(winter):
    states = states_of(place_of(Plan(WINTER, issues=37)))
    assert states == {state: n for state, n in shares(STATES, 37).items() if n}


def place_of(plan: Plan) -> Region:
    """One more place with its inspection, but without the year of work on indicators."""
    region, edition = further_place(plan)
    demo.play_inspection(demo.open_place(region, edition, plan, password=""), plan)
    return region


def further_place(plan: Plan) -> tuple[Region, FrameworkEdition]:
    city = Region.objects.get(code="demo-city")
    region = demo.found_place("demo-3", "安和3区", city, plan)
    return region, FrameworkEdition.objects.get(code="2021")


def test_no_history_lies_ahead_or_on_days_before_the_letters(winter):
    moves = AuditEntry.objects.filter(region=winter.first, verb__startswith="response.")
    assert moves.order_by("-at").first().at < Plan(WINTER).at(0, 0)
    own = moves.exclude(verb__in=["response.imported", "response.issue"])
    assert own.order_by("at").first().at.date() > Plan(WINTER).letter


def test_a_second_time_needs_reset(winter):
    with pytest.raises(CommandError, match="--reset"):
        call_command("seed_demo", stdout=io.StringIO())


def test_every_table_that_hangs_on_a_place_is_known():
    """Else a reset would fail on its rows, or a copy be without them."""
    known = {model for model, _path in TABLES}
    unknown = {
        model.__name__
        for model in apps.get_models(include_auto_created=True)
        for column in model._meta.concrete_fields
        if column.related_model in known | {Region} and model not in known
    }
    assert unknown == {"Region", "AuditEntry"}  # what hangs them up, and the trail of its own


def test_reset_takes_the_places_and_leaves_the_accounts(winter):
    people = User.objects.count()
    with transaction.atomic():
        remove_demo(now=timezone.now())
        assert not Region.objects.exists()
        assert all(not model._base_manager.exists() for model, _path in TABLES)
        assert set(AuditEntry.objects.values_list("chain", flat=True)) == {"installation"}
        assert User.objects.count() == people
        transaction.set_rollback(True)


# -- further places ----------------------------------------------------------------------------


def test_people_of_further_places_have_its_code_behind_their_names(winter):
    user = User.objects.get(username="unit01.demo-2")
    assert user.check_password(settings.DEMO_PASSWORD)
    (membership,) = user.memberships.all()
    assert (membership.region, membership.unit.region) == (winter.second, winter.second)
    assert User.objects.filter(memberships__region=winter.second).count() == (
        User.objects.filter(memberships__region=winter.first).count()
    )


def test_everybody_shares_one_password_hash(winter):
    assert User.objects.values_list("password", flat=True).distinct().count() == 1


def test_each_place_has_a_sound_chain_of_its_own(winter):
    first, second = verify("demo"), verify("demo-2")
    assert (first.faults, second.faults) == ([], [])
    assert first.entries == second.entries > 15_000


def test_a_copied_place_has_the_rows_of_a_played_one(winter):
    """`demo-3` is played as the first was; but for ids and names it is what the copy is."""
    plan = Plan(WINTER)
    third, edition = further_place(plan)
    password = User.objects.get(username="unit01").password
    demo.play_place(third, edition, plan, password=password, say=lambda line: None)
    copied, played = Dump(winter.second), Dump(third)
    for model, path in [*TABLES, (AuditEntry, "region")]:
        assert copied.rows(model, path) == played.rows(model, path), model.__name__


def test_no_row_of_a_copy_points_into_another_place(winter):
    tables = dict(TABLES)
    for model, path in TABLES:
        for column in model._meta.concrete_fields:
            where = tables.get(column.related_model)
            if where:
                rows = model._base_manager.filter(**{path: winter.second})
                rows = rows.exclude(**{column.name: None})
                strays = rows.exclude(**{f"{column.name}__{where}": winter.second})
                assert not strays.exists(), f"{model.__name__}.{column.name}"


# Which rows the ids in texts are of; written here anew, so that the copy is not its own judge.
IN_TEXT: dict[str, type[Model]] = {
    "issues": Issue, "responses": UnitResponse, "letters": Letter, "units": Unit,
    "evidence_id": Evidence, "note_id": ProgressNote, "letter_id": Letter,
    "accepted_by_id": User, "checker_id": User, "closer_id": User, "ticked_by_id": User,
}  # fmt: skip


class Dump:
    """The rows of one place with places in their table instead of ids, and no names of its own."""

    def __init__(self, region: Region) -> None:
        self.region = region
        people = User.objects.filter(memberships__region=region).order_by("pk")
        self.places: dict[type[Model], dict[int, Any]] = {
            User: {user.pk: user.username.partition(".")[0] for user in people},
            Region: {region.pk: "here"},
        }
        for model, path in TABLES:
            ids = model._base_manager.filter(**{path: region}).order_by("pk")
            self.places[model] = {pk: n for n, pk in enumerate(ids.values_list("pk", flat=True))}
        self.by_name = {model._meta.model_name: model for model in self.places}

    def rows(self, model: type[Model], path: str) -> list[dict[str, Any]]:
        rows = model._base_manager.filter(**{path: self.region}).order_by("pk").values()
        return [self._row(model, row) for row in rows]

    def _row(self, model: type[Model], row: dict[str, Any]) -> dict[str, Any]:
        told = {}
        for column in model._meta.concrete_fields:
            name, value = column.attname, row[column.attname]
            parent = self.by_name.get(row.get(f"{name.removesuffix('_id')}_type"))
            parent = parent or column.related_model
            if name in ("id", "hash", "prev_hash"):
                continue
            if parent in self.places and value is not None:
                value = self.places[parent][value]
            told[name] = self._plain(name, value)
        return told

    def _plain(self, name: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._plain(key, inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._plain(name, inner) for inner in value]
        if isinstance(value, int) and name in IN_TEXT and name.endswith("_id"):
            return self.places[IN_TEXT[name]].get(value, value)
        if isinstance(value, str):
            value = re.sub(r"/([a-z]+)/(\d+)", self._address, value)
            return value.replace(self.region.code, "demo").replace(self.region.name, "安和区")
        return value

    def _address(self, found: re.Match[str]) -> str:
        known = self.places[IN_TEXT[found[1]]] if found[1] in IN_TEXT else {}
        return f"/{found[1]}/{known.get(int(found[2]), found[2])}"
