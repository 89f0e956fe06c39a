"""Twelve core tasks with keys alone: the mouse is never used, and the focus can always be seen.

1 log in · 2 open a task · 3 attach a proof · 4 tick and undo · 5 hand in · 6 pass · 7 return
8 receive an issue and plan · 9 report progress · 10 search · 11 close out · 12 act on many rows
"""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys.conftest import PASSWORD
from tests.journeys.steps import expect_state, toast

pytestmark = pytest.mark.browser

LONGEST = 90  # presses of Tab within which everything of a page must be in reach
FOCUSED = """() => {
  const element = document.activeElement;
  if (!element || element === document.body) return "";
  const label = element.labels?.[0]?.innerText ?? "";
  const said = element.getAttribute("aria-label") ?? "";
  return [said, label, element.innerText ?? ""].join(" ").trim();
}"""
VISIBLE = """() => {
  const element = document.activeElement, style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  const drawn = [style, getComputedStyle(element.closest("label") ?? element)].some(
    (each) => (each.outlineStyle !== "none" && parseFloat(each.outlineWidth) >= 1)
      || each.boxShadow !== "none");
  return drawn && box.bottom > 0 && box.top < innerHeight;
}"""


def tab_to(page, text, *, back=False, exact=False):
    """Press Tab until what has the focus carries this text; it must be seen to have it."""
    wanted = re.compile(rf"^\s*{text}\s*$" if exact else text)
    for _press in range(LONGEST):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if wanted.search(page.evaluate(FOCUSED)):
            assert page.evaluate(VISIBLE), f"the focus on {text} cannot be seen"
            return
    raise AssertionError(f"{text} is not in the order of Tab")


def type_into(page, label, text):
    tab_to(page, label)
    page.keyboard.type(text)


def go_to_row(page, text):
    """`J` until the row with this text has the focus."""
    for _press in range(LONGEST):
        page.keyboard.press("j")
        if re.search(text, page.evaluate(FOCUSED)):
            assert page.evaluate(VISIBLE), f"the focus on {text} cannot be seen"
            return
    raise AssertionError(f"no row with {text}")


def row_in_focus(page):
    return page.evaluate("document.activeElement.closest('tr')?.id ?? ''")


def test_log_in_open_a_task_attach_tick_undo(sign_in, make_proof):
    person = sign_in("unit08", fresh=True)  # 1: the fields and Enter
    page = person.page
    page.on("filechooser", lambda _chooser: None)  # listening from now on: a key waits for nothing
    page.keyboard.press("Tab")
    assert "跳到正文" in page.evaluate(FOCUSED), "the way past the menus comes first"
    page.keyboard.press("Enter")
    go_to_row(page, r"还缺：[^、\n]+\n")
    row = page.locator(f"[id='{row_in_focus(page)}']")
    page.keyboard.press("Enter")  # 2
    expect(page.get_by_text("选择文件").first).to_be_visible()
    expect(row).to_be_focused()
    tab_to(page, "选择文件")
    with page.expect_file_chooser() as chooser:  # 3
        page.keyboard.press("Enter")
    proof = make_proof()
    chooser.value.set_files(proof)
    expect(row).to_contain_text("已齐")
    expect(page.get_by_role("link", name=proof.stem)).to_be_visible()
    row.focus()
    page.keyboard.press("x")  # 4
    assert "已打勾" in person.toast()
    expect(row).to_contain_text("已打勾")
    expect(row, "the focus stays on the row").to_be_focused()
    page.keyboard.press("z")
    expect(row).to_contain_text("已齐")


def test_the_login_form_by_keys(demo, browser):
    page = browser.new_context(locale="zh-CN").new_page()
    page.goto(f"{demo.address}/login/")
    type_into(page, r"^\s*账号\s*$", "unit09")
    type_into(page, r"^\s*口令\s*$", PASSWORD)
    tab_to(page, "登录", exact=True)
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/")
    page.context.close()


