"""A ledger through the import pages: nothing before confirm, then all or nothing, and once."""

from __future__ import annotations

import re
from datetime import timedelta

import openpyxl
import pytest
from django.utils import timezone

from assessments.models import Issue, UnitResponse
from lawgov.audit.models import AuditEntry
from lawgov.imports import staging
from lawgov.imports.models import KnownLayout, Upload, UploadRow
from lawgov.jobs.actions import exports_folder
from lawgov.jobs.models import Job
from lawgov.units.models import UnitAlias, UnitGroup
from tests import factories
from tests.imports.conftest import GOOD, HEADER, Person, sheet
from tests.people import browser

pytestmark = pytest.mark.django_db

ODD = ["序号", "整改单位名录", "问题的样子", "怎么改", "最晚哪天", "现在怎样", "是否销号"]


def test_official_header_goes_straight_to_the_preview_and_is_written_by_one_click(
    office, inspection
):
    assert office.send(sheet(GOOD), inspection=inspection.pk).status_code == 302
    assert office.upload.state == Upload.State.READY
    page = office.open()
    assert page.redirect_chain[-1][0].endswith("/preview/")
    assert "台账缺页" in page.content.decode()
    assert not Issue.objects.exists(), "nothing is written before confirm"
    office.confirm()
    assert office.upload.state == Upload.State.APPLIED
    assert Issue.objects.count() == 2
    assert UnitResponse.objects.get(issue__number="2").progress == "正在补"
    shown = office.open().content.decode()
    assert 'data-outcome="created" data-label="新增">2<' in shown
    entry = AuditEntry.objects.get(verb="import.applied")
    assert entry.data["file"] == "台账.xlsx"
    assert entry.data["counts"]["created"] == 2


def test_same_file_again_is_recognised_and_changes_nothing(office, inspection):
    file = sheet(GOOD)
    office.send(file, inspection=inspection.pk)
    office.confirm()
    office.send(file, inspection=inspection.pk)
    shown = office.open().content.decode()
    assert "已经写入过" in shown
    assert office.upload.counts["unchanged"] == 2
    office.confirm()
    assert Issue.objects.count() == 2
    assert "什么都没有改变" in office.open().content.decode()


def test_confirm_twice_writes_once(office, inspection):
    office.send(sheet(GOOD), inspection=inspection.pk)
    version = office.upload.version
    address = f"/imports/{office.upload.pk}/confirm/"
    office.client.post(address, {"version": version})
    assert office.client.post(address, {"version": version}).status_code == 302
    office.work()
    upload = Upload.objects.get(pk=office.upload.pk)
    staging.apply(upload, actor=office.actor, now=timezone.now())
    assert Issue.objects.count() == 2
    assert AuditEntry.objects.filter(verb="import.applied").count() == 1


def test_unknown_headers_are_asked_for_and_remembered(office, inspection):
    rows = [[*GOOD[0]], [*GOOD[1]]]
    office.send(sheet(rows, header=ODD), inspection=inspection.pk)
    assert office.upload.state == Upload.State.COLUMNS
    page = office.open().content.decode()
    assert "问题的样子" in page
    keys = ["number", "units", "text", "requirement", "deadline", "progress", "closed"]
    fields = {f"s0-{letter}": key for letter, key in zip("ABCDEFG", keys, strict=True)}
    fields |= {"s0-used": "on", "s0-top": "1", "s0-bottom": "1"}
    live = office.client.post(
        f"/imports/{office.upload.pk}/columns/",
        fields | {"look": "1"},
        headers={"HX-Request": "true"},
    )
    assert "公示不全" in live.content.decode()
    assert Upload.objects.get(pk=office.upload.pk).maps == {}, "a look settles nothing"
    office.post("columns", **fields)
    assert office.upload.state == Upload.State.READY
    assert office.upload.counts["created"] == 2
    assert not KnownLayout.objects.exists(), "remembered only with the confirm"
    office.confirm()
    assert Issue.objects.get(number="1").deadline_date.isoformat() == "2023-05-20"
    # the second upload of that layout, with a title above and other spelling, needs no click
    again = [" 序 号", *ODD[1:]]
    more = [[3, "区司法局", "没有清单", "列清单", "7月底前", "", ""]]
    office.send(sheet(more, header=again, title="整改表"), inspection=inspection.pk)
    assert office.upload.state == Upload.State.READY
    assert office.upload.counts["created"] == 1
    office.confirm()
    assert Issue.objects.get(number="3").deadline_date.isoformat() == "2026-07-31"


