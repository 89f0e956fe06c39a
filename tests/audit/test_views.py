"""The trail's page: read by the office of the place, and checked on demand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction

from lawgov.accounts.models import User
from lawgov.accounts.policy import Role
from lawgov.audit import triggers
from lawgov.audit.models import AuditEntry
from lawgov.audit.record import record
from tests.factories import NOW, PASSWORD, make_member, make_region
from tests.people import browser, make_cast

pytestmark = pytest.mark.django_db

LIST = "/settings/audit/"


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def cast():
    cast = make_cast()
    with transaction.atomic():
        data = {"name": "区水利局", "set": {"name": ["区水务局", "区水利局"]}}
        record(cast.office, "unit.changed", cast.unit, now=NOW, data=data)
        record(cast.supervisor, "issue.found", None, now=NOW - timedelta(days=9))
        record(cast.foreign_office, "unit.created", None, now=NOW, data={"name": "别处的局"})
    return cast


def test_entries_read_as_sentences_with_what_changed(cast):
    page = browser(cast.office).get(LIST).content.decode()
    assert "改单位 区水利局" in page
    assert "名称：区水务局 → 区水利局" in page
    assert "别处的局" not in page


@pytest.mark.parametrize(
    ("query", "verbs"),
    [
        ("about=unit.", ["unit.changed"]),
        ("about=issue.", ["issue.found"]),
        ("about=nonsense", ["unit.changed", "issue.found"]),
        ("from=2026-11-15", ["unit.changed"]),
        ("to=2026-11-15", ["issue.found"]),
        ("from=2026-11-20&to=2026-11-20", ["unit.changed"]),
        ("from=2026-02-30&to=x", ["unit.changed", "issue.found"]),
        ("q=nobody", []),
        ("sort=at", ["issue.found", "unit.changed"]),
    ],
)
def test_filters_combine(cast, query, verbs):
    rows = browser(cast.office).get(f"{LIST}?{query}").context["listing"].rows
    found = [entry.verb for entry in rows]
    assert found == verbs if "sort" in query else sorted(found) == sorted(verbs)


def test_page_asks_few_queries(cast, django_assert_max_num_queries):
    for _n in range(40):
        with transaction.atomic():
            record(cast.office, "unit.changed", cast.unit, now=NOW, data={"name": "x"})
    client = browser(cast.office)
    with django_assert_max_num_queries(15):
        client.get(LIST)


def test_an_intact_chain_is_said_to_be_so(cast):
    page = browser(cast.office).post(f"{LIST}verify/").content.decode()
    assert "核对过最近 2 条，每一条都没有被改过" in page


def test_a_broken_chain_is_told_by_entry(cast):
    with triggers.unguarded(connection):
        AuditEntry.objects.filter(verb="unit.changed").update(actor_name="别人")
    response = browser(cast.office).post(f"{LIST}verify/")
    page = response.content.decode()
    assert "审计链有 1 处不符" in page
    assert "第 1 条：内容被改过" in page


def test_the_trail_is_the_offices(cast):
    for name, actor in cast.everybody().items():
        allowed = name in ("office", "foreign_office")
        assert browser(actor).get(LIST).status_code == (200 if allowed else 404), name
        status = browser(actor).post(f"{LIST}verify/").status_code
        assert status == (200 if allowed else 404), name


# -- Django's admin ----------------------------------------------------------------------------


@pytest.fixture
def admin(client):
    user = User.objects.create_superuser(username="admin", name="管理员", password=PASSWORD)
    client.force_login(user)
    return client


def test_admin_has_no_login_of_its_own(client):
    make_member(Role.OFFICE_ADMIN, make_region())
    response = client.get("/admin/login/?next=/admin/accounts/user/")
    assert response.status_code == 302
    assert response.headers["Location"] == "/login/?next=%2Fadmin%2Faccounts%2Fuser%2F"
    assert client.post("/admin/login/", {"username": "x", "password": "y"}).status_code == 405


def test_admin_is_not_there_for_those_who_are_no_staff(cast, client):
    for actor in cast.everybody().values():
        assert browser(actor).get("/admin/").status_code == 404
    assert client.get("/admin/").status_code == 302  # who is not signed in may be staff


def test_trail_is_read_only_in_the_admin(cast, admin):
    entry = AuditEntry.objects.first()
    here = f"/admin/audit/auditentry/{entry.pk}/change/"
    assert admin.get("/admin/audit/auditentry/").status_code == 200
    assert admin.get(here).status_code == 200
    assert admin.post(here, {"verb": "x"}).status_code == 404
    assert (
        admin.post(f"/admin/audit/auditentry/{entry.pk}/delete/", {"post": "yes"}).status_code
        == 404
    )
    assert admin.get("/admin/audit/auditentry/add/").status_code == 404


def test_what_the_admin_changes_stands_in_the_installations_chain(cast, admin):
    here = f"/admin/units/region/{cast.region.pk}/change/"
    data = {"name": "安和新区", "level": "county", "parent": cast.region.parent_id}
    assert admin.post(here, data).status_code == 302
    cast.region.refresh_from_db()
    assert cast.region.name == "安和新区"
    entry = AuditEntry.objects.get(chain="installation")
    assert (entry.verb, entry.data["name"]) == ("admin.changed", "安和新区")
    user = cast.editor.user
    assert admin.get(f"/admin/accounts/user/{user.pk}/change/").status_code == 200
    assert admin.get(f"/admin/units/unit/{cast.unit.pk}/change/").status_code == 200
    assert admin.post(f"/admin/accounts/user/{user.pk}/delete/", {"post": "yes"}).status_code == 404


def test_admin_makes_accounts(cast, admin):
    data = {"username": "city2", "name": "市办", "password1": PASSWORD, "password2": PASSWORD}
    inline = {"memberships-TOTAL_FORMS": 0, "memberships-INITIAL_FORMS": 0}
    response = admin.post("/admin/accounts/user/add/", data | inline)
    assert response.status_code == 302
    assert User.objects.filter(username="city2").exists()
    told = str(list(AuditEntry.objects.values_list("data", flat=True)))
    assert PASSWORD not in told
    assert "pbkdf2" not in told
