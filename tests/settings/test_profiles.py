"""The profiles as processes see them: which is chosen, and what production refuses."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

GOOD_KEY = secrets.token_urlsafe(60)
PROD = {"SECRET_KEY": GOOD_KEY, "ALLOWED_HOSTS": "lawgov.gov.test"}
SHOW = (
    "import json; from django.conf import settings; "
    "print(json.dumps({n: str(getattr(settings, n, None)) for n in %r}))"
)


def run(*command: str, data_dir: Path, **given: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir), **given}
    return subprocess.run(
        [sys.executable, *command],
        env={"DJANGO_SETTINGS_MODULE": "lawgov.settings", **environment},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
    )


def show(*names: str, data_dir: Path, **given: str) -> dict[str, str]:
    done = run("-c", SHOW % (names,), data_dir=data_dir, **given)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_nothing_given_is_the_embedded_profile(tmp_path):
    found = show("PROFILE", "DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", data_dir=tmp_path)
    assert found["PROFILE"] == "embedded"
    assert found["DEBUG"] == "False"
    assert found["SECRET_KEY"] == (tmp_path / "secret-key").read_text()
    assert "*" not in found["ALLOWED_HOSTS"]


def test_both_given_is_production(tmp_path):
    names = ("PROFILE", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "PUBLIC_URL", "DEMO_LOGIN")
    found = show(*names, data_dir=tmp_path, DEMO_LOGIN="1", **PROD)
    assert found == {
        "PROFILE": "prod",
        "SESSION_COOKIE_NAME": "__Host-session",
        "SESSION_COOKIE_SECURE": "True",
        "PUBLIC_URL": "https://lawgov.gov.test",
        "DEMO_LOGIN": "False",
    }
    assert not (tmp_path / "secret-key").exists()


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"SECRET_KEY": GOOD_KEY}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "lawgov.gov.test"}, "SECRET_KEY"),
        (PROD | {"SECRET_KEY": "short"}, "SECRET_KEY"),
        (PROD | {"SECRET_KEY": "a" * 80}, "SECRET_KEY"),
        (PROD | {"SECRET_KEY": "django-insecure-" + GOOD_KEY}, "SECRET_KEY"),
        (PROD | {"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        (PROD | {"ALLOWED_HOSTS": "lawgov.gov.test,*.gov.test"}, "ALLOWED_HOSTS"),
        (PROD | {"DEBUG": "1"}, "DEBUG"),
        ({"STORAGE_URL": "s3://bucket"}, "STORAGE_URL"),
        ({"DATABASE_URL": "mysql://h/d"}, "DATABASE_URL"),
        ({"DATA_DIR": "/proc/nowhere"}, "DATA_DIR"),
    ],
)
def test_start_is_refused_with_one_sentence(tmp_path, given, named):
    done = run("manage.py", "check", data_dir=tmp_path, **given) if "DATA_DIR" not in given else (
        run("manage.py", "check", **{"data_dir": Path(given["DATA_DIR"])})
    )  # fmt: skip
    assert done.returncode == 1
    assert named in done.stderr
    assert "Traceback" not in done.stderr
    assert "\n" not in done.stderr.strip()


def test_production_passes_the_deployment_check(tmp_path):
    words = ("check", "--deploy", "--fail-level", "WARNING")
    done = run("manage.py", *words, data_dir=tmp_path, **PROD)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("given", "offered"),
    [
        ({"DEMO_LOGIN": "1"}, "True"),
        ({}, "False"),
        ({"DEMO_LOGIN": "1", "DEMO_PASSWORD": "a password of our own"}, "False"),
        ({"DEMO_LOGIN": "1", "HOST": "0.0.0.0"}, "False"),
    ],
)
def test_login_buttons_only_here_and_with_the_password_everybody_knows(tmp_path, given, offered):
    assert show("DEMO_LOGIN", data_dir=tmp_path, **given)["DEMO_LOGIN"] == offered


def test_one_visibility_timeout_far_above_the_task_limit():
    waits = settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    assert waits == settings.CELERY_VISIBILITY_TIMEOUT
    assert waits > 3 * settings.CELERY_TASK_TIME_LIMIT
    assert settings.CELERY_TASK_ACKS_LATE
    assert settings.CELERY_TASK_REJECT_ON_WORKER_LOST
    assert settings.CELERY_WORKER_PREFETCH_MULTIPLIER == 1
