"""Lists as they are filtered: who may, what stands in the sheet, what trail and job keep."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from assessments.models import Reminder, UnitResponse
from assessments.rectification.states import State
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import GRANTS, Action
from lawgov.audit.models import AuditEntry
from lawgov.audit.verbs import sentence
from lawgov.desk.exports.lists import Asked
from lawgov.desk.exports.rows import LISTS
from lawgov.jobs import actions
from lawgov.jobs.models import Job
from lawgov.notifications.models import Delivery
from lawgov.spreadsheets.lists import write_list
from lawgov.units.models import Liaison
from tests.assessments.rectification.moves import make_letter
from tests.factories import NOW, make_inspection, make_issue, make_response, make_unit, make_work
from tests.people import browser


def exported(actor, code: str, query: str = ""):
    """The sheet that a person gets who presses the button on the page with this query."""
    page = browser(actor).post(f"/exports/{code}/?{query}")
    assert page.status_code == 302, page.status_code
    job = Job.objects.get(pk=int(page["Location"].split("/")[-2]))
    assert actions.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.message
    file = browser(actor).get(f"/jobs/{job.pk}/file/")
    assert file.status_code == 200
    return load_workbook(BytesIO(b"".join(file.streaming_content))).worksheets[0]


def column(sheet, header: str) -> list[object]:
    """The filled cells of a column in the rows of the list, whose first cell is a number or a
    unit's code; totals and signatures have neither."""
    place = [cell.value for cell in sheet[3]].index(header)
    rows = sheet.iter_rows(min_row=4, values_only=True)
    return [row[place] for row in rows if _is_line(row[0]) and row[place]]


def _is_line(first: object) -> bool:
    return isinstance(first, int) or bool(re.fullmatch(r"U\d+", str(first)))


def test_who_opens_a_list_may_export_it() -> None:
    for grants in GRANTS.values():
        for found in LISTS.values():
            assert not set(found.actions) & set(grants) or Action.EXPORT in grants


@pytest.mark.parametrize("code", LISTS)
def test_only_those_who_see_the_list_get_it(cast, code) -> None:
    for name, actor in cast.everybody().items():
        allowed = any(action in GRANTS[actor.role] for action in LISTS[code].actions)
        page = browser(actor).post(f"/exports/{code}/")
        assert page.status_code == (302 if allowed else 404), name
        answer = browser(actor).post(
            f"/api/v1/exports/{code}/", {}, content_type="application/json"
        )
        assert answer.status_code in ((202,) if allowed else (403, 404)), name


def test_an_unknown_list_is_not_there(cast) -> None:
    assert browser(cast.office).post("/exports/secrets/").status_code == 404
    assert browser(cast.office).get("/exports/units/").status_code == 405


def test_units_are_those_under_the_filter_in_their_order(cast) -> None:
    sheet = exported(cast.office, "units", "only=enforcement&sort=-code")
    units = [cast.unit, cast.lead_unit]
    wanted = [unit.name for unit in sorted(units, key=lambda unit: unit.code, reverse=True)]
    assert column(sheet, "单位名称") == wanted
    assert set(column(sheet, "行政执法单位")) == {"是"}
    assert sheet["A1"].value == "安和区单位名册"
    assert "平川县" not in str(list(sheet.values))


def test_the_roster_masks_numbers_unless_the_whole_is_asked_for(cast) -> None:
    Liaison.objects.create(unit=cast.unit, name="赵某", position="科长", phone="13812345678")
    Liaison.objects.create(unit=cast.unit, name="钱某", position="科员", phone="+8613912345678")
    masked = exported(cast.office, "liaisons", "q=水利")
    assert column(masked, "联系电话") == ["138****5678", "+86****5678"]
    assert "B4:B5" in {str(merged) for merged in masked.merged_cells.ranges}
    assert column(masked, "单位") == ["区水利局"]
    whole = exported(cast.office, "roster", "q=水利")
    assert column(whole, "联系电话") == ["13812345678", "+8613912345678"]
    told = AuditEntry.objects.filter(verb="job.list_roster").get()
    assert sentence(told) == "导出明白人名册（完整号码）"
    assert told.data["params"] == {"query": "q=%E6%B0%B4%E5%88%A9"}


