"""The page of reference is what the table says; drawn anew by `DRAW=1 pytest` on this file."""

from __future__ import annotations

import os
from pathlib import Path

from assessments.rectification.reference import draw
from assessments.rectification.transitions import LEDGER

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "rectification.md"


def test_the_page_is_drawn_from_the_table():
    if os.environ.get("DRAW"):
        PAGE.write_text(draw(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == draw()


def test_every_edge_stands_on_the_page():
    page = draw()
    assert all(f"| `{edge.name}` | {edge.label} |" in page for edge in LEDGER)
