"""One request of the matrix: what came back to the last byte, and what it wrote."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from tests.matrix.cases import Case

WRITES = re.compile(
    r'\s*(INSERT|UPDATE|DELETE|REPLACE)(?:\s+OR\s+\w+)?(?:\s+INTO|\s+FROM)?\s+"(\w+)"',
    re.IGNORECASE,
)
#: What a request may write whatever becomes of it: the trail, the login itself, lock-out, keys.
BESIDE = {
    *("INSERT audit_auditentry", "INSERT audit_audithead", "UPDATE audit_audithead"),
    *("INSERT django_session", "UPDATE django_session", "DELETE django_session"),
    *("UPDATE accounts_signin", "INSERT accounts_loginattempt", "UPDATE accounts_loginattempt"),
    "INSERT accounts_answeredcall",
}
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


@dataclass
class Answer:
    """`body` with streams read; `wrote` says what the request did to which table."""

    response: HttpResponse
    body: bytes
    wrote: set[str] = field(default_factory=set)

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def bare(self) -> bytes:
        """The body without what differs by request: its number."""
        return self.body.replace(self.response.headers["X-Request-ID"].encode(), b"-")

    @property
    def told(self) -> str:
        """Everything that reaches the caller: headers, file name and body, packed or not."""
        headers = "\n".join(f"{name}: {value}" for name, value in self.response.headers.items())
        return headers + unpacked(self.body)


def ask(case: Case, method: str, client: Client, path: str, **headers: str) -> Answer:
    """One request whose effect is rolled back; the body is read before that."""
    given = dict(case.opens.headers) if case.opens else {}
    send: Callable[..., HttpResponse] = getattr(client, method.lower())
    if case.route.is_api and method in ("POST", "PUT", "PATCH") and not _takes_files(case, method):
        send = partial(send, data="{}", content_type="application/json")
    cookies = client.cookies.copy()
    with transaction.atomic(), writing() as wrote:
        response = send(path, headers=given | headers)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        transaction.set_rollback(True)
    client.cookies = cookies  # a logout, too, is taken back
    return Answer(response, body, wrote - BESIDE)


def _takes_files(case: Case, method: str) -> bool:
    name = case.route.actions.get(method.lower(), "")
    return name in getattr(case.route.cls, "uploads", ())


@contextmanager
def writing() -> Iterator[set[str]]:
    """What is done to which table while it lasts, `UPDATE accounts_user`; to no row is nothing."""
    done: set[str] = set()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        result = execute(sql, params, many, context)
        # SQLite counts the rows of a RETURNING only once they are fetched.
        rows = context["cursor"].rowcount or "RETURNING" in sql
        if (found := WRITES.match(sql)) and rows:
            done.add(f"{found[1].upper()} {found[2]}")
        return result

    with connection.execute_wrapper(watch):
        yield done


def unpacked(body: bytes) -> str:
    """The text of a body; of a workbook, a document or another archive that of all its parts."""
    if not body.startswith(b"PK\x03\x04"):
        return body.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return "\n".join(name + unpacked(archive.read(name)) for name in archive.namelist())
