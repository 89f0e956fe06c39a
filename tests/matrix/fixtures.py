"""The world of a whole test file, and its sixteen principals as clients."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client

from lawgov.accounts.actors import Actor
from lawgov.accounts.models import User
from tests.people import browser
from tests.world import World, make_world

Principals = dict[str, tuple[Actor | None, Client]]


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """One for the whole file; every request of the matrix is rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def principals(world: World) -> Principals:
    found: Principals = {
        name: (actor, browser(actor) if actor else Client()) for name, actor in world.people.items()
    }
    closed = browser(world.disabled)
    User.objects.filter(pk=world.disabled.user.pk).update(is_active=False)
    found["disabled"] = (None, closed)
    operator = Client()
    operator.force_login(world.superuser)
    found["superuser"] = (Actor(world.superuser), operator)
    return found


@pytest.fixture(scope="module")
def secrets(world: World, principals: Principals) -> dict[str, list[str]]:
    """The texts that must not reach each principal."""
    return {
        name: [canary.text for canary in world.canaries if not canary.may_reach(actor)]
        for name, (actor, _client) in principals.items()
    }
