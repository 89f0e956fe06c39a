"""What a person sends: the form as its page shows it, with something typed into it."""

from __future__ import annotations

import copy
import itertools
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from tests.submissions.reading import Control, Form, forms_of

Data = dict[str, list[Any]]

TYPED = {"date": "2026-12-01", "number": "1", "email": "a@demo.invalid"}
TEXT = "文字内容"


@dataclass
class Submission:
    """One form of one person, ready to be sent any number of times; the same each time."""

    client: Client
    path: str
    data: Data = field(default_factory=dict)

    def send(self) -> HttpResponse:
        data = copy.deepcopy(self.data)
        for value in itertools.chain(*data.values()):
            if isinstance(value, SimpleUploadedFile):
                value.seek(0)
        return self.client.post(self.path, data)

    @property
    def has_key(self) -> bool:
        return "once" in self.data

    def without_key(self) -> Submission:
        """As a page without `{% once %}` would send it."""
        data = {name: values for name, values in self.data.items() if name != "once"}
        return Submission(self.client, self.path, data)


def file_of(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def submission(client: Client, page: str, path: str, typed: dict[str, Any]) -> Submission:
    """The form on `page` that posts to `path`, with `typed` in place of what stands there.

    Where the page has no such form, `typed` alone.
    """
    shown = client.get(page, follow=True)
    found = _form_for(shown, path) if shown.status_code == 200 else None
    target, data = found if found else (path, {})
    for name, value in typed.items():
        data[name] = list(value) if isinstance(value, list) else [value]
    return Submission(client, target, data)


def form_of(shown: HttpResponse, path: str, client: Client) -> Submission:
    """The form on a page that came as an answer to another form."""
    found = _form_for(shown, path)
    assert found, f"{shown.status_code}: no form to {path}"
    return Submission(client, *found)


def _form_for(shown: HttpResponse, path: str) -> tuple[str, Data] | None:
    if "html" not in shown.headers["Content-Type"]:
        return None
    at = shown.request["PATH_INFO"]
    for form in forms_of(shown.content.decode()):
        for action, button in form.buttons or [(form.action, None)]:
            target = urljoin(at, action)
            if urlsplit(target).path == urlsplit(path).path:
                return (target if action else path), _filled(form, button)
    return None


def _filled(form: Form, button: Control | None) -> Data:
    data: Data = {}
    for control in form.controls:
        if control.name and control.name != "csrfmiddlewaretoken" and (sent := _sent(control)):
            data.setdefault(control.name, []).extend(sent)
    if button is not None and button.name:
        data[button.name] = button.sent
    return data


def _sent(control: Control) -> list[Any]:
    match control.kind:
        case "file" | "checkbox" | "radio":
            return control.sent
        case "hidden":
            return control.sent or [""]
        case "many":
            return control.sent or control.values[:1]
        case "select":
            chosen = [value for value in control.sent if value]
            return chosen or [value for value in control.values if value][:1]
    return control.sent if any(control.sent) else [TYPED.get(control.kind, TEXT)]
