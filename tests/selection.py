"""`--naming MARK`: only the test files that name this mark are read.

To read all of them costs a pass of a few dozen tests more than these tests do. What could be
missed by it is found by every run that reads all files: a test that carries the mark of a pass
without its file naming it is an error.
"""

from __future__ import annotations

from pathlib import Path

import pytest

MARKS = ("postgres", "servers", "browser")  # by which the passes of run.py choose


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--naming", metavar="MARK", choices=MARKS, help="read only files naming MARK")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    mark = config.getoption("naming")
    is_test = collection_path.match("test_*.py")
    return True if mark and is_test and not names(collection_path, mark) else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Before any of them is left out."""
    carried = {
        (item.path, mark) for item in items for mark in MARKS if item.get_closest_marker(mark)
    }
    hidden = [f"{path}: {mark}" for path, mark in sorted(carried) if not names(path, mark)]
    if hidden:
        raise pytest.UsageError(f"marks that their files do not name: {hidden}")


def names(path: Path, mark: str) -> bool:
    return f"mark.{mark}" in path.read_text(encoding="utf-8")
