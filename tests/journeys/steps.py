"""What the journeys do again and again: forms of an edge, downloads, toasts, rows."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import openpyxl
from openpyxl import Workbook
from playwright.sync_api import Locator, Page, expect

JOB_MILLISECONDS = 60_000  # the longest that a background job of the demo place may take


def _chip(page: Page) -> Locator:
    """The chip beside the heading of an issue's or an indicator's page."""
    return page.locator("main .title .chip").first


def expect_state(page: Page, label: str | re.Pattern[str]) -> None:
    expect(_chip(page)).to_contain_text(label)


def state_of(page: Page) -> str:
    return _chip(page).inner_text().strip()


def named(button: str) -> re.Pattern[str]:
    """A button's whole name, with the letter of its key behind it or not."""
    return re.compile(rf"^{re.escape(button)}( [A-Z])?$")


def form_with(page: Page, button: str) -> Locator:
    """The form that this button sends, unfolded where it was folded."""
    wanted = page.get_by_role("button", name=named(button), include_hidden=True)
    form = page.locator("main form").filter(has=wanted).first
    if not form.is_visible():
        page.locator("main summary").get_by_text(button, exact=True).first.click()
    return form


def take(page: Page, button: str, **fields: str) -> None:
    """Take an edge: fill in the form of this button and send it."""
    form = form_with(page, button)
    for name, value in fields.items():
        form.locator(f"[name={name}]").fill(value)
    with page.expect_navigation():
        form.get_by_role("button", name=named(button)).click()


def toast(page: Page) -> str:
    """The text of the message at the bottom right, once it is there."""
    page.locator("#toasts .toast").last.wait_for()
    return page.locator("#toasts").inner_text()


def row_of(page: Page, text: str) -> Locator:
    return page.locator("tr.row").filter(has_text=text).first


def first_issue(page: Page) -> str:
    """Open the first issue of the list; its path."""
    page.locator("tr.row").first.get_by_role("link").first.click()
    page.get_by_role("heading", name="经过").wait_for()
    return re.search(r"/issues/\d+/", page.url).group()


def figure(page: Page, label: str) -> int:
    """A count of the ledger's state strip; 0 where the state is left out."""
    part = page.get_by_role("navigation", name="按状态筛选").get_by_role("link", name=label)
    if not part.count():
        return 0
    return int(re.search(r"(\d+)\s*$", part.first.inner_text()).group(1))


def download(page: Page) -> Path:
    """The file of the job whose page is open, when it is ready."""
    link = page.locator("main a[download]")
    link.wait_for(timeout=JOB_MILLISECONDS)
    with page.expect_download() as waiting:
        link.click()
    return waiting.value.path()


def workbook(page: Page) -> Workbook:
    return openpyxl.load_workbook(BytesIO(download(page).read_bytes()))
