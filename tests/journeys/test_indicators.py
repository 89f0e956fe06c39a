"""Journeys 2 and 3: my tasks, the checklist, and the heat map."""

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import row_of

pytestmark = pytest.mark.browser

COUNT_CLICKS = """
  window.name = "0";
  addEventListener("click", (event) => {
    if (event.isTrusted) window.name = Number(window.name) + 1;
  }, true);
"""


def tasks_without_proof(page):
    return page.locator("tr.row").filter(has_text="还缺")


def title_of(row):
    return row.get_by_role("link").first.inner_text()


def missing_in(row):
    return row.inner_text().partition("还缺：")[2].splitlines()[0].split("、")


def test_from_login_to_a_tick_with_a_pdf_takes_at_most_four_clicks(sign_in, make_proof):
    """The browser counts: one opens the row, one the file chooser, one ticks."""
    person = sign_in("unit02", fresh=True)
    page = person.page
    page.evaluate(COUNT_CLICKS)
    row = next(r for r in tasks_without_proof(page).all() if len(missing_in(r)) == 1)
    title = title_of(row)
    row = row_of(page, title)
    row.get_by_role("link", name="交佐证").click()
    proof = make_proof()
    with page.expect_file_chooser() as chooser:
        page.get_by_text("选择文件").first.click()
    chooser.value.set_files(proof)
    expect(page.get_by_role("link", name=proof.stem)).to_be_visible()
    expect(row).to_contain_text("已齐")
    row.get_by_role("checkbox").click()
    assert "已打勾" in person.toast()
    expect(row).to_contain_text("已打勾")
    # choosing a file opens the system's window: the browser counts the label and its input
    assert 3 <= int(page.evaluate("window.name")) <= 4
    page.keyboard.press("z")
    expect(row).to_contain_text("已齐")
    expect(page.get_by_role("status").filter(has_text="已撤销")).to_be_visible()


def test_a_tick_without_proof_is_refused_and_names_it(sign_in):
    person = sign_in("unit03")
    row = tasks_without_proof(person.page).first
    missing = missing_in(row)
    row.get_by_role("checkbox").click()
    told = person.toast()
    assert "未打勾" in told
    assert all(slot in told for slot in missing)
    expect(row.get_by_role("checkbox")).not_to_be_checked()


def test_the_checklist_by_keyboard_tick_and_undo(sign_in):
    person = sign_in("unit04", "/checklist/?scope=own&state=collecting")
    page = person.page
    row = page.locator("tr.row").filter(has=page.locator("[role=checkbox]:not([data-missing])"))
    title = title_of(row.first)
    row.first.focus()
    page.keyboard.press("x")
    assert "已打勾" in person.toast()
    page.keyboard.press("z")
    expect(page.locator("#toasts")).to_contain_text("已撤销")
    expect(row_of(page, title)).to_be_visible()


def test_the_heat_map_leads_to_the_filtered_checklist(sign_in):
    """A cell counts what its link shows."""
    person = sign_in("office", "/checklist/heat/?as=table")
    page = person.page
    cell = page.locator("td a[href*='area=']").first
    total = cell.inner_text().partition("/")[2]
    cell.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("指标清单")
    assert "unit=" in page.url
    expect(page.locator("tr.row")).to_have_count(int(total))
    expect(person.go("/checklist/heat/").locator("svg a[href*='area=']").first).to_be_attached()
