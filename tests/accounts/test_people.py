"""Accounts and appointments kept by the office: first passwords, roles, ends, and their trail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from lawgov.accounts import appointments
from lawgov.accounts.models import Membership, User
from lawgov.accounts.policy import Role
from lawgov.audit.models import AuditEntry
from lawgov.calendars import local_day
from tests.factories import make_member, make_unit
from tests.people import browser

pytestmark = pytest.mark.django_db

NEW = {"name": "李某", "username": "li", "phone": "13812345678", "email": "", "role": "unit_editor"}


@pytest.fixture
def office(cast):
    return browser(cast.office)


def text(response) -> str:
    return response.content.decode()


def test_a_new_account_gets_a_first_password_that_is_shown_once(cast, office):
    response = office.post("/settings/people/new/", NEW | {"unit": cast.unit.pk})
    user = User.objects.get(username="li")
    here = f"/settings/people/{user.pk}/"
    assert response.headers["Location"] == here
    page = office.get(here)
    password = page.context["password"]
    assert user.check_password(password)
    assert password in text(page)
    assert page.headers["Cache-Control"].count("no-store")
    assert password not in text(office.get(here))
    assert user.must_change_password
    assert user.memberships.get().unit == cast.unit
    trail = str(list(AuditEntry.objects.values_list("data", flat=True)))
    assert password not in trail
    assert "12345678" not in trail


def test_first_login_must_change_the_password(cast, office):
    office.post("/settings/people/new/", NEW | {"unit": cast.unit.pk})
    user = User.objects.get(username="li")
    client = Client()
    client.force_login(user)
    response = client.get("/tasks/")
    assert (response.status_code, response.headers["Location"]) == (302, "/account/password/")


def test_first_passwords_differ_and_can_be_read_aloud():
    made = {appointments.first_password() for _n in range(200)}
    assert len(made) == 200
    assert all(len(password) == 14 for password in made)
    assert not set("".join(made)) & set("0oO1lIi")
    assert all(any(char.isdigit() for char in password) for password in made)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"username": "taken"}, "username"),
        ({"name": ""}, "姓名"),
        ({"unit": ""}, "这个角色要选单位"),
        ({"role": "office_admin"}, "这个角色不属于单位"),
        ({"role": "upper_supervisor", "unit": ""}, "upper_supervisor"),
        ({"role": "emperor"}, "emperor"),
        ({"email": "no"}, "邮箱"),
    ],
)
def test_faulty_accounts_are_told_and_not_made(cast, office, change, words):
    User.objects.create_user(username="taken", name="占")
    before = User.objects.count()
    response = office.post("/settings/people/new/", NEW | {"unit": cast.unit.pk} | change)
    assert response.status_code == 422
    assert words in text(response)
    assert User.objects.count() == before


def test_units_of_another_place_are_refused(cast, office):
    foreign = make_unit(cast.foreign_office.region)
    response = office.post("/settings/people/new/", NEW | {"unit": foreign.pk})
    assert response.status_code == 422
    here = f"/settings/memberships/{cast.editor.membership.pk}/"
    data = {"role": "unit_editor", "unit": foreign.pk, "version": 1}
    assert office.post(here, data).status_code == 422


def test_list_finds_people_by_name_unit_role_and_state(cast, office):
    ended = make_member(Role.UNIT_EDITOR, cast.region, cast.unit)
    appointments.end_membership(ended.membership, actor=cast.office, now=timezone.now())
    for query, expected in [
        ("q=水利", {cast.editor, cast.head, ended}),
        ("role=unit_head", {cast.head}),
        ("only=ended", {ended}),
        (f"q={cast.office.user.username}", {cast.office}),
    ]:
        rows = office.get(f"/settings/people/?{query}").context["listing"].rows
        assert {person.pk for person in rows} == {actor.user.pk for actor in expected}, query


def test_list_asks_few_queries(cast, office, django_assert_max_num_queries):
    for _n in range(30):
        make_member(Role.UNIT_EDITOR, cast.region, cast.unit)
    with django_assert_max_num_queries(15):
        page = office.get("/settings/people/")
    assert page.context["listing"].total == 41
    assert cast.foreign_office.user.username not in text(page)


def test_reset_ends_logins_and_asks_for_a_new_password(cast, office):
    theirs = browser(cast.editor)
    assert theirs.get("/account/").status_code == 200
    here = f"/settings/people/{cast.editor.user.pk}/"
    assert office.post(f"{here}password/").headers["Location"] == here
    password = office.get(here).context["password"]
    user = User.objects.get(pk=cast.editor.user.pk)
    assert user.check_password(password)
    assert user.must_change_password
    assert theirs.get("/account/").status_code == 302
    assert AuditEntry.objects.filter(verb="account.password_reset").count() == 1


def test_a_closed_account_is_out_at_once(cast, office):
    theirs = browser(cast.editor)
    here = f"/settings/people/{cast.editor.user.pk}/active/"
    office.post(here, {"active": "0"})
    assert theirs.get("/account/").status_code == 302
    office.post(here, {"active": "1"})
    assert User.objects.get(pk=cast.editor.user.pk).is_active
    own = f"/settings/people/{cast.office.user.pk}/active/"
    assert office.post(own, {"active": "0"}).status_code == 422


def test_an_ended_membership_counts_from_the_next_request(cast, office):
    theirs = browser(cast.editor)
    assert theirs.get("/checklist/").status_code == 200
    office.post(f"/settings/memberships/{cast.editor.membership.pk}/end/")
    assert theirs.get("/checklist/").status_code == 404
    assert AuditEntry.objects.filter(verb="membership.ended").exists()


def test_the_last_office_account_stays(cast, office):
    own = cast.office.membership
    assert office.post(f"/settings/memberships/{own.pk}/end/").status_code == 422
    data = {"role": "assessor", "unit": "", "version": 1}
    response = office.post(f"/settings/memberships/{own.pk}/", data)
    assert response.status_code == 422
    assert "最后一个创建办账号" in text(response)
    make_member(Role.OFFICE_ADMIN, cast.region)
    assert office.post(f"/settings/memberships/{own.pk}/end/").status_code == 302


def test_role_term_and_deputy_change_with_their_trail(cast, office):
    here = f"/settings/memberships/{cast.editor.membership.pk}/"
    day = local_day(timezone.now()) + timedelta(days=30)
    data = {
        "role": "unit_head",
        "unit": cast.other_unit.pk,
        "valid_to": day.isoformat(),
        "deputy": cast.head.user.pk,
        "version": 1,
    }
    assert office.post(here, data).status_code == 302
    row = Membership.objects.get(pk=cast.editor.membership.pk)
    assert (row.role, row.unit, row.valid_to) == ("unit_head", cast.other_unit, day)
    told = AuditEntry.objects.get(verb="membership.changed").data["set"]
    assert told["role"] == ["unit_editor", "unit_head"]
    assert told["unit"] == ["区水利局", "区林业局"]
    assert office.post(here, data).status_code == 409
    wrong = data | {"version": 2, "valid_from": (day + timedelta(days=1)).isoformat()}
    assert office.post(here, wrong).status_code == 422


def test_a_second_appointment_of_the_same_kind_is_refused(cast, office):
    here = f"/settings/people/{cast.editor.user.pk}/memberships/new/"
    response = office.post(here, {"role": "unit_editor", "unit": cast.unit.pk})
    assert response.status_code == 422
    assert "已经有这个角色" in text(response)
    other = {"role": "unit_editor", "unit": cast.other_unit.pk}
    assert office.post(here, other).status_code == 302


def test_what_the_office_keeps_changes_under_a_version(cast, office):
    here = f"/settings/people/{cast.editor.user.pk}/"
    data = {"name": "王新", "phone": "", "email": "", "version": 1}
    assert office.post(here, data).status_code == 302
    assert office.post(here, data | {"name": "王旧"}).status_code == 409
    assert User.objects.get(pk=cast.editor.user.pk).name == "王新"


def test_accounts_shared_with_another_place_are_not_touched(cast, office):
    user = cast.editor.user
    make_member(
        Role.UNIT_EDITOR,
        cast.foreign_office.region,
        make_unit(cast.foreign_office.region),
        user=user,
    )
    here = f"/settings/people/{user.pk}/"
    page = office.get(here)
    assert page.context["shared"]
    assert "别的地区也有任职" in text(page)
    assert cast.foreign_office.region.name not in text(page)
    data = {"name": "改", "phone": "", "email": "", "version": 1}
    assert office.post(here, data).status_code == 422
    assert office.post(f"{here}password/").status_code == 422
    assert office.post(f"{here}active/", {"active": "0"}).status_code == 422


def test_the_pages_are_the_offices_alone_and_of_its_place(cast):
    own = [
        f"/settings/people/{cast.editor.user.pk}/",
        f"/settings/people/{cast.editor.user.pk}/memberships/new/",
        f"/settings/memberships/{cast.editor.membership.pk}/",
    ]
    general = ["/settings/people/", "/settings/people/new/"]
    for name, actor in cast.everybody().items():
        client = browser(actor)
        for url in [*own, *general]:
            allowed = name == "office" or (name == "foreign_office" and url in general)
            assert client.get(url).status_code == (200 if allowed else 404), (name, url)
