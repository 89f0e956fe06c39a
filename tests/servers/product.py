"""The whole product as its users start it: `manage.py serve` in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from django.conf import settings

from lawgov.operations.children import end_with
from tests.servers.base import free_port

START_SECONDS = 120
COUNTER = count()
MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]


def environment(data_dir: Path, **given: str) -> dict[str, str]:
    """What a fresh shell has, and what the test adds."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(data_dir.parent),
        "DATA_DIR": str(data_dir),
        "EMPTY": "1",
        **given,
    }


def wait_for(what: Callable[[], object], *, seconds: float = 60) -> None:
    """Poll until `what()` is true; fails the test when it never is."""
    deadline = time.monotonic() + seconds
    while not what():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} did not come true within {seconds} seconds")
        time.sleep(0.05)


def processes_of(data_dir: Path) -> list[int]:
    """Every living process that names this data folder in its command line or environment."""
    name, found = os.fsencode(data_dir), []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            texts = (entry / "environ").read_bytes(), (entry / "cmdline").read_bytes()
        except OSError:
            continue
        words = b"\0".join(texts).replace(b"=", b"\0").replace(b"/run/", b"\0").split(b"\0")
        if name in words:
            found.append(int(entry.name))
    return found


class Product:
    """One launcher on one data folder; `given` are further variables of its environment."""

    def __init__(self, data_dir: Path, **given: str) -> None:
        self.data_dir = data_dir
        self.port = int(given.pop("PORT", free_port()))
        self.environment = environment(data_dir, PORT=str(self.port), **given)
        self.output_file = data_dir.parent / f"{data_dir.name}.output.{next(COUNTER)}"
        self.launcher: subprocess.Popen[bytes] | None = None

    def launch(self) -> Product:
        """Start, without waiting."""
        parent = os.getpid()
        with open(self.output_file, "ab") as output:
            self.launcher = subprocess.Popen(
                [*MANAGE, "serve"],
                env=self.environment,
                stdout=output,
                stderr=output,
                preexec_fn=lambda: end_with(parent),
            )
        return self

    def start(self) -> Product:
        """Start, and wait until it says its address."""
        self.launch()
        wait_for(lambda: self.address in self.output() or self.ended(), seconds=START_SECONDS)
        assert not self.ended(), self.output()
        return self

    def ended(self) -> bool:
        return self.launcher is None or self.launcher.poll() is not None

    def wait(self, seconds: float = 60) -> int:
        """The exit code, once it has ended by itself."""
        assert self.launcher is not None
        return self.launcher.wait(seconds)

    def stop(self, number: int = signal.SIGTERM) -> int:
        if not self.ended():
            self.launcher.send_signal(number)
        return self.wait()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def output(self) -> str:
        return self.output_file.read_text() if self.output_file.exists() else ""

    def get(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (lower case) and body; 0 when nobody answers."""
        try:
            answer = urllib.request.urlopen(self.address + path, timeout=10)
        except urllib.error.HTTPError as error:
            answer = error
        except OSError:
            return 0, {}, b""
        with answer:
            headers = {key.lower(): value for key, value in answer.headers.items()}
            return answer.status, headers, answer.read()

    def health(self) -> dict[str, str]:
        """One word for each part and the code; what is told of the reminders is apart from it."""
        status, _headers, body = self.get("/healthz")
        if not body:
            return {}
        parts = json.loads(body)
        parts.pop("reminders", None)
        return parts | {"code": status}

    @property
    def socket(self) -> str:
        """Of its own Valkey."""
        return str(self.data_dir / "run" / "valkey.sock")

    def pid(self, name: str) -> int:
        """Of a child: valkey, web, worker, beat."""
        return int(json.loads((self.data_dir / "run" / f"{name}.pid").read_text())["pid"])

    def remove(self) -> None:
        """End it, and whatever a test has orphaned."""
        if not self.ended():
            self.stop()
        for pid in processes_of(self.data_dir):
            os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with all tables and the framework, to be copied."""
    folder = tmp_path_factory.mktemp("prepared") / "data"
    command = [*MANAGE, "prepare", "--empty"]
    done = subprocess.run(command, env=environment(folder), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture
def make_product(prepared: Path, tmp_path: Path) -> Iterator[Callable[..., Product]]:
    """Makes products on data folders of their own: `make_product("name", DATABASE_URL=…)`.

    An existing folder of that name is taken as it is, else it is a copy of the prepared one.
    """
    made: list[Product] = []

    def make(name: str = "data", **given: str) -> Product:
        folder = tmp_path / name
        if not folder.exists():
            shutil.copytree(prepared, folder, symlinks=True)
        made.append(Product(folder, **given))
        return made[-1]

    yield make
    for product in made:
        product.remove()
