"""Counting statements as the budgets do: all but BEGIN, COMMIT and SAVEPOINT."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


@pytest.fixture
def count_statements() -> Callable[[Callable[[], object]], int]:
    def count(work: Callable[[], object]) -> int:
        with CaptureQueriesContext(connection) as captured:
            work()
        told = [query["sql"] for query in captured.captured_queries]
        counted = [sql for sql in told if not sql.startswith(NOT_COUNTED)]
        print("\n".join(sql[:160] for sql in counted))  # noqa: T201, shown where a budget breaks
        return len(counted)

    return count
