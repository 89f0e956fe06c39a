"""Many guesses at once. The control takes the guard away and must let too many through."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from lawgov.accounts import forms, lockout
from lawgov.accounts.lockout import LoginAttempt
from tests import factories

NOW = factories.NOW
KEY = lockout.account_key("somebody")


# ---------- one after the other ----------


@pytest.mark.django_db
def test_attempts_are_counted_down_and_then_refused():
    assert [lockout.take(KEY, 5, NOW) for _ in range(7)] == [4, 3, 2, 1, 0, None, None]


@pytest.mark.django_db
def test_pause_runs_from_the_last_real_attempt():
    for minute in range(5):
        lockout.take(KEY, 5, NOW + timedelta(minutes=minute))
    end = NOW + timedelta(minutes=4) + lockout.PAUSE
    assert lockout.take(KEY, 5, end - timedelta(seconds=1)) is None
    assert lockout.take(KEY, 5, end) == 4


@pytest.mark.django_db
def test_hammering_does_not_prolong_the_pause():
    for _ in range(5):
        lockout.take(KEY, 5, NOW)
    for minute in range(14):
        assert lockout.take(KEY, 5, NOW + timedelta(minutes=minute)) is None
    assert lockout.take(KEY, 5, NOW + lockout.PAUSE) == 4


@pytest.mark.django_db
def test_what_is_given_back_can_be_taken_again_and_never_goes_below_nothing():
    lockout.take(KEY, 5, NOW)
    lockout.give_back(KEY)
    lockout.give_back(KEY)
    assert lockout.take(KEY, 5, NOW) == 4


@pytest.mark.django_db
def test_what_people_type_is_not_kept():
    lockout.take(lockout.account_key("my-password"), 5, NOW)
    assert "my-password" not in str(vars(LoginAttempt.objects.get()))


@pytest.mark.django_db
def test_one_source_may_guess_thirty_times_whatever_the_names():
    client = Client()
    answers = [
        client.post("/login/", {"username": f"person{n}", "password": "x"}).status_code
        for n in range(32)
    ]
    assert answers == [422] * 30 + [429] * 2


@pytest.mark.django_db
def test_a_locked_account_does_not_use_up_the_source():
    client = Client()
    for _ in range(60):
        client.post("/login/", {"username": "victim", "password": "x"})
    answer = client.post("/login/", {"username": "colleague", "password": "x"})
    assert answer.status_code == 422


@pytest.mark.django_db
def test_a_right_password_gives_the_source_its_attempt_back():
    user = factories.make_user()
    data = {"username": user.username, "password": factories.PASSWORD}
    assert {Client().post("/login/", data).status_code for _ in range(40)} == {302}


# ---------- two hundred at once ----------

GUESSES = 200
THREADS = 20


def guess_together(username: str) -> None:
    """GUESSES posts of a wrong password from THREADS threads that start at the same moment."""
    start = threading.Barrier(THREADS)

    def work(thread: int) -> None:
        try:
            start.wait(timeout=60)
            for n in range(GUESSES // THREADS):
                # A source of its own each, so that only the account's count holds them back.
                client = Client(REMOTE_ADDR=f"10.0.{thread}.{n}")
                client.post("/login/", {"username": username, "password": f"guess {n}"})
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not any(thread.is_alive() for thread in threads)


@pytest.fixture
def checks(monkeypatch):
    """How many passwords were really looked at."""
    looked_at = []
    monkeypatch.setattr(forms, "authenticate", lambda *_, **given: looked_at.append(given))
    return looked_at


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("known", [True, False])
def test_two_hundred_guesses_at_once_give_at_most_five_checks(checks, known):
    username = factories.make_user().username if known else "nobody"
    guess_together(username)
    assert 1 <= len(checks) <= lockout.ACCOUNT_LIMIT
    assert LoginAttempt.objects.get(key=lockout.account_key(username)).taken == 5


@pytest.mark.django_db(transaction=True)
def test_without_the_guard_far_more_get_through(checks, monkeypatch):
    """The control: reading the count and writing it back, as is usual, does not hold."""

    def read_then_write(key, limit, now):
        row, _ = LoginAttempt.objects.get_or_create(key=key, defaults={"until": now})
        if row.taken >= limit:
            return None
        time.sleep(0.02)  # as long as a fast hash takes
        LoginAttempt.objects.filter(pk=row.pk).update(taken=row.taken + 1)
        return limit - row.taken - 1

    monkeypatch.setattr(lockout, "take", read_then_write)
    guess_together("nobody")
    assert len(checks) > lockout.ACCOUNT_LIMIT


@pytest.mark.django_db(transaction=True)
def test_first_attempts_at_once_make_one_row():
    taken, start = [], threading.Barrier(8)

    def work() -> None:
        try:
            start.wait(timeout=30)
            taken.append(lockout.take(KEY, 5, timezone.now()))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert LoginAttempt.objects.get(key=KEY).taken == 5
    assert taken.count(None) == 3
