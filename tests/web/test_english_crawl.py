"""Everybody's pages in English hold no Chinese but what people wrote, and the other way round."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from lawgov.accounts.models import User
from lawgov.accounts.policy import Role
from lawgov.calendars import local_day
from lawgov.operations.demo.seed import Plan, seed
from lawgov.web.catalogue import OWN_NAME
from tests.tiers import amount
from tests.web.crawling import pages
from tests.web.user_data import UserData, written

pytestmark = pytest.mark.django_db

EVERYBODY = [
    *("office", "supervisor", "assessor", "expert", "publicist", "leader", "external", "city"),
    *("unit01", "head01", "lead01"),
]
ISSUES = 12
MOST = 250  # pages a person
EXAMPLES = amount(2, 5)  # pages of one URL pattern

#: Latin words that stand in Chinese pages: names of keys, formats, standards and the like.
LATIN = re.compile(r"[A-Za-z][a-z]+(?: [A-Za-z][a-z]+)+")
LATIN_NAMES = re.compile(r"Ctrl Enter|Shift X|Open API|Bearer [a-z]+")


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The demo place with few issues; undone at the end of the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed(Plan(local_day(timezone.now()), issues=ISSUES), regions=1, say=lambda line: None)
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def user_data(demo: None) -> UserData:
    return UserData(written())


def signed_in(username: str, language: str) -> Client:
    user = User.objects.get(username=username)
    User.objects.filter(pk=user.pk).update(language=language)
    client = Client()
    client.force_login(user)
    return client


def test_the_cast_is_everybody(demo: None) -> None:
    """A new role has to be walked through as well."""
    held = User.objects.filter(username__in=EVERYBODY).values_list("memberships__role", flat=True)
    assert set(held) == set(Role.values)


@pytest.mark.parametrize("username", EVERYBODY)
def test_english_pages_hold_no_chinese(username: str, user_data: UserData) -> None:
    found: dict[str, str] = {}
    walked = 0
    for page in pages(signed_in(username, "en"), "/", most=MOST, examples=EXAMPLES):
        walked += 1
        assert page.status == 200, page.path
        for text in page.texts:
            if (left := user_data.left(text)) and text != OWN_NAME:
                found.setdefault(left, f"{page.path}: {text}")
    assert not found
    assert walked > 5


@pytest.mark.parametrize("username", ["office", "unit01"])
def test_chinese_pages_hold_no_english(username: str, user_data: UserData) -> None:
    """Two Latin words in a row are a sentence that somebody forgot."""
    found = defaultdict(list)
    for page in pages(signed_in(username, "zh-hans"), "/", most=MOST, examples=1):
        for text in page.texts:
            if LATIN.search(LATIN_NAMES.sub("", text)) and text not in user_data:
                found[text].append(page.path)
    assert not found


def test_pages_before_login(demo: None, user_data: UserData) -> None:
    client = Client()
    assert client.post("/language/", {"language": "en", "next": "/login/"}).status_code == 302
    shown = [*pages(client, "/login/", most=10, examples=2)]
    assert {page.path for page in shown} >= {"/login/", "/accessibility/"}
    assert not [text for page in shown for text in page.texts if user_data.left(text)]


def test_error_pages(demo: None, user_data: UserData) -> None:
    client = signed_in("unit01", "en")
    for response in (client.get("/issues/999999/"), client.post("/checklist/")):
        assert response.status_code in (404, 405)
        assert not user_data.left(re.sub("<[^>]+>", " ", response.content.decode()))
