"""Journey 9 both ways: a ledger laid out as nobody knows it, and a sheet filled in elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from tests.filling.sheets import Desk
from tests.journeys.steps import JOB_MILLISECONDS, download, workbook

pytestmark = pytest.mark.browser

KNOWN = ["序号", "责任单位", "存在问题", "整改要求", "完成时限"]
STRANGE = ["排号", "哪家的事", "毛病出在哪", "怎么改", "啥时候改完"]
COLUMNS = {"B": "责任单位", "C": "存在问题", "D": "整改要求", "E": "完成时限"}
ROWS = [
    [1, "区财政局", "预算执行公开不完整", "补充公开", "2023年8月20日"],
    [2, "区民政居", "救助决定没有说明理由", "补正文书", "7月底前"],
    [3, "区司法局", "行政复议答复超期", "按期答复", "立行立改"],
]


@pytest.fixture
def make_ledger(tmp_path: Path) -> Callable[..., Path]:
    """A workbook with a title, a header and these rows."""

    def make(name: str, header: list[str], *rows: list[Any]) -> Path:
        book = Workbook()
        for row in [["某某督察发现问题情况一览"], header, *rows]:
            book.active.append(row)
        file = tmp_path / name
        book.save(file)
        return file

    return make


def send(page: Page, address: str, file: Path) -> None:
    """Through the upload page to wherever the file leads."""
    page.goto(address + "/ledger/individual/")
    page.get_by_role("link", name="导入", exact=True).click()
    page.get_by_label("督察").select_option(index=1)
    page.get_by_label("表格文件").set_input_files(file)
    page.get_by_role("button", name="上传并核对").click()


def expect_page(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1, name=heading)).to_be_visible(
        timeout=JOB_MILLISECONDS
    )


def tallied(page: Page) -> dict[str, str]:
    cells = page.get_by_role("table", name="各类行数").locator("td").all()
    return {cell.get_attribute("data-outcome"): cell.inner_text() for cell in cells}


def test_an_unknown_layout_is_settled_once(sign_in, make_ledger) -> None:
    person = sign_in("office")
    page = person.page
    send(page, person.address, make_ledger("一览.xlsx", STRANGE, *ROWS))
    expect_page(page, "对应列名")
    looks = page.locator("#looks")
    expect(looks).not_to_contain_text("预算执行公开不完整")
    for letters, name in COLUMNS.items():
        page.get_by_label(re.compile(rf"^{letters} 列")).select_option(label=name)
    expect(looks).to_contain_text("预算执行公开不完整")
    expect(looks).to_contain_text("7月底前 →")
    page.get_by_role("button", name="下一步").first.click()

    expect_page(page, "核对改动")
    confirm = page.get_by_role("button", name="全部写入")
    expect(confirm).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_text("是「区民政局」吗？")).to_be_visible()
    page.get_by_role("button", name="用它，并记为别名").click()
    expect(confirm).not_to_have_attribute("aria-disabled", "true")
    confirm.click()
    expect_page(page, "导入结果")
    assert tallied(page)["created"] == "3"

    # The layout and the name are known now: nothing is asked but the confirmation.
    more = [4, "区民政居", "信息公开申请未答复", "补正答复", "2023年9月1日"]
    send(page, person.address, make_ledger("又一份.xlsx", STRANGE, *ROWS, more))
    expect_page(page, "核对改动")
    page.get_by_role("button", name="全部写入").click()
    expect_page(page, "导入结果")
    found = tallied(page)
    assert (found["created"], found["unchanged"]) == ("1", "3")


def test_the_marked_copy_is_mended_and_sent_again(sign_in, make_ledger) -> None:
    person = sign_in("office")
    page = person.page
    row = [7, "区财政局", "合同未经审查", "补审查", "2023年2月30日"]
    file = make_ledger("有误.xlsx", KNOWN, row)
    send(page, person.address, file)
    expect_page(page, "核对改动")
    page.get_by_role("button", name="下载标注好的表格").click()
    marked = workbook(page)
    cell = marked.active["E3"]
    assert cell.comment is not None
    cell.value = "2023年2月28日"
    marked.save(file)
    send(page, person.address, file)
    expect_page(page, "核对改动")
    page.get_by_role("button", name="全部写入").click()
    expect_page(page, "导入结果")
    assert tallied(page)["created"] == "1"


def open_work(page: Page) -> str:
    """Open an indicator that is ticked and not handed in; its title."""
    page.locator("tr.row").filter(has_text="已打勾").first.get_by_role("link").first.click()
    heading = page.locator("main h1")
    heading.wait_for()
    return re.sub(r"^\d+\s*", "", heading.inner_text())


def test_a_sheet_filled_in_elsewhere_comes_home(sign_in, tmp_path: Path) -> None:
    """The score in the office's program, and meanwhile another on the page: one of them counts."""
    person = sign_in("unit21", "/sheets/")
    page = person.page
    row = page.locator("tr.row").filter(has_text="自评").first
    row.get_by_role("button", name="下载填报表").click()
    desk = Desk(download(page).read_bytes())
    page = person.go("/checklist/")
    title = open_work(page)
    address = page.url
    with page.expect_response(re.compile("/draft/")):
        page.get_by_label("得分").first.fill("1.5")

    titles = [desk.cell(place, "三级指标").value for place in range(len(desk.rows()))]
    place = titles.index(title)
    desk.type(place, "自评得分", 3).type(place, "自评说明", "材料齐全，见附件。")
    file = tmp_path / "填好的.xlsx"
    file.write_bytes(desk.content())
    page = person.go("/sheets/")
    page.get_by_label("填好的表").set_input_files(file)
    page.get_by_role("button", name="上传并核对").click()
    expect_page(page, "核对改动")
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    confirm = page.get_by_role("button", name="全部写入")
    expect(confirm).to_be_disabled()
    page.get_by_role("radio", name=re.compile("^表格：3")).check()
    expect(confirm).to_be_enabled()
    confirm.click()
    expect(page.get_by_text("已写入 1 行 2 格。")).to_be_visible()
    page.goto(address)
    expect(page.get_by_label("得分").first).to_have_value("3")
    expect(page.get_by_label("自评说明")).to_have_value("材料齐全，见附件。")
