from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from lawgov.settings import env

DATA = Path("/data")


@pytest.mark.parametrize(("given", "value"), [("", 7), ("0", 0), ("60", 60)])
def test_counts(monkeypatch, given, value):
    monkeypatch.setenv("LIMIT", given)
    assert env.count("LIMIT", 7) == value


@pytest.mark.parametrize("given", ["-1", "ten", "1.5", "１"])
def test_bad_counts_are_refused(monkeypatch, given):
    monkeypatch.setenv("LIMIT", given)
    with pytest.raises(ImproperlyConfigured):
        env.count("LIMIT")


def test_networks(monkeypatch):
    monkeypatch.setenv("NETS", "10.1.0.0/16, fd00::/8")
    assert env.networks("NETS") == ["10.1.0.0/16", "fd00::/8"]
    monkeypatch.setenv("NETS", "10.1.0.1/16")
    with pytest.raises(ImproperlyConfigured):
        env.networks("NETS")


def test_no_database_address_means_sqlite_with_the_promised_guarantees():
    found = env.database("", DATA)
    assert found["NAME"] == "/data/db.sqlite3"
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert found["OPTIONS"]["timeout"] == 20
    pragmas = found["OPTIONS"]["init_command"]
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        assert pragma in pragmas
    assert found["ATOMIC_REQUESTS"] is False


def test_postgresql_is_not_waited_for_without_end():
    found = env.database("postgresql://u:p%40ss@db:5433/place?sslmode=require", DATA)
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db", 5433, "place")
    assert found["PASSWORD"] == "p@ss"
    assert found["OPTIONS"]["sslmode"] == "require"
    assert found["OPTIONS"]["connect_timeout"] == 5


@pytest.mark.parametrize("url", ["mysql://u@h/d", "nonsense", "gopher://h", "oracle://u:p@h/d"])
def test_other_databases_are_refused(url):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        env.database(url, DATA)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "memory://"),
        ("redis://h:6379/3", "redis://h:6379/3"),
        ("rediss://:pw@h/0", "rediss://:pw@h/0"),
        ("unix:///run/v.sock?db=2", "redis+socket:///run/v.sock?virtual_host=2"),
        ("unix:///run/v.sock", "redis+socket:///run/v.sock?virtual_host=0"),
    ],
)
def test_redis_in_the_words_of_celery(url, said):
    assert env.broker(url) == said


@pytest.mark.parametrize("url", ["amqp://h", "h:6379"])
def test_other_brokers_are_refused(url):
    with pytest.raises(ImproperlyConfigured, match="REDIS_URL"):
        env.broker(url)


def test_mail_goes_to_files_by_default():
    found = env.email("", DATA)
    assert found["EMAIL_BACKEND"].endswith("filebased.EmailBackend")
    assert found["EMAIL_FILE_PATH"] == "/data/mail"


@pytest.mark.parametrize(
    ("url", "port", "ssl", "tls"),
    [
        ("smtp://mail.gov.test", 25, False, False),
        ("smtp://mail.gov.test:2525", 2525, False, False),
        ("smtp+tls://mail.gov.test", 587, False, True),
        ("smtps://mail.gov.test", 465, True, False),
    ],
)
def test_smtp(url, port, ssl, tls):
    found = env.email(url, DATA)
    assert found["EMAIL_HOST"] == "mail.gov.test"
    assert (found["EMAIL_PORT"], found["EMAIL_USE_SSL"], found["EMAIL_USE_TLS"]) == (port, ssl, tls)
    assert found["EMAIL_TIMEOUT"] <= 10


def test_smtp_account_and_sender():
    found = env.email("smtp://u%40gov:p%2Fw@h?from=lawgov@gov.test", DATA)
    assert (found["EMAIL_HOST_USER"], found["EMAIL_HOST_PASSWORD"]) == ("u@gov", "p/w")
    assert found["DEFAULT_FROM_EMAIL"] == "lawgov@gov.test"


@pytest.mark.parametrize("url", ["mailgun://h", "smtp://", "pop3://h"])
def test_other_mail_is_refused(url):
    with pytest.raises(ImproperlyConfigured, match="EMAIL_URL"):
        env.email(url, DATA)


def test_storage_is_local_or_refused_in_words():
    assert env.storage("") == env.storage("local:") == "local"
    with pytest.raises(ImproperlyConfigured, match="s3"):
        env.storage("s3://key:secret@host/bucket")


@pytest.mark.parametrize(("word", "value"), [("1", True), ("yes", True), ("0", False), ("", False)])
def test_flags(monkeypatch, word, value):
    monkeypatch.setenv("EMPTY", word)
    assert env.flag("EMPTY") is value


def test_a_flag_that_is_neither_is_refused(monkeypatch):
    monkeypatch.setenv("EMPTY", "maybe")
    with pytest.raises(ImproperlyConfigured, match="EMPTY"):
        env.flag("EMPTY")


@pytest.mark.parametrize(
    ("host", "inside"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("localhost", True),
        ("::1", True),
        ("[::1]", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.5", False),
        ("office.gov.test", False),
        ("", False),
    ],
)
def test_loopback(host, inside):
    assert env.is_loopback(host) is inside


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://localhost:8000"),
        ("::1", "http://[::1]:8000"),
    ],
)
def test_address_to_open(host, address):
    assert env.site(host, "8000") == address


def test_ten_at_once_agree_on_one_private_key(tmp_path):
    path = tmp_path / "new" / "secret-key"
    with ThreadPoolExecutor(10) as pool:
        keys = set(pool.map(lambda _number: env.generated_secret(path), range(10)))
    assert len(keys) == 1
    assert len(keys.pop()) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
