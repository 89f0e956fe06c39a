"""Journey 1: one command, a login page with accounts, and every role at its own first page."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

# account: first page, its heading, and something that only this role sees there
FIRST = {
    "office": ("/ledger/individual/", "整改台账", "导入"),
    "supervisor": ("/tasks/", "我的待办", "督导检查组"),
    "assessor": ("/checklist/", "指标清单", "100 项"),
    "expert": ("/checklist/", "指标清单", "100 项"),
    "publicist": ("/dashboard/", "领导驾驶舱", "100 项指标完成"),
    "leader": ("/dashboard/", "领导驾驶舱", "100 项指标完成"),
    "lead01": ("/tasks/", "我的待办", "牵头单位审核人"),
    "unit01": ("/tasks/", "我的待办", "责任单位明白人"),
    "head01": ("/tasks/", "我的待办", "单位负责人"),
    "external": ("/", "安和区", "还没有开放的材料"),
    "city": ("/places/", "下级地区", "安和区"),
    "admin": ("/", "首页", "管理后台"),
}


def test_login_page_offers_the_demo_accounts(demo, browser):
    page = browser.new_page()
    page.goto(demo.address)
    page.get_by_role("table").locator("button[value=unit01]").click()
    expect(page).to_have_url(re.compile("/tasks/"))
    page.close()


@pytest.mark.parametrize("username", FIRST)
def test_every_role_logs_in_and_sees_its_own_first_page(sign_in, username):
    path, heading, shown = FIRST[username]
    person = sign_in(username, fresh=True)
    assert person.page.url.removeprefix(person.address) == path
    expect(person.page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(person.page.get_by_role("main")).to_contain_text(shown)
