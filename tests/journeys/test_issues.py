"""Journeys 5 and 6: from the finding on the spot to the sign-off, each step by its own person."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

TEXT = "抽查许可案卷三本，均缺少告知承诺书存档"


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


def test_an_issue_from_finding_to_sign_off(sign_in, make_proof):
    inspector = sign_in("supervisor", phone=True)
    page = inspector.go("/inspections/1/findings/")
    page.locator("[name=units]").first.select_option(label="区民政局")
    page.fill("[name=text]", TEXT)
    page.fill("[name=requirement]", "补齐存档，举一反三。")
    page.fill("[name=deadline_text]", "15个工作日内")
    page.locator("main form .btn.primary").first.click()
    settle(page)

    office = sign_in("office")
    page = office.go(f"/ledger/individual/?q={TEXT[:10]}")
    page.locator("tr.row a.main").first.click()
    settle(page)
    state(page, "已发现")
    address = page.url
    answer(page, "交办")
    page.goto(address)
    state(page, "已交办")

    editor = sign_in("unit05")
    page = editor.page
    page.goto(address)
    answer(page, "签收")
    state(page, "已签收")
    target = (date.today() + timedelta(days=3)).isoformat()
    answer(page, "制定措施", measures="逐卷补齐\n修订归档办法", person="赵某", target_on=target)
    state(page, "制定措施")
    answer(page, "填进展", progress="已补齐两本。")
    state(page, "整改中")
    page.locator("input[type=file]").first.set_input_files(make_proof())
    expect(page.locator("main .tile")).to_have_count(1)

    head = sign_in("head05")
    page = head.page
    page.goto(address)
    answer(page, "申请销号", result="三本均已补齐并归档。")
    state(page, "申请销号")

    checker = sign_in("supervisor")
    page = checker.page
    page.goto(address)
    answer(page, "开始核查")
    state(page, "核查中")
    answer(page, "同意销号", note="经核查属实。")
    state(page, "已销号")
    expect(page.locator(".timeline")).to_contain_text("签收")


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
    if page.locator("dialog[open]").count():
        page.locator("dialog[open] .btn.primary").click()
    assert "2" in person.toast()
    page.goto(person.address + "/ledger/individual/?state=submitted")
    expect(page.locator("tr.row")).to_have_count(count - 2)
