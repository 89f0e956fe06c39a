"""Finds the system's Chromium, and installs it where that is allowed."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = {"chromium": "chromium", "fonts": "fonts-noto-cjk"}


def find_chromium() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def has_chinese_font() -> bool:
    """By fontconfig; True where it cannot be asked."""
    if not shutil.which("fc-list"):
        return bool(find_chromium())
    listed = subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True)
    return bool(listed.stdout.strip())


def ensure_chromium() -> str | None:
    """The path of Chromium; as root on Debian and Ubuntu it is installed, with a Chinese font."""
    missing = [] if find_chromium() else [PACKAGES["chromium"]]
    if not has_chinese_font():
        missing.append(PACKAGES["fonts"])
    if missing and os.getuid() == 0 and is_debian() and shutil.which("apt-get"):
        print(f"Installing {' and '.join(missing)} by apt …", flush=True)
        apt("update")
        apt("install", "-y", "--no-install-recommends", *missing)
    return find_chromium()


def is_debian() -> bool:
    release = Path("/etc/os-release")
    return release.exists() and any(
        name in release.read_text() for name in ("ID=debian", "ID=ubuntu", "ID_LIKE=debian")
    )


def apt(*words: str) -> None:
    """Run apt-get quietly; its words are shown when it fails."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(
        ["apt-get", "-qq", *words], env=environment, capture_output=True, text=True
    )
    if done.returncode:
        print(done.stdout[-1000:], done.stderr[-1000:], sep="\n", flush=True)


def chromium_version(path: str) -> str:
    command = [path, "--version", *(["--no-sandbox"] if os.getuid() == 0 else [])]
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()
