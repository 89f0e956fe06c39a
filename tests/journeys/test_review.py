"""Journey 4: proof goes from the unit to its head, the lead unit and the office, and back."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.steps import expect_state, row_of, toast

pytestmark = pytest.mark.browser

REASON = "登记表缺少第三季度，补齐后再报。"
SMALL = 10  # an indicator with few units: some wait for the lead unit of lead08, the rest is done


def numbered(page, number):
    """Rows of the queue that belong to this indicator."""
    return page.locator("tr.row").filter(has_text=re.compile(rf"^\s*{number}　", re.MULTILINE))


def test_a_unit_its_head_and_the_lead_unit_pass_a_work_on_and_back(sign_in):
    editor, head, lead = (
        sign_in("unit05"),
        sign_in("head05", "/review/"),
        sign_in("lead03", "/review/"),
    )
    path = hand_in(editor)
    number = path.split("/")[2]
    pass_by_row(head, number)
    send_back_one_by_one(lead, number)

    page = editor.go(path)
    expect_state(page, "已退回")
    expect(page.get_by_role("main")).to_contain_text(REASON)
    page.get_by_role("button", name="提交审核").click()
    expect_state(page, "待单位审核")
    pass_by_row(head, number)
    pass_one_by_one(lead, number)
    expect_state(editor.go(path), "牵头已通过")


def hand_in(editor):
    """A work whose proof is complete, of an indicator that the unit of lead03 leads."""
    page = editor.page
    row = page.locator("tr.row").filter(has_text="可以打勾").filter(has_text="区司法局").first
    row.get_by_role("link", name="提交审核").click()
    page.get_by_label("得分").first.wait_for()
    page.get_by_label("得分").first.fill("8")
    page.get_by_label("自评说明").fill("材料齐全，均有记录。")
    page.get_by_role("button", name="提交审核").click()
    expect_state(page, "待单位审核")
    return page.url.removeprefix(editor.address)


def pass_by_row(head, number):
    page = head.go("/review/")
    numbered(page, number).get_by_role("button", name="通过").click()
    assert toast(page)
    expect(numbered(page, number)).to_have_count(0)


def one_by_one(lead, number):
    page = lead.go(f"/review/?step=lead&q=&number={number}")
    row = numbered(page, number).filter(has_text="区民政局")
    row.get_by_role("link", name="退回").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("区民政局")
    return page


def send_back_one_by_one(lead, number):
    """The row's 退回 leads into the field for the reason."""
    page = one_by_one(lead, number)
    expect(page.get_by_label("理由")).to_be_focused()
    page.keyboard.type(REASON)
    page.get_by_role("button", name="退回").click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("区民政局")


def pass_one_by_one(lead, number):
    page = one_by_one(lead, number)
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("区民政局")


def test_many_at_once_with_a_result_for_each_then_score_and_verify(sign_in):
    """One is decided by a second reviewer meanwhile and is told; the others pass."""
    lead = sign_in("lead08", f"/review/?step=lead&number={SMALL}")
    page = lead.page
    rows = numbered(page, SMALL)
    waiting = rows.count()
    assert waiting > 1
    other = sign_in("lead08", f"/review/?step=lead&number={SMALL}").page
    unit = rows.first.locator("td").nth(2).inner_text()
    row_of(other, unit).get_by_role("button", name="通过").click()
    assert toast(other)

    page.get_by_role("checkbox", name="全选").check()
    bar = page.get_by_role("toolbar", name="批量操作")
    expect(bar).to_contain_text(str(waiting))
    bar.get_by_role("button", name="通过").click()
    told = toast(page)
    assert f"{waiting - 1} 件" in told
    assert "1 件没有办" in told
    assert unit in told

    office = sign_in("office", f"/review/?step=lead&number={SMALL}")
    row_of(office.page, "区市场监管局").get_by_role("button", name="通过").click()
    assert office.toast(), "the lead unit's own work is accepted by the office"
    score(lead)
    verify_by_key(office)


def score(lead):
    page = lead.go("/review/?step=score")
    numbered(page, SMALL).get_by_role("link", name="评分").click()
    points = page.get_by_label("牵头评分").last
    points.fill("5")
    page.get_by_label("理由").last.fill("按评分细则。")
    with page.expect_navigation():
        page.get_by_role("button", name="评分").click()


def verify_by_key(office):
    """The row's `A` opens the indicator, `A` there verifies it; a later return undoes that."""
    page = office.go(f"/review/?step=verify&number={SMALL}")
    numbered(page, SMALL).focus()
    page.keyboard.press("a")
    page.get_by_role("button", name="核验").wait_for()
    page.keyboard.press("a")
    expect(page.get_by_role("heading", level=1)).to_have_text("审核")
    page = office.go(f"/indicators/{SMALL}/")
    expect_state(page, "已完成")

    page.get_by_role("table").get_by_role("link").first.click()
    page.get_by_label("理由").fill(REASON)
    page.get_by_role("button", name="退回").click()
    expect(page.get_by_role("main")).to_contain_text(REASON)
    expect_state(office.go(f"/indicators/{SMALL}/"), "已退回")


def test_pdf_and_picture_are_seen_in_the_page(sign_in):
    """The page of the review shows them; the drawer shows all pages and gives the focus back."""
    page = sign_in("lead03", "/review/next/?step=lead&number=25").page
    seen = set()
    while len(seen) < 2:
        for picture in (
            page.get_by_role("main").locator("article, section").get_by_role("img").all()
        ):
            if "evidence" in (picture.get_attribute("src") or ""):
                picture.scroll_into_view_if_needed()
                page.wait_for_function(
                    "image => image.naturalWidth > 0", arg=picture.element_handle()
                )
                seen.add(picture.evaluate("image => image.naturalWidth"))
        opener = page.get_by_role("link", name=re.compile("看全部 .* 页")).first
        if len(seen) < 2:
            with page.expect_navigation():
                page.get_by_role("link", name="跳过").click()
    opener.click()
    drawer = page.get_by_role("dialog", name="详情")
    expect(drawer.get_by_role("img").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(opener).to_be_focused()
