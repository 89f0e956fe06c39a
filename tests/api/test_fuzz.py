"""B1: calls made up from the schema itself, as several roles: no fault of the server, and answers
as the schema declares them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from lawgov.accounts.models import ApiToken
from tests.matrix.fixtures import Principals
from tests.tiers import amount

pytest_plugins = ["schemathesis.pytest.plugin"]  # which makes tests of `schema.parametrize`

EXAMPLES = amount(10, 200)  # of each role for each operation
ROLES = ("office", "editor", "head", "supervisor", "city")[: amount(2, 5)]
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


class Embedded:
    """The product as a WSGI application within the test's own transaction."""

    def __init__(self) -> None:
        self.handler: Callable[..., Any] | None = None

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        self.handler = self.handler or WSGIHandler()
        with connections_kept():
            answer = self.handler(environ, start_response)
            body = b"".join(answer)
            answer.close()
        return [body]


@contextmanager
def connections_kept() -> Iterator[None]:
    """As Django's own test client does: a request's end must not end the test's connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


schema = schemathesis.openapi.from_dict(SchemaGenerator().get_schema(public=True))
schema.app = Embedded()
schema.config.phases.coverage.enabled = amount(0, 1) == 1  # every odd value besides the examples


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_made_up_calls_get_a_declared_answer(case, role: str, principals: Principals) -> None:
    actor, _client = principals[role]
    _token, text = ApiToken.objects.create(
        user=actor.user, membership=actor.membership, expiry=timedelta(days=1)
    )
    case.call_and_validate(headers={"Authorization": f"Token {text}"}, checks=CHECKS)
