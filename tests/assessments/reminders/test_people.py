"""Deputies, leavers and people who moved: who is told in the end."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from assessments.models import Reminder
from assessments.rectification.states import State
from assessments.reminders.actions import send_reminders
from lawgov.accounts.policy import Role
from lawgov.notifications.models import Delivery
from tests import factories
from tests.factories import NOW, TODAY
from tests.people import browser

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def due_today(cast):
    inspection = factories.make_inspection(cast.region)
    issue = factories.make_issue(inspection, deadline_date=TODAY)
    return factories.make_response(issue, cast.unit, State.RECTIFYING)


def away(actor, deputy, **days) -> None:
    membership = actor.membership
    membership.away_from, membership.deputy = TODAY - DAY, deputy and deputy.user
    for name, value in days.items():
        setattr(membership, name, value)
    membership.save()


def told() -> set[str]:
    return {address for letter in mail.outbox for address in letter.to}


def test_the_deputy_is_told_in_place_of_a_person_away_and_for_whom(cast, due_today):
    away(cast.editor, cast.head, away_to=TODAY)
    send_reminders(NOW)
    assert told() == {cast.head.user.email}
    assert f"代{cast.editor.user.name}办理" in mail.outbox[0].body
    assert Reminder.objects.get().stands_for == cast.editor.user


def test_back_from_leave_the_person_is_told_again(cast, due_today):
    away(cast.editor, cast.head, away_to=TODAY - DAY)
    send_reminders(NOW)
    assert told() == {cast.editor.user.email}


@pytest.mark.parametrize("deputy", ["stranger", "foreign_office", None])
def test_without_a_usable_deputy_nothing_is_lost(cast, due_today, deputy):
    away(cast.editor, getattr(cast, deputy) if deputy else None)
    send_reminders(NOW)
    assert told() == {cast.editor.user.email}


def test_deputies_of_deputies_are_followed_and_circles_are_not(cast, due_today):
    third = factories.make_member(Role.UNIT_EDITOR, cast.region, cast.unit)
    third.membership.away_from, third.membership.deputy = TODAY, cast.editor.user
    third.membership.save()
    away(cast.editor, cast.head)
    send_reminders(NOW)
    assert told() == {cast.head.user.email}, "both editors' work is the head's, told once"
    mail.outbox.clear()
    away(cast.head, cast.editor)
    send_reminders(NOW + 4 * DAY)
    assert told() == {cast.editor.user.email, third.user.email}, "nobody is at work: own mail"


def hold_back(monkeypatch) -> None:
    """Plan now; the digest is sent by the next call."""
    monkeypatch.setattr("lawgov.notifications.claims.Due.codes", lambda *given: [])
    send_reminders(NOW)
    monkeypatch.undo()


def test_a_person_who_moved_to_another_unit_is_not_told_of_the_old_one(
    cast, due_today, monkeypatch
):
    hold_back(monkeypatch)
    membership = cast.editor.membership
    membership.unit = cast.other_unit
    membership.save()
    assert send_reminders(NOW)["cancelled"] == 2
    assert not mail.outbox


def test_control_without_the_second_look_the_old_units_issue_would_go_out(
    cast, due_today, monkeypatch
):
    """The guard removed: whoever was planned is told, as a queue without a second look does."""
    hold_back(monkeypatch)
    membership = cast.editor.membership
    membership.unit = cast.other_unit
    membership.save()
    monkeypatch.setattr("assessments.reminders.digest._still_true", lambda rows, held: rows)
    send_reminders(NOW)
    assert "处罚决定书" in mail.outbox[0].body


def test_a_deputy_whose_principal_left_is_told_nothing(cast, due_today, monkeypatch):
    away(cast.editor, cast.head)
    hold_back(monkeypatch)
    cast.editor.user.is_active = False
    cast.editor.user.save()
    send_reminders(NOW)
    assert not mail.outbox


def test_the_link_opens_the_thing_itself_after_login(cast, due_today):
    send_reminders(NOW)
    (link,) = [line.strip() for line in mail.outbox[0].body.splitlines() if "/issues/" in line]
    path = link.removeprefix("http://testserver")

    turned = Client().get(path)
    assert turned.status_code == 302
    assert turned["Location"].endswith(f"?next={path}")
    assert due_today.issue.text in browser(cast.editor).get(path).content.decode()


def test_a_person_with_two_posts_gets_one_digest_with_the_things_of_both(cast, due_today):
    factories.make_member(Role.UNIT_EDITOR, cast.region, cast.other_unit, user=cast.editor.user)
    inspection = due_today.issue.inspection
    other = factories.make_issue(inspection, deadline_date=TODAY, text="公示栏没有更新")
    factories.make_response(other, cast.other_unit, State.RECTIFYING)
    send_reminders(NOW)
    mine = [letter for letter in mail.outbox if letter.to == [cast.editor.user.email]]
    (letter,) = mine
    assert "快到期 2 件" in letter.subject
    assert "公示栏没有更新" in letter.body
    assert Delivery.objects.filter(person=cast.editor.user, channel="email").count() == 1


def test_who_is_told_of_one_thing_at_two_levels_reads_it_once(cast, due_today):
    factories.make_member(Role.UNIT_HEAD, cast.region, cast.unit, user=cast.editor.user)
    late = TODAY - 7 * DAY
    type(due_today).objects.update(deadline_date=late)
    send_reminders(NOW)
    assert Reminder.objects.filter(recipient=cast.editor.user).count() == 2
    (letter,) = [one for one in mail.outbox if one.to == [cast.editor.user.email]]
    assert letter.body.count(due_today.issue.text) == 1
