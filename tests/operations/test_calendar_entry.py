"""Entering the holidays of a year: looked at first, then in force with deadlines counted anew."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from assessments.models import UnitResponse
from assessments.rectification.recounting import VERB
from lawgov.audit.models import AuditEntry
from lawgov.audit.verify import verify
from lawgov.holidays.models import HolidayTable
from lawgov.holidays.tables import calendar_in_force
from lawgov.notifications.models import Notification
from tests import factories
from tests.people import browser, make_lone_cast

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

ENTRY = "/settings/calendar/2027/"
LETTER = date(2026, 12, 25)  # a Friday
# Estimated: 28-31 December and 4 January make five. With 1-4 January off and 3 worked: the 3rd.
ESTIMATED, COUNTED = date(2027, 1, 4), date(2027, 1, 3)
NOTICE = "一、元旦：1月1日至2日放假调休。1月3日（周日）上班。"


@pytest.fixture
def cast():
    return make_lone_cast()


@pytest.fixture
def answer(cast):
    """An answer whose five working days run over the turn of the year; `more` changes columns."""
    inspection = factories.make_inspection(cast.region, issued_on=LETTER)

    def make(text="5个工作日内", day=ESTIMATED, **more) -> UnitResponse:
        issue = factories.make_issue(inspection, deadline_text=text, deadline_date=day)
        fields = {"deadline_text": text, "deadline_kind": "fixed", "deadline_date": day}
        return factories.make_response(issue, cast.unit, "rectifying", **(fields | more))

    return make


def day_of(row: UnitResponse) -> date:
    return UnitResponse.objects.get(pk=row.pk).deadline_date


def post(cast, text=NOTICE, **more):
    data = {"text": text, "source": "国办发明电", "edition": "0"} | more
    return browser(cast.office).post(ENTRY, data)


def test_the_first_look_shows_the_year_and_what_moves_and_saves_nothing(cast, answer):
    row = answer()
    page = post(cast)
    assert page.status_code == 200
    assert [(one.old, one.new) for one in page.context["moved"]] == [(ESTIMATED, COUNTED)]
    assert "1月4日" in page.content.decode()
    assert day_of(row) == ESTIMATED
    assert not HolidayTable.objects.exists()


def test_days_in_force_that_are_not_written_are_named_before_they_go(cast):
    assert post(cast).context["dropped"] == []  # nothing is in force yet for that year
    assert post(cast, confirm="1").status_code == 302
    page = post(cast, "2027-01-01 放假 元旦", edition="1")
    dropped = [one.day for one in page.context["dropped"]]
    assert date(2027, 1, 3) in dropped
    assert date(2027, 1, 1) not in dropped
    assert "没有写到，生效后去掉" in page.content.decode()
    assert page.content.decode().index("生效后去掉") < page.content.decode().index("确认生效")


def test_confirmed_it_is_in_force_and_the_deadline_moves_with_trail_and_word(cast, answer):
    row = answer()
    page = post(cast, confirm="1")
    assert page.status_code == 302
    assert calendar_in_force().is_workday(COUNTED)
    stored = UnitResponse.objects.get(pk=row.pk)
    assert (stored.deadline_date, stored.issue.deadline_date) == (COUNTED, COUNTED)
    assert (stored.version, stored.deadline_version) == (row.version + 1, 2)
    entry = AuditEntry.objects.get(verb=VERB)
    assert (entry.chain, entry.actor) == (cast.region.code, cast.office.user)
    assert (entry.data["was_on"], entry.data["new_date"]) == ("2027-01-04", "2027-01-03")
    assert verify(cast.region.code).faults == []
    told = Notification.objects.filter(kind=VERB).values_list("recipient", flat=True)
    assert cast.editor.user.pk in told


@pytest.mark.parametrize(
    "more",
    [
        {"text": "2027年1月4日前"},  # a day is a day, whatever the calendar
        {"day": date(2027, 1, 20)},  # not what was counted: somebody set it
        {"deadline_version": 2},  # extended or reopened
        {"state": "closed", "closed_on": date(2026, 12, 30)},
        {"deadline_kind": "immediate", "text": "立行立改", "day": date(2027, 1, 1)},
    ],
    ids=["fixed", "set by hand", "extended", "closed", "immediate"],
)
def test_what_was_not_counted_by_the_calendar_stays(cast, answer, more):
    row = answer(**{key: value for key, value in more.items() if key != "state"})
    UnitResponse.objects.filter(pk=row.pk).update(state=more.get("state", "rectifying"))
    was = UnitResponse.objects.filter(pk=row.pk).values().get()
    post(cast, confirm="1")
    assert UnitResponse.objects.filter(pk=row.pk).values().get() == was
    assert not AuditEntry.objects.filter(verb=VERB).exists()


def test_a_provisional_day_says_so_until_the_year_is_entered(cast, answer):
    row = answer(text="15个工作日内", day=date(2027, 1, 18))
    page = browser(cast.office).get(row.issue.get_absolute_url()).content.decode()
    assert "暂定" in page
    post(cast, confirm="1")
    page = browser(cast.office).get(row.issue.get_absolute_url()).content.decode()
    assert "暂定" not in page


def test_what_cannot_be_read_is_told_and_stays_in_the_form(cast):
    page = post(cast, text="1月1日放假\n2月30日放假")
    assert page.status_code == 422
    assert "第 2 行：没有这一天：2月30日" in page.content.decode()
    assert "2月30日放假" in page.content.decode()


def test_who_comes_second_is_told(cast):
    post(cast, confirm="1")
    page = post(cast, text="10月1日放假", confirm="1")
    assert page.status_code == 409
    assert "别人刚录入过这一年" in page.content.decode()
    assert HolidayTable.objects.count() == 1


def test_a_table_does_as_well(cast):
    rows = "日期,安排,节日\n2027-01-01,放假,元旦\n2027/1/3,上班,元旦\n"
    upload = SimpleUploadedFile("安排.csv", rows.encode("utf-8-sig"))
    page = post(cast, text="", file=upload)
    assert page.status_code == 200
    assert page.context["form"]["text"].value() == "2027-01-01 放假 元旦\n2027-01-03 上班 元旦"


def test_an_office_that_shares_the_installation_leaves_it_to_the_administrator(cast):
    assert browser(cast.office).get(ENTRY).status_code == 200
    factories.make_campaign(factories.make_region("other"), cast.campaign.edition)
    assert browser(cast.office).get(ENTRY).status_code == 404
    assert post(cast, confirm="1").status_code == 404
    assert not HolidayTable.objects.exists()
    page = browser(cast.office).get("/settings/calendar/?year=2027").content.decode()
    assert ENTRY not in page


def test_the_command_does_it_for_all_places(cast, answer, tmp_path: Path, capsys):
    row = answer()
    file = tmp_path / "notice.txt"
    file.write_text(NOTICE, encoding="utf-8")
    call_command("import_holidays", file, year=2027, dry_run=True)
    assert day_of(row) == ESTIMATED
    call_command("import_holidays", file, year=2027)
    assert day_of(row) == COUNTED
    assert "2027: 2 days, 1 deadlines moved" in capsys.readouterr().out
    file.write_text("没有日子", encoding="utf-8")
    with pytest.raises(SystemExit) as refused:
        call_command("import_holidays", file, year=2027)
    assert refused.value.code == 1


def test_the_endpoint_looks_and_enters(cast, answer):
    row, client = answer(), browser(cast.office)
    body = {"text": NOTICE, "edition": 0}
    url = "/api/v1/calendar/2027/"
    seen = client.post(url, body, content_type="application/json").json()
    assert (seen["saved"], seen["moved"][0]["new"]) == (False, "2027-01-03")
    assert day_of(row) == ESTIMATED
    done = client.post(url, body | {"confirm": True}, content_type="application/json").json()
    assert (done["saved"], day_of(row)) == (True, COUNTED)
    again = client.post(url, body | {"confirm": True}, content_type="application/json")
    assert again.status_code == 409
    assert client.get(url).json()["edition"] == 1
    bad = client.post(url, body | {"text": "x"}, content_type="application/json")
    assert bad.status_code == 422