def test_hand_in_pass_and_return(sign_in):
    page = sign_in("unit06").page
    go_to_row(page, "可以打勾")
    tab_to(page, "提交审核")
    page.keyboard.press("Enter")
    page.wait_for_url("**/indicators/**")
    type_into(page, "自评得分|得分", "1")
    type_into(page, "自评说明", "材料齐全。")
    page.keyboard.press("Control+Enter")  # 5
    expect_state(page, "待单位审核")

    head = sign_in("head06", "/review/?step=head")
    page = head.page
    waiting = page.locator("tr.row").count()
    assert waiting > 1
    page.keyboard.press("j")
    page.keyboard.press("a")  # 6
    expect(page.locator("tr.row")).to_have_count(waiting - 1)
    page.keyboard.press("j")
    page.keyboard.press("r")  # 7
    page.wait_for_url("**/review/next/**")
    page.keyboard.press("r")
    page.keyboard.type("缺登记表。")
    tab_to(page, "退回")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(head.go("/review/?step=head").locator("tr.row")).to_have_count(waiting - 2)


def test_a_typed_reason_is_sent_as_a_return_and_never_as_a_pass(sign_in):
    """Ctrl+Enter in the reason: the filled button beside it passes, so it must not be the one."""
    lead = sign_in("lead01", "/review/?step=lead")
    page = lead.page
    page.keyboard.press("j")
    page.keyboard.press("r")
    page.wait_for_url("**/review/next/**")
    work = page.locator("h1 a").get_attribute("href")
    page.keyboard.press("r")
    page.keyboard.type("第3页缺签字。")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    lead.go(work)
    expect_state(page, "已退回")


def test_an_opinion_on_a_check_is_sent_as_a_return_and_never_as_a_close(sign_in):
    inspector = sign_in("supervisor", "/ledger/individual/?state=verifying")
    page = inspector.page
    page.locator("tr.row a.main").first.click()
    page.get_by_role("heading", name="核查结论").wait_for()
    page.keyboard.press("r")
    page.keyboard.type("佐证对不上。")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect_state(page, "退回整改")


def test_receive_plan_and_report(sign_in):
    person = sign_in("unit01", "/issues/3/")
    page = person.page
    expect_state(page, "已交办")
    tab_to(page, "签收", exact=True)
    page.keyboard.press("Enter")  # 8
    expect_state(page, "已签收")
    type_into(page, "整改措施", "逐卷自查")
    type_into(page, "责任人", "赵某")
    tab_to(page, "目标日期")
    page.keyboard.type((timezone.localdate() + timedelta(days=1)).strftime("%m%d%Y"))
    page.keyboard.press("Control+Enter")
    expect_state(page, "制定措施")
    tab_to(page, "填进展")
    page.keyboard.press("Enter")
    type_into(page, "整改进展", "已查一半。")
    page.keyboard.press("Control+Enter")  # 9
    expect_state(page, "整改中")
    expect(page.get_by_role("main")).to_contain_text("已查一半。")


def test_search_and_close_out(sign_in):
    person = sign_in("supervisor", "/ledger/individual/?state=verifying")
    page = person.page
    page.keyboard.press("/")
    page.keyboard.type("案卷")
    page.keyboard.press("Enter")  # 10
    page.wait_for_url("**/search/**")
    expect(page.get_by_role("main")).to_contain_text("案卷")
    page.go_back()

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/issues/**")
    expect_state(page, "核查中")
    page.keyboard.press("r")
    page.keyboard.type("经核查属实。")
    page.keyboard.press("Escape")
    page.keyboard.press("a")  # 11
    expect_state(page, re.compile("已销号|逾期销号"))


def test_many_rows_and_the_help(sign_in):
    page = sign_in("office", "/ledger/individual/?state=submitted").page
    before = page.locator("tr.row").count()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    bar = page.get_by_role("toolbar", name="批量操作")
    expect(bar).to_contain_text("2")
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    page.keyboard.press("k")
    page.keyboard.press("x")
    tab_to(page, "开始核查")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    tab_to(page, "开始核查")
    page.keyboard.press("Enter")  # 12
    assert "已办 1 条" in toast(page)
    expect(page.locator("tr.row")).to_have_count(before - 1)

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="键盘操作")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("q")
    page.wait_for_url("**/checklist/")
