"""Journey 1 without the demo: from an empty installation to a place that people can work in."""

import csv
import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from tests.journeys.conftest import DESK, PATIENCE, Person, listen, log_in
from tests.servers.product import Product

pytestmark = pytest.mark.browser

PASSWORD = "Qingshan-2026-fz"
UNITS = settings.BASE_DIR / "fixtures" / "demo-units.csv"


@pytest.fixture
def founder(browser, make_product):
    """Somebody in front of the first page of `make run EMPTY=1`."""
    product: Product = make_product().start()
    context = browser.new_context(viewport=DESK, locale="zh-CN")
    context.set_default_timeout(PATIENCE)
    person = Person(context.new_page(), product.address)
    listen(person)
    yield person
    context.close()
    assert person.troubles == []


def pasted_units():
    """The list as it is copied out of a spreadsheet: cells with tabs between, one unit a line."""
    with UNITS.open(encoding="utf-8-sig", newline="") as file:
        return "\n".join("\t".join(row) for row in csv.reader(file))


def test_the_wizard_leads_to_a_place_that_works(founder):
    page = founder.go("/")
    page.get_by_role("link", name="开始首次设置").click()
    name_the_place(page)
    open_the_first_account(page)
    paste_the_units(page)
    choose_framework_and_campaign(page)
    assign(page)
    page.get_by_role("link", name="开始使用").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("指标清单")
    expect(page.get_by_role("main")).to_contain_text("100 项")
    an_editor_begins(founder)


def name_the_place(page):
    page.get_by_label("地区名称").fill("青山区")
    page.get_by_label("代码").fill("qingshan")
    page.get_by_label("所属市").fill("安平市")
    page.get_by_role("button", name="保存，下一步").click()


def open_the_first_account(page):
    page.get_by_label("姓名").fill("周某")
    page.get_by_label("账号").fill("zhou")
    page.get_by_label("口令", exact=True).fill(PASSWORD)
    page.get_by_label("再输一次口令").fill(PASSWORD)
    page.get_by_role("button", name="建账号，下一步").click()


def paste_the_units(page):
    expect(page.get_by_role("list", name="设置步骤")).to_contain_text("安平市 › 青山区")
    page.get_by_label("粘贴名单").fill(pasted_units())
    page.get_by_role("button", name="导入名单").click()
    expect(page.get_by_role("main")).to_contain_text("69 家，行政执法单位 32 家")
    page.get_by_role("link", name="下一步：指标体系").click()


def choose_framework_and_campaign(page):
    page.get_by_role("button", name="用这个版本，下一步").click()
    page.get_by_label("机关代字").fill("青法办函")
    page.get_by_role("button", name="建立创建活动").click()
    expect(page.get_by_role("table", name="阶段").get_by_role("row")).to_have_count(7)
    page.get_by_role("button", name="保存日期，下一步").click()


def assign(page):
    """By default, area by area: to a group of units, or to the lead unit alone."""
    page.get_by_role("button", name="按这个分").wait_for()  # below all the choices
    for choice in page.get_by_role("main").get_by_role("combobox").all():
        choice.select_option(label="各行政执法单位")
    page.get_by_role("button", name="按这个分").click()
    expect(page.get_by_role("main")).to_contain_text("100 / 100 项有人管")


def an_editor_begins(founder):
    """The office opens an account for a unit; its owner logs in and finds the unit's tasks."""
    page = founder.go("/settings/people/new/")
    page.get_by_label("姓名").fill("赵某")
    page.get_by_label("账号").fill("zhao")
    page.get_by_label("角色").select_option(label="责任单位明白人")
    page.get_by_label(re.compile("^单位")).select_option(label="区教育局")
    page.get_by_role("button", name="新建账号").click()
    told = page.get_by_role("status").filter(has_text="初始口令")
    first = told.inner_text().split()[-1]
    page.context.clear_cookies()
    log_in(founder.go("/login/"), "zhao", first)
    expect(page.get_by_role("main")).to_contain_text("先换一个自己的口令")
    page.get_by_label("原口令").fill(first)
    page.get_by_label("新口令", exact=True).fill(PASSWORD)
    page.get_by_label("再输一次").fill(PASSWORD)
    with page.expect_navigation():
        page.get_by_role("button", name="修改口令").click()
    founder.go("/")
    expect(page).to_have_url(f"{founder.address}/tasks/")
    expect(page.get_by_role("table", name="我的待办").get_by_role("row").nth(2)).to_be_visible()
