"""Journeys 5 and 6: from the finding on the spot to the sign-off, each step by its own person."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def settle(page):
    page.wait_for_load_state("networkidle")


def state(page, text):
    expect(page.locator("main .title .chip").first).to_contain_text(text)


def answer(page, button, **fields):
    """Open the form of an edge if it is folded, fill it and send it."""
    form = page.locator("form").filter(has=page.get_by_role("button", name=button)).first
    if not form.is_visible():
        page.locator("summary").filter(has_text=button).first.click()
    for name, value in fields.items():
        form.locator(f"[name={name}]").fill(value)
    form.get_by_role("button", name=button).first.click()
    settle(page)


def test_two_people_at_once_the_second_is_told(sign_in):
    """Both open the same issue; the first starts checking, the other's click changes nothing."""
    first, second = sign_in("supervisor"), sign_in("office")
    page = first.go("/ledger/individual/?state=submitted")
    page.locator("tr.row a.main").first.click()
    settle(page)
    second.page.goto(page.url)
    answer(page, "开始核查")
    state(page, "核查中")
    other = second.page
    other.get_by_role("button", name="开始核查").first.click()
    settle(other)
    expect(other.locator("body")).to_contain_text("已有人")
    state(page, "核查中")


def test_filters_combine_and_bulk_tells_each_row(sign_in):
    person = sign_in("supervisor")
    page = person.go("/ledger/individual/?state=submitted")
    rows = page.locator("tr.row")
    count = rows.count()
    assert count >= 2
    for index in range(2):
        rows.nth(index).locator(".select").check()
    expect(page.locator(".bulk")).to_contain_text("2")
    page.locator(".bulk").get_by_role("button", name="开始核查").click()
    page.locator("dialog[open] .btn.primary").click()
    assert "2" in person.toast()
    page.goto(person.address + "/ledger/individual/?state=submitted")
    expect(page.locator("tr.row")).to_have_count(count - 2)
