"""My tasks: what waits for whom, in which group, in how many statements, opened in place."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from assessments.models import Extension, Letter, Round, Score
from assessments.rectification.states import State
from indicators.assignments.states import UnitState
from indicators.models import UnitAssignment
from lawgov.calendars import Workdays
from lawgov.desk.queries import rail_counts
from lawgov.desk.review.queue import STEPS, counts, steps_of
from lawgov.desk.tasks.queries import progress_of, tasks_of
from lawgov.desk.tasks.reader import Reader
from lawgov.desk.tasks.task import Group, Kind
from lawgov.notifications.models import Delivery
from tests import factories
from tests.people import Cast, browser, make_cast

HTMX = {"HX-Request": "true"}
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"trailer<</Size 4/Root 1 0 R>>\n%%EOF\n"
)

pytestmark = pytest.mark.django_db
today = timezone.localdate


@pytest.fixture
def cast() -> Cast:
    return make_cast(edition=factories.make_edition(areas=2, groups=2, each=3))


def work(cast: Cast, number: int, state: str, unit=None, due: int | None = None, **fields):
    assignment = cast.campaign.assignments.get(indicator__number=number)
    assignment.due_on = today() + timedelta(days=due) if due is not None else None
    assignment.save()
    return factories.make_work(assignment, unit or cast.unit, state=state, **fields)


def answer(cast: Cast, state: State, unit=None, due: int = 90, **fields):
    inspection = cast.region.inspections.first() or factories.make_inspection(cast.region)
    issue = factories.make_issue(inspection, deadline_date=today() + timedelta(days=due))
    return factories.make_response(issue, unit or cast.unit, state, **fields)


def score(assignment, source: str) -> Score:
    return Score.objects.create(
        round=Round.objects.get(campaign=assignment.campaign),
        region=assignment.region,
        assignment=assignment,
        source=source,
        points=9,
        given_at=factories.NOW,
    )


def tasks(actor):
    return tasks_of(Reader(actor, today(), 10))


def keys(actor, group: Group) -> list[str]:
    return [task.key for task in tasks(actor).groups[group]]


def page(client, path: str = "/tasks/", **headers) -> str:
    response = client.get(path, headers=headers)
    assert response.status_code == 200
    return response.content.decode()


# -- groups ----------------------------------------------------------------------------------


def test_a_unit_sees_its_work_by_urgency(cast):
    late = work(cast, 1, "collecting", due=-2)
    back = work(cast, 2, "returned", due=60, return_reason="缺 7 月")
    late_back = work(cast, 3, "returned", due=-1)
    soon = work(cast, 4, "not_started", due=0)
    later = work(cast, 5, "ticked", due=60)
    waits = work(cast, 6, "with_lead", due=-9)
    work(cast, 7, "accepted")
    work(cast, 8, "not_applicable")
    assert keys(cast.editor, Group.LATE) == [f"w{late.pk}", f"w{late_back.pk}"]
    assert keys(cast.editor, Group.BACK) == [f"w{back.pk}"]
    assert keys(cast.editor, Group.WEEK) == [f"w{soon.pk}"]
    assert keys(cast.editor, Group.LATER) == [f"w{later.pk}"]
    assert keys(cast.editor, Group.WAIT) == [f"w{waits.pk}"]


def test_soon_is_five_working_days(cast):
    workdays = Workdays.standard()
    end = workdays.add(today(), 5)
    last = work(cast, 1, "collecting", due=(end - today()).days)
    work(cast, 2, "collecting", due=(end - today()).days + 1)
    assert keys(cast.editor, Group.WEEK) == [f"w{last.pk}"]


def test_issues_stand_beside_indicators(cast):
    late = answer(cast, State.RECTIFYING, due=-3)
    back = answer(cast, State.RETURNED, return_reason="还差 2 本")
    waits = answer(cast, State.SUBMITTED)
    answer(cast, State.CLOSED)
    answer(cast, State.FOUND)
    answer(cast, State.WITHDRAWN)
    assert keys(cast.editor, Group.LATE) == [f"r{late.pk}"]
    assert keys(cast.editor, Group.BACK) == [f"r{back.pk}"]
    assert keys(cast.editor, Group.WAIT) == [f"r{waits.pk}"]
    assert tasks(cast.editor).total == 3


def test_a_letter_is_one_row_however_many_issues_it_has(cast):
    inspection = factories.make_inspection(cast.region)
    letter = Letter.objects.create(
        region=cast.region, inspection=inspection, unit=cast.unit, agency="安法办函", year=2026,
        number=41, issued_on=today(),
    )  # fmt: skip
    for _n in range(3):
        answer(cast, State.ISSUED, letter=letter)
    (task,) = tasks(cast.editor).groups[Group.LATER]
    assert (task.kind, task.number, task.note) == (Kind.LETTER, "督函41", "个性问题 3 条")
    assert "安法办函〔2026〕41号" in task.title


def test_the_head_signs_what_the_editor_waits_for(cast):
    handed_in = work(cast, 1, "with_head")
    assert keys(cast.editor, Group.WAIT) == [f"w{handed_in.pk}"]
    assert keys(cast.head, Group.LATER) == [f"w{handed_in.pk}"]


def test_an_exemption_asked_for_waits(cast):
    asked = work(
        cast, 1, "collecting", exemption_asked_at=factories.NOW, exemption_reason="无此职能"
    )
    assert keys(cast.editor, Group.WAIT) == [f"w{asked.pk}"]
    (task,) = tasks(cast.lead).groups[Group.LATER]
    assert task.key == f"x{asked.pk}" and "无此职能" in task.note


def test_the_lead_unit_reviews_an_indicator_a_row(cast):
    for unit in (cast.unit, cast.other_unit, factories.make_unit(cast.region)):
        work(cast, 1, "with_lead", unit)
    own = work(cast, 2, "with_lead", cast.lead_unit)
    (task,) = tasks(cast.lead).groups[Group.LATER]
    assert (task.kind, task.number) == (Kind.REVIEW, "1") and "等 3 家" in task.party
    assert keys(cast.office, Group.LATER) == [f"v{own.assignment_id}"]


def test_scores_and_verification_follow_the_reviews(cast):
    assignment = work(cast, 1, "accepted").assignment
    work(cast, 1, "not_applicable", cast.other_unit)
    assert keys(cast.lead, Group.LATER) == [f"s{assignment.pk}"]
    assert keys(cast.office, Group.LATER) == []
    score(assignment, "lead")
    assert keys(cast.lead, Group.LATER) == []
    assert keys(cast.office, Group.LATER) == [f"k{assignment.pk}"]
    score(assignment, "office")
    assert keys(cast.office, Group.LATER) == []


def test_checkers_see_what_was_handed_in(cast):
    handed_in = answer(cast, State.SUBMITTED)
    looked_at = answer(cast, State.LOOK_BACK, closed_on=date(2026, 11, 2))
    assert keys(cast.supervisor, Group.LATER) == [f"c{handed_in.pk}", f"b{looked_at.pk}"]
    assert keys(cast.office, Group.LATER) == [f"c{handed_in.pk}"]
    assert keys(cast.lead, Group.LATER) == []  # not linked to an indicator it leads


def test_nobody_checks_for_a_unit_of_their_own(cast):
    answer(cast, State.SUBMITTED)
    factories.make_member("unit_editor", cast.region, cast.unit, user=cast.supervisor.user)
    assert tasks(cast.supervisor).total == 0


def test_the_office_hands_over_and_decides_extensions(cast):
    answer(cast, State.FOUND)
    found = answer(cast, State.FOUND)
    running = answer(cast, State.RECTIFYING)
    asked = Extension.objects.create(
        response=running, new_date=today() + timedelta(days=120), reason="等上级批复",
        asked_at=factories.NOW,
    )  # fmt: skip
    rows = tasks(cast.office).groups[Group.LATER]
    assert {task.key for task in rows} == {f"h{found.issue.inspection_id}", f"e{asked.pk}"}
    assert any("等上级批复" in task.note for task in rows)
    assert tasks(cast.supervisor).total == 0


def test_nothing_of_other_units_and_places(cast):
    work(cast, 1, "collecting")
    answer(cast, State.RECTIFYING)
    for who in ("stranger", "foreign_office"):
        assert tasks(getattr(cast, who)).total == 0


def test_progress_of_the_unit(cast):
    for number, state in enumerate(["ticked", "accepted", "collecting", "not_applicable"], 1):
        work(cast, number, state)
    for state in (State.CLOSED, State.LOOK_BACK, State.RECTIFYING, State.WITHDRAWN, State.FOUND):
        answer(cast, state, closed_on=today())
    found = progress_of(cast.editor)
    assert (found.ticked, found.indicators) == (2, 3)
    assert (found.closed, found.issues) == (2, 3)
    assert progress_of(cast.office) is None


# -- rail ------------------------------------------------------------------------------------


def test_the_rail_counts_what_the_lists_hold(cast, django_assert_num_queries):
    for number, state in enumerate(UnitState.values, 1):
        work(cast, number, state)
        work(cast, number, state, cast.lead_unit)
    work(cast, 9, "collecting", exemption_asked_at=factories.NOW)
    score(work(cast, 10, "accepted").assignment, "lead")
    for state in State:
        answer(cast, state, closed_on=today())
    for who in ("editor", "head", "lead", "office", "supervisor"):
        actor = getattr(cast, who)
        with django_assert_num_queries(1):
            found = rail_counts(actor)
        assert found["tasks"] == tasks(actor).waiting, who
        if "review" in found:
            assert found["review"] == sum(counts(actor, steps_of(actor)).values()), who
    assert {step.key for step in STEPS} == {"head", "lead", "exemption", "score", "verify"}


@pytest.mark.parametrize("who", ["leader", "assessor", "publicist", "expert", "external", "city"])
def test_roles_without_tasks_have_no_list(cast, who):
    actor = getattr(cast, who)
    assert browser(actor).get("/tasks/").status_code == 404
    assert "tasks" not in rail_counts(actor)


# -- pages -----------------------------------------------------------------------------------


def test_the_page_names_groups_and_counts_tabs(cast):
    work(cast, 1, "collecting", due=-2)
    work(cast, 2, "with_lead")
    html = page(browser(cast.editor))
    assert "逾期2天" in html and "区司法局（牵头）" in html
    tabs = re.findall(r'class="phone">(\S+)</span> <b>(\d+)</b>', html)
    assert dict(tabs) == {
        "全部": "2",
        "逾期": "1",
        "退回": "0",
        "近5日": "0",
        "以后": "0",
        "等待": "1",
    }
    assert html.count("btn small primary") == 1


def test_one_group_and_only_mine(cast):
    first, second = work(cast, 1, "collecting", due=-2), work(cast, 2, "collecting")
    evidence = factories.make_proof(second)
    evidence.created_by = cast.editor.user
    evidence.save()
    client = browser(cast.editor)
    assert f'id="w{first.pk}"' not in page(client, "/tasks/?mine=1")
    assert f'id="w{second.pk}"' in page(client, "/tasks/?mine=1")
    html = page(client, "/tasks/?group=late")
    assert f'id="w{first.pk}"' in html and f'id="w{second.pk}"' not in html
    assert "这一类没有要办的事" in page(client, "/tasks/?group=back")
    assert page(client, "/tasks/?group=nonsense&open=zz9")


def test_the_foot_says_when_one_was_reminded(cast):
    work(cast, 1, "collecting")
    client = browser(cast.editor)
    assert "上次提醒" not in page(client)
    Delivery.objects.create(
        region=cast.region, person=cast.editor.user, day=today(), channel="page", key="k",
        status=Delivery.Status.SENT, created_at=timezone.now(), sent_at=timezone.now(),
    )  # fmt: skip
    assert "上次提醒" in page(client)


def test_nothing_to_do_says_so(cast):
    assert "现在没有要办的事" in page(browser(cast.editor))


def test_a_row_opens_in_place_and_by_its_address(cast):
    row = work(cast, 1, "returned", return_reason="缺 7—10 月")
    client = browser(cast.editor)
    opened = page(client, f"/tasks/w{row.pk}/?open=1", **HTMX)
    assert "<html" not in opened and f'id="w{row.pk}-detail"' in opened
    assert reverse("evidence:add", args=[1, cast.unit.pk]) in opened
    assert f'id="w{row.pk}-detail"' not in page(client, f"/tasks/w{row.pk}/", **HTMX)
    assert f'id="w{row.pk}-detail"' in page(client, f"/tasks/?open=w{row.pk}")
    assert client.get(f"/tasks/w{row.pk}/").url == f"/tasks/?open=w{row.pk}#w{row.pk}"


def test_an_issue_opens_with_the_form_of_its_next_step(cast):
    row = answer(cast, State.RECTIFYING)
    opened = page(browser(cast.editor), f"/tasks/r{row.pk}/?open=1", **HTMX)
    assert reverse("rectification:move", args=[row.issue_id, row.pk, "progress"]) in opened
    assert 'name="progress"' in opened and 'name="version"' in opened


def test_a_letter_opens_with_its_receipt(cast):
    row = answer(cast, State.ISSUED)
    row.letter = Letter.objects.create(
        region=cast.region, inspection=row.issue.inspection, unit=cast.unit, agency="安法办函",
        year=2026, number=4, issued_on=today(),
    )  # fmt: skip
    row.save()
    opened = page(browser(cast.editor), f"/tasks/l{row.pk}/?open=1", **HTMX)
    assert reverse("rectification:accept_letter", args=[row.letter_id]) in opened


def test_a_unit_takes_its_own_lists_along_and_others_are_not_asked(cast):
    work(cast, 1, "collecting")
    own = page(browser(cast.editor), "/tasks/")
    assert "下载本单位清单" in own
    assert 'href="/sheets/#upload"' in own and "上传填好的表" in own
    assert "下载本单位清单" not in page(browser(cast.office), "/tasks/")


@pytest.mark.parametrize("key", ["w99999", "r1", "zz", "e1"])
def test_rows_of_others_are_not_there(cast, key):
    work(cast, 1, "collecting", cast.other_unit)
    assert browser(cast.editor).get(f"/tasks/{key}/?open=1", headers=HTMX).status_code == 404


def test_a_tick_in_the_list_answers_with_its_row(cast):
    row = work(cast, 1, "collecting")
    factories.make_proof(row)
    client = browser(cast.editor)
    address = reverse("tasks:tick", args=[row.pk])
    response = client.post(address, {"version": row.version}, headers=HTMX)
    html = response.content.decode()
    row.refresh_from_db()
    assert row.state == UnitState.TICKED
    assert f'id="w{row.pk}"' in html and 'id="unit-ticked" hx-swap-oob="true"' in html
    assert "已打勾，填自评后提交审核" in html


def test_from_login_to_a_ticked_indicator_with_a_pdf_in_four_clicks(cast):
    """Clicks: 1 登录, 2 交佐证 (the row opens with its drop zone), 3 选择文件 (choosing uploads),
    4 the tick. Below is what the four send; the journey in a browser is in tests/journeys."""
    row = work(cast, 1, "not_started", due=1)
    client = browser(cast.editor)  # 1: login leads to /, and / to /tasks/
    assert client.get("/").url == "/tasks/"
    opened = page(client, f"/tasks/w{row.pk}/?open=1", **HTMX)  # 2
    upload = re.search(r'action="([^"]+)" enctype="multipart/form-data"', opened).group(1)
    file = SimpleUploadedFile("登记表.pdf", PDF, "application/pdf")
    assert client.post(upload, {"files": file}, headers=HTMX).status_code == 200  # 3
    fresh = page(client, f"/tasks/w{row.pk}/?part=row", **HTMX)  # by itself, after the upload
    tick = re.search(r'formaction="([^"]+)" name="version" value="(\d+)"', fresh)
    response = client.post(tick.group(1), {"version": tick.group(2)}, headers=HTMX)  # 4
    assert response.status_code == 200
    assert UnitAssignment.objects.get(pk=row.pk).state == UnitState.TICKED


# -- statements ------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["editor", "head", "lead", "office", "supervisor"])
def test_the_page_takes_at_most_15_statements(cast, count_statements, who):
    client = browser(getattr(cast, who))

    def fill() -> None:
        for number in range(1, 11):
            for unit in (cast.unit, cast.lead_unit, factories.make_unit(cast.region)):
                if UnitAssignment.objects.filter(
                    unit=unit, assignment__indicator__number=number
                ).exists():
                    continue
                state = ["collecting", "with_lead", "returned"][number % 3]
                factories.make_proof(work(cast, number, state, unit, due=number))
        for state in (State.RECTIFYING, State.SUBMITTED, State.ISSUED, State.FOUND):
            answer(cast, state)

    fill()
    page(client)
    first = count_statements(lambda: page(client))
    assert first <= 15
    for _again in range(3):
        fill()
    assert count_statements(lambda: page(client)) == first
    opened = next(
        (t.key for rows in tasks(getattr(cast, who)).groups.values() for t in rows if t.opens), ""
    )
    assert count_statements(lambda: page(client, f"/tasks/?open={opened}")) <= 15


def test_a_tick_in_the_list_takes_at_most_8_statements(cast, count_statements):
    rows = [work(cast, number, "collecting") for number in (1, 2)]
    for row in rows:
        factories.make_proof(row)
    client = browser(cast.editor)

    def tick(row) -> None:
        address = reverse("tasks:tick", args=[row.pk])
        assert client.post(address, {"version": 1}, headers=HTMX).status_code == 200

    tick(rows[0])
    assert count_statements(lambda: tick(rows[1])) <= 8
