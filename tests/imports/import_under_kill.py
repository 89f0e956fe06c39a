"""Imports of a ledger that are killed at random statements; run by test_killed.py as a program.

Sets up a place in DATA_DIR, lets one child import into a copy of it and live, and tells how many
statements that took. Then one child after the other imports into a copy of its own and dies, right
before or right after one of its statements, and the whole file is imported into what it left.
Prints what was found as JSON. `alone` as argument: each statement is a transaction of its own.
"""

import json
import os
import random
import shutil
import signal
import sys
import time
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import django

if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())
    django.setup()

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from django.utils import timezone

from tests.factories import make_inspection, make_region, make_unit
from tests.imports.conftest import GOOD, HEADER
from tests.imports.tables import checksums
from tests.spreadsheets.books import book
from tests.tiers import amount

KILLS = amount(30, 300)
NOW = datetime(2023, 5, 4, 3, 0, tzinfo=UTC)
ROWS = [[number, *GOOD[number % 2][1:]] for number in range(1, 41)]


class Statements:
    """Counts what is sent to the database, and kills this process at the one that is wanted."""

    def __init__(self, last: int | None, *, before: bool) -> None:
        self.seen, self.last, self.before = 0, last, before

    def __call__(self, execute, sql, params, many, context):
        self.seen += 1
        if self.seen == self.last and self.before:
            os.kill(os.getpid(), signal.SIGKILL)
        result = execute(sql, params, many, context)
        if self.seen == self.last:
            os.kill(os.getpid(), signal.SIGKILL)
        return result


def bring(name: str) -> None:
    """From here on the database is a copy of that of this name."""
    connections.close_all()
    path = Path(settings.DATABASES["default"]["NAME"])
    for old in path.parent.glob(f"{path.name}*"):
        old.unlink()
    shutil.copyfile(path.with_suffix(f".{name}"), path)


def keep(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connections.close_all()
    path = Path(settings.DATABASES["default"]["NAME"])
    shutil.copyfile(path, path.with_suffix(f".{name}"))


def bring_in(sheet: Path, inspection: int, last: int | None = None, *, before: bool = False) -> int:
    """Import the sheet; the number of statements that it took."""
    statements = Statements(last, before=before)
    if "alone" in sys.argv:
        connection.ensure_connection()
        connection.in_atomic_block = True  # so it says, for those who ask
    with connection.execute_wrapper(statements):
        call_command("import_ledger", sheet, inspection=str(inspection), stdout=StringIO())
    connection.in_atomic_block = False
    return statements.seen


def killed(sheet: Path, inspection: int, last: int, *, before: bool) -> bool:
    connections.close_all()
    child = os.fork()
    if not child:
        bring_in(sheet, inspection, last, before=before)
        os._exit(0)
    _pid, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


def main() -> None:
    timezone.now = lambda: NOW  # equal moments make equal rows
    seed = int(time.time())
    chance = random.Random(seed)
    call_command("migrate", verbosity=0)
    region = make_region()
    for row in GOOD:
        make_unit(region, name=row[1])
    inspection = make_inspection(region).pk
    sheet = Path(settings.DATA_DIR) / "ledger.xlsx"
    sheet.write_bytes(book([HEADER, *ROWS]))
    keep("before")
    if "alone" in sys.argv:
        transaction.Atomic.__enter__ = transaction.Atomic.__exit__ = lambda self, *error: None
    states = {"before": checksums()}
    statements = bring_in(sheet, inspection)
    states["after"] = checksums()
    found = {"seed": seed, "statements": statements, "left": [], "whole again": 0}
    for number in range(KILLS):
        bring("before")
        if not killed(sheet, inspection, chance.randint(1, statements), before=number % 2 == 0):
            raise SystemExit("a child ended before it was killed")
        left = checksums()
        found["left"].append(next((name for name in states if states[name] == left), "in between"))
        bring_in(sheet, inspection)
        found["whole again"] += checksums() == states["after"]
    print(json.dumps(found))  # noqa: T201 - the answer of this program


if __name__ == "__main__":
    main()
