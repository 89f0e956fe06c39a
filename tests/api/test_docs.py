"""The page of the API: shown by our own files alone, under the same policy as every page."""

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, expect

from tests.people import browser as client_of
from tests.people import make_cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_calls_from_the_page_are_answered_under_our_policy(browser: Browser, live_server):
    cast = make_cast()
    session = client_of(cast.office).cookies[django_settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(base_url=live_server.url)
    context.add_cookies(
        [{"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
    )
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: "Security" in line.text and faults.append(line.text))
    page.on("request", lambda r: r.url.startswith(live_server.url) or faults.append(r.url))
    page.goto("/api/v1/docs/")
    page.locator("#operations-tag-me").click(timeout=30_000)
    operation = page.locator("#operations-me-me_show")
    operation.locator(".opblock-summary-control").click()
    operation.get_by_role("button", name="Try it out").click()
    operation.get_by_role("button", name="Execute").click()
    answer = operation.locator(".live-responses-table .microlight").first
    expect(answer).to_contain_text(cast.office.user.username)
    context.close()
    assert [fault for fault in faults if not fault.startswith(("data:", "blob:"))] == []
