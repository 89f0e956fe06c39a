"""A login that ran out in the middle of the work: back on the same page, the text still there."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import log_in
from tests.journeys.steps import form_with, row_of

pytestmark = pytest.mark.browser

WORDS = "已逐项对照整改，清单附后"


def lose_login(page):
    page.context.clear_cookies(name="sessionid")


def open_answer(page):
    """The unit's page of the first issue on which progress can be told."""
    row_of(page, "填进展").locator("a.main").click()
    page.get_by_role("link", name="打开这一条").first.click()
    page.get_by_role("heading", name="经过").wait_for()


def test_a_progress_note_is_still_there_after_the_login(sign_in):
    page = sign_in("unit05", "/tasks/", fresh=True).page
    open_answer(page)
    address = page.url
    form = form_with(page, "填进展")
    form.locator("textarea").fill(WORDS)
    lose_login(page)
    form.get_by_role("button", name="填进展").click()
    expect(page.locator("#toasts")).to_contain_text("登录已过期，填的内容还在")
    log_in(page, "unit05")
    expect(page).to_have_url(address)
    expect(form_with(page, "填进展").locator("textarea")).to_have_value(WORDS)


def test_words_typed_in_a_task_are_found_on_the_page_of_the_issue(sign_in):
    page = sign_in("unit05", "/tasks/", fresh=True).page
    row = row_of(page, "填进展")
    row.locator("a.main").click()
    note = page.locator("tr.detail textarea").first
    note.fill(WORDS)
    lose_login(page)
    page.locator("tr.detail").get_by_role("button", name="填进展").click()
    log_in(page, "unit05")
    expect(page).to_have_url(re.compile(r"/tasks/$"))
    open_answer(page)
    expect(form_with(page, "填进展").locator("textarea")).to_have_value(WORDS)


def test_a_tick_without_login_leads_back_to_the_list(sign_in):
    page = sign_in("unit05", "/tasks/", fresh=True).page
    lose_login(page)
    page.locator("button.tick:not([data-missing])").first.click()
    page.wait_for_url("**/login/**")
    log_in(page, "unit05")
    expect(page).to_have_url(re.compile(r"/tasks/$"))
