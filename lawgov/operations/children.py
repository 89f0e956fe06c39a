"""The processes of one running product: started, restarted when one dies, ended together."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from lawgov.operations import processes

LONGEST_PAUSE = 30.0  # seconds between two starts of a process that keeps dying
STEADY_AFTER = 60.0  # seconds after which a death counts as the first again
LARGEST_OUTPUT = 1_000_000  # bytes
PR_SET_PDEATHSIG = 1

#: Told of each death: name, exit code, seconds until the next start.
Obituary = Callable[[str, int, float], None]

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def end_with(parent: int) -> None:
    """In a new child: get SIGTERM when the launcher dies, however it dies (Linux)."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)


@dataclass
class Child:
    """One process, its pid file and its history.

    `ends_last`: the others need it to stop well. `output`: the file its words go to, else the
    terminal; begun anew when it has grown beyond 1 MB.
    """

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    run_dir: Path
    inherits: Sequence[int] = ()
    ends_last: bool = False
    output: Path | None = None
    deaths: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _started: float = 0
    _next_start: float = 0

    @property
    def pid_file(self) -> Path:
        return self.run_dir / f"{self.name}.pid"

    def start(self) -> None:
        """Start in a session of its own, so that Ctrl-C in the terminal reaches us alone."""
        parent = os.getpid()
        words = self._open_output()
        self._process = subprocess.Popen(
            list(self.command),
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            pass_fds=tuple(self.inherits),
            start_new_session=True,
            preexec_fn=lambda: end_with(parent),
        )
        if words is not None:
            os.close(words)
        self._started = time.monotonic()
        processes.Remembered(
            pid=self._process.pid,
            mark=processes.mark_of(self._process.pid) or "",
            command=" ".join(self.command),
            data_dir=str(self.run_dir.parent),
        ).write(self.pid_file)

    def _open_output(self) -> int | None:
        if self.output is None:
            return None
        if self.output.exists() and self.output.stat().st_size > LARGEST_OUTPUT:
            self.output.replace(self.output.with_suffix(".log.1"))
        return os.open(self.output, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def exit_code(self) -> int | None:
        """None while it runs, and while it waits for its next start."""
        return self._process.poll() if self._process else None

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def revive(self, say: Obituary) -> None:
        """Start it again when it has died, after 1, 2, 4 … seconds."""
        now = time.monotonic()
        code = self.exit_code()
        if code is not None:
            self.kill()  # what it had started itself
            self._process = None
            self.deaths = 1 if now - self._started > STEADY_AFTER else self.deaths + 1
            pause = min(2.0 ** (self.deaths - 1), LONGEST_PAUSE)
            self._next_start = now + pause
            say(self.name, code, pause)
        elif self._process is None and now >= self._next_start:
            self.start()

    def terminate(self) -> None:
        if self.is_running():
            assert self._process is not None
            self._process.terminate()

    def kill(self) -> None:
        """End it at once, with everything that it started."""
        if self._process is not None:
            processes.send_to_group(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def forget(self) -> None:
        self.pid_file.unlink(missing_ok=True)


@dataclass
class Family:
    """All children of one launcher."""

    members: list[Child] = field(default_factory=list)

    def add(self, child: Child) -> Child:
        """Start a child and keep it."""
        self.members.append(child)
        child.start()
        return child

    def revive(self, say: Obituary) -> None:
        for child in self.members:
            child.revive(say)

    def stop(self, *, seconds: float = 15, hurry: Callable[[], bool] = lambda: False) -> list[str]:
        """End all in parallel within `seconds`; the names of those that had to be killed.

        Those that `ends_last` are asked when the others are gone, or when the last fifth of the
        time begins. `hurry()` true (a second Ctrl-C) kills at once.
        """
        deadline = time.monotonic() + seconds
        first = [child for child in self.members if not child.ends_last]
        last = [child for child in self.members if child.ends_last]
        self._end(first, until=deadline - seconds / 5, hurry=hurry)
        killed = [child.name for child in first if child.is_running()]
        for child in first:
            child.kill()
        self._end(last, until=deadline, hurry=hurry)
        killed += [child.name for child in last if child.is_running()]
        for child in last:
            child.kill()
        for child in self.members:
            child.forget()
        return killed

    def _end(self, children: Iterable[Child], *, until: float, hurry: Callable[[], bool]) -> None:
        for child in children:
            child.terminate()
        while any(child.is_running() for child in children):
            if time.monotonic() >= until or hurry():
                return
            with suppress(InterruptedError):
                time.sleep(0.05)
