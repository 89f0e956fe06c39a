"""What holds for every test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.db.backends.base.operations import BaseDatabaseOperations

from lawgov.audit import triggers
from lawgov.web.translations import compile_catalogues
from tests.network import kept_inside
from tests.people import Cast, make_cast

pytest_plugins = [
    *("tests.servers.fixtures", "tests.servers.product", "tests.browser"),
    *("tests.matrix.fixtures", "tests.selection"),
]


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Files made by a test differ from process to process; xdist wants the same names in all."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session", autouse=True)
def catalogues() -> None:
    """The .mo files are not in the repository."""
    compile_catalogues(*settings.LOCALE_PATHS)


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    with kept_inside():
        yield


@pytest.fixture(scope="session", autouse=True)
def flush_passes_the_audit_guard() -> Iterator[None]:
    """Emptying the tables after a transactional test is the one deletion without a trace."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def execute(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        with triggers.unguarded(self.connection):
            flush(self, sql_list)

    BaseDatabaseOperations.execute_sql_flush = execute
    yield
    BaseDatabaseOperations.execute_sql_flush = flush


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody of one place, and two strangers."""
    return make_cast()
