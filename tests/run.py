"""`make test`: real servers, the passes one after another, and one summary that hides nothing.

Pass 1 runs on SQLite. Pass 2 starts the product's own processes and mostly waits for them;
meanwhile pass 3 repeats the tests marked `postgres` on PostgreSQL and pass 4 drives a browser. Red
in any of them is red in the end.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from tests.chromium import chromium_version, ensure_chromium
from tests.servers.base import Server
from tests.servers.postgres import Postgres
from tests.servers.redis import Redis
from tests.tiers import TIER

LONGEST = {"P": 30 * 60, "N": 4 * 3600}  # seconds for one pass
# Seconds of one test after which it counts as hanging and tells where; telling may end Python.
HANGING = {"P": 300, "N": 3600}
NO_TESTS = 5  # pytest's exit code
#: Neighbours stay together, so that what a file shares is made once and not in each process.
WORKERS = ["--dist", "worksteal", "-n"]
#: The product's own variables are not the tests': see TEST_DATABASE_URL and TEST_REDIS_URL. What is
#: compiled is kept, or each process of each pass would compile some thousand modules again.
LEFT_OUT = [
    *("DATABASE_URL", "REDIS_URL", "DATA_DIR", "SECRET_KEY", "ALLOWED_HOSTS", "EMAIL_URL"),
    *("STORAGE_URL", "HOST", "PORT", "EMPTY", "DEMO_PASSWORD", "DJANGO_SETTINGS_MODULE"),
    "PYTHONDONTWRITEBYTECODE",
]


@dataclass
class Pass:
    """One run of pytest. `naming`: the mark without which a test is not in it, nor its file read;
    `on_postgres`: its database is the PostgreSQL server; `beside`: the next pass does not wait for
    it, and what it prints is shown when it has ended."""

    name: str
    title: str
    marks: str
    naming: str = ""
    workers: int = 0
    on_postgres: bool = False
    beside: bool = False


PASSES = (
    Pass("sqlite", "everything on SQLite", "not servers and not browser", workers=2),
    Pass("servers", "the product's own processes", "servers", "servers", beside=True),
    Pass("postgres", "marked tests again on PostgreSQL", "postgres and not servers and not browser",
         "postgres", workers=2, on_postgres=True),
    Pass("browser", "journeys in a browser", "browser and not servers", "browser"),
)  # fmt: skip


@dataclass
class Outcome:
    """What one pass came to; `seconds` of wall clock."""

    name: str
    passed: int = 0
    failed: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    seconds: float = 0
    trouble: str = ""

    @property
    def is_red(self) -> bool:
        return bool(self.failed or self.trouble)


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that servers end with us
    outcomes, left_out, environment = [], [], clean_environment()
    chromium = ensure_chromium()
    if not chromium:
        left_out = collected("browser and not servers", environment)
    with real_servers() as servers:
        environment |= servers
        print(f"Chromium    {chromium_version(chromium) if chromium else 'missing'}", flush=True)
        passes = [one for one in PASSES if chromium or one.name != "browser"]
        outcomes += run_all(passes, environment, arguments)
    if not chromium and os.environ.get("ALLOW_NO_BROWSER") != "1":
        missing = "Chromium is missing: install chromium, or set ALLOW_NO_BROWSER=1"
        outcomes.append(Outcome("browser", trouble=missing))
    return summary(outcomes, left_out)


def clean_environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in LEFT_OUT}
    return {**kept, "TIER": TIER}


@contextmanager
def real_servers() -> Iterator[dict[str, str]]:
    """The shared servers: given addresses, else started here; says which and which version."""
    kinds: dict[str, type[Server]] = {"TEST_DATABASE_URL": Postgres, "TEST_REDIS_URL": Redis}
    started: list[Server] = []
    addresses = {}
    try:
        for variable, kind in kinds.items():
            given = os.environ.get(variable)
            if given:
                print(f"{kind.title:<11} as {variable} says", flush=True)
                addresses[variable] = given
                continue
            server = kind()
            started.append(server)
            server.start()
            print(f"{kind.title:<11} {server.version()}, {server.source}", flush=True)
            addresses[variable] = server.url
        yield addresses
    finally:
        for server in started:
            server.remove()


def run_all(passes: list[Pass], environment: dict[str, str], arguments: list[str]) -> list[Outcome]:
    """One after another, but for those that the others need not wait for."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        begun: list[Running] = []
        for planned in passes:
            print(f"\n== {planned.name}: {planned.title}", flush=True)
            begun.append(stack.enter_context(Running(planned, environment, arguments, folder)))
            if not planned.beside:
                begun[-1].ended()
        outcomes = [running.ended() for running in begun]
        for running in begun:
            if running.output:
                said = running.output.read_text(errors="replace")
                print(f"\n== what {running.planned.name} said", said, sep="\n", flush=True)
    return outcomes


