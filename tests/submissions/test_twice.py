"""D4: a form that is sent twice, by a double click or by going back, has one effect.

Every web route that takes a POST is sent the same valid body twice, as its own page shows the
form; what the database holds after the second is what it held after the first, to the last column.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from tests.matrix.asking import BESIDE, writing
from tests.matrix.cases import Case, address, cases, expected
from tests.matrix.fixtures import Principals
from tests.submissions.filling import Submission, submission
from tests.submissions.state import difference, state
from tests.submissions.tables import EACH_COUNTS, NOT_SIGNED_IN, SENT, WRITES_NOTHING, Sent
from tests.world import World

PAGES = {str(case): case for case in cases() if not case.route.is_api}
#: Writes that are no effect; the trail is one.
SILENT = {done for done in BESIDE if "audit" not in done}
#: Of these forms nothing but their key keeps the second submission from a second effect.
BY_KEY_ALONE = [
    *("inspections:new", "inspections:record", "evidence:reference", "evidence:version"),
    *("rectification:proof", "settings:channel_new", "imports:new"),
    *("filling:list", "filling:export-self_scores", "indicators:export", "exports:list-people"),
    *("rectification:export-individual", "accounts:tokens", "reminding:feed", "imports:marked"),
    *("settings:person_password", "reminders:own_channel_new"),
]


def sent_of(case: Case) -> Sent:
    return SENT.get(str(case)) or SENT.get(case.route.name) or Sent()


def who_may(case: Case, world: World, principals: Principals) -> Client:
    """Who sends the form, by the table or by the right; for a page without a form the office."""
    if who := sent_of(case).who:
        return principals[who][1]
    for actor, client in principals.values():
        if actor and expected(case, "POST", world, "own", actor) == "open":
            return client
    return principals["office"][1]


def takes_posts(case: Case, client: Client, world: World) -> bool:
    refused = client.patch(address(case, world, "own"))
    return refused.status_code != 405 or "POST" in refused.headers["Allow"]


@contextmanager
def undone(client: Client) -> Iterator[None]:
    """What happens inside is rolled back, the login as well."""
    cookies = client.cookies.copy()
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    client.cookies = cookies


def ready(case: Case, world: World, client: Client) -> Submission:
    how, path = sent_of(case), address(case, world, "own")
    if how.prepare:
        how.prepare(world, case)
    if how.by_steps:
        return how.by_steps(world, client)
    path = path.partition("?")[0] + how.query if how.query else path
    return submission(client, how.at(world, path), path, how.given(world))


def twice(form: Submission) -> tuple[set[str], list[str], HttpResponse]:
    """What the first submission wrote, what the second changed, and its answer."""
    with writing() as wrote:
        form.send()
    between = state()
    again = form.send()
    return wrote - SILENT, difference(between, state()), again


def test_the_tables_name_forms_that_are_there():
    names = {*PAGES, *(case.route.name for case in PAGES.values())}
    named = {*SENT, *WRITES_NOTHING, *EACH_COUNTS, *NOT_SIGNED_IN, *BY_KEY_ALONE}
    assert not named - names


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name in PAGES if name not in NOT_SIGNED_IN])
def test_twice_is_once(name: str, world: World, principals: Principals) -> None:
    case = PAGES[name]
    client = who_may(case, world, principals)
    with undone(client):
        if not takes_posts(case, client, world):
            return
        wrote, changed, again = twice(ready(case, world, client))
    assert bool(wrote) == (name not in WRITES_NOTHING), "the first submission was to be accepted"
    assert bool(changed) == (name in EACH_COUNTS), changed
    assert again.status_code < 500


@pytest.mark.django_db
@pytest.mark.parametrize("name", BY_KEY_ALONE)
def test_the_second_is_led_to_the_first_and_without_the_key_there_are_two(
    name: str, world: World, principals: Principals
) -> None:
    """The control: the same form without its key has a second effect."""
    case = PAGES[name]
    client = who_may(case, world, principals)
    with undone(client):
        form = ready(case, world, client)
        first, second = form.send(), form.send()
        assert first.status_code == second.status_code == 302 and first.url == second.url
        told = [str(message) for message in second.wsgi_request._messages]
        assert "已经提交过了，没有重复办理。" in told
    with undone(client):
        _wrote, changed, _again = twice(ready(case, world, client).without_key())
    assert changed
