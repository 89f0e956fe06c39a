"""What the machine says of a process, and the files in which we remember those we started."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

PROC = Path("/proc")


def mark_of(pid: int) -> str | None:
    """What tells this process from any later one with the same number; None when it is gone.

    On Linux the boot and the tick in which it started, elsewhere the second by `ps`.
    """
    if not (PROC / "self" / "stat").exists():
        return _ps(pid, "lstart=")
    try:
        state, *rest = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    if state in "ZX":  # dead, only not yet collected by its parent
        return None
    boot = (PROC / "sys" / "kernel" / "random" / "boot_id").read_text().strip()
    return f"{boot}:{rest[18]}"


def command_of(pid: int) -> str | None:
    """The command line, words joined by blanks; None when the process is gone."""
    if not (PROC / "self" / "cmdline").exists():
        return _ps(pid, "command=")
    try:
        words = (PROC / str(pid) / "cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return words.rstrip(b"\0").replace(b"\0", b" ").decode(errors="replace") or None


def _ps(pid: int, field: str) -> str | None:
    found = subprocess.run(["ps", "-o", field, "-p", str(pid)], capture_output=True, text=True)
    return found.stdout.strip() or None


@dataclass(frozen=True)
class Remembered:
    """A process we started, as written to `DATA_DIR/run/<name>.pid`.

    `data_dir` is part of it: in a copied data folder the files speak of processes that serve the
    original, and those are none of the copy's business.
    """

    pid: int
    mark: str
    command: str
    data_dir: str

    def write(self, path: Path) -> None:
        draft = path.with_suffix(".new")
        draft.write_text(json.dumps(asdict(self)))
        draft.replace(path)

    @classmethod
    def read(cls, path: Path) -> Remembered | None:
        """None for a file that is half-written or not ours."""
        try:
            return cls(**json.loads(path.read_text()))
        except (OSError, ValueError, TypeError):
            return None

    def is_running(self, data_dir: Path) -> bool:
        return (
            self.data_dir == str(data_dir)
            and mark_of(self.pid) == self.mark
            and command_of(self.pid) == self.command
        )


def end_leftovers(run_dir: Path, *, patience: float = 4) -> list[str]:
    """End what a killed launcher of this data folder left behind; the names of those.

    Each gets SIGTERM, and after `patience` seconds SIGKILL together with its children. Files that
    speak of other processes are only removed.
    """
    found: dict[str, Remembered] = {}
    for path in sorted(run_dir.glob("*.pid")):
        remembered = Remembered.read(path)
        if remembered and remembered.is_running(run_dir.parent):
            found[path.stem] = remembered
        else:
            path.unlink()
    for process in found.values():
        send(process.pid, signal.SIGTERM)
    waiting = dict(found)
    deadline = time.monotonic() + patience
    while waiting and time.monotonic() < deadline:
        time.sleep(0.1)
        waiting = {n: p for n, p in waiting.items() if p.is_running(run_dir.parent)}
    for process in waiting.values():
        send_to_group(process.pid, signal.SIGKILL)
    for name in found:
        (run_dir / f"{name}.pid").unlink(missing_ok=True)
    return list(found)


def send(pid: int, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def send_to_group(pid: int, number: int) -> None:
    """To a process and all it started; our children lead groups of their own."""
    with suppress(ProcessLookupError):
        os.killpg(pid, number)
