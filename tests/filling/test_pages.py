"""The pages and the endpoints of a sheet that comes home, from download to apply."""

from __future__ import annotations

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from assessments.models import ScoreDraft
from assessments.rounds.actions import save_draft
from indicators.models import UnitAssignment
from lawgov.filling.models import FilledSheet
from lawgov.jobs import actions as jobs
from lawgov.jobs.models import Job
from tests import factories
from tests.factories import NOW
from tests.filling.sheets import Desk, edited, exported, uploaded
from tests.people import Cast, browser, make_cast

pytestmark = pytest.mark.django_db
CODE = "self_scores"


@pytest.fixture
def cast() -> Cast:
    made = make_cast()
    for assignment in made.campaign.assignments.all():
        factories.make_work(assignment, made.unit)
    return made


def draft(cast: Cast, points: int, number: int = 1) -> None:
    work = UnitAssignment.objects.get(assignment__indicator__number=number, unit=cast.unit)
    save_draft(work, actor=cast.editor, now=NOW, points=points, statement="")


def filled(cast: Cast, *points: object) -> bytes:
    def edit(desk) -> None:
        for index, value in enumerate(points):
            desk.type(index, "自评得分", value)

    return edited(exported(CODE, cast.editor), edit)


def post_file(client: Client, content: bytes, name: str = "填报.xlsx"):
    return client.post("/sheets/", {"file": SimpleUploadedFile(name, content)})


def test_from_download_to_apply(cast: Cast) -> None:
    client = browser(cast.editor)
    page = client.get("/sheets/").content.decode()
    assert "自评表" in page and "整改台账" in page and "任务分解表" not in page
    answer = client.post(f"/sheets/export/{CODE}/")
    job = Job.objects.get(kind="export_sheet")
    assert answer.status_code == 302 and jobs.run(job.pk)
    file = client.get(f"/jobs/{job.pk}/file/")
    content = edited(b"".join(file.streaming_content), lambda desk: desk.type(0, "自评得分", 8))

    answer = post_file(client, content)
    sheet = FilledSheet.objects.get()
    assert answer.status_code == 302 and answer.url == f"/sheets/{sheet.pk}/"
    assert "正在读取" in client.get(answer.url).content.decode()
    assert jobs.run(Job.objects.get(kind="read_sheet").pk)
    page = client.get(answer.url).content.decode()
    assert "核对改动" in page and "<ins>8</ins>" in page and "原为空" in page
    assert not ScoreDraft.objects.exists()

    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    answer = client.post(f"/sheets/{sheet.pk}/apply/", {"seen": seen})
    assert answer.status_code == 302 and ScoreDraft.objects.get().points == 8
    assert "已写入 1 行 1 格" in client.get(answer.url).content.decode()
    assert client.post(f"/sheets/{sheet.pk}/apply/", {"seen": seen}).status_code == 409
    assert ScoreDraft.objects.get().version == 1


