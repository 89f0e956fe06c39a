"""Journey 6: the ledger's filters and bulk actions, more time, look-back, two people at once."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys.steps import (
    expect_state,
    figure,
    first_issue,
    form_with,
    row_of,
    state_of,
    take,
    toast,
)

pytestmark = pytest.mark.browser

LEDGER = "/ledger/individual/"


def day(days):
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def shown(page):
    """n of `n 条，共 N 条`."""
    return int(re.match(r"\d+", page.locator("#list [role=status]").inner_text()).group())


def test_filters_combine_and_the_counts_agree(sign_in):
    person = sign_in("office", LEDGER)
    page = person.page
    strip = page.get_by_role("navigation", name="按状态筛选")
    total = sum(int(n) for n in strip.locator("b").all_inner_texts())
    assert total == shown(page) >= 204

    rectifying = figure(page, "整改中")
    strip.get_by_role("link", name="整改中").click()
    expect(page.locator("#list [role=status]")).to_contain_text(f"{rectifying} 条")
    light = page.get_by_role("navigation", name="时限").get_by_role("link", name="逾期")
    late = int(re.search(r"\d+$", light.inner_text()).group())
    light.click()
    expect(page.locator("#list [role=status]")).to_contain_text(f"{late} 条")
    assert 0 < late < rectifying
    expect(page.locator("tr.row")).to_have_count(late)
    assert all("逾期" in text for text in page.locator("tr.row").all_inner_texts())

    unit = page.locator("tr.row").first.locator("td").nth(3).inner_text()
    page.get_by_label("筛选问题").fill(unit)
    page.wait_for_url(re.compile("q="))
    assert {"state", "light", "q"} <= set(re.findall(r"(\w+)=", page.url))
    page.reload()
    assert 0 < shown(page) <= late
    assert all(unit in text for text in page.locator("tr.row").all_inner_texts())
    page.get_by_role("link", name="清除全部条件").click()
    expect(page.locator("#list [role=status]")).to_contain_text(f"{total} 条")


def test_bulk_tells_what_became_of_each_row(sign_in):
    """Two are picked; a colleague takes one of them first."""
    person = sign_in("supervisor", f"{LEDGER}?state=submitted")
    page = person.page
    before = shown(page)
    picked = page.locator("tr.row")
    titles = [picked.nth(n).get_by_role("link").first.inner_text() for n in (0, 1)]
    for title in titles:
        row_of(page, title).get_by_role("checkbox").check()
    other = sign_in("office", f"{LEDGER}?state=submitted").page
    row_of(other, titles[0]).get_by_role("link").first.click()
    take(other, "开始核查")

    bar = page.get_by_role("toolbar", name="批量操作")
    expect(bar).to_contain_text("2")
    bar.get_by_role("button", name="开始核查").click()
    page.get_by_role("dialog").get_by_role("button", name="开始核查").click()
    told = person.toast()
    assert "已办 1 条" in told
    assert "1 条未办" in told
    expect(page.locator("tr.row")).to_have_count(before - 2)


def test_two_people_at_once_the_second_is_told(sign_in):
    """Both open the same issue; the first starts checking, the other's click changes nothing."""
    first = sign_in("supervisor", f"{LEDGER}?state=submitted")
    path = first_issue(first.page)
    other = sign_in("office", path).page
    take(first.page, "开始核查")
    expect_state(first.page, "核查中")
    lines = first.page.get_by_role("main").locator("ol li").count()
    form_with(other, "开始核查").get_by_role("button").first.click()
    expect(other.get_by_role("alert")).to_contain_text("已有人先处理了")
    page = first.go(path)
    expect_state(page, "核查中")
    assert page.get_by_role("main").locator("ol li").count() == lines


def test_more_time_is_asked_for_refused_and_approved(sign_in):
    head = sign_in("head01", f"{LEDGER}?state=planned&state=rectifying&state=accepted")
    path = first_issue(head.page)
    office = sign_in("office", path)
    for word, answer in (("不批准延期", {"reason": "先抓紧。"}), ("批准延期", {})):
        page = head.go(path)
        old = deadline(page)
        take(page, "申请延期", new_date=day(200), reason="等待上级文件。")
        page = office.go(path)
        expect(page.get_by_role("main")).to_contain_text("等待上级文件。")
        take(page, word, **answer)
        moved = deadline(head.go(path)) != old
        assert moved == (word == "批准延期")
    expect(page.get_by_role("main")).to_contain_text("原定")


def deadline(page):
    """The line of facts with the deadline in force."""
    return page.locator("main .title").inner_text().splitlines()[-1]


def test_looked_back_reopened_and_confirmed(sign_in):
    inspector = sign_in("supervisor", f"{LEDGER}?state=closed")
    first = first_issue(inspector.page)
    closed = state_of(inspector.page)
    assert closed in ("已销号", "逾期销号")
    take(inspector.page, "回头看")
    expect_state(inspector.page, "回头看")
    take(inspector.page, "确认巩固", looked_back_on=day(0), result="没有反弹。")
    expect_state(inspector.page, closed)
    expect(inspector.page.get_by_role("main")).to_contain_text("没有反弹。")

    take(inspector.page, "回头看")
    take(inspector.page, "重新打开", reason="又发现一本。", new_date=day(30))
    expect_state(inspector.page, "重新打开")

    office = sign_in("office", f"{LEDGER}?state=closed")
    second = first_issue(office.page)
    assert second != first
    take(office.page, "重新打开", reason="群众来信反映。", new_date=day(30))
    expect_state(office.page, "重新打开")
    trail = office.page.locator("section").filter(
        has=office.page.get_by_role("heading", name="经过")
    )
    expect(trail).to_contain_text("群众来信反映。")
    expect(trail).to_contain_text("销号")


def test_a_progress_note_is_taken_back_within_seconds(sign_in):
    page = sign_in("unit02", f"{LEDGER}?state=rectifying").page
    first_issue(page)
    take(page, "填进展", progress="写错了一行。")
    expect(page.get_by_role("main")).to_contain_text("写错了一行。")
    assert "撤销" in toast(page)
    page.keyboard.press("z")
    expect(page.locator("#toasts")).to_contain_text("已撤销")
    expect(page.get_by_role("region", name="整改措施")).not_to_contain_text("写错了一行。")
