"""How much of a large test is run: P with `make test`, N with `make test-nightly`."""

from __future__ import annotations

import os

TIER = os.environ.get("TIER") or "P"


def amount(per_change: int, nightly: int) -> int:
    """The number for the tier that runs."""
    return nightly if TIER == "N" else per_change
