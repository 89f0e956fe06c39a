from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from lawgov.operations.children import Child, Family

FOREVER = "import time; time.sleep(60)"
DEAF = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"
WITH_OFFSPRING = (
    "import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', 'import time; "
    "time.sleep(60)']); open(sys.argv[1], 'w').write(str(p.pid)); time.sleep(60)"
)


@pytest.fixture
def family() -> Iterator[Family]:
    made = Family()
    yield made
    made.stop(seconds=0)


@pytest.fixture
def child(tmp_path: Path):
    (tmp_path / "run").mkdir()

    def make(name: str, code: str, *words: str, **given: object) -> Child:
        command = [sys.executable, "-c", code, *words]
        return Child(name, command, dict(os.environ), tmp_path / "run", **given)

    return make


def exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_all_end_and_are_forgotten(family, child):
    made = [family.add(child(name, FOREVER)) for name in ("one", "two")]
    assert all(one.pid_file.exists() and one.is_running() for one in made)
    assert family.stop(seconds=5) == []
    assert not any(one.pid_file.exists() or one.is_running() for one in made)


def test_who_does_not_listen_is_killed_in_time(family, child):
    family.add(child("deaf", DEAF))
    family.add(child("broker", FOREVER, ends_last=True))
    time.sleep(0.5)  # until it has stopped listening
    started = time.monotonic()
    assert family.stop(seconds=2) == ["deaf"]
    assert time.monotonic() - started < 3


def test_second_ctrl_c_does_not_wait(family, child):
    family.add(child("deaf", DEAF))
    time.sleep(0.5)
    started = time.monotonic()
    assert family.stop(seconds=30, hurry=lambda: True) == ["deaf"]
    assert time.monotonic() - started < 3


def test_offspring_ends_too(family, child, tmp_path):
    note = tmp_path / "pid"
    family.add(child("parent", WITH_OFFSPRING, str(note)))
    while not (note.exists() and note.read_text()):
        time.sleep(0.02)
    family.stop(seconds=5)
    offspring = int(note.read_text())
    deadline = time.monotonic() + 5
    while exists(offspring) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not exists(offspring) or Path(f"/proc/{offspring}/stat").read_text().split()[2] == "Z"


def test_the_dead_come_back_with_growing_pauses(family, child, monkeypatch):
    dying = family.add(child("dying", "raise SystemExit(3)"))
    told: list[tuple[str, int, float]] = []
    clock = time.monotonic()
    monkeypatch.setattr("lawgov.operations.children.time.monotonic", lambda: clock)
    for _round in range(7):
        while dying.exit_code() is None:
            time.sleep(0.02)
        family.revive(lambda *words: told.append(words))
        clock += told[-1][2] - 0.01
        family.revive(pytest.fail)  # not yet
        assert not dying.is_running()
        clock += 0.02
        family.revive(pytest.fail)  # starts again, without a word
    assert [words[:2] for words in told] == [("dying", 3)] * 7
    assert [words[2] for words in told] == [1, 2, 4, 8, 16, 30, 30]


def test_a_death_after_a_steady_time_counts_as_the_first(family, child, monkeypatch):
    dying = family.add(child("dying", "raise SystemExit(3)"))
    dying.deaths = 5
    while dying.exit_code() is None:
        time.sleep(0.02)
    later = time.monotonic() + 61
    monkeypatch.setattr("lawgov.operations.children.time.monotonic", lambda: later)
    told: list[float] = []
    family.revive(lambda _name, _code, pause: told.append(pause))
    assert told == [1]
