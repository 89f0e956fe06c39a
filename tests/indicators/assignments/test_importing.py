"""The decomposition sheet: rows find their indicator, units their register, or nothing is saved."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from indicators.assignments.importing import import_assignments
from indicators.assignments.sheets import AssignmentHeading, AssignmentRow, assignment_book
from indicators.models import Assignment, UnitAssignment
from lawgov.audit.models import AuditEntry
from lawgov.notifications.models import Notification
from lawgov.spreadsheets.tables import Faulty
from lawgov.spreadsheets.writer import write
from lawgov.units.groups import sort_into_groups
from lawgov.units.models import Unit, UnitAlias
from tests.factories import NOW, make_edition, make_proof, make_work
from tests.people import make_cast

pytestmark = pytest.mark.django_db

HEAD = "序号,一级指标,二级指标,三级指标,分值,测评方式,牵头单位,责任单位,完成时限,备注\n"


@pytest.fixture
def cast():
    cast = make_cast()
    cast.campaign.assignments.update(lead_unit=None)
    UnitAlias.objects.create(region=cast.region, unit=cast.unit, name="水利局")
    sort_into_groups(cast.region, Unit.objects.in_region(cast.region))
    return cast


def load(cast, rows: str, head: str = HEAD):
    content = (head + rows).encode()
    return import_assignments(content, "分解表.csv", region=cast.region, actor=cast.office, now=NOW)


def refused(cast, rows: str, head: str = HEAD) -> list[tuple[int | None, str]]:
    before = list(Assignment.objects.values())
    with pytest.raises(Faulty) as caught:
        load(cast, rows, head)
    assert list(Assignment.objects.values()) == before
    assert not AuditEntry.objects.exists()
    return [(fault.row, str(fault)) for fault in caught.value.faults]


def work_of(cast, number: int) -> set[str]:
    works = UnitAssignment.objects.filter(assignment__campaign=cast.campaign)
    return set(
        works.filter(assignment__indicator__number=number).values_list("unit__name", flat=True)
    )


def test_a_sheet_gives_indicators_to_units(cast):
    done = load(
        cast,
        "1,第1方面,二级1,指标1,12.5,材料查证,区司法局,水利局、区林业局,2026年12月底前,重点\n"
        "2,第1方面,二级1,指标2,,材料查证,区司法局,各责任单位,长期坚持,\n",
    )
    assert (done.changed, done.unchanged, done.missing, done.notes) == (2, 0, [], [])
    first, second = cast.campaign.assignments.order_by("indicator__number")
    assert (first.lead_unit, first.points, first.remark) == (cast.lead_unit, 12.5, "重点")
    assert (first.due_text, first.due_on) == ("2026年12月底前", date(2026, 12, 31))
    assert (second.points, second.due_text, second.due_on) == (10, "长期坚持", None)
    assert work_of(cast, 1) == {"区水利局", "区林业局"}
    assert work_of(cast, 2) == {"区水利局", "区林业局", "区司法局"}


def test_the_same_sheet_again_changes_nothing(cast):
    rows = "1,,,指标1,12.5,,区司法局,水利局,6月30日前,\n"
    load(cast, rows)
    entries = AuditEntry.objects.count()
    done = load(cast, rows)
    assert (done.changed, done.unchanged) == (0, 1)
    assert AuditEntry.objects.count() == entries


def test_days_without_year_lie_in_the_campaign(cast):
    load(cast, "1,,,,,,区司法局,水利局,6月30日前,\n2,,,,,,区司法局,水利局,1月底前,\n")
    days = cast.campaign.assignments.order_by("indicator__number").values_list("due_on", flat=True)
    assert list(days) == [date(2026, 6, 30), date(2027, 1, 31)]


def test_rows_are_found_by_title_whatever_their_number(cast):
    load(cast, "7,,,1.1.2 指标2,,,区司法局,水利局,,\n（1）,,,,,,区司法局,区林业局,,\n")
    assert (work_of(cast, 1), work_of(cast, 2)) == ({"区林业局"}, {"区水利局"})


def test_what_the_sheet_does_not_name_stays_and_is_told(cast):
    done = load(cast, "2,,,指标2,,,区司法局,水利局,,\n")
    assert [indicator.number for indicator in done.missing] == [1]
    unowned = cast.campaign.assignments.all().unowned()
    assert [row.indicator.number for row in unowned] == [1]


def test_another_method_than_the_editions_is_told_and_not_taken(cast):
    done = load(cast, "1,,,指标1,,问卷测评,区司法局,水利局,,\n")
    assert "以指标体系的“材料查证”为准" in str(done.notes[0])


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("1,,,指标1,,,,水利局,,", "牵头单位：没写牵头单位，请填一家"),
        ("1,,,指标1,,,区司法局,,,", "责任单位：没写责任单位，请填上"),
        ("1,,,指标1,,,市监局二所,水利局,,", "单位库里没有「市监局二所」"),
        ("1,,,指标1,,,区司法局,水利局、甲局、乙局,,", "单位库里没有「甲局」「乙局」"),
        ("1,,,指标1,,,区司法局、水利局,水利局,,", "牵头单位只能有 1 家"),
        ("1,,,指标1,,,区司法局,各镇（街道）,,", "「各镇（街道）」分组里还没有单位"),
        ("1,,,指标2号,,,区司法局,水利局,,", "序号 1 是“指标1”"),
        ("9,,,没有这项,,,区司法局,水利局,,", "指标体系里没有“没有这项”"),
        ("9,,,,,,区司法局,水利局,,", "没有序号是“9”的指标"),
        ("1,,,指标1,零,,区司法局,水利局,,", "“零”不是数"),
        ("1,,,指标1,-1,,区司法局,水利局,,", "要大于 0"),
        ("1,,,指标1,,,区司法局,水利局,11月31日,", "不是实际日期"),
        ("1,,,指标1,,,区司法局,水利局,15日内,", "要写成日期"),
    ],
)
def test_a_fault_is_named_with_row_and_column(cast, row, words):
    found = refused(cast, f"{row}\n")
    assert [where for where, _ in found] == [2]
    assert words in found[0][1]


def test_all_faults_are_listed_and_nothing_is_saved(cast):
    rows = "1,,,指标1,,,甲局,水利局,,\n2,,,指标2,,,区司法局,乙局,,\n2,,,指标2,,,区司法局,水利局,,\n"
    assert [row for row, _ in refused(cast, rows)] == [2, 3]


def test_an_indicator_stands_once(cast):
    row = "1,,,指标1,,,区司法局,水利局,,\n"
    assert "和第 2 行是同一项指标" in refused(cast, row + row)[0][1]


def test_a_unit_at_work_is_not_taken_off(cast):
    load(cast, "1,,,指标1,,,区司法局,水利局,,\n")
    make_proof(UnitAssignment.objects.get(assignment__indicator__number=1))
    entries = AuditEntry.objects.count()
    with pytest.raises(Faulty, match="区水利局 已经开始办理"):
        load(cast, "1,,,指标1,,,区司法局,区林业局,,\n2,,,指标2,,,区司法局,区林业局,,\n")
    assert work_of(cast, 2) == set()
    assert AuditEntry.objects.count() == entries


def test_columns_are_found_by_their_other_names_below_a_title(cast):
    head = "安和区任务分解表,,,\n单位：区司法局,,,\n序号,指标名称,牵头部门,责任部门\n"
    load(cast, "1,指标1,区司法局,水利局\n合计,1,,\n", head)
    assert work_of(cast, 1) == {"区水利局"}


def test_a_sheet_without_its_columns_is_refused(cast):
    assert (
        "没有找到这些列：牵头单位、责任单位" in refused(cast, "1,指标1\n", "序号,三级指标\n")[0][1]
    )


def test_a_place_without_campaign_is_told_so(cast):
    content = f"{HEAD}1,,,指标1,,,区司法局,水利局,,".encode()
    with pytest.raises(Faulty, match="还没有创建活动"):
        import_assignments(content, "x.csv", region=cast.region.parent, actor=cast.office, now=NOW)


def test_each_unit_is_told_once(cast):
    load(cast, "1,,,指标1,,,区司法局,水利局,,\n2,,,指标2,,,区司法局,水利局,,\n")
    told = Notification.objects.filter(kind="assignment.assigned")
    assert {(row.recipient_id, row.data["count"]) for row in told} == {
        (cast.editor.user.pk, 2),
        (cast.head.user.pk, 2),
    }


def test_the_trail_names_who_came_and_went(cast):
    load(cast, "1,,,指标1,,,区司法局,水利局,,\n")
    load(cast, "1,,,指标1,,,区水利局,区林业局,,\n")
    entry = AuditEntry.objects.filter(verb="assignment.assigned").last()
    assert entry.data["set"]["lead_unit"] == ["区司法局", "区水利局"]
    assert (entry.data["added"], entry.data["removed"]) == (["区林业局"], ["区水利局"])
    summary = AuditEntry.objects.filter(verb="assignment.imported").last()
    assert summary.data["rows"] == 1
    assert len(summary.data["hash"]) == 64


def test_queries_do_not_grow_with_the_sheet(cast, django_assert_max_num_queries):
    big = make_cast()
    big.campaign.assignments.all().delete()
    edition = make_edition(areas=2, groups=5, each=10)
    Assignment.objects.bulk_create(
        Assignment(campaign=big.campaign, region=big.region, indicator=row, points=row.points)
        for row in edition.indicators.all()
    )
    rows = "".join(f"{n},,,指标{n},,,区司法局,区水利局、区林业局,,\n" for n in range(1, 101))
    with django_assert_max_num_queries(30):
        load(big, rows)
    assert UnitAssignment.objects.filter(region=big.region).count() == 200


def test_command_saves_or_lists_faults(cast, tmp_path):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(f"{HEAD}1,,,指标1,,,区司法局,水利局,,\n", encoding="utf-8-sig")
    bad.write_text(f"{HEAD}1,,,指标1,,,区司法局,甲局,,\n", encoding="utf-8")
    out, err = io.StringIO(), io.StringIO()
    code = cast.region.code
    call_command("import_assignments", str(good), region=code, stdout=out)
    assert "1 changed, 0 unchanged, 1 not named" in out.getvalue()
    with pytest.raises(CommandError, match="1 faults"):
        call_command("import_assignments", str(bad), region=code, stderr=err)
    assert "第 2 行 责任单位：单位库里没有「甲局」" in err.getvalue()
    with pytest.raises(CommandError):
        call_command("import_assignments", str(good), region="nowhere")
    with pytest.raises(CommandError):
        call_command("import_assignments", str(tmp_path / "none.csv"), region=code)


def test_proof_is_no_hindrance_where_the_unit_stays(cast):
    assignment = cast.campaign.assignments.first()
    make_proof(make_work(assignment, cast.unit))
    load(cast, "1,,,指标1,,,区司法局,水利局、区林业局,,\n")
    assert work_of(cast, 1) == {"区水利局", "区林业局"}


def test_the_exported_sheet_comes_back_unchanged(cast):
    load(
        cast,
        "1,,,指标1,12.5,,区司法局,水利局、区林业局,6月30日前,重点\n2,,,指标2,,,区司法局,水利局,,\n",
    )
    rows = [
        AssignmentRow(
            number=row.indicator.number,
            area=row.indicator.group.area.title,
            group=row.indicator.group.title,
            title=row.indicator.title,
            points=row.points,
            method=row.indicator.method,
            lead_unit=row.lead_unit.name,
            units=tuple(work.unit.name for work in row.unit_assignments.all()),
            due_text=row.due_text,
            due_on=row.due_on,
            remark=row.remark,
        )
        for row in cast.campaign.assignments.all().with_tree()
    ]
    heading = AssignmentHeading("安和区", "2026年版", "区司法局", date(2026, 11, 20))
    file = io.BytesIO()
    write(assignment_book(rows, heading, created=NOW), file)
    done = import_assignments(
        file.getvalue(), "分解表.xlsx", region=cast.region, actor=cast.office, now=NOW
    )
    assert (done.unchanged, done.missing) == (2, [])
