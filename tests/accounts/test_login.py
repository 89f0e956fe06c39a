import re
from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.sessions.models import Session
from django.test import Client, override_settings
from django.utils import timezone

from lawgov.accounts import lockout, sessions
from lawgov.accounts.models import LoginAttempt, SignIn
from lawgov.accounts.policy import Role
from lawgov.accounts.tasks import sweep_logins
from lawgov.audit.models import INSTALLATION, AuditEntry
from tests import factories
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    region = factories.make_region(name="安和区")
    unit = factories.make_unit(region, "区水利局")
    return factories.make_member(Role.UNIT_EDITOR, region, unit)


def send(client: Client, actor=None, password: str = PASSWORD, **more: str):
    username = actor.user.username if actor else "nobody"
    return client.post("/login/", {"username": username, "password": password} | more)


def test_right_password_goes_to_where_one_wanted(actor):
    response = send(Client(), actor, next="/account/")
    assert response.status_code == 302
    assert response.url == "/account/"


def test_page_asks_for_login_and_comes_back(actor):
    client = Client()
    response = client.get("/account/?tab=1")
    assert response.url == "/login/?next=/account/%3Ftab%3D1"
    assert 'name="next" value="/account/?tab=1"' in client.get(response.url).content.decode()


def test_what_is_sent_without_login_comes_back_to_its_page(actor):
    """A form's own address often cannot be opened; the page that it stands on can."""
    client, page = Client(), "http://testserver/indicators/3/?from=tasks"
    sent = client.post("/indicators/3/units/1/submit/", headers={"Referer": page})
    assert sent.url == "/login/?next=/indicators/3/%3Ffrom%3Dtasks"
    asked = {"HX-Request": "true", "HX-Current-URL": "http://testserver/tasks/"}
    ticked = client.post("/tasks/7/tick/", headers=asked)
    assert ticked.headers["HX-Redirect"] == "/login/?next=/tasks/"
    nowhere = client.post("/tasks/7/tick/", headers={"Referer": "https://evil.example/"})
    assert nowhere.url == "/login/?next=/tasks/7/tick/"


def test_the_login_page_keeps_where_one_wanted_when_its_language_changes(actor):
    text = Client().get("/login/?next=/tasks/").content.decode()
    assert text.count('name="next" value="/login/?next=/tasks/"') == 2


def test_foreign_next_is_ignored(actor):
    assert send(Client(), actor, next="https://evil.example/").url == "/"


def test_wrong_password_says_how_often_one_may_try(actor):
    client = Client()
    for left in (4, 3, 2, 1):
        response = send(client, actor, "wrong")
        assert response.status_code == 422
        assert f"账号或口令不对，还可以试 {left} 次" in response.content.decode()
    assert "账号或口令不对，已锁定 15 分钟" in send(client, actor, "wrong").content.decode()
    response = send(client, actor)
    assert response.status_code == 429
    assert "这个账号连续输错 5 次" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_unknown_names_are_answered_and_counted_alike(actor):
    known, unknown = Client(), Client()
    for _ in range(6):
        mine, nobodys = send(known, actor, "wrong"), send(unknown, None, "wrong")
        assert mine.status_code == nobodys.status_code
        assert without_tokens(mine) == without_tokens(nobodys)


def without_tokens(response) -> str:
    """The page less what is different in every answer."""
    html = re.sub(
        r'(nonce|name="csrfmiddlewaretoken" value)="[^"]+"', "", response.content.decode()
    )
    return re.sub(r'name="username" value="[^"]+"', "", html)


@override_settings(PASSWORD_HASHERS=["tests.accounts.test_login.CountingHasher"])
def test_unknown_names_cost_one_hash_like_known_ones(actor):
    actor.user.set_password(PASSWORD)
    actor.user.save()
    CountingHasher.calls = 0
    send(Client(), actor, "wrong")
    known, CountingHasher.calls = CountingHasher.calls, 0
    send(Client(), None, "wrong")
    assert CountingHasher.calls == known == 1


class CountingHasher(PBKDF2PasswordHasher):
    algorithm = "counting"
    iterations = 1
    calls = 0

    def encode(self, password, salt, iterations=None):
        CountingHasher.calls += 1
        return super().encode(password, salt, iterations)


def test_right_password_clears_the_count(actor):
    for _ in range(3):
        send(Client(), actor, "wrong")
    send(Client(), actor)
    assert "还可以试 4 次" in send(Client(), actor, "wrong").content.decode()


def test_upper_case_does_not_open_a_second_count(actor):
    for _ in range(5):
        send(Client(), actor, "wrong")
    shouted = {"username": f" {actor.user.username.upper()} ", "password": "wrong"}
    assert Client().post("/login/", shouted).status_code == 429


def test_closed_account_is_answered_like_a_wrong_password(actor):
    actor.user.is_active = False
    actor.user.save()
    assert "账号或口令不对，还可以试 4 次" in send(Client(), actor).content.decode()


def test_session_gets_a_new_key_at_login(actor):
    client = Client()
    client.get("/login/")
    session = client.session
    session["planted"] = "by a stranger"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    send(client, actor)
    assert client.session.session_key != before
    assert "planted" not in client.session