def test_columns_with_known_names_are_proposed_and_what_lacks_is_told(office, inspection):
    office.send(sheet(GOOD, header=ODD), inspection=inspection.pk)
    page = office.open().content.decode()
    assert 'name="s0-used" checked' in page
    chosen = re.findall(r'<option value="(\w+)" selected', page)
    assert chosen == ["number", "closed"]
    assert "「个性问题」还没有对应 存在问题" in page
    assert "读出来是这样" not in page


def test_every_fault_counts_not_every_row(office, inspection):
    twice = [3, "市监局二所", "逾期未改", "补", "11月31日", "", ""]
    office.send(sheet([GOOD[0], twice]), inspection=inspection.pk)
    page = office.open().content.decode()
    assert page.count('class="field bad"') == 2
    assert "还有 2 处错误没有处理" in page
    assert "新增 1 + 错误 1 = 2 行" in page


def test_layout_is_remembered_for_the_place_alone(office, cast, inspection):
    office.send(sheet(GOOD, header=ODD), inspection=inspection.pk)
    KnownLayout.objects.create(
        region=cast.foreign_office.region, kind="ledger", signature="0" * 64, used_at=timezone.now()
    )
    assert staging._remembered(office.upload) == {}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"s0-C": ""}, "还没有对应：存在问题"),
        ({"s0-D": "text"}, "有两列都对应了：存在问题"),
        ({"s0-used": None}, "至少要读一张表"),
        ({"s0-bottom": "9"}, "一到三行"),
    ],
)
def test_impossible_columns_are_refused_with_their_reason(office, inspection, change, sentence):
    office.send(sheet(GOOD, header=ODD), inspection=inspection.pk)
    fields = {"s0-used": "on", "s0-top": "1", "s0-bottom": "1", "s0-C": "text", "s0-B": "units"}
    fields = {name: value for name, value in (fields | change).items() if value is not None}
    answer = office.post("columns", **fields)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert office.upload.state == Upload.State.COLUMNS


BAD = [
    GOOD[0],
    [2, "市监局二所", "台账缺页", "补台账", "6月底前", "", "否"],
    [3, "区林业局", "没有清单", "列清单", "11月31日", "", "否"],
]


def test_faults_stand_beside_their_cells_and_nothing_can_be_written(office, cast, inspection):
    factories.make_unit(cast.region, "区市场监管局")
    office.send(sheet(BAD), inspection=inspection.pk)
    assert office.upload.counts["refused"] == 2
    page = office.open().content.decode()
    assert page.count('<td class="err') == 2
    assert "第 4 行 E 列 完成时限" in page
    assert "是「区市场监管局」吗？" in page
    answer = office.confirm()
    assert answer.status_code == 422
    assert not Issue.objects.exists()


def test_faults_are_mended_on_the_page(office, cast, inspection):
    unit = factories.make_unit(cast.region, "区市场监管局")
    office.send(sheet(BAD), inspection=inspection.pk)
    office.post("mend", take=f"{unit.pk}:市监局二所")
    assert office.upload.counts["refused"] == 1
    assert not UnitAlias.objects.filter(name="市监局二所").exists(), "kept only with the confirm"
    row = UploadRow.objects.get(upload=office.upload, outcome="refused")
    place = next(n for n, remark in enumerate(row.remarks) if remark["refuses"])
    office.post("mend", **{f"fix-{row.pk}-{place}": "11月30日"})
    assert office.upload.refused == 0
    office.confirm()
    assert Issue.objects.count() == 3
    assert Issue.objects.get(number="3").deadline_date.isoformat() == "2026-11-30"
    assert UnitAlias.objects.get(name="市监局二所").unit == unit
    assert UnitResponse.objects.get(issue__number="2").unit == unit


def test_unit_of_another_place_cannot_be_meant(office, cast, inspection):
    foreign = factories.make_unit(cast.foreign_office.region, "县水利局")
    office.send(sheet(BAD), inspection=inspection.pk)
    answer = office.post("mend", take=f"{foreign.pk}:市监局二所")
    assert answer.status_code == 422
    assert office.upload.units == {}


