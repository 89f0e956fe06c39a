"""Journeys 7 and 9, and the leader's glance: reminders, workbooks out and in, one page."""

import subprocess
from datetime import timedelta
from email import message_from_bytes
from io import BytesIO

import openpyxl
import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import expect

from lawgov.calendars import Workdays
from tests.servers.product import MANAGE

pytestmark = pytest.mark.browser

LEDGER = settings.BASE_DIR / "fixtures" / "ledgers" / "individual.xlsx"


def download(page):
    link = page.locator("a[download]")
    link.wait_for(timeout=60_000)
    with page.expect_download() as waiting:
        link.click()
    return openpyxl.load_workbook(BytesIO(waiting.value.path().read_bytes()))


def test_ledger_comes_out_as_the_official_workbook(sign_in):
    page = sign_in("office").go("/ledger/individual/")
    page.get_by_role("button", name="导出台账").click()
    book = download(page)
    assert book.sheetnames[:2] == ["个性问题整改台账", "共性问题清单"]
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[3]][:4] == ["序号", "责任单位", "问题类别", "存在问题"]
    numbers = [row[0].value for row in sheet.iter_rows(min_row=4) if isinstance(row[0].value, int)]
    assert len(numbers) >= 204


def test_a_unit_exports_its_own_rows_only(sign_in):
    page = sign_in("unit07").go("/ledger/individual/")
    shown = page.locator("tr.row").count()
    page.get_by_role("button", name="导出台账").click()
    sheet = download(page).worksheets[0]
    units = {row[1].value for row in sheet.iter_rows(min_row=4) if isinstance(row[0].value, int)}
    assert units == {"区财政局"}
    assert shown > 0


def test_self_assessment_comes_out(sign_in):
    page = sign_in("office").go("/checklist/")
    page.get_by_role("button", name="导出自评表").click()
    book = download(page)
    assert book.sheetnames[0] == "自评表"


def test_the_offices_own_list_goes_in_and_twice_changes_nothing(sign_in):
    page = sign_in("office").go("/imports/")
    page.locator("input[type=file]").set_input_files(LEDGER)
    page.locator("main form .btn.primary").click()
    page.get_by_text("查看结果").wait_for(timeout=60_000)
    page.get_by_text("查看结果").click()
    row = page.locator("table").first.locator("tbody tr")
    expect(row).to_contain_text("204")
    assert row.locator("td").first.inner_text() == "0", "all of them were there"


def test_reminders_stand_in_the_page_and_in_the_mail(sign_in, demo):
    """The planner rests on days off, so the day is given: the next working Monday."""
    done = subprocess.run(
        [*MANAGE, "send_reminders", "--now", next_workday()],
        env=demo.environment, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    mails = [message_from_bytes(file.read_bytes()) for file in (demo.data_dir / "mail").iterdir()]
    assert mails
    page = sign_in("supervisor").go("/notices/")
    expect(page.locator("main")).to_contain_text("今日提醒")


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
    import pypdfium2

    assert len(pypdfium2.PdfDocument(file)) == 1
    links.first.click()
    expect(page.locator("h1")).to_be_visible()


def test_english_is_complete_on_the_way_in(sign_in):
    page = sign_in("leader").page
    page.get_by_role("button", name="English").click()
    page.wait_for_load_state("networkidle")
    expect(page.locator("h1")).to_have_text("Dashboard")
