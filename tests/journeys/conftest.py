"""One demo place, really started, and people who work on it in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page

from lawgov.operations.demo.proofs import pdf
from tests.journeys.steps import toast
from tests.servers.product import Product

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
PASSWORD = "lawgov-demo"
PATIENCE = 15_000  # milliseconds until something that does not come is missed


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product as `make run` starts it, with the demo place."""
    product = Product(tmp_path_factory.mktemp("journeys") / "data", EMPTY="")
    try:
        yield product.start()
    finally:
        product.remove()


@pytest.fixture
def make_proof(tmp_path: Path) -> Callable[[], Path]:
    """Makes a PDF of its own each time; the same content twice would be pointed out."""

    def make() -> Path:
        text = uuid4().hex
        file = tmp_path / f"证明{text[:6]}.pdf"
        file.write_bytes(pdf(["proof", text]))
        return file

    return make


@dataclass
class Person:
    """Somebody at a browser; `troubles` are script errors, 5xx answers and strange requests."""

    page: Page
    address: str
    troubles: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def toast(self) -> str:
        return toast(self.page)


@pytest.fixture(scope="session")
def logins() -> dict[str, Any]:
    """Cookies by account: everybody logs in once by the form and stays logged in."""
    return {}


@pytest.fixture
def sign_in(
    demo: Product, browser: Browser, logins: dict[str, Any]
) -> Iterator[Callable[..., Person]]:
    """`sign_in("unit01")` opens a browser window of that account, at its first page or `at`.

    `phone`: 390 × 844. `fresh`: by the form even where the account is logged in already.
    `options` go to the browser's context: `java_script_enabled=False`.
    """
    people: list[Person] = []

    def start(
        username: str,
        at: str = "/",
        *,
        phone: bool = False,
        fresh: bool = False,
        **options: Any,
    ) -> Person:
        known = None if fresh else logins.get(username)
        options = {"viewport": PHONE if phone else DESK, "locale": "zh-CN"} | options
        context = browser.new_context(storage_state=known, **options)
        context.set_default_timeout(PATIENCE)
        person = Person(context.new_page(), demo.address)
        people.append(person)
        listen(person)
        person.go(at)
        if known is None:
            log_in(person.page, username)
            logins[username] = context.storage_state()
        return person

    yield start
    troubles = [trouble for person in people for trouble in person.troubles]
    for person in people:
        person.page.context.close()
    assert troubles == []


def log_in(page: Page, username: str, password: str = PASSWORD) -> None:
    page.get_by_label("账号").fill(username)
    page.get_by_label("口令").fill(password)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login/" not in url)


def listen(person: Person) -> None:
    """Keep what no journey may cause."""
    page, troubles = person.page, person.troubles
    page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
    page.on(
        "response",
        lambda answer: (
            troubles.append(f"{answer.status} {answer.url}") if answer.status >= 500 else None
        ),
    )
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((person.address, "data:", "blob:"))
            else troubles.append(f"leaves the house: {request.url}")
        ),
    )