def test_logins_are_kept_in_the_installations_own_chain(actor):
    send(Client(), actor, "wrong")
    client = Client()
    send(client, actor)
    client.post("/logout/")
    entries = AuditEntry.objects.filter(chain=INSTALLATION).order_by("seq")
    verbs = [entry.verb for entry in entries]
    assert verbs == ["account.login_refused", "account.login", "account.logout"]
    assert entries[0].actor is None
    assert entries[1].actor == actor.user


def test_logout_ends_the_session(actor):
    client = Client()
    send(client, actor)
    key = client.session.session_key
    assert client.post("/logout/").url == "/login/"
    assert client.get("/account/").status_code == 302
    assert not SignIn.objects.filter(session_key=key).exists()
    assert client.get("/logout/").status_code in (302, 405)


def test_login_page_while_signed_in_goes_on(actor):
    client = Client()
    send(client, actor)
    assert client.get("/login/?next=/account/").url == "/account/"


# ---------- demo accounts ----------


@pytest.fixture
def demo(settings, actor):
    settings.DEMO_LOGIN, settings.DEMO_PASSWORD = True, "lawgov-demo"
    user = factories.make_user("office")
    user.set_password("lawgov-demo")
    user.save()
    return factories.make_member(Role.OFFICE_ADMIN, actor.region, user=user)


def test_demo_button_signs_in_at_once(demo):
    client = Client()
    assert 'value="office"' in client.get("/login/").content.decode()
    client.post("/login/", {"demo": "office"})
    assert client.session["_auth_user_id"] == str(demo.user.pk)


@pytest.mark.parametrize(
    "username", ["assessor", "expert", "publicist", "external", "city", "admin"]
)
def test_every_role_of_the_demo_has_its_button(demo, username):
    assert f'value="{username}"' in Client().get("/login/").content.decode()


def test_demo_button_is_dead_where_there_is_no_demo(demo, settings):
    settings.DEMO_LOGIN = False
    client = Client()
    html = client.get("/login/").content.decode()
    assert 'name="demo"' not in html
    assert "lawgov-demo" not in html
    assert client.post("/login/", {"demo": "office"}).status_code == 422


def test_demo_button_is_for_the_listed_accounts_only(demo):
    assert Client().post("/login/", {"demo": "admin"}).status_code == 422


# ---------- how long a login lasts ----------


class Clock:
    """Stands in for the clock of views and middlewares."""

    def __init__(self, monkeypatch, start: datetime) -> None:
        self.now = start
        monkeypatch.setattr(timezone, "now", lambda: self.now)

    def passes(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch, timezone.now())


def test_idle_for_half_an_hour_ends_the_login(actor, clock):
    client = Client()
    send(client, actor)
    clock.passes(minutes=29)
    assert client.get("/account/").status_code == 200
    clock.passes(minutes=29)
    assert client.get("/account/").status_code == 200
    clock.passes(minutes=31)
    assert client.get("/account/").status_code == 302
    assert not SignIn.objects.exists()


def test_twelve_hours_end_it_however_busy(actor, clock):
    client = Client()
    send(client, actor)
    for _ in range(12 * 3):
        assert client.get("/account/").status_code == 200
        clock.passes(minutes=20)
    clock.passes(minutes=1)
    assert client.get("/account/").status_code == 302


def test_being_seen_is_written_at_most_once_a_minute(actor, clock):
    client = Client()
    send(client, actor)
    first = SignIn.objects.get().seen_at
    clock.passes(seconds=59)
    client.get("/account/")
    assert SignIn.objects.get().seen_at == first
    clock.passes(seconds=2)
    client.get("/account/")
    assert SignIn.objects.get().seen_at == clock.now


def test_session_that_began_elsewhere_is_limited_from_its_first_page_on(actor, clock):
    client = Client()
    client.force_login(actor.user)
    assert client.get("/account/").status_code == 200
    clock.passes(minutes=31)
    assert client.get("/account/").status_code == 302


def test_rows_of_ended_logins_are_swept(actor, clock):
    send(Client(), actor)
    send(Client(), None, "wrong")
    assert sessions.sweep(clock.now) == lockout.sweep(clock.now) == 0
    clock.passes(hours=13)
    assert sweep_logins() >= 2
    assert not SignIn.objects.exists()
    assert not LoginAttempt.objects.exists()
    assert not Session.objects.exists()


# ---------- one's own account ----------


def test_other_logins_are_listed_and_can_be_ended(actor):
    here, there = Client(), Client()
    send(here, actor)
    send(there, actor)
    other = SignIn.objects.get(session_key=there.session.session_key)
    assert here.get("/account/").content.decode().count("/end/") == 1
    here.post(f"/account/sessions/{other.pk}/end/")
    assert there.get("/account/").status_code == 302
    assert here.get("/account/").status_code == 200


def test_nobody_ends_a_strangers_login(actor):
    stranger = factories.make_member(Role.OFFICE_ADMIN, actor.region)
    mine, theirs = Client(), Client()
    send(mine, actor)
    send(theirs, stranger)
    row = SignIn.objects.get(user=stranger.user)
    assert mine.post(f"/account/sessions/{row.pk}/end/").status_code == 404
    mine.post("/account/sessions/end-others/")
    assert theirs.get("/account/").status_code == 200


