"""Fixtures that hand out real servers.

`postgres_url` and `redis_url` are shared: the addresses in TEST_DATABASE_URL and TEST_REDIS_URL
(the runner sets them), else servers started on first use. A test that kills, flushes or cuts a
server takes `own_postgres` or `own_redis`, which belong to it alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.servers.base import Server
from tests.servers.postgres import Postgres
from tests.servers.redis import Redis


def started(server: Server) -> Iterator[Server]:
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
    else:
        for server in started(Postgres()):
            yield server.url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    given = os.environ.get("TEST_REDIS_URL")
    if given:
        yield given
    else:
        for server in started(Redis()):
            yield server.url


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    yield from started(Postgres())


@pytest.fixture
def own_redis() -> Iterator[Redis]:
    yield from started(Redis())
