"""The main forms where scripts are switched off: links, forms and pages do it all."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys.steps import expect_state, first_issue, take

pytestmark = pytest.mark.browser

LEDGER = "/ledger/individual/"


@pytest.fixture
def plain(sign_in):
    """Like sign_in, for a browser without scripts; logs in by the form each time."""

    def start(username, at="/"):
        person = sign_in(username, fresh=True, java_script_enabled=False)
        person.go(at)
        return person

    return start


def test_log_in_upload_tick_and_untick(plain, make_proof):
    person = plain("unit10")
    page = person.page
    rows = page.locator("tr.row").filter(has_text="还缺").all()
    row = next(each for each in rows if re.search(r"还缺：[^、\n]+\n", each.inner_text()))
    row.get_by_role("link", name="交佐证").click()
    proof = make_proof()
    page.get_by_role("button", name="选择文件").set_input_files(proof)
    page.get_by_role("button", name="上传").click()
    expect(page.get_by_role("main")).to_contain_text(proof.stem)
    page.get_by_role("button", name="打勾", exact=True).click()
    expect_state(page, "已打勾")
    page.get_by_role("button", name="取消打勾").click()
    expect_state(page, "收集中")
    page.get_by_label("得分").first.fill("5")
    page.get_by_label("自评说明").fill("材料齐全。")
    page.get_by_role("button", name="提交审核").click()
    expect_state(page, "待单位审核")


def test_a_tick_in_the_list_is_refused_with_words(plain):
    page = plain("unit11").page
    row = page.locator("tr.row").filter(has_text="还缺").first
    row.get_by_role("checkbox").click()
    expect(page.get_by_role("status")).to_contain_text("未打勾")


def test_from_the_receipt_to_the_sign_off(plain, make_proof):
    unit = plain("head12", f"{LEDGER}?state=issued&state=accepted&state=planned&state=rectifying")
    page = unit.page
    path = first_issue(page)
    bring_to_rectifying(page)
    page.get_by_role("button", name="选择文件").set_input_files(make_proof())
    with page.expect_navigation():
        page.get_by_role("button", name="上传").first.click()
    page = unit.go(path)
    take(page, "申请销号", result="已整改到位。")
    expect_state(page, "申请销号")

    checker = plain("supervisor", path)
    take(checker.page, "开始核查")
    take(checker.page, "同意销号", note="经核查属实。")
    expect_state(checker.page, "已销号")


def bring_to_rectifying(page):
    if page.get_by_role("button", name="签收", exact=True).count():
        take(page, "签收")
    if page.get_by_role("textbox", name="整改措施").count():
        target = (timezone.localdate() + timedelta(days=1)).isoformat()
        take(page, "制定措施", measures="自查", person="赵某", target_on=target)
    take(page, "填进展", progress="已办。")
    expect_state(page, "整改中")


def test_filters_and_bulk(plain):
    person = plain("office", LEDGER)
    page = person.page
    choice = page.get_by_label("责任单位", exact=True)
    label = choice.get_by_role("option").nth(1).inner_text()
    choice.select_option(label=label)
    page.get_by_role("button", name="筛选", exact=True).click()
    page.wait_for_url("**unit=*")
    rows = page.locator("tr.row")
    unit, count = re.match(r"(.+)（(\d+)）", label).groups()
    expect(rows).to_have_count(int(count))
    assert all(unit in text for text in rows.all_inner_texts())

    page = person.go(f"{LEDGER}?state=submitted")
    before = rows.count()
    rows.first.get_by_role("checkbox").check()
    page.get_by_role("toolbar", name="批量操作").get_by_role("button", name="开始核查").click()
    page.get_by_role("main").get_by_role("button", name="开始核查").click()
    expect(page.get_by_role("status").filter(has_text="已办 1 条")).to_be_visible()
    expect(rows).to_have_count(before - 1)