def test_units_without_contacts_stand_in_the_roster_with_an_empty_line(cast) -> None:
    sheet = exported(cast.office, "liaisons", "only=short")
    assert len(column(sheet, "单位")) == 3
    assert column(sheet, "姓名") == []


def test_people_with_what_they_are(cast) -> None:
    sheet = exported(cast.office, "people", "role=unit_head")
    assert column(sheet, "账号") == [cast.head.user.username]
    assert column(sheet, "任职") == ["单位负责人（区水利局）"]


def test_inspections_under_the_search(cast) -> None:
    make_inspection(cast.region, name="三月专项督察")
    make_inspection(cast.region, name="七月指导")
    sheet = exported(cast.supervisor, "inspections", "q=七月")
    assert column(sheet, "督察名称") == ["七月指导"]
    assert column(sheet, "序号") == [1]


def test_the_decomposition_is_the_official_sheet(cast) -> None:
    first = cast.campaign.assignments.order_by("indicator__number").first()
    make_work(first, cast.unit)
    sheet = exported(cast.office, "assignments", f"q={first.indicator.number}")
    assert sheet["A1"].value.endswith(f"任务分解表（{cast.campaign.edition.name}）")
    assert column(sheet, "牵头单位") == [cast.lead_unit.name]
    assert column(sheet, "责任单位") == [cast.unit.short_name]


def test_the_queue_is_the_tab_that_was_open(cast) -> None:
    first = cast.campaign.assignments.order_by("indicator__number").first()
    make_work(first, cast.unit, state="with_lead")
    make_work(first, cast.other_unit, state="with_head")
    sheet = exported(cast.lead, "review", "step=lead")
    assert column(sheet, "单位") == ["区水利局"]
    assert sheet["A1"].value == "安和区审核清单·待牵头审核"


def test_the_problems_are_those_of_one_letter(cast) -> None:
    inspection = make_inspection(cast.region)
    answers = [
        make_response(make_issue(inspection, number=str(number), text=text), unit, State.ISSUED)
        for number, unit, text in (
            (1, cast.unit, "公示不及时"),
            (2, cast.other_unit, "别家的"),
            (3, cast.unit, "案卷不全"),
        )
    ]
    letter = make_letter(answers[0])
    UnitResponse.objects.filter(unit=cast.unit).update(letter=letter)
    sheet = exported(cast.editor, "problems", f"letter={letter.pk}")
    assert column(sheet, "问题") == ["公示不及时", "案卷不全"]
    assert column(sheet, "序号") == [1, 2]
    assert "区水利局" in sheet["A2"].value


def test_a_letter_of_another_unit_gives_no_file(cast) -> None:
    answer = make_response(make_issue(make_inspection(cast.region)), cast.unit, State.ISSUED)
    letter = make_letter(answer)
    browser(cast.stranger).post(f"/exports/problems/?letter={letter.pk}")
    job = Job.objects.get(kind="list_problems")
    assert actions.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == (Job.State.FAILED, "")


def test_the_trail_in_sentences(cast) -> None:
    exported(cast.office, "units")
    sheet = exported(cast.office, "audit", "sort=seq")
    assert column(sheet, "事项")[0] == "导出单位名册"
    assert column(sheet, "操作人")[0] == cast.office.user.name


def reminded(cast, **fields) -> Reminder:
    issue = make_issue(make_inspection(cast.region), number="7", text="公示不及时")
    answer = make_response(issue, cast.unit, State.RECTIFYING)
    given = {"kind": "overdue", "level": "contact", "local_day": date(2026, 11, 20), "days": -1}
    given |= {"status": "skipped", "reason": "planner_away", "created_at": NOW}
    return Reminder.objects.create(
        region=cast.region, response=answer, recipient=cast.editor.user, **(given | fields)
    )


