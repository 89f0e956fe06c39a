"""A machine that calls the API with a token, as one membership."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client

from lawgov.accounts.actors import Actor
from lawgov.accounts.tokens import ApiToken

ROOT = "/api/v1/"


class Caller:
    """Calls under /api/v1/ in JSON; `status` and `body` of the last answer."""

    def __init__(self, actor: Actor, **headers: str) -> None:
        _token, text = ApiToken.objects.create(
            user=actor.user, membership=actor.membership, expiry=timedelta(days=1)
        )
        self.text = text
        self.client = Client(headers={"Authorization": f"Token {text}"} | headers)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The JSON of the answer, which must be a success."""
        answer = self.ask(method, path, body, **headers)
        assert answer.status_code < 300, f"{method} {path}: {answer.status_code} {answer.content}"
        return answer.json() if answer.content else None

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        given = {} if body is None else {"data": body, "content_type": "application/json"}
        return getattr(self.client, method)(ROOT + path, **given, headers=headers)

    def get(self, path: str, **query: Any) -> Any:
        answer = self.client.get(ROOT + path, query)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.content}"
        return answer.json()

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self("post", path, {} if body is None else body, **headers)

    def put(self, path: str, body: Any) -> Any:
        return self("put", path, body)

    def delete(self, path: str) -> None:
        self("delete", path)

    def upload(self, path: str, **fields: Any) -> HttpResponse:
        return self.client.post(ROOT + path, fields)

    def refused(self, method: str, path: str, body: Any = None, **headers: str) -> dict[str, Any]:
        """The problem of an answer that must be none; with its status as `status`."""
        answer = self.ask(method, path, body, **headers)
        assert answer.status_code >= 400, f"{method} {path}: {answer.status_code}"
        return answer.json()["error"] | {"status": answer.status_code}
