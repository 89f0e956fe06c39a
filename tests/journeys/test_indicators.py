"""Journeys 2 to 4: my tasks, the checklist, and the way through the reviews."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def row_of(page, title):
    return page.locator("tr.row, .taskcard").filter(has_text=title).first


def first_missing(page):
    """Title of the first task whose proof is missing."""
    row = page.locator("tr.row").filter(has_text="还缺").first
    return row.locator("a.main").inner_text()


def test_from_login_to_a_tick_with_a_pdf_takes_three_clicks(sign_in, make_proof):
    """One click opens the row, one chooses the file, one ticks; more only for more slots."""
    person = sign_in("unit02")
    page = person.page
    title = first_missing(page)
    row = row_of(page, title)
    missing = row.inner_text().partition("还缺：")[2].splitlines()[0].split("、")
    for slot in missing:
        if not page.locator("input[type=file]").first.is_visible():
            row.get_by_text("交佐证").click()  # 1
        with page.expect_file_chooser() as chooser:
            page.get_by_text("选择文件").first.click()  # 2
        chooser.value.set_files(make_proof())
        expect(page.locator(".tile").filter(has_text="证明")).to_have_count(missing.index(slot) + 1)
    row = row_of(page, title)
    expect(row).to_contain_text("已齐")
    row.locator(".tick").click()  # 3
    assert "已打勾" in person.toast()
    expect(row_of(page, title)).to_contain_text("已打勾")
    page.keyboard.press("z")
    expect(row_of(page, title)).to_contain_text("已齐")


def test_a_tick_without_proof_is_refused_and_names_it(sign_in):
    person = sign_in("unit03")
    page = person.page
    title = first_missing(page)
    row = row_of(page, title)
    missing = row.inner_text().partition("还缺：")[2].splitlines()[0]
    row.locator(".tick").click()
    toast = person.toast()
    assert "未打勾" in toast
    assert missing.split("、")[0] in toast


def test_checklist_by_keyboard_tick_and_undo(sign_in):
    person = sign_in("unit04")
    page = person.go("/checklist/?scope=own&state=collecting")
    row = page.locator("tr.row:has(.tick:not([data-missing]))").first
    title = row.locator("a.main").inner_text()
    row.focus()
    page.keyboard.press("x")
    assert "已打勾" in person.toast()
    page.keyboard.press("z")
    expect(page.locator("#toasts")).to_contain_text("已撤销")
    expect(page.locator("tr.row").filter(has_text=title).first).to_be_visible()


def test_heat_map_leads_to_the_filtered_checklist(sign_in):
    person = sign_in("office")
    page = person.go("/checklist/heat/")
    cell = page.locator("svg a[href*='area=']").first
    page.goto(person.address + cell.get_attribute("href"))
    expect(page.locator("h1")).to_contain_text("指标清单")
    assert "unit=" in page.url


def test_unit_head_lead_and_office_pass_an_indicator_on(sign_in):
    """A work that only waits for its hand-in goes through head and lead unit."""
    editor = sign_in("unit05")
    page = editor.go("/tasks/")
    row = page.locator("tr.row").filter(has_text="可以打勾").filter(has_text="（牵头）").first
    title = row.locator("a.main").inner_text()
    row.locator("a.main").click()
    page.wait_for_load_state("networkidle")
    address = re.search(r"/indicators/\d+/units/\d+/", page.content()).group()
    page = editor.go(address)
    page.fill("input[name=points]", "8")
    page.fill("textarea[name=statement]", "材料齐全，均有记录。")
    page.get_by_role("button", name="提交审核").first.click()
    page.wait_for_load_state("networkidle")
    expect(page.locator("main")).to_contain_text("待单位审核")

    head = sign_in("head05")
    page = head.go("/review/")
    line = page.locator("tr.row").filter(has_text=title).first
    line.get_by_role("button", name="通过").click()
    page.wait_for_load_state("networkidle")
    editor.page.reload()
    expect(editor.page.locator("main")).to_contain_text("待牵头审核")
