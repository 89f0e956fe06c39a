from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import CommandError, call_command

from lawgov.accounts.models import User
from lawgov.operations import preparation
from lawgov.operations.management.commands import prepare as prepare_command
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def called(monkeypatch, settings, tmp_path) -> list[str]:
    """The commands that a step calls, in order, none of them carried out."""
    settings.DATA_DIR = tmp_path / "data"
    settings.STATIC_ROOT = settings.DATA_DIR / "static"
    seen: list[str] = []

    def call(name: str, *words: object, **options: object) -> None:
        seen.append(" ".join([name, *map(str, words)]).replace(str(settings.BASE_DIR), "."))
        if name == "collectstatic":
            settings.STATIC_ROOT.mkdir(exist_ok=True)
            (settings.STATIC_ROOT / "staticfiles.json").touch()

    monkeypatch.setattr(preparation, "call_command", call)
    return seen


def prepare(*, demo: bool = True) -> list[str]:
    said: list[str] = []
    preparation.prepare(demo=demo, say=said.append)
    return said


def test_first_start_does_everything(called):
    said = prepare()
    assert called == ["collectstatic", "load_framework ./fixtures/framework-2021.csv", "seed_demo"]
    assert len(said) == 3


def test_empty_starts_without_the_demo(called):
    prepare(demo=False)
    assert not [name for name in called if "seed" in name]


def test_second_start_does_nothing(called):
    prepare()
    factories.make_campaign(factories.make_region())
    called.clear()
    assert prepare() == []
    assert called == []


def test_folders_are_private(called, settings):
    prepare()
    for name in ("", *preparation.FOLDERS):
        assert (settings.DATA_DIR / name).stat().st_mode & 0o077 == 0


def test_a_demo_that_was_interrupted_is_made_anew(called, monkeypatch):
    def die(*words: object, **options: object) -> None:
        raise KeyboardInterrupt

    prepare(demo=False)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(preparation, "call_command", die)
        preparation.seed()
    factories.make_region()  # what it had made by then
    called.clear()
    prepare()
    assert "seed_demo --reset" in called
    called.clear()
    prepare()
    assert not [name for name in called if "seed" in name]


def test_styles_are_gathered_again_when_one_changes(called, monkeypatch, tmp_path, settings):
    prepare()
    source = Path(finders.find("web/css/base.css"))
    changed = tmp_path / "web"
    shutil.copytree(source.parent, changed / "css")
    os.utime(changed / "css" / "base.css", (1, 1))
    settings.STATICFILES_DIRS = [("web-changed", changed)]
    finders.get_finder.cache_clear()
    called.clear()
    preparation.collect_static(lambda _line: None)
    assert called == ["collectstatic"]
    finders.get_finder.cache_clear()


def test_migrations_that_are_all_applied_are_not_run(called):
    preparation.migrate(pytest.fail)
    assert called == []


@pytest.mark.parametrize(
    ("username", "password", "refused"),
    [
        ("office", "lawgov-demo", True),
        ("admin", "lawgov-demo", True),
        ("office", "a password of our own", False),
        ("somebody", "lawgov-demo", False),
    ],
)
def test_known_passwords_are_found(monkeypatch, username, password, refused):
    User.objects.create_user(username, password=password, name=username)
    monkeypatch.setattr(prepare_command.preparation, "prepare", lambda **options: None)
    if refused:
        with pytest.raises(CommandError):
            call_command("prepare", "--refuse-default-password")
    else:
        call_command("prepare", "--refuse-default-password")


def test_a_closed_account_does_no_harm():
    User.objects.create_user("office", password="lawgov-demo", name="x", is_active=False)
    assert not preparation.has_default_passwords("lawgov-demo")
    assert not preparation.has_demo_accounts()


def test_production_is_never_filled_with_invented_people(called, settings):
    settings.PROFILE = "prod"
    call_command("prepare")
    assert "seed_demo" not in called
