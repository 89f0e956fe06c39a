"""A server that a test run starts for itself, and that ends with it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from pathlib import Path

from lawgov.operations.children import end_with

START_SECONDS = 60
NOBODY = "nobody"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server(ABC):
    """One process in a private folder on a free port of loopback.

    `source` says where the binary comes from, for the report. It may be killed and started again
    on the same folder and port.
    """

    title = ""

    def __init__(self, binary: Path, source: str) -> None:
        self.binary, self.source = binary, source
        self.folder = Path(tempfile.mkdtemp(prefix="lawgov-server-"))
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str: ...

    @abstractmethod
    def command(self) -> list[str]: ...

    @abstractmethod
    def version(self) -> str: ...

    @abstractmethod
    def answers(self) -> bool: ...

    @property
    def user(self) -> str | None:
        """The account to run as; None for our own."""
        return None

    def start(self) -> None:
        """Start and wait for the first answer. Raises RuntimeError with the server's own words."""
        parent = os.getpid()
        with open(self.folder / "output", "ab") as output:
            self.process = subprocess.Popen(
                self.command(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
                preexec_fn=lambda: end_with(parent),
                **run_as(self.user),
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                words = (self.folder / "output").read_text(errors="replace")[-2000:]
                raise RuntimeError(f"{self.title} did not start: {words}")
            time.sleep(0.05)

    def kill(self) -> None:
        """As a power cut would: no goodbye."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def remove(self) -> None:
        self._end(signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _end(self, number: int) -> None:
        if self.process is not None:
            if self.process.poll() is None:
                self.process.send_signal(number)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.process = None


def run_as(user: str | None) -> dict[str, object]:
    """Arguments of Popen that start a process under another account."""
    return {"user": user, "group": "nogroup", "extra_groups": []} if user else {}
