"""Units, contacts, the decomposition sheet and frameworks through the same pages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from indicators.models import Assignment, FrameworkEdition
from lawgov.imports.models import Upload, UploadRow
from lawgov.units.groups import sort_into_groups
from lawgov.units.models import Liaison, Unit, UnitAlias
from tests.factories import make_proof, make_unit, make_work
from tests.imports.conftest import Person
from tests.indicators.framework.test_checking import SHIPPED, as_csv, changed
from tests.people import browser

pytestmark = pytest.mark.django_db

ROSTER = "序号,单位,单位类型,姓名,职务,联系电话,备注\n"
TASKS = "序号,三级指标,分值,牵头单位,责任单位,完成时限\n"
YAML = """
code: yaml-1
name: 自定
areas:
- title: 一
  groups:
  - title: 甲
    indicators:
    - {title: 公开, points: 10}
    - {title: 备案, points: 5}
"""


def tasks(content: str) -> bytes:
    return (TASKS + content).encode()


@pytest.fixture
def clerk(cast) -> Person:
    sort_into_groups(cast.region, Unit.objects.in_region(cast.region))
    return Person(cast.office, browser(cast.office))


def first(cast) -> Assignment:
    return cast.campaign.assignments.order_by("indicator__number").first()


def named(assignment: Assignment) -> set[str]:
    return set(assignment.unit_assignments.values_list("unit__name", flat=True))


# -- units ---------------------------------------------------------------------------------------


def test_units_in_any_encoding_are_shown_then_written(clerk, cast):
    clerk.send("单位名称,类型\n区财政局,政府部门\n区水利局,\n".encode("gb18030"), "x.csv", "units")
    assert clerk.upload.counts == {"created": 1, "unchanged": 1, "skipped": 0, "faults": 0}
    assert not Unit.objects.filter(name="区财政局").exists()
    clerk.confirm()
    assert Unit.objects.filter(region=cast.region, name="区财政局").exists()


def test_faulty_units_write_nothing(clerk):
    clerk.send("单位名称,类型\n,政府部门\n区财政局,衙门\n".encode(), "x.csv", "units")
    page = clerk.open().content.decode()
    assert "还有 2 处错误没有处理" in page
    assert "没有“衙门”这种类型" in page
    assert clerk.confirm().status_code == 422
    assert not Unit.objects.filter(name="区财政局").exists()


def test_pasted_names_go_the_same_way(clerk, cast):
    answer = clerk.client.post("/imports/?kind=units", {"lines": "区财政局\n区审计局\n"})
    assert answer.status_code == 302
    clerk.upload = Upload.objects.get()
    clerk.work()
    assert clerk.upload.counts["created"] == 2
    assert clerk.client.post("/imports/?kind=units", {}).status_code == 422


def test_a_changed_unit_shows_what_stands_there(clerk, cast):
    clerk.send("单位名称,行政执法单位\n区林业局,是\n".encode(), "x.csv", "units")
    page = clerk.open().content.decode()
    assert "<del>否</del><ins>是</ins>" in page
    clerk.confirm()
    assert Unit.objects.get(pk=cast.other_unit.pk).enforcement


# -- contacts ------------------------------------------------------------------------------------


def test_contacts_of_an_unknown_unit_are_offered_the_nearest(clerk, cast):
    clerk.send(f"{ROSTER}1,水利和湖泊局,,王某,科长,13812345678,\n".encode(), "名册.csv", "roster")
    page = clerk.open().content.decode()
    assert "是「区水利局」吗？" in page
    clerk.post("mend", take=f"{cast.unit.pk}:水利和湖泊局")
    assert clerk.upload.refused == 0
    shown = clerk.open().content.decode()
    assert "138****5678" in shown
    assert "12345678" not in shown
    clerk.confirm()
    assert Liaison.objects.get().unit == cast.unit
    assert UnitAlias.objects.get(name="水利和湖泊局").unit == cast.unit


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("1,区水利局,,王某,科长,12,", "“12”不是电话号码，手机写 11 位"),
        ("1,区水利局,,王某,科长,1381234567,", "手机号要 11 位"),
        ("1,,,王某,科长,,", "没写单位，请填上"),
        ("1,区水利局,,,科长,,", "没写姓名，请填上"),
    ],
)
def test_a_faulty_contact_is_told_with_the_remedy(clerk, cast, row, sentence):
    clerk.send(f"{ROSTER}{row}\n".encode(), "名册.csv", "roster")
    assert sentence in clerk.open().content.decode()
    assert clerk.confirm().status_code == 422
    assert not Liaison.objects.exists()


def test_a_group_is_no_unit_of_a_contact(clerk, cast):
    make_unit(cast.region, "双桥镇", kind=Unit.Kind.TOWNSHIP)
    sort_into_groups(cast.region, Unit.objects.in_region(cast.region))
    clerk.send(f"{ROSTER}1,各镇（街道）,,王某,,,\n".encode(), "名册.csv", "roster")
    assert "「各镇（街道）」是一个分组，请写一家单位" in clerk.open().content.decode()


# -- the decomposition ---------------------------------------------------------------------------


def test_a_sheet_of_tasks_is_shown_first_and_written_on_demand(clerk, cast):
    clerk.send(
        tasks("1,,12,区司法局,区水利局、区林业局,年底前\n合计,,,,,\n"), "分解表.csv", "tasks"
    )
    page = clerk.open().content.decode()
    assert "<ins>增加 区水利局、区林业局</ins>" in page
    assert "<ins>12</ins>" in page
    assert "1 项，保持原样" in page
    assert "合计行" in clerk.open("preview/", show="skipped").content.decode()
    assert named(first(cast)) == set()
    clerk.confirm()
    assert named(first(cast)) == {"区水利局", "区林业局"}
    assert first(cast).points == Decimal(12)
    clerk.send(tasks("1,,12,区司法局,区水利局、区林业局,年底前\n"), "分解表.csv", "tasks")
    assert clerk.upload.counts["unchanged"] == 1
    assert "写入不会改变什么" in clerk.open().content.decode()


def test_a_faulty_sheet_of_tasks_tells_every_fault(clerk):
    rows = "1,,x,区司法局,市监局二所,11月31日\n9,,,区司法局,区水利局,\n"
    clerk.send(tasks(rows), "分解表.csv", "tasks")
    page = clerk.open().content.decode()
    assert "单位库里没有「市监局二所」" in page
    assert "“x”不是数" in page
    assert "没有序号是“9”的指标" in page
    assert clerk.upload.counts["refused"] == 2


def test_a_unit_at_work_is_named_before_writing(clerk, cast):
    make_proof(make_work(first(cast), cast.unit))
    clerk.send(tasks("1,,,区司法局,区林业局,\n"), "分解表.csv", "tasks")
    assert "区水利局 已经开始办理" in clerk.open().content.decode()


def test_a_group_in_a_sheet_of_tasks_is_expanded(clerk, cast):
    make_unit(cast.region, "双桥镇", kind=Unit.Kind.TOWNSHIP)
    sort_into_groups(cast.region, Unit.objects.in_region(cast.region))
    clerk.send(tasks("1,,,区司法局,各镇（街道）、区水利局,\n"), "分解表.csv", "tasks")
    clerk.confirm()
    assert named(first(cast)) == {"双桥镇", "区水利局"}


# -- frameworks ----------------------------------------------------------------------------------


def test_the_shipped_framework_comes_in(clerk):
    clerk.send(SHIPPED.read_bytes(), "framework-2021.csv", "framework", points="1000")
    assert clerk.upload.counts["created"] == 100
    assert not FrameworkEdition.objects.filter(code="2021").exists()
    clerk.confirm()
    assert FrameworkEdition.objects.get(code="2021").indicators.count() == 100


def test_faults_of_a_framework_are_told_by_row(clerk):
    content = as_csv(changed((4, "score", "0"), (9, "title", "")))
    clerk.send(content, "framework-2021.csv", "framework")
    assert clerk.upload.refused == 2
    assert clerk.confirm().status_code == 422


def test_a_faulty_cell_shows_what_the_file_says(clerk):
    clerk.send(as_csv(changed((4, "score", "十分"))), "framework-2021.csv", "framework")
    page = clerk.open().content.decode()
    assert "NaN" not in page
    assert "“十分”不是数，只写数字" in page
    assert UploadRow.objects.get(outcome="refused").cells["points"] == "十分"


def test_an_empty_group_makes_no_second_fault(clerk):
    rows = "甲,乙,子,1.1.1,10\n甲,,丑,1.1.2,10\n甲,乙,寅,1.1.3,10\n"
    text = f"一级指标,二级指标,三级指标,编码,分值\n{rows}"
    clerk.send(text.encode(), "x.csv", "framework")
    (row,) = UploadRow.objects.filter(outcome="refused")
    assert [remark["key"] for remark in row.remarks] == ["group"]


def test_an_edition_of_all_places_is_never_replaced(clerk):
    clerk.send(SHIPPED.read_bytes(), "framework-2021.csv", "framework")
    clerk.confirm()
    other = as_csv(changed((4, "score", "11")))
    clerk.send(other, "framework-2021.csv", "framework")
    assert "请换一个版本代码" in clerk.open().content.decode()
    clerk.send(other, "framework-2021.csv", "framework", code="2021-b", name="我们的")
    clerk.confirm()
    assert FrameworkEdition.objects.get(code="2021-b").name == "我们的"


def test_yaml_comes_in_without_columns_to_settle(clerk):
    clerk.send(YAML.encode(), "体系.yaml", "framework")
    assert clerk.upload.state == Upload.State.READY, clerk.upload.message
    clerk.confirm()
    assert FrameworkEdition.objects.get(code="yaml-1").indicators.count() == 2


def test_kinds_are_for_those_who_hold_the_right(cast):
    supervisor = browser(cast.supervisor)
    page = supervisor.get("/imports/")
    assert page.status_code in (200, 404)
    for actor in (cast.editor, cast.leader, cast.publicist):
        assert browser(actor).get("/imports/").status_code == 404
