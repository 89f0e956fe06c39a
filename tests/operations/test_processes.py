from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lawgov.operations.processes import Remembered, command_of, end_leftovers, mark_of

WAIT = "import signal, time; signal.signal(15, signal.{}); print(flush=True); time.sleep(60)"
SLEEPER = [sys.executable, "-c", WAIT.format("SIG_DFL")]
DEAF = [sys.executable, "-c", WAIT.format("SIG_IGN")]


@pytest.fixture
def run_dir(tmp_path: Path) -> Path:
    (tmp_path / "run").mkdir()
    return tmp_path / "run"


@pytest.fixture
def spawn() -> Iterator[object]:
    started: list[subprocess.Popen[bytes]] = []

    def start(command: list[str]) -> subprocess.Popen[bytes]:
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True))
        started[-1].stdout.readline()
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def remember(process: subprocess.Popen[bytes], run_dir: Path, **other: object) -> Path:
    facts = {
        "pid": process.pid,
        "mark": mark_of(process.pid),
        "command": command_of(process.pid),
        "data_dir": str(run_dir.parent),
    }
    path = run_dir / "thing.pid"
    Remembered(**{**facts, **other}).write(path)
    return path


@pytest.mark.parametrize("command", [SLEEPER, DEAF], ids=["listens", "is deaf"])
def test_a_leftover_is_ended(run_dir, spawn, command):
    process = spawn(command)
    path = remember(process, run_dir)
    assert end_leftovers(run_dir, patience=0.5) == ["thing"]
    wanted = signal.SIGTERM if command is SLEEPER else signal.SIGKILL
    assert process.wait(5) == -wanted
    assert not path.exists()


@pytest.mark.parametrize(
    "other",
    [
        {"mark": "another boot:1"},
        {"command": "another program"},
        {"data_dir": "/another/folder"},
        {"pid": 2**22 + 1},
    ],
    ids=lambda other: next(iter(other)),
)
def test_another_process_is_left_alone(run_dir, spawn, other):
    process = spawn(SLEEPER)
    path = remember(process, run_dir, **other)
    assert end_leftovers(run_dir, patience=0.5) == []
    assert process.poll() is None
    assert not path.exists()


@pytest.mark.parametrize("text", ["", "{", "[]", "1234", '{"pid": 1}'])
def test_rubbish_in_a_pid_file_is_removed(run_dir, text):
    (run_dir / "thing.pid").write_text(text)
    assert end_leftovers(run_dir) == []
    assert not list(run_dir.iterdir())


def test_a_dead_process_has_no_mark(spawn):
    process = spawn(SLEEPER)
    assert mark_of(process.pid)
    os.kill(process.pid, signal.SIGKILL)
    while mark_of(process.pid):  # a zombie counts as dead
        pass
    process.wait()
    assert mark_of(process.pid) is None
    assert command_of(process.pid) is None
