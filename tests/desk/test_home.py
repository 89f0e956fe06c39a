"""The address without a path: everybody lands where their work begins."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from assessments.rectification.states import State
from lawgov.desk.campaigns import shown
from tests import factories
from tests.people import browser, make_cast

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "who, url",
    [
        ("editor", "/tasks/"),
        ("head", "/tasks/"),
        ("lead", "/tasks/"),
        ("supervisor", "/tasks/"),
        ("leader", "/dashboard/"),
        ("publicist", "/dashboard/"),
        ("assessor", "/checklist/"),
        ("expert", "/checklist/"),
        ("city", "/places/"),
        ("office", "/checklist/"),
    ],
)
def test_first_page_by_role(who, url):
    client = browser(getattr(make_cast(), who))
    assert client.get("/").url == url
    assert client.get(url).status_code == 200


def test_the_office_begins_with_the_ledger_when_anything_is_overdue():
    cast = make_cast()
    issue = factories.make_issue(factories.make_inspection(cast.region))
    factories.make_response(issue, cast.unit, State.RECTIFYING, deadline_date="2020-01-01")
    assert browser(cast.office).get("/").url == "/ledger/individual/"


def test_outside_assessors_are_told_that_no_pack_is_open():
    html = browser(make_cast().external).get("/").content.decode()
    assert "还没有开放的材料" in html


def test_an_account_without_a_role_lands_too():
    client = Client()
    client.force_login(factories.make_user())
    assert "没有任职" in client.get("/").content.decode()


def test_strangers_log_in_first():
    assert Client().get("/").url == "/login/"


def test_the_top_bar_names_the_first_running_phase():
    cast = make_cast()
    phase = cast.campaign.phases.get(code="rectify")
    cast.campaign.phases.update(starts_on="2020-01-01", ends_on="2020-02-01")
    assert shown(cast.office).phase == ""
    phase.starts_on = phase.ends_on = timezone.localdate()
    phase.save()
    cast.office.region.__dict__.pop("running")
    assert shown(cast.office).phase == "第 3 阶段 整改提升"
    assert shown(cast.city) is None
