"""Being away: who may stand in, what is refused, and the trail."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lawgov.accounts.models import Membership
from lawgov.accounts.policy import Role
from lawgov.audit.models import AuditEntry
from lawgov.calendars import local_day
from tests.factories import make_member
from tests.people import browser

pytestmark = pytest.mark.django_db
HERE = "/account/absence/"


def days(first: int, last: int) -> dict[str, str]:
    today = local_day(timezone.now())
    return {
        "away_from": (today + timedelta(days=first)).isoformat(),
        "away_to": (today + timedelta(days=last)).isoformat(),
    }


def test_a_person_says_from_when_to_when_and_who_stands_in(cast):
    typed = days(0, 5) | {"deputy": cast.head.user.pk, "version": 1}
    client = browser(cast.editor)
    assert client.post(HERE, typed).status_code == 302
    row = Membership.objects.get(pk=cast.editor.membership.pk)
    assert row.is_away(local_day(timezone.now()))
    assert row.deputy == cast.head.user
    assert "现在不在岗" in client.get(HERE).content.decode()
    assert "deputy" in AuditEntry.objects.get(verb="membership.changed").data["set"]
    assert client.post(HERE, typed).status_code == 409
    assert client.post(HERE, {"version": 2}).status_code == 302
    assert not Membership.objects.get(pk=row.pk).is_away(local_day(timezone.now()))


@pytest.mark.parametrize("who", ["stranger", "office", "foreign_office", "editor"])
def test_nobody_from_elsewhere_can_stand_in(cast, who):
    deputy = getattr(cast, who).user.pk
    answer = browser(cast.editor).post(HERE, days(0, 5) | {"deputy": deputy, "version": 1})
    assert answer.status_code == 422
    assert Membership.objects.get(pk=cast.editor.membership.pk).away_from is None


def test_an_absence_wants_a_deputy_and_days_in_order(cast):
    client, deputy = browser(cast.editor), {"deputy": cast.head.user.pk, "version": 1}
    assert client.post(HERE, days(0, 5) | {"version": 1}).status_code == 422
    assert client.post(HERE, days(5, 0) | deputy).status_code == 422
    assert client.post(HERE, deputy | {"away_to": days(0, 1)["away_to"]}).status_code == 422


def test_the_office_enters_an_absence_for_somebody(cast):
    editor = cast.editor.membership
    typed = days(0, 5) | {
        "role": editor.role, "unit": editor.unit_id, "deputy": cast.head.user.pk, "version": 1,
    }  # fmt: skip
    assert (
        browser(cast.office).post(f"/settings/memberships/{editor.pk}/", typed).status_code == 302
    )
    assert (
        "不在岗"
        in browser(cast.office).get(f"/settings/people/{cast.editor.user.pk}/").content.decode()
    )


def test_the_api_does_the_same(cast):
    second = make_member(Role.OFFICE_ADMIN, cast.region)
    client = browser(cast.office)
    body = days(0, 1) | {"deputy": second.user.pk, "version": 1}
    changed = client.put("/api/v1/me/absence/", body, content_type="application/json")
    assert changed.status_code == 200, changed.content
    assert client.get("/api/v1/me/absence/").json()["deputy"] == second.user.pk
