import re

import pytest

from lawgov.web import navigation
from lawgov.web.navigation import rail
from tests import people

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.urls")]


@pytest.fixture
def cast():
    return people.make_cast()


def keys(actor) -> list[str]:
    return [stop.place.key for stop in rail(actor, {})]


def test_leader_begins_with_the_dashboard(cast):
    assert keys(cast.leader)[:3] == ["dashboard", "ledger", "checklist"]


def test_unit_sees_its_own_places_only(cast):
    assert keys(cast.editor) == ["tasks", "checklist", "ledger", "assessment", "dossiers"]


def test_office_sees_everything_settings_last(cast):
    """All but the comparison of places, which belongs to the region above."""
    places = [place.key for place in navigation.RAIL]
    assert keys(cast.office) == [key for key in places if key != "places"]
    assert keys(cast.office)[-1] == "settings"


def test_head_of_a_unit_finds_the_queue_to_sign(cast):
    assert keys(cast.head)[:3] == ["tasks", "checklist", "review"]


@pytest.mark.urls("lawgov.urls")
def test_role_without_places_of_its_own_has_the_first_page(cast):
    assert keys(cast.external) == ["home"]


@pytest.mark.urls("lawgov.accounts.urls")
def test_places_that_are_not_installed_are_left_out(cast):
    assert keys(cast.office) == []


def test_letters_after_g_are_unique():
    letters = [place.letter for place in (*navigation.RAIL, navigation.HOME)]
    assert len(set(letters)) == len(letters)
    assert "".join(letters[:4]) + navigation.RAIL[7].letter == "dqstj"  # as the help says


def provided(actor):
    return {"tasks": 14, "notices": 3}


def running(actor):
    return type("Shown", (), {"name": "2026年示范创建", "phase": "第 3 阶段 整改提升"})


@pytest.fixture
def seams(settings):
    settings.RAIL_COUNTS = "tests.web.test_shell.provided"
    settings.RUNNING_CAMPAIGN = "tests.web.test_shell.running"


def page(actor, **headers) -> str:
    return people.browser(actor, **headers).get("/account/").content.decode()


def test_frame_shows_place_campaign_counts_and_reminders(cast, seams):
    html = page(cast.office)
    assert "安和区" in html
    assert "2026年示范创建" in html
    assert "第 3 阶段 整改提升" in html
    assert '<span class="n">14<span class="sr"> 项待处理</span></span>' in html
    assert "提醒，3 条未读" in html


def test_frame_stands_without_the_desk(cast, settings):
    settings.RAIL_COUNTS = settings.RUNNING_CAMPAIGN = None
    html = page(cast.office)
    assert "提醒，0 条未读" in html


def test_frame_asks_little(cast, seams, django_assert_max_num_queries):
    browser = people.browser(cast.office)
    browser.get("/account/")
    # session, membership with user, and the page's own list of logins
    with django_assert_max_num_queries(3):
        browser.get("/account/")


def test_english_frame(cast):
    cast.office.user.language = "en"
    cast.office.user.save()
    html = page(cast.office)
    assert '<html lang="en"' in html
    assert '<button class="link" name="language" value="zh-hans" lang="zh-CN">' in html


def test_single_keys_can_be_off(cast):
    assert "data-single-keys" not in page(cast.office)
    cast.office.user.single_keys = False
    cast.office.user.save()
    assert 'data-single-keys="off"' in page(cast.office)


def test_frame_has_landmarks_skip_link_and_unique_ids(cast, seams):
    html = page(cast.office)
    assert html.index('class="skip"') < html.index("<nav")
    assert '<main class="page" id="main">' in html
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(set(ids)) == len(ids)


def test_every_icon_in_use_is_drawn(cast, seams):
    html = page(cast.office)
    drawn = set(re.findall(r'<symbol id="([^"]+)"', html))
    assert set(re.findall(r'href="#(i-[a-z]+)"', html)) <= drawn


def test_all_that_is_posted_carries_a_token(cast, seams):
    html = page(cast.office)
    forms = re.findall(r'<form[^>]*method="post".*?</form>', html, re.S)
    templates = len(re.findall(r'<template.*?method="post"', html, re.S))
    assert sum("csrfmiddlewaretoken" not in form for form in forms) == templates