def test_marked_copy_is_mended_and_sent_again(office, inspection):
    office.send(sheet(BAD), inspection=inspection.pk)
    office.post("marked")
    job = Job.objects.get(kind="mark_ledger")
    assert job.filename == "台账（已标注）.xlsx", job.message
    path = exports_folder() / job.result
    book = openpyxl.load_workbook(path)
    page = book["个性问题"]
    assert "市监局二所" in page["B3"].comment.text
    assert page["B3"].fill.fgColor.rgb.endswith("FFC7CE")
    assert "不是真实的日期" in page["E4"].comment.text
    assert page["B2"].comment is None
    page["B3"], page["E4"] = "区司法局", "11月30日"
    book.save(path)
    office.send(path.read_bytes(), "改好了.xlsx", inspection=inspection.pk)
    assert office.upload.refused == 0
    office.confirm()
    assert Issue.objects.count() == 3


def test_group_is_expanded_and_said(office, cast, inspection):
    group = UnitGroup.objects.create(region=cast.region, name="各责任单位")
    group.members.set([cast.unit, cast.other_unit, cast.lead_unit])
    office.send(sheet([[1, "各责任单位", "公示不全", "", "", "", ""]]), inspection=inspection.pk)
    assert "各责任单位（3 家）" in office.open("preview/", show="created").content.decode()
    office.confirm()
    assert UnitResponse.objects.count() == 3


def test_what_changed_since_the_preview_is_shown_again(office, cast, inspection):
    office.send(sheet(GOOD), inspection=inspection.pk)
    type(cast.other_unit).objects.filter(pk=cast.other_unit.pk).update(
        name="区林草局", short_name="林草"
    )
    office.confirm()
    assert office.upload.state == Upload.State.READY
    assert office.upload.counts["refused"] == 1
    assert not Issue.objects.exists()


def test_uploads_belong_to_their_owner(office, cast, inspection):
    office.send(sheet(GOOD), inspection=inspection.pk)
    colleague = factories.make_member(cast.office.role, cast.region)
    for actor in (colleague, cast.foreign_office, cast.editor):
        stranger = Person(actor, browser(actor), office.upload)
        assert stranger.open("preview/").status_code == 404
        assert stranger.post("confirm", version=1).status_code == 404
        assert stranger.post("discard").status_code == 404
    assert Upload.objects.get().state == Upload.State.READY


def test_discarded_and_expired_uploads_go(office, inspection):
    file = sheet(GOOD)
    office.send(file, inspection=inspection.pk)
    office.post("discard")
    assert not Upload.objects.exists()
    office.send(file, inspection=inspection.pk)
    now = timezone.now()
    assert staging.sweep(now + timedelta(hours=23)) == 0
    assert staging.sweep(now + timedelta(hours=25)) > 0
    assert not Upload.objects.exists()
    office.send(file, inspection=inspection.pk)
    office.confirm()
    staging.sweep(now + timedelta(hours=49))
    assert not UploadRow.objects.exists()
    assert Upload.objects.get().state == Upload.State.APPLIED, "tells that the file was here"
    office.send(file, inspection=inspection.pk)
    assert staging.applied_before(office.upload)


def test_unreadable_file_is_told_in_one_sentence(office, inspection):
    broken = sheet(GOOD)[:3000]
    answer = office.send(broken, inspection=inspection.pk)
    assert answer.status_code == 422
    assert not Upload.objects.exists()
    office.send("序号,名称\n1,甲\n".encode(), "随便.csv", inspection=inspection.pk)
    assert office.upload.state == Upload.State.COLUMNS, "a person may still say what is what"


def test_csv_and_old_workbook_are_read_and_marked(office, inspection):
    text = ",".join(HEADER) + "\n" + "\n".join(",".join(map(str, row)) for row in BAD)
    office.send(text.encode("gb18030"), "台账.csv", inspection=inspection.pk)
    assert office.upload.counts == {
        "created": 1,
        "refused": 2,
        "merged": 0,
        "skipped": 0,
        "faults": 0,
    }
    office.post("marked")
    job = Job.objects.get(kind="mark_ledger")
    page = openpyxl.load_workbook(exports_folder() / job.result).worksheets[0]
    assert page["C4"].value == "没有清单"
    assert page["E4"].comment


def test_number_of_queries_does_not_grow_with_the_rows(
    office, inspection, django_assert_max_num_queries
):
    rows = [[n, "区水利局", f"第{n}个问题", "", "", "", ""] for n in range(1, 201)]
    office.send(sheet(rows), inspection=inspection.pk)
    with django_assert_max_num_queries(25):
        assert office.client.get(f"/imports/{office.upload.pk}/preview/").status_code == 200