def test_a_page_that_waits_is_led_to_the_preview_s_own(cast: Cast) -> None:
    sheet = uploaded(exported("self_scores", cast.editor), cast.editor)
    client = browser(cast.editor)
    answer = client.get(sheet.get_absolute_url(), headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == sheet.get_absolute_url()
    assert not answer.content
    FilledSheet.objects.filter(pk=sheet.pk).update(state=FilledSheet.State.READING)
    answer = client.get(sheet.get_absolute_url(), headers={"HX-Request": "true"})
    assert "正在读取" in answer.content.decode()


def test_conflicts_and_faults_are_settled_on_the_page(cast: Cast) -> None:
    content = filled(cast, 8, 99)
    draft(cast, 5)
    sheet, client = uploaded(content, cast.editor), browser(cast.editor)
    url = f"/sheets/{sheet.pk}/"
    page = client.get(url).content.decode()
    assert "1 处错误、1 处冲突" in page and "aria-disabled" in page
    one, two = UnitAssignment.objects.filter(unit=cast.unit).order_by("pk")
    told = {f"side-{one.pk}:self_score": "sheet", f"text-{two.pk}:self_score": "9.5"}
    assert client.post(f"{url}decide/", told).status_code == 302
    page = client.get(url).content.decode()
    assert "将写入 2 格" in page and "checked" in page
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    client.post(f"{url}apply/", {"seen": seen})
    assert sorted(d.points for d in ScoreDraft.objects.all()) == [8, 9.5]


@pytest.mark.parametrize(("every", "points"), [("sheet", 8), ("system", 5)])
def test_all_conflicts_at_once(cast: Cast, every: str, points: int) -> None:
    content = filled(cast, 8)
    draft(cast, 5)
    sheet, client = uploaded(content, cast.editor), browser(cast.editor)
    fragment = client.post(
        f"/sheets/{sheet.pk}/decide/", {"every": every}, headers={"HX-Request": "true"}
    ).content.decode()
    assert fragment.startswith('<div id="sheet">')
    seen = fragment.partition('name="seen" value="')[2].partition('"')[0]
    client.post(f"/sheets/{sheet.pk}/apply/", {"seen": seen})
    assert ScoreDraft.objects.get().points == points


def test_what_moved_since_the_preview_is_shown_again(cast: Cast) -> None:
    sheet, client = uploaded(filled(cast, 8), cast.editor), browser(cast.editor)
    page = client.get(f"/sheets/{sheet.pk}/").content.decode()
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    draft(cast, 6)
    answer = client.post(f"/sheets/{sheet.pk}/apply/", {"seen": seen})
    assert answer.status_code == 409 and "1 处冲突" in answer.content.decode()
    assert ScoreDraft.objects.get().points == 6


@pytest.mark.parametrize(
    ("name", "content", "part"),
    [
        ("x.xlsx", b"not a workbook", "扩展名"),
        ("x.pdf", b"%PDF-1.4", "不是可以读取的表格"),
        ("x.xlsx", b"", "空"),
    ],
)
def test_the_gate_answers_at_once(cast: Cast, name: str, content: bytes, part: str) -> None:
    answer = post_file(browser(cast.editor), content, name)
    assert answer.status_code == 422 and part in answer.content.decode()
    assert not FilledSheet.objects.exists()


def test_an_upload_is_its_owner_s_alone(cast: Cast) -> None:
    sheet = uploaded(filled(cast, 8), cast.editor)
    for actor in (cast.head, cast.stranger, cast.office, cast.foreign_office):
        client = browser(actor)
        for path in ("", "apply/", "decide/", "discard/"):
            url = f"/sheets/{sheet.pk}/{path}"
            absent = f"/sheets/{sheet.pk + 999}/{path}"
            for call in (client.get, client.post) if not path else (client.post,):
                answer = call(url)
                assert answer.status_code in (404, 405), (actor.role, url)
                assert answer.status_code == call(absent).status_code
    assert FilledSheet.objects.get().state == "open"


def test_a_right_that_is_gone_opens_nothing(cast: Cast) -> None:
    sheet = uploaded(filled(cast, 8), cast.editor)
    cast.editor.membership.role = "publicist"
    cast.editor.membership.unit = None
    cast.editor.membership.save()
    client = browser(cast.editor)
    assert client.get(f"/sheets/{sheet.pk}/").status_code == 404
    assert client.get("/sheets/").status_code == 404


def test_discarding_forgets_it(cast: Cast) -> None:
    sheet = uploaded(filled(cast, 8), cast.editor)
    answer = browser(cast.editor).post(f"/sheets/{sheet.pk}/discard/")
    assert answer.status_code == 302 and not FilledSheet.objects.exists()


def test_the_preview_s_queries_do_not_grow(cast: Cast, django_assert_max_num_queries) -> None:
    sheet, client = uploaded(filled(cast, 8, 7), cast.editor), browser(cast.editor)
    client.get(f"/sheets/{sheet.pk}/")
    with django_assert_max_num_queries(24):
        client.get(f"/sheets/{sheet.pk}/")


# -- the same by machine ---------------------------------------------------------------------------


def send(client: Client, url: str, body: dict) -> tuple[int, dict]:
    answer = client.post(url, json.dumps(body), content_type="application/json")
    return answer.status_code, answer.json() if answer.content else {}


def test_the_same_by_machine(cast: Cast) -> None:
    client = browser(cast.editor)
    codes = [row["code"] for row in client.get("/api/v1/sheets/subjects/").json()]
    assert {"self_scores", "rectification"} <= set(codes) and "decomposition" not in codes
    status, job = send(client, "/api/v1/sheets/export/", {"subject": CODE})
    assert status == 202 and job["kind"] == "export_sheet"
    assert send(client, "/api/v1/sheets/export/", {"subject": "decomposition"})[0] == 404

    content = filled(cast, 8, 99)
    draft(cast, 5)
    answer = client.post("/api/v1/sheets/", {"file": SimpleUploadedFile("填报.xlsx", content)})
    assert answer.status_code == 202, answer.content
    pk = answer.json()["id"]
    assert jobs.run(Job.objects.get(kind="read_sheet").pk)
    found = client.get(f"/api/v1/sheets/{pk}/").json()["merge"]
    assert found["open"] == 2
    cells = {cell["verdict"]: cell for row in found["rows"] for cell in row["cells"]}
    assert (cells["conflict"]["before"], cells["conflict"]["today"]) == ("", "5")
    url = f"/api/v1/sheets/{pk}"
    assert send(client, f"{url}/apply/", {"seen": found["seen"]})[0] == 422
    body = {
        "sides": {cells["conflict"]["name"]: "sheet"},
        "texts": {cells["error"]["name"]: "9"},
    }
    status, row = send(client, f"{url}/decide/", body)
    assert status == 200 and row["merge"]["open"] == 0
    assert send(client, f"{url}/apply/", {"seen": found["seen"]})[0] == 409
    status, row = send(client, f"{url}/apply/", {"seen": row["merge"]["seen"]})
    assert status == 200 and row["state"] == "applied" and row["merge"] is None
    assert sorted(d.points for d in ScoreDraft.objects.all()) == [8, 9]
    assert [line["id"] for line in client.get("/api/v1/sheets/").json()["results"]] == [pk]
    assert client.delete(f"{url}/").status_code == 409


def marked_copy(client: Client, sheet: FilledSheet) -> bytes:
    """The file that the button makes; the job ran in a process of its own."""
    assert client.post(f"/sheets/{sheet.pk}/marked/").status_code == 302
    job = Job.objects.filter(kind="mark_sheet").latest("pk")
    assert jobs.run(job.pk)
    job.refresh_from_db()
    assert job.filename == "填报（已标注）.xlsx", job.message
    return b"".join(client.get(f"/jobs/{job.pk}/file/").streaming_content)


def test_the_marked_copy_is_mended_and_comes_home_again(cast: Cast) -> None:
    content = filled(cast, 8, 99)
    draft(cast, 5)
    sheet, client = uploaded(content, cast.editor), browser(cast.editor)
    assert (
        f'action="/sheets/{sheet.pk}/marked/"'
        in client.get(f"/sheets/{sheet.pk}/").content.decode()
    )
    desk = Desk(marked_copy(client, sheet))
    clash, faulty = desk.cell(0, "自评得分"), desk.cell(1, "自评得分")
    assert clash.fill.fgColor.rgb.endswith("FFEB9C") and faulty.fill.fgColor.rgb.endswith("FFC7CE")
    assert "下载时是「空」，这张表填「8」，系统里现在是「5」" in clash.comment.text
    assert "0 到 10" in faulty.comment.text
    assert desk.cell(0, "自评说明").comment is None
    assert desk.sheet.protection.sheet and not faulty.protection.locked

    desk.type(0, "自评得分", 5).type(1, "自评得分", 9)
    mended = uploaded(desk.content(), cast.editor)
    page = client.get(f"/sheets/{mended.pk}/").content.decode()
    assert "将写入 1 格" in page and f"/sheets/{mended.pk}/marked/" not in page
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    client.post(f"/sheets/{mended.pk}/apply/", {"seen": seen})
    assert sorted(d.points for d in ScoreDraft.objects.all()) == [5, 9]


def test_a_cell_mended_since_loses_its_mark_in_the_next_copy(cast: Cast) -> None:
    sheet, client = uploaded(filled(cast, 98, 99), cast.editor), browser(cast.editor)
    desk = Desk(marked_copy(client, sheet)).type(0, "自评得分", 8)
    again = Desk(marked_copy(client, uploaded(desk.content(), cast.editor)))
    mended, faulty = again.cell(0, "自评得分"), again.cell(1, "自评得分")
    assert mended.comment is None and mended.fill.fill_type is None
    assert faulty.comment and faulty.fill.fgColor.rgb.endswith("FFC7CE")


def test_what_the_person_decided_is_not_marked(cast: Cast) -> None:
    content = filled(cast, 8, 99)
    draft(cast, 5)
    sheet, client = uploaded(content, cast.editor), browser(cast.editor)
    two = UnitAssignment.objects.filter(unit=cast.unit).order_by("pk")[1]
    client.post(f"/sheets/{sheet.pk}/decide/", {f"side-{two.pk}:self_score": "system"})
    desk = Desk(marked_copy(client, sheet))
    assert desk.cell(1, "自评得分").comment is None
    assert desk.cell(0, "自评得分").comment is not None


def test_a_row_that_is_none_of_the_sheet_is_marked_at_its_head(cast: Cast) -> None:
    def add(desk: Desk) -> None:
        last = desk.rows()[-1] + 1
        desk.sheet.insert_rows(last)
        desk.sheet.cell(last, desk.column("自评说明")).value = "自己加的一行"

    sheet = uploaded(edited(exported(CODE, cast.editor), add), cast.editor)
    desk = Desk(marked_copy(browser(cast.editor), sheet))
    told = [
        c for row in desk.sheet.iter_rows() for c in row if c.comment and "新增" in c.comment.text
    ]
    assert [cell.column for cell in told] == [1]
    assert told[0].fill.fgColor.rgb.endswith("FFC7CE")


def test_the_marked_copy_is_its_owners_while_it_is_open(cast: Cast) -> None:
    sheet = uploaded(filled(cast, 99), cast.editor)
    for other in (cast.head, cast.office, cast.foreign_office):
        assert browser(other).post(f"/sheets/{sheet.pk}/marked/").status_code == 404
        assert browser(other).post(f"/api/v1/sheets/{sheet.pk}/marked/").status_code == 404
    client = browser(cast.editor)
    assert client.post(f"/api/v1/sheets/{sheet.pk}/marked/").status_code == 202
    FilledSheet.objects.update(state="applied")
    client.post(f"/sheets/{sheet.pk}/marked/")
    job = Job.objects.filter(kind="mark_sheet").latest("pk")
    assert jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED and "已经处理过了" in job.message