class Running:
    """One pass on its way, in a process that ends with this block."""

    def __init__(
        self, planned: Pass, environment: dict[str, str], arguments: list[str], folder: Path
    ) -> None:
        self.planned = planned
        self.report = folder / f"{planned.name}.xml"
        self.output = folder / f"{planned.name}.txt" if planned.beside else None
        if planned.on_postgres:
            environment = {**environment, "DATABASE_URL": environment["TEST_DATABASE_URL"]}
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m"]
        command += [planned.marks, f"--junit-xml={self.report}", *arguments]
        command += ["-o", f"faulthandler_timeout={HANGING[TIER]}", "--durations=12"]
        command += [*WORKERS, str(planned.workers)] if planned.workers else []
        command += ["--naming", planned.naming] if planned.naming else []
        self.started = time.time()
        self.outcome: Outcome | None = None
        with self.output.open("wb") if self.output else nullcontext() as told:
            self.process = subprocess.Popen(command, env=environment, stdout=told, stderr=told)

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_error: object) -> None:
        self.process.kill()
        self.process.wait()

    def ended(self) -> Outcome:
        """What came of it, once it has ended."""
        if self.outcome:
            return self.outcome
        self.outcome = outcome = Outcome(self.planned.name)
        code, left = 0, self.started + LONGEST[TIER] - time.time()
        try:
            code = self.process.wait(max(left, 0))
        except subprocess.TimeoutExpired:
            self.process.kill()
            outcome.trouble = f"did not end within {LONGEST[TIER] // 60} minutes"
        end = time.time()
        if self.report.exists():
            read_report(self.report, outcome)
            end = self.report.stat().st_mtime
        outcome.seconds = end - self.started
        if code not in {0, NO_TESTS} and not outcome.failed:
            outcome.trouble = f"pytest ended with {code}"
        if not outcome.passed and self.planned.name == "sqlite":
            outcome.trouble = outcome.trouble or "no test was found"
        return outcome


def read_report(report: Path, outcome: Outcome) -> None:
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        if case.find("failure") is not None or case.find("error") is not None:
            outcome.failed.append(name)
        elif (skip := case.find("skipped")) is not None:
            outcome.skipped.append(f"{name}: {skip.get('message')}")
        else:
            outcome.passed += 1


def collected(marks: str, environment: dict[str, str]) -> list[str]:
    """The names of the tests with these marks."""
    command = [sys.executable, "-m", "pytest", "-q", "--collect-only", "-m", marks]
    found = subprocess.run(command, env=environment, capture_output=True, text=True)
    return [line for line in found.stdout.splitlines() if "::" in line]


def summary(outcomes: list[Outcome], left_out: list[str]) -> int:
    print("\n== summary")
    for outcome in outcomes:
        state = "RED  " if outcome.is_red else "green"
        counts = f"{outcome.passed} passed, {len(outcome.failed)} failed"
        counts = counts if outcome.passed or outcome.is_red else "no tests"
        print(f"{state} {outcome.name:<9} {counts}, {outcome.seconds:.0f} s  {outcome.trouble}")
    sections = {
        "failed": [f"{o.name}: {name}" for o in outcomes for name in o.failed],
        "skipped": [f"{o.name}: {name}" for o in outcomes for name in o.skipped],
        "left out, no browser": left_out,
    }
    for title, lines in sections.items():
        if lines:
            print(f"{title} ({len(lines)}):", *lines, sep="\n  ")
    red = any(outcome.is_red for outcome in outcomes)
    print("RED" if red else "GREEN", flush=True)
    return int(red)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
