"""How much memory a long ledger takes on its way from the database to the file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tiers import amount

OVER_IDLE = 16  # MiB over the idle worker, whatever the number of rows
GROWTH = 1.2  # peak of many rows over the peak of a few

FEW, MANY = amount(2_500, 10_000), amount(20_000, 100_000)

FILL = """
import sys
from tests.benchmarks.sheets import set_up

set_up()
from django.core.management import call_command
from tests.benchmarks.ledger_rows import fill
from tests.benchmarks.sheets import IDLE

call_command("migrate", verbosity=0)
for count in (IDLE, *sys.argv[1:]):
    fill(int(count))
"""

PEAKS = """
import json, sys
from tests.benchmarks.sheets import peaks, set_up

set_up()
from assessments.rectification import exporting

if sys.argv[2] == "held":  # the guard is gone: all rows are read before the first is written
    one_by_one = exporting.ledger_rows
    exporting.ledger_rows = lambda answers: iter(list(one_by_one(answers)))
print(json.dumps(peaks(int(sys.argv[1]))))
"""


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory) -> dict[str, str]:
    """The environment of a process whose database holds a place with FEW and one with MANY."""
    path = tmp_path_factory.mktemp("ledgers") / "ledgers.sqlite3"
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{path}"}
    _run(FILL, environment, FEW, MANY)
    return environment


def _run(code: str, environment: dict[str, str], *arguments: object) -> str:
    command = (sys.executable, "-c", code, *map(str, arguments))
    root = Path(__file__).parents[3]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, env=environment, cwd=root
    )
    return done.stdout


def _peaks(environment: dict[str, str], rows: int, how: str = "one by one") -> tuple[float, float]:
    """MiB over the idle process, and in all, at the highest."""
    idle, peak = json.loads(_run(PEAKS, environment, rows, how))
    return peak - idle, peak


def test_memory_of_an_export_does_not_grow_with_its_rows(ledgers) -> None:
    over_few, few = _peaks(ledgers, FEW)
    over_many, many = _peaks(ledgers, MANY)
    assert max(over_few, over_many) <= OVER_IDLE, (over_few, over_many)
    assert many <= GROWTH * few, (few, many)


def test_an_export_that_holds_its_rows_is_noticed(ledgers) -> None:
    """Positive control of the test above."""
    _, few = _peaks(ledgers, FEW)
    _, many = _peaks(ledgers, MANY, "held")
    assert many > GROWTH * few, (few, many)
