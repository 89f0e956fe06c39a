"""What the scripts of the shell do, seen by a person at the keyboard; and the same without them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from playwright.sync_api import Browser, Page, expect

from lawgov.accounts.policy import Role
from tests import factories
from tests.web import site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.web.site"),
]

TEMPLATES = str(Path(__file__).parent / "templates")
WIDE, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}


@pytest.fixture(autouse=True)
def fresh_site(settings) -> None:
    engine = django_settings.TEMPLATES[0] | {"DIRS": [TEMPLATES]}
    settings.TEMPLATES = [engine]
    site.ticked.clear()
    site.kept.clear()


@pytest.fixture
def person():
    region = factories.make_region(name="安和区")
    return factories.make_member(Role.OFFICE_ADMIN, region).user


def opened(browser: Browser, server, person, **options) -> Page:
    """A page of a signed-in person; complaints of the browser are gathered in `page.faults`."""
    context = browser.new_context(base_url=server.url, **({"viewport": WIDE} | options))
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda line: "Security" in line.text and page.faults.append(line.text))
    page.on("request", lambda r: r.url.startswith(server.url) or page.faults.append(r.url))
    page.goto("/login/")
    sign_in(page, person)
    return page


@pytest.fixture
def page(browser, live_server, person) -> Iterator[Page]:
    page = opened(browser, live_server, person)
    yield page
    faults = [fault for fault in page.faults if not fault.startswith(("data:", "blob:"))]
    page.context.close()
    assert faults == []


@pytest.fixture
def plain(browser, live_server, person) -> Iterator[Page]:
    """The same person without JavaScript."""
    page = opened(browser, live_server, person, java_script_enabled=False)
    yield page
    page.context.close()


def toast(page: Page):
    return page.locator("#toasts .toast")


# ---------- keys ----------


def test_rows_are_walked_and_opened_by_keys(page):
    page.goto("/site/rows/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator("#row-2")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator("#row-1")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/site/detail/1/")


def test_letter_presses_the_button_of_the_row(page):
    page.goto("/site/rows/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.wait_for_url("**/site/upload/?row=2")


def test_g_and_a_letter_go_to_a_place(page):
    page.goto("/site/rows/")
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url("**/individual/")


def test_letters_in_a_field_are_only_typed(page):
    page.goto("/site/list/")
    page.focus("#q")
    page.keyboard.type("gtjx?")
    expect(page.locator("#q")).to_have_value("gtjx?")
    expect(page.locator("#keys")).to_be_hidden()


def test_question_mark_lists_the_keys_and_slash_searches(page):
    page.goto("/site/rows/")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("/")
    expect(page.locator("#q-all")).to_be_focused()


def test_single_letters_can_be_switched_off(page, person):
    person.single_keys = False
    person.save()
    page.goto("/site/rows/")
    page.keyboard.press("j")
    expect(page.locator("#row-1")).not_to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_hidden()


# ---------- a tick in place ----------


def test_tick_saves_at_once_and_z_takes_it_back(page):
    page.goto("/site/rows/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    box = page.locator("#row-1 .tick")
    expect(box).to_have_attribute("aria-checked", "true")
    expect(toast(page)).to_contain_text("已打勾，已保存")
    expect(page.locator("#row-1")).to_have_class("row changed")
    expect(page.locator("#row-1")).to_be_focused()
    assert site.ticked == {1}
    page.keyboard.press("z")
    expect(box).to_have_attribute("aria-checked", "false")
    assert site.ticked == set()
    expect(page).to_have_url(re.compile(r"/site/rows/$"))


@pytest.mark.parametrize(
    ("row", "sentence"),
    [(2, "未打勾：还缺 审核登记表"), (3, "没有保存：王某 2 分钟前改过这一条")],
)
def test_refused_tick_stays_empty_and_says_why(page, row, sentence):
    page.goto("/site/rows/")
    page.click(f"#row-{row} .tick")
    expect(toast(page)).to_contain_text(sentence)
    expect(page.locator(f"#row-{row}")).to_have_class("row failed")
    expect(page.locator(f"#row-{row} .tick")).to_have_attribute("aria-checked", "false")
    expect(page.locator(f"#row-{row} .retry")).to_have_count(0)


def test_cut_line_offers_to_try_again(page):
    page.goto("/site/rows/")
    page.context.set_offline(True)
    page.click("#row-1 .tick")
    expect(toast(page)).to_contain_text("没有保存，网络中断")
    page.context.set_offline(False)
    page.click("#row-1 .retry")
    expect(page.locator("#row-1 .tick")).to_have_attribute("aria-checked", "true")


def test_toast_goes_after_ten_seconds_but_not_while_it_is_read(page):
    page.clock.install()
    page.goto("/site/rows/")
    page.click("#row-1 .tick")
    expect(toast(page)).to_be_visible()
    toast(page).hover()
    page.clock.run_for(30_000)
    expect(toast(page)).to_be_visible()
    page.mouse.move(10, 10)
    page.clock.run_for(10_100)
    expect(toast(page)).to_have_count(0)


def test_groups_fold(page):
    page.goto("/site/rows/")
    page.click(".fold")
    expect(page.locator("#row-1")).to_be_hidden()
    expect(page.locator(".fold")).to_have_attribute("aria-expanded", "false")
    page.click(".fold")
    expect(page.locator("#row-1")).to_be_visible()


# ---------- selection ----------


def test_selection_by_keys_range_and_escape(page):
    page.goto("/site/list/")
    expect(page.locator(".bulk")).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("x")
    for _ in range(3):
        page.keyboard.press("j")
    page.keyboard.press("Shift+X")
    expect(page.locator("#bulk strong")).to_have_text("已选 4 条")
    expect(page.locator("tr.row[aria-selected=true]")).to_have_count(4)
    page.keyboard.press("Escape")
    expect(page.locator(".bulk")).to_be_hidden()


def test_whole_page_then_all_that_is_filtered(page):
    page.goto("/site/list/")
    page.check(".select-all")
    expect(page.locator("#bulk strong")).to_have_text("已选 6 条")
    page.click("text=选中全部 204 条")
    expect(page.locator("#bulk strong")).to_have_text("已选 204 条")
    page.click("text=导出所选")
    expect(toast(page)).to_contain_text("收到 204 条")


def test_action_that_asks_opens_the_servers_question(page):
    page.goto("/site/list/")
    page.check(".select >> nth=0")
    page.check(".select >> nth=1")
    page.click("#bulk .primary")
    expect(page.locator("#dialog")).to_contain_text("向 2 人催办？")
    page.click("#dialog [data-close]")
    expect(page.locator("#dialog")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"/site/list/$"))


def test_drawer_has_an_address_and_gives_the_focus_back(page):
    page.goto("/site/list/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#drawer")).to_contain_text("向 1 人催办？")
    expect(page).to_have_url(re.compile(r"/site/detail/1/$"))
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    expect(page).to_have_url(re.compile(r"/site/list/$"))
    expect(page.locator("tr.row >> nth=0")).to_be_focused()


# ---------- filters ----------


def test_search_as_one_types_keeps_a_clean_address(page):
    page.goto("/site/list/")
    page.focus("#q")
    page.keyboard.type("乙")
    expect(page.locator("tr.row")).to_have_count(1)
    page.wait_for_url("**/site/list/?q=*")
    assert "unit" not in page.url
    expect(page.locator("#q")).to_be_focused()
    page.goto(page.url)
    expect(page.locator("tr.row")).to_have_count(1)


def test_back_returns_to_the_unfiltered_list(page):
    page.goto("/site/list/")
    page.fill("#q", "乙")
    page.wait_for_url("**/site/list/?q=*")
    page.go_back()
    expect(page.locator("tr.row")).to_have_count(6)


# ---------- upload ----------


def file(name: str, size: int = 10) -> dict:
    return {"name": name, "mimeType": "application/pdf", "buffer": b"x" * size}


def test_files_go_one_by_one_and_appear(page):
    page.goto("/site/upload/")
    page.set_input_files("[data-choose] input", [file("甲.pdf"), file("乙.pdf"), file("丙.pdf")])
    expect(page.locator("#files .tile")).to_have_count(3)
    expect(page.locator(".uploads li")).to_have_count(0)
    assert sorted(site.kept) == sorted(["甲.pdf", "乙.pdf", "丙.pdf"])


def test_refused_file_says_why_and_the_others_go_on(page):
    page.goto("/site/upload/")
    page.set_input_files("[data-choose] input", [file("坏.exe"), file("好.pdf")])
    expect(page.locator(".uploads .failed")).to_contain_text(
        "坏.exe：没有办成：程序文件不能作为佐证"
    )
    expect(page.locator("#files .tile")).to_have_count(1)
    page.click(".uploads button")
    expect(page.locator(".uploads li")).to_have_count(0)


def test_cut_upload_can_be_tried_again(page):
    page.goto("/site/upload/")
    page.context.set_offline(True)
    page.set_input_files("[data-choose] input", [file("甲.pdf")])
    expect(page.locator(".uploads .failed")).to_contain_text("没有保存，网络中断")
    page.context.set_offline(False)
    page.click("text=重试")
    expect(page.locator("#files .tile")).to_have_count(1)


DROP = """(name) => {
  const how = { bubbles: true, cancelable: true };
  const data = new DataTransfer();
  data.items.add(new File(["x"], name, { type: "application/pdf" }));
  const card = document.querySelector(".card");
  card.dispatchEvent(new DragEvent("dragover", { dataTransfer: data, ...how }));
  const over = document.querySelector(".drop").classList.contains("over");
  card.dispatchEvent(new DragEvent("drop", { dataTransfer: data, ...how }));
  return over;
}"""

PASTE = """() => {
  const data = new DataTransfer();
  data.items.add(new File(["x"], "image.png", { type: "image/png" }));
  const how = { clipboardData: data, bubbles: true, cancelable: true };
  document.body.dispatchEvent(new ClipboardEvent("paste", how));
}"""


def test_files_are_dropped_on_the_card_and_screenshots_pasted(page):
    page.goto("/site/upload/")
    assert page.evaluate(DROP, "拖.pdf")
    expect(page.locator("#files .tile")).to_have_count(1)
    page.evaluate(PASTE)
    expect(page.locator("#files .tile")).to_have_count(2)
    assert site.kept[1].startswith("粘贴的截图-")


# ---------- forms ----------


def sign_in(page: Page, person) -> None:
    page.fill("[name=username]", person.username)
    page.fill("[name=password]", factories.PASSWORD)
    with page.expect_navigation():
        page.click("form.card .primary")


def test_typed_text_survives_a_lost_login(page, person):
    page.goto("/site/draft/")
    page.fill("#note", "64 本案卷已全部自查")
    page.context.clear_cookies(name="sessionid")
    page.click("text=保存")
    page.wait_for_url(lambda url: "/login/" in url)
    sign_in(page, person)
    page.wait_for_url("**/site/draft/")
    expect(page.locator("#note")).to_have_value("64 本案卷已全部自查")
    expect(toast(page)).to_contain_text("登录已过期，填的内容还在")


def test_saved_text_is_not_offered_again(page):
    page.goto("/site/draft/")
    page.fill("#note", "64 本案卷已全部自查")
    with page.expect_navigation():
        page.click("text=保存")
    expect(page.locator("#note")).to_have_value("")
    page.goto("/site/draft/")
    expect(page.locator("#note")).to_have_value("")


def test_ctrl_enter_sends_and_disabled_buttons_do_nothing(page):
    page.goto("/site/draft/")
    page.fill("#note", "进展")
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.keyboard.press("Control+Enter")
    assert "note=" in sent.value.post_data
    page.goto("/site/rows/")
    page.click("text=提交审核", force=True)
    expect(page).to_have_url(re.compile(r"/site/rows/$"))


def test_menu_closes_with_escape_and_outside(page):
    page.goto("/site/rows/")
    page.click("details.menu summary")
    expect(page.locator(".sheet")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".sheet")).to_be_hidden()
    page.click("details.menu summary")
    page.mouse.click(300, 500)
    expect(page.locator(".sheet")).to_be_hidden()


# ---------- without a script ----------


def test_tick_and_undo_without_a_script(plain):
    plain.goto("/site/rows/")
    with plain.expect_navigation(url="**/site/rows/"):
        plain.click("#row-1 .tick")
    assert site.ticked == {1}
    with plain.expect_navigation(url="**/site/rows/"):
        plain.click("#toasts [data-undo]")
    assert site.ticked == set()


def test_filter_selection_and_question_without_a_script(plain):
    plain.goto("/site/list/")
    plain.fill("#q", "乙")
    plain.click("button:has-text('筛选')")
    expect(plain.locator("tr.row")).to_have_count(1)
    expect(plain.locator(".bulk")).to_be_hidden()
    plain.check(".select")
    expect(plain.locator(".bulk")).to_be_visible()
    plain.click("#bulk .primary")
    expect(plain.locator("h1")).to_have_text("确认")
    expect(plain.locator("main")).to_contain_text("向 1 人催办？")


def test_upload_without_a_script(plain):
    plain.goto("/site/upload/")
    plain.set_input_files("noscript input", [file("甲.pdf"), file("乙.pdf")])
    with plain.expect_navigation():
        plain.click("noscript button")
    assert site.kept == ["甲.pdf", "乙.pdf"]


# ---------- for everybody ----------

PAGES = ["/site/rows/", "/site/list/", "/site/upload/", "/site/draft/", "/account/", "/nothing/"]


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_no_barrier_that_a_machine_can_find(browser, live_server, person, size):
    page = opened(browser, live_server, person, viewport=size)
    found = {}
    for path in [*PAGES, "/account/password/", "/accessibility/"]:
        page.goto(path)
        if path == "/site/list/":
            page.check(".select >> nth=0")
        found[path] = Axe().run(page)
    page.context.clear_cookies()
    page.goto("/login/")
    found["/login/"] = Axe().run(page)
    page.context.close()
    faults = {path: r.generate_report() for path, r in found.items() if r.violations_count}
    assert faults == {}


def test_nothing_is_wider_than_a_phone(browser, live_server, person):
    page = opened(browser, live_server, person, viewport=PHONE)
    widths = {path: width_of(page, path) for path in PAGES}
    page.context.clear_cookies()
    widths |= {path: width_of(page, path) for path in ("/login/", "/accessibility/")}
    page.context.close()
    assert {path: width for path, width in widths.items() if width > PHONE["width"]} == {}


def width_of(page: Page, path: str) -> int:
    page.goto(path)
    return page.evaluate("document.documentElement.scrollWidth")


def test_large_text_keeps_every_function_at_half_the_width(browser, live_server, person):
    """200 % zoom of 1366 px is a window of 683."""
    person.large_text = True
    person.save()
    page = opened(browser, live_server, person, viewport={"width": 683, "height": 384})
    page.goto("/site/rows/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 683
    page.click("#row-1 .tick")
    expect(toast(page)).to_be_visible()
    page.context.close()
