"""Every page type at a desk and on a phone: no serious fault for axe, nothing wider than it.

A page is loaded once and then made narrow: both sizes are the same HTML. Long lists are looked at
under a filter, because a row more shows nothing new and costs seconds.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.journeys.conftest import DESK, PHONE
from tests.tiers import amount

pytestmark = pytest.mark.browser

PAGES = {
    "office": [
        "/tasks/", "/checklist/?area=8", "/checklist/heat/", "/checklist/heat/?as=table",
        "/indicators/26/", "/indicators/26/units/1/", "/review/?step=verify",
        "/review/next/?step=verify", "/ledger/individual/?light=r", "/ledger/common/", "/issues/1/",
        "/inspections/", "/inspections/new/", "/inspections/1/", "/inspections/1/edit/",
        "/inspections/1/findings/", "/inspections/1/letters/", "/letters/1/",
        "/imports/?kind=ledger", "/evidence/1/", "/dashboard/", "/notices/", "/search/?q=2026",
        "/no-such-page/",
    ],
    "publicist": ["/dashboard/", "/account/", "/account/password/", "/account/tokens/"],
    "head01": [
        "/tasks/", "/checklist/?state=collecting", "/review/", "/indicators/38/",
        "/indicators/38/units/1/evidence/", "/indicators/38/units/1/evidence/reference/",
        "/indicators/38/units/1/evidence/reuse/", "/ledger/individual/", "/account/memberships/",
        "/accessibility/",
    ],
    "city": ["/places/"],
    "external": ["/"],
}  # fmt: skip
SETTINGS = [
    "/settings/", "/settings/units/?kind=township", "/settings/units/new/",
    "/imports/?kind=units", "/settings/units/1/", "/settings/units/1/close/",
    "/settings/units/1/liaisons/new/", "/settings/groups/", "/settings/groups/1/",
    "/settings/liaisons/?q=1", "/imports/?kind=roster", "/settings/people/?q=office",
    "/settings/people/new/", "/settings/people/9/", "/settings/people/9/memberships/new/",
    "/settings/memberships/9/", "/settings/campaign/", "/settings/framework/",
    "/imports/?kind=framework", "/settings/assignments/?area=8", "/settings/assignments/1/",
    "/imports/?kind=tasks", "/settings/calendar/", "/settings/audit/", "/setup/summary/",
    "/setup/units/", "/setup/framework/", "/setup/campaign/", "/setup/assignments/",
]  # fmt: skip
SERIOUS = ("serious", "critical")


def faults_of(page, path, *, narrow=True):
    """What axe calls serious, and overflow, at both sizes; `narrow`: axe on the phone as well."""
    faults = []
    for size in (DESK, PHONE):
        page.set_viewport_size(size)
        where = f"{path} at {size['width']}"
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append(f"{where}: wider than the screen")
        if size is PHONE and not narrow:
            continue
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        for fault in found:
            if fault["impact"] in SERIOUS:
                places = [node["target"] for node in fault["nodes"][:3]]
                faults.append(f"{where}: {fault['id']} {places}")
    page.set_viewport_size(DESK)
    return faults


def faults_on(person, paths, *, narrow=True):
    faults = []
    for path in paths:
        answer = person.page.goto(person.address + path)
        if answer.status != (404 if path == "/no-such-page/" else 200):
            faults.append(f"{path}: {answer.status}")
        faults += faults_of(person.page, path, narrow=narrow)
    return faults


@pytest.mark.parametrize("who", PAGES)
def test_pages_of_work(sign_in, who):
    faults = faults_on(sign_in(who), PAGES[who])
    assert not faults, "\n".join(faults)


def test_pages_of_settings(sign_in):
    """Work for a desk: on the phone they fit, and axe looks at them there in the nightly run."""
    narrow = bool(amount(0, 1))
    faults = faults_on(sign_in("office"), SETTINGS, narrow=narrow)
    assert not faults, "\n".join(faults)


def test_what_opens_inside_a_page(sign_in):
    """A task opened in place, the drawer, a dialog, the keys, the bulk bar, a refused form."""
    person = sign_in("head01")
    page, faults = person.page, []
    page.get_by_role("link", name="交佐证").first.click()
    page.get_by_text("选择文件").first.wait_for()
    faults += faults_of(page, "opened task")
    page.keyboard.press("?")
    faults += faults_of(page, "keys")

    page = person.go("/ledger/individual/")
    page.get_by_role("table").get_by_role("checkbox").nth(1).check()
    page.get_by_role("toolbar").wait_for()
    faults += faults_of(page, "bulk bar")
    page.get_by_role("toolbar").get_by_role("button").first.click()
    page.get_by_role("dialog").wait_for()
    faults += faults_of(page, "bulk dialog")

    office = sign_in("office", "/settings/people/new/").page
    office.get_by_role("button", name="新建账号").click(no_wait_after=True)
    faults += faults_of(office, "form with errors")
    assert not faults, "\n".join(faults)


def test_pages_without_an_account(demo, browser):
    page = browser.new_context(locale="zh-CN").new_page()
    faults = []
    for path in ("/login/", "/accessibility/"):
        page.goto(demo.address + path)
        faults += faults_of(page, path)
    page.context.close()
    assert not faults, "\n".join(faults)
