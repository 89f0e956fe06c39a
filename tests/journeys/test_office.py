"""Journeys 7 and 9, and the leader's glance: reminders, workbooks out and in, one page."""

import re
import subprocess
from datetime import timedelta
from email import message_from_bytes
from email.header import decode_header, make_header

import pypdfium2
import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from lawgov.calendars import Workdays
from tests.journeys.steps import JOB_MILLISECONDS, workbook
from tests.servers.product import MANAGE

pytestmark = pytest.mark.browser

BETWEEN = b"-" * 79 + b"\n"  # what Django writes after each mail of a file
FOLDER = settings.BASE_DIR / "fixtures" / "ledgers"


def test_the_ledger_comes_out_as_a_job_that_can_be_left_and_found_again(sign_in):
    person = sign_in("office", "/ledger/individual/")
    page = person.page
    page.get_by_role("button", name="导出台账").click()
    page.wait_for_url(re.compile("/jobs/"))
    job = page.url.removeprefix(person.address)
    page = person.go("/notices/")
    work = page.get_by_role("region", name="后台任务")
    work.locator(f"a[href='{job}']").click()
    book = workbook(page)
    assert book.sheetnames[:2] == ["个性问题整改台账", "共性问题清单"]
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[3]][:4] == ["序号", "责任单位", "问题类别", "存在问题"]
    numbers = [row[0].value for row in sheet.iter_rows(min_row=4) if isinstance(row[0].value, int)]
    assert len(numbers) >= 204


def test_a_unit_exports_its_own_rows_only(sign_in):
    page = sign_in("unit07", "/ledger/individual/").page
    shown = page.locator("tr.row").count()
    page.get_by_role("button", name="导出台账").click()
    sheet = workbook(page).worksheets[0]
    units = {row[1].value for row in sheet.iter_rows(min_row=4) if isinstance(row[0].value, int)}
    assert units == {"区财政局"}
    assert shown > 0


def test_the_self_assessment_comes_out(sign_in):
    page = sign_in("office", "/checklist/").page
    page.get_by_role("button", name="导出自评表").click()
    book = workbook(page)
    assert book.sheetnames[0] == "自评表"
    titles = {cell.value for row in book.worksheets[0].iter_rows() for cell in row}
    assert "数字法治政府建设与数据共享" in titles


def test_the_offices_own_lists_go_in_and_twice_changes_nothing(sign_in):
    """Into an inspection of its own: all is new the first time, nothing the second."""
    person = sign_in("office", "/inspections/new/")
    page = person.page
    page.get_by_label("名称").fill("二次督察")
    page.get_by_label("开始").fill("2023-07-03")
    page.get_by_label("结束").fill("2023-07-14")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("二次督察")
    assert imported(person)["created"] == "204"
    again = imported(person)
    assert (again["unchanged"], again.get("created")) == ("204", None)


def imported(person):
    """Upload the ledger, look at it and confirm; how many rows came to what."""
    page = person.go("/ledger/individual/")
    page.get_by_role("link", name="导入", exact=True).click()
    page.get_by_role("button", name="上传并核对").wait_for()
    inspection = page.get_by_label("督察")
    inspection.select_option(label=option_with(inspection, "二次督察"))
    page.get_by_label("表格文件").set_input_files(FOLDER / "individual.xlsx")
    page.get_by_role("button", name="上传并核对").click()
    page.get_by_role("heading", name="核对改动").wait_for(timeout=JOB_MILLISECONDS)
    page.get_by_role("button", name="全部写入").click()
    page.get_by_role("heading", name="导入结果").wait_for(timeout=JOB_MILLISECONDS)
    cells = page.get_by_role("table", name="各类行数").locator("td").all()
    return {cell.get_attribute("data-outcome"): cell.inner_text() for cell in cells}


def option_with(choice, text):
    return next(label for label in choice.locator("option").all_inner_texts() if text in label)


def test_reminders_stand_in_the_page_and_in_the_mail(sign_in, demo):
    """One digest a person; it says the same in the page as in the mail, and has a link each."""
    send_reminders(demo)
    mails = mails_of(demo)
    receivers = [mail["To"] for mail in mails]
    assert len(receivers) == len(set(receivers)) > 1
    mail = next(mail for mail in mails if mail["To"] == "supervisor@demo.invalid")
    assert str(make_header(decode_header(mail["Subject"])))
    text = next(
        part.get_payload(decode=True).decode()
        for part in mail.walk()
        if part.get_content_type() == "text/plain"
    )
    assert "/issues/" in text
    page = sign_in("supervisor", "/notices/").page
    digest = page.locator("tr.row").filter(has_text="今日提醒")
    expect(digest).to_have_count(1)
    digest.get_by_role("button").click()
    page.wait_for_url("**/notices/digests/*/")
    lines = page.locator("main li a")
    said = lines.all_inner_texts()
    assert said
    assert all(line in text for line in said)
    lines.first.click()
    page.wait_for_url(lambda url: "/notices/" not in url)

    send_reminders(demo)
    assert len(mails_of(demo)) == len(mails), "nobody is told twice"


def mails_of(demo):
    """Every mail in the files of the demo's mail folder; one file holds those of one connection."""
    files = (demo.data_dir / "mail").iterdir()
    parts = [part for file in files for part in file.read_bytes().split(BETWEEN) if part.strip()]
    return [message_from_bytes(part.lstrip()) for part in parts]


def send_reminders(demo):
    """The planner rests on days off, so the day is given: the next working day."""
    done = subprocess.run(
        [*MANAGE, "send_reminders", "--now", next_workday()],
        env=demo.environment, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def next_workday() -> str:
    day = timezone.localdate()
    while not Workdays.standard().is_workday(day):
        day += timedelta(days=1)
    return f"{day.isoformat()}T10:00:00"


def test_the_leader_sees_figures_that_lead_on_and_one_printed_page(sign_in, tmp_path):
    person = sign_in("leader")
    page = person.page
    links = page.locator(".verdict a")
    assert links.count() >= 3
    file = tmp_path / "dashboard.pdf"
    page.pdf(path=file, prefer_css_page_size=True)
    assert len(pypdfium2.PdfDocument(file)) == 1
    links.first.click()
    expect(page.locator("h1")).to_be_visible()
