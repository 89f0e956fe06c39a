"""A ledger is imported whole or not at all, whatever statement the process dies at."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.tiers import amount

PROGRAM = Path(__file__).with_name("import_under_kill.py")


def killed_at_random(folder: Path, *words: str) -> dict[str, Any]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TIER") if name in os.environ}
    done = subprocess.run(
        [sys.executable, str(PROGRAM), *words],
        env=kept | {"DJANGO_SETTINGS_MODULE": "lawgov.settings", "DATA_DIR": str(folder)},
        capture_output=True,
        text=True,
        timeout=amount(300, 1800),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_a_kill_at_any_statement_leaves_the_place_as_before_or_as_after(tmp_path: Path) -> None:
    found = killed_at_random(tmp_path)
    assert set(found["left"]) <= {"before", "after"}, found
    assert "before" in found["left"]
    assert found["whole again"] == len(found["left"]), "and the file can simply be sent again"


def test_without_its_transaction_half_of_it_would_be_left(tmp_path: Path) -> None:
    assert "in between" in killed_at_random(tmp_path, "alone")["left"]
