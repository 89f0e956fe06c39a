"""Journey 1: one command, a login page with accounts, and every role at its own first page."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

HOMES = {
    "office": "/ledger/",
    "supervisor": "/tasks/",
    "assessor": "/checklist/",
    "expert": "/checklist/",
    "publicist": "/dashboard/",
    "leader": "/dashboard/",
    "lead01": "/tasks/",
    "unit01": "/tasks/",
    "head01": "/tasks/",
    "external": "/",
    "city": "/places/",
}
PAGES = {
    "office": [
        "/tasks/", "/checklist/", "/checklist/heat/", "/indicators/26/", "/review/",
        "/ledger/individual/", "/ledger/common/", "/issues/1/", "/inspections/", "/inspections/1/",
        "/imports/", "/dashboard/", "/notices/", "/settings/", "/settings/units/",
        "/settings/people/", "/account/", "/search/?q=合法性",
    ],
    "unit01": ["/tasks/", "/checklist/", "/ledger/individual/", "/notices/"],
    "city": ["/places/"],
}  # fmt: skip
ALL_PAGES = [(who, path) for who, paths in PAGES.items() for path in paths]


def test_login_page_offers_the_demo_accounts(demo, browser):
    page = browser.new_page()
    page.goto(demo.address)
    page.locator("button[name=demo][value=unit01]").click()
    expect(page).to_have_url(re.compile("/tasks/"))
    page.close()


@pytest.mark.parametrize(("username", "home"), HOMES.items())
def test_every_role_lands_on_its_first_page(sign_in, username, home):
    person = sign_in(username)
    assert person.page.url.removeprefix(person.address).startswith(home)
    expect(person.page.locator("h1")).to_be_visible()


@pytest.mark.parametrize("phone", [False, True], ids=["desk", "phone"])
@pytest.mark.parametrize("who", PAGES)
def test_pages_have_no_serious_fault_for_axe_and_fit_the_screen(sign_in, who, phone):
    person = sign_in(who, phone=phone)
    faults = []
    for path in PAGES[who]:
        page = person.go(path)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append(f"{path}: wider than the screen")
        for fault in Axe().run(page).response["violations"]:
            if fault["impact"] in ("serious", "critical"):
                places = [node["target"] for node in fault["nodes"][:3]]
                faults.append(f"{path}: {fault['id']} {places}")
    assert faults == []
