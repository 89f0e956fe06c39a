"""Journeys 5 and 6 in one piece: from the finding on the spot to the sign-off."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.journeys.steps import expect_state, figure, take

pytestmark = pytest.mark.browser

LEDGER = "/ledger/individual/"
TEXT = f"抽查许可案卷 {uuid4().hex[:8]}，缺少告知承诺书存档"
STEPS = (
    "销号", "开始核查", "申请销号", "交佐证", "填进展", "制定措施", "签收", "交办", "发现问题",
)  # fmt: skip


def count_of(person, label):
    return figure(person.go(LEDGER), label)


def test_an_issue_from_the_finding_to_the_sign_off(sign_in, make_proof):
    inspector = sign_in("supervisor", "/inspections/1/findings/", phone=True)
    office = sign_in("office", LEDGER)
    found, issued = count_of(office, "已发现"), count_of(office, "已交办")
    write_down(inspector.page)
    assert "已记下" in inspector.toast()
    assert count_of(office, "已发现") == found + 1

    page = office.go(f"{LEDGER}?q={TEXT[7:15]}")
    page.get_by_role("link", name=TEXT).click()
    page.wait_for_url("**/issues/**")
    address = page.url.partition("?")[0]
    hand_over(page)
    assert (count_of(office, "已发现"), count_of(office, "已交办")) == (found, issued + 1)

    path = address.removeprefix(office.address)
    put_right(sign_in("unit05", path).page, make_proof())
    page = sign_in("head05", path).page
    take(page, "申请销号", result="三本均已补齐并归档。")
    expect_state(page, "申请销号")

    closed = count_of(office, "已销号")
    page = inspector.page
    page.goto(address)
    take(page, "开始核查")
    expect_state(page, "核查中")
    take(page, "同意销号", note="经核查属实。")
    expect_state(page, "已销号")
    expect(page.get_by_role("main")).to_contain_text("经核查属实。")
    assert count_of(office, "已销号") == closed + 1
    expect_trail(office, address)


def write_down(page):
    """On the spot, on a phone."""
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.get_by_label("责任单位").first.select_option(label="区民政局")
    page.get_by_label("存在问题").fill(TEXT)
    page.get_by_label("整改要求").fill("补齐存档，举一反三。")
    page.get_by_label("完成时限").fill("15个工作日内")
    page.get_by_role("button", name="保存，再记一条").click()


def hand_over(page):
    expect_state(page, "已发现")
    issued_on = page.locator("main [name=issued_on]").first
    assert issued_on.input_value() == timezone.localdate().isoformat(), "prefilled with today"
    take(page, "交办")
    expect_state(page, "已交办")
    expect(page.get_by_role("main")).to_contain_text("安法办函")


def put_right(page, proof):
    """The unit's own part, as far as an editor may go."""
    take(page, "签收")
    expect_state(page, "已签收")
    target = (timezone.localdate() + timedelta(days=3)).isoformat()
    take(page, "制定措施", measures="逐卷补齐\n修订归档办法", person="赵某", target_on=target)
    expect_state(page, "制定措施")
    take(page, "填进展", progress="已补齐两本。")
    expect_state(page, "整改中")
    with page.expect_file_chooser() as chooser:
        page.get_by_text("选择文件").first.click()
    chooser.value.set_files(proof)
    expect(page.get_by_role("link", name=proof.stem)).to_be_visible()
    expect(page.get_by_role("button", name="申请销号")).to_have_count(0)


def expect_trail(person, address):
    """Newest first, every step once, and nothing to change it with."""
    person.page.goto(address)
    trail = person.page.locator("section").filter(
        has=person.page.get_by_role("heading", name="经过")
    )
    trail.locator("summary").click()
    lines = trail.locator("li").all_inner_texts()
    for step in STEPS:
        assert any(step in line for line in lines), step
    positions = [next(i for i, line in enumerate(lines) if step in line) for step in STEPS]
    assert positions == sorted(positions)
    assert trail.get_by_role("button").count() == 0
