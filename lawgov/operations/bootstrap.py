"""Makes the virtual environment of this checkout, with nothing but Python's own library.

Run by path, before Django exists: `python3 lawgov/operations/bootstrap.py run|test`. A stamp
holds the hash of what was installed, so that the next start only compares. Where packages come
from is the machine's own pip configuration; nothing here names a registry.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import time
from collections import deque
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
REQUIREMENTS = {"run": ["requirements.txt"], "test": ["requirements.txt", "requirements-dev.txt"]}
REPORT_EVERY = 10  # seconds


def say(chinese: str, english: str) -> None:
    said = next((v for k in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := os.environ.get(k))), "")
    print(english if said.startswith("en") else chinese, flush=True)


def main(purpose: str) -> int:
    with open(ROOT / ".venv.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two fresh starts at once share one installation
        if is_installed(purpose):
            return 0
        return install(purpose)


def fingerprint(purpose: str) -> str:
    found = hashlib.sha256(sys.version.encode())
    for name in REQUIREMENTS[purpose]:
        found.update((ROOT / name).read_bytes())
    return found.hexdigest()


def stamp(purpose: str) -> Path:
    return VENV / f"installed-for-{purpose}"


def is_installed(purpose: str) -> bool:
    """What tests need includes what the product needs."""
    return PYTHON.exists() and any(
        stamp(wider).exists() and stamp(wider).read_text() == fingerprint(wider)
        for wider in ({purpose, "test"} if purpose == "run" else {purpose})
    )


def install(purpose: str) -> int:
    for old in REQUIREMENTS:
        stamp(old).unlink(missing_ok=True)
    started = time.monotonic()
    if not has_pip():
        say("正在建立虚拟环境 .venv …", "Making the virtual environment .venv …")
        made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)])
        if made.returncode or not has_pip():
            say(
                "没有建成虚拟环境。Debian 和 Ubuntu 需要 python3-venv 软件包。",
                "The virtual environment was not made. Debian and Ubuntu need python3-venv.",
            )
            return 1
    say(
        "正在安装依赖，第一次约需一分钟 …",
        "Installing packages, about a minute the first time …",
    )
    if not pip_install(REQUIREMENTS[purpose][-1]):
        return 1
    stamp(purpose).write_text(fingerprint(purpose))
    seconds = time.monotonic() - started
    say(f"依赖已装好，用时 {seconds:.0f} 秒。", f"Packages are installed, {seconds:.0f} seconds.")
    return 0


def has_pip() -> bool:
    if not PYTHON.exists():
        return False
    asked = subprocess.run([str(PYTHON), "-c", "import pip"], capture_output=True)
    return asked.returncode == 0


def pip_install(requirements: str) -> bool:
    """Run pip, say every few seconds how far it is, and show its last words when it fails."""
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    command += ["--no-input", "--progress-bar", "off", "-r", requirements]
    last: deque[str] = deque(maxlen=15)
    seen, report_at = 0, time.monotonic() + REPORT_EVERY
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            last.append(line)
            seen += line.startswith("Collecting ")
            if line.startswith("Installing collected packages"):
                say(f"  已取得 {seen} 个软件包，正在安装 …", f"  {seen} packages, unpacking …")
            elif time.monotonic() >= report_at:
                report_at = time.monotonic() + REPORT_EVERY
                say(f"  已取得 {seen} 个软件包 …", f"  {seen} packages so far …")
    if pip.returncode:
        print("".join(last), end="", flush=True)
        say(
            "依赖没有装好，原因见上；网络和 pip 的软件源正常后再试一次。",
            "Packages were not installed, see above; try again when pip reaches its index.",
        )
    return pip.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
