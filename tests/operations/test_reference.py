"""The pages of reference are what the tables say; `DRAW=1 pytest` on this file draws them anew."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

import pytest

from assessments.rectification.transitions import LEDGER
from indicators.assignments.transitions import WORK
from lawgov.accounts.policy import Action
from lawgov.operations.reference import PAGES
from lawgov.operations.reference.sheets import SHEETS
from lawgov.spreadsheets.columns import Column

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
#: Every module that lists columns.
MODULES = (
    "assessments.rectification.columns",
    "assessments.reports.columns",
    "assessments.rounds.columns",
    "indicators.assignments.columns",
    "indicators.dossiers.columns",
    "indicators.framework.columns",
    "lawgov.units.columns",
)
STABLE = (
    *("load_framework", "seed_demo", "read_ledger", "import_ledger", "export_ledger"),
    *("export_assessment", "export_ranking", "import_units", "import_assignments", "create_place"),
    *("send_reminders", "run_scheduler", "verify_audit"),
)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_drawn_from_its_table(name):
    page = FOLDER / name
    if os.environ.get("DRAW"):
        page.write_text(PAGES[name](), encoding="utf-8")
    assert page.read_text(encoding="utf-8") == PAGES[name]()


def test_no_page_without_a_table():
    assert {page.name for page in FOLDER.iterdir()} == set(PAGES)


@pytest.mark.parametrize(("name", "table"), [("rectification.md", LEDGER), ("indicators.md", WORK)])
def test_every_edge_stands_on_its_page(name, table):
    page = PAGES[name]()
    assert all(f"| `{edge.name}` | {edge.label}" in page for edge in table)


def test_every_action_and_every_stable_command_is_told():
    assert all(f"| `{action.value}` |" in PAGES["roles.md"]() for action in Action)
    assert all(
        f"## `{name} " in PAGES["commands.md"]() or f"## `{name}`" in PAGES["commands.md"]()
        for name in STABLE
    )


def test_every_list_of_columns_stands_on_the_page_of_sheets():
    """Found in the modules, so that a new list cannot be forgotten."""
    told = {id(columns) for _title, _use, columns in SHEETS}
    for module in MODULES:
        for name, value in vars(import_module(module)).items():
            if isinstance(value, tuple) and value and isinstance(value[0], Column):
                assert id(value) in told, f"{module}.{name}"
