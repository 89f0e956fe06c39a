"""One demo place, really started, and people who work on it in a browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page

from lawgov.operations.demo.proofs import pdf
from tests.servers.product import Product

DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
PASSWORD = "lawgov-demo"


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
    troubles: list[str]

    def go(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def toast(self) -> str:
        self.page.locator("#toasts .toast").last.wait_for()
        return self.page.locator("#toasts").inner_text()


@pytest.fixture
def sign_in(demo: Product, browser: Browser):
    """`sign_in("unit01")` opens a fresh browser window for that account; `phone=True` a phone."""
    people: list[Person] = []

    def start(username: str, *, phone: bool = False, language: str = "zh-CN") -> Person:
        context = browser.new_context(viewport=PHONE if phone else DESK, locale=language)
        page = context.new_page()
        person = Person(page, demo.address, [])
        _listen(person)
        people.append(person)
        person.go("/login/")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "/login/" not in url)
        return person

    yield start
    troubles = [trouble for person in people for trouble in person.troubles]
    for person in people:
        person.page.context.close()
    assert troubles == []


def _listen(person: Person) -> None:
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
