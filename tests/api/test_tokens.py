"""Tokens: for one membership, with its rights of the moment, until they expire or are revoked."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from lawgov.accounts.models import ApiToken, Membership, User
from lawgov.accounts.policy import Role
from lawgov.audit.models import AuditEntry
from tests import factories
from tests.api.caller import Caller
from tests.people import browser

pytestmark = pytest.mark.django_db


def ask(**body):
    return Client().post("/api/v1/tokens/", body, content_type="application/json")


def credentials(actor):
    return {"username": actor.user.username, "password": factories.PASSWORD}


def works(text):
    client = Client(headers={"Authorization": f"Token {text}"})
    return client.get("/api/v1/me/").status_code == 200


def test_a_token_acts_as_its_membership(cast):
    answer = ask(**credentials(cast.editor), note="台账同步", days=7)
    assert answer.status_code == 201
    made = answer.json()
    client = Client(headers={"Authorization": f"Token {made['token']}"})
    me = client.get("/api/v1/me/").json()
    assert (me["role"], me["unit"]) == ("unit_editor", cast.unit.name)
    assert me["actions"]["assignment.tick"] == "own_unit"
    assert made["token"] not in ApiToken.objects.get().digest
    entry = AuditEntry.objects.get(verb="token.made")
    assert entry.data["note"] == "台账同步" and made["token"] not in str(entry.data)


def test_wrong_passwords_are_bounded_as_at_login(cast):
    wrong = {"username": cast.editor.user.username, "password": "no"}
    statuses = [ask(**wrong).status_code for _guess in range(7)]
    assert statuses == [422] * 5 + [429] * 2
    assert ask(**credentials(cast.editor)).status_code == 429
    unknown = ask(username="nobody", password="no").json()["error"]
    assert unknown["code"] == "refused"


def test_with_several_memberships_one_must_be_named(cast):
    other = factories.make_member(Role.SUPERVISOR, cast.region, user=cast.office.user)
    refused = ask(**credentials(cast.office))
    assert refused.status_code == 422 and str(other.membership.pk) in refused.content.decode()
    made = ask(**credentials(cast.office), membership=other.membership.pk).json()
    assert made["membership"] == other.membership.pk
    assert ask(**credentials(cast.office), membership=cast.editor.membership.pk).status_code == 422


@pytest.mark.parametrize("days", [0, 91, "x"])
def test_a_token_lives_90_days_at_most(cast, days):
    assert ask(**credentials(cast.editor), days=days).status_code == 422


def test_an_expired_token_is_refused(cast):
    caller = Caller(cast.editor)
    ApiToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    problem = caller.refused("get", "me/")
    assert (problem["status"], problem["code"]) == (401, "not_signed_in")


def test_tokens_are_listed_without_their_secret_and_revoked(cast):
    office, other = Caller(cast.office), Caller(cast.office)
    rows = office.get("tokens/")["results"]
    assert len(rows) == 2 and office.text not in str(rows)
    office.delete(f"tokens/{other.text[:15]}/")
    assert not works(other.text) and works(office.text)
    office.delete("tokens/current/")
    assert not works(office.text)
    assert AuditEntry.objects.filter(verb="token.revoked").count() == 2


def test_nobody_revokes_anothers_token(cast):
    theirs = Caller(cast.editor)
    assert Caller(cast.office).refused("delete", f"tokens/{theirs.text[:15]}/")["status"] == 404
    assert works(theirs.text)


def ended(cast):
    Membership.objects.filter(pk=cast.editor.membership.pk).update(valid_to=date(2020, 1, 1))


def closed(cast):
    User.objects.filter(pk=cast.editor.user.pk).update(is_active=False)


def removed(cast):
    ApiToken.objects.all().delete()


@pytest.mark.parametrize("change", [ended, closed, removed])
def test_what_is_taken_away_counts_from_the_next_call(cast, change):
    caller, page = Caller(cast.editor), browser(cast.editor)
    assert works(caller.text) and page.get("/api/v1/me/").status_code == 200
    change(cast)
    assert not works(caller.text)
    if change is not removed:
        # Without any role the browser is still signed in, and there is nothing for it.
        assert page.get("/api/v1/me/").status_code == (404 if change is ended else 401)


def test_a_changed_role_or_unit_counts_from_the_next_call(cast):
    caller = Caller(cast.editor)
    rows = Membership.objects.filter(pk=cast.editor.membership.pk)
    rows.update(unit=cast.other_unit)
    assert caller.get("me/")["unit"] == cast.other_unit.name
    rows.update(role=Role.OFFICE_ADMIN, unit=None)
    assert caller.get("units/")["count"] == 3
    rows.update(role=Role.PUBLICIST)
    assert caller.refused("get", "units/")["status"] == 404


def test_a_new_password_ends_tokens(cast):
    caller = Caller(cast.editor)
    Caller(cast.office).post(f"people/{cast.editor.user.pk}/password/")
    assert not works(caller.text)


def test_a_first_password_opens_nothing(cast):
    User.objects.filter(pk=cast.editor.user.pk).update(must_change_password=True)
    for asked in (Caller(cast.editor).client, browser(cast.editor)):
        answer = asked.get("/api/v1/me/")
        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "password_change_needed"
    assert ask(**credentials(cast.editor)).status_code == 422


def test_a_token_speaks_its_owners_language(cast):
    User.objects.filter(pk=cast.editor.user.pk).update(language="en")
    caller = Caller(cast.editor)
    assert caller.ask("get", "me/").headers["Content-Language"] == "en"


# -- the page ----------------------------------------------------------------------------------


def test_a_person_makes_and_revokes_tokens_on_a_page(cast):
    page = browser(cast.editor)
    wrong = page.post("/account/tokens/", {"note": "x", "days": 7, "password": "no"})
    assert wrong.status_code == 422 and not ApiToken.objects.exists()
    made = page.post(
        "/account/tokens/", {"note": "同步", "days": 7, "password": factories.PASSWORD}
    )
    assert made.status_code == 302 and made.url == "/account/tokens/"
    shown = page.get("/account/tokens/")
    text = shown.context["made"]
    assert text in shown.content.decode() and works(text)
    assert text not in page.get("/account/tokens/").content.decode()
    assert page.post(f"/account/tokens/{text[:15]}/revoke/").status_code == 302
    assert not works(text)


def test_anothers_token_is_not_there(cast):
    theirs = Caller(cast.office)
    page = browser(cast.editor)
    assert theirs.text[:15] not in page.get("/account/tokens/").content.decode()
    assert page.post(f"/account/tokens/{theirs.text[:15]}/revoke/").status_code == 404
    assert works(theirs.text)