def test_new_password_ends_the_other_logins(actor):
    here, there = Client(), Client()
    send(here, actor)
    send(there, actor)
    new = "Zhong-Xin-1949"
    response = here.post("/account/password/", {"old": PASSWORD, "new": new, "again": new})
    assert response.url == "/account/"
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302
    assert SignIn.objects.count() == 1
    assert authenticate(username=actor.user.username, password=new)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"old": "wrong", "new": "Zhong-Xin-1949"}, "口令不对"),
        ({"new": "12345678901"}, "不能全是数字"),
        ({"new": "short"}, "不足 10 个字符"),
        ({"new": PASSWORD}, "新口令和原口令一样"),
        ({"new": "Zhong-Xin-1949", "again": "Zhong-Xin-1950"}, "两次输入的新口令不一样"),
    ],
)
def test_poor_passwords_are_refused_with_a_reason(actor, data, sentence):
    client = Client()
    send(client, actor)
    full = {"old": PASSWORD, "again": data["new"]} | data
    response = client.post("/account/password/", full)
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_guessing_the_old_password_is_bounded(actor):
    client = Client()
    send(client, actor)
    data = {"old": "wrong", "new": "Zhong-Xin-1949", "again": "Zhong-Xin-1949"}
    for _ in range(5):
        client.post("/account/password/", data)
    response = client.post("/account/password/", data | {"old": PASSWORD})
    assert "连续输错 5 次" in response.content.decode()


def test_first_password_must_be_changed_before_anything_else(actor):
    actor.user.must_change_password = True
    actor.user.save()
    client = Client()
    send(client, actor)
    assert client.get("/account/").url == "/account/password/"
    new = "Zhong-Xin-1949"
    response = client.post("/account/password/", {"old": PASSWORD, "new": new, "again": new})
    assert response.url == "/"
    assert client.get("/account/").status_code == 200


def test_preferences_are_kept_with_the_account(actor):
    client = Client()
    send(client, actor)
    client.post("/account/", {"language": "en", "large_text": "on"})
    actor.user.refresh_from_db()
    assert (actor.user.language, actor.user.large_text, actor.user.single_keys) == (
        "en",
        True,
        False,
    )
    html = client.get("/account/").content.decode()
    assert '<html lang="en" data-text="large" data-single-keys="off"' in html


def test_menu_switches_are_kept_with_the_account_too(actor):
    client = Client()
    send(client, actor)
    client.post("/large-text/", {"large_text": "1"})
    client.post("/language/", {"language": "en"})
    actor.user.refresh_from_db()
    assert actor.user.large_text
    assert actor.user.language == "en"


def test_membership_is_chosen_among_ones_own(actor):
    elsewhere = factories.make_region(name="平川县")
    second = factories.make_member(Role.SUPERVISOR, elsewhere, user=actor.user).membership
    foreign = factories.make_member(Role.OFFICE_ADMIN, elsewhere).membership
    client = Client()
    send(client, actor)
    assert "换单位或角色" in client.get("/account/").content.decode()
    client.post("/account/memberships/", {"membership": second.pk})
    assert "平川县" in client.get("/account/").content.decode()
    for bad in (foreign.pk, "x", ""):
        response = client.post("/account/memberships/", {"membership": bad})
        assert response.status_code == 404
    assert "平川县" in client.get("/account/").content.decode()


def test_a_link_of_another_role_opens_after_the_change(actor):
    """A digest tells one person of all their roles; its links are those of the pages."""
    elsewhere = factories.make_region(name="平川县")
    factories.make_campaign(elsewhere)
    inspection = factories.make_inspection(elsewhere)
    second = factories.make_member(Role.SUPERVISOR, elsewhere, user=actor.user).membership
    client, link = Client(), f"/inspections/{inspection.pk}/?kind=common"
    send(client, actor)
    refused = client.get(link)
    assert refused.status_code == 404
    change = f"/account/memberships/?next={quote(link, safe='')}"
    assert change in refused.content.decode()
    form = client.get(change).content.decode()
    assert f'name="next" value="{link}"' in form
    moved = client.post("/account/memberships/", {"membership": second.pk, "next": link})
    assert moved.url == link
    assert client.get(link).status_code == 200
    away = {"membership": second.pk, "next": "https://evil.test/"}
    assert client.post("/account/memberships/", away).url == "/"


def test_with_one_role_nothing_else_is_offered(actor):
    client = Client()
    send(client, actor)
    assert "换单位或角色" not in client.get("/inspections/987654/").content.decode()


def test_ended_membership_cannot_be_chosen(actor):
    past = timezone.localdate() - timedelta(days=1)
    ended = factories.make_member(
        Role.OFFICE_ADMIN, actor.region, user=actor.user, valid_to=past
    ).membership
    client = Client()
    send(client, actor)
    response = client.post("/account/memberships/", {"membership": ended.pk})
    assert response.status_code == 404