def test_what_was_owed_is_a_sheet_with_its_reasons(cast) -> None:
    reminded(cast)
    reminded(cast, kind="before", status="covered", reason="")
    sheet = exported(cast.office, "reminders", "status=skipped")
    assert column(sheet, "事项") == ["7 公示不及时"]
    assert column(sheet, "收件人") == [cast.editor.user.name]
    assert column(sheet, "没有发出的原因") == ["那天后台没有运行"]
    assert column(sheet, "单位") == ["区水利局"]


def test_digests_are_a_sheet_under_the_filters_of_their_page(cast) -> None:
    for n, (channel, status) in enumerate([("email", "dead"), ("email", "sent"), ("page", "sent")]):
        Delivery.objects.create(
            region=cast.region, person=cast.editor.user, day=date(2026, 11, 18 + n),
            channel=channel, status=status, key=str(n), created_at=NOW, sent_at=NOW,
            last_error="550 no such user" if status == "dead" else "", subject=f"第{n}封",
        )  # fmt: skip
    sheet = exported(cast.office, "deliveries", "channel=email&from=2026-11-18&to=2026-11-18")
    assert column(sheet, "标题") == ["第0封"]
    assert column(sheet, "状态") == ["发不出去"]
    assert column(sheet, "没有发出的原因") == ["550 no such user"]
    assert column(sheet, "发出时间") == [NOW.replace(tzinfo=None)]


@pytest.mark.parametrize(
    "page", ["/settings/reminders/sent/", "/settings/reminders/owed/", "/settings/audit/"]
)
def test_the_button_of_a_page_names_a_list_that_there_is(cast, page) -> None:
    assert browser(cast.office).get(page).context["export"] in LISTS


@pytest.mark.parametrize("code", sorted(set(LISTS) - {"problems"}))
def test_the_queries_do_not_grow_with_the_rows(cast, code, tmp_path) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            made = LISTS[code].make(Asked(cast.office, timezone.now(), QueryDict("")))
            if hasattr(made, "total"):
                write_list(made.sheet, made.rows, tmp_path / "x.xlsx", created=timezone.now())
        return len(found)

    def more(count: int) -> None:
        for _ in range(count):
            unit = make_unit(cast.region)
            Liaison.objects.create(unit=unit, name="孙某")
            make_inspection(cast.region)
            reminded(cast)
            key = str(Delivery.objects.count())
            Delivery.objects.create(region=cast.region, day=date(2026, 11, 20), channel="page",
                                    key=key, created_at=NOW)  # fmt: skip
            for assignment in cast.campaign.assignments.all():
                make_work(assignment, unit, state="with_lead")

    more(2)
    few = queries()
    more(12)
    assert queries() == few <= 10


def test_the_file_is_gone_after_a_day_and_for_those_who_lost_the_right(cast) -> None:
    exported(cast.office, "units")
    job = Job.objects.get(kind="list_units")
    now = timezone.now()
    assert actions.may_fetch(cast.office, job, now)
    assert not actions.may_fetch(cast.office, job, now + timedelta(hours=24, minutes=1))
    assert not actions.may_fetch(cast.foreign_office, job, now)
    cast.office.membership.role = "publicist"
    cast.office.membership.save()
    assert not actions.may_fetch(Actor.of(cast.office.membership), job, now)


def test_the_button_stands_under_every_list(cast) -> None:
    make_inspection(cast.region)
    pages = {
        "units": "/settings/units/?kind=government",
        "liaisons": "/settings/liaisons/",
        "people": "/settings/people/",
        "inspections": "/inspections/",
        "assignments": "/settings/assignments/",
    }
    for code, address in pages.items():
        text = browser(cast.office).get(address).content.decode()
        query = "kind=government" if code == "units" else ""
        assert f'action="/exports/{code}/?{query}"' in text
