"""The register from a list: understood, checked against what is there, all or nothing."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from lawgov.accounts.actors import Actor
from lawgov.audit.models import AuditEntry
from lawgov.audit.verify import verify
from lawgov.spreadsheets.tables import Faulty
from lawgov.units.importing import import_pasted, import_units, table_of_lines
from lawgov.units.models import Unit, UnitAlias, UnitGroup
from lawgov.units.naming import guessed_kind, short_form
from lawgov.units.resolve import UnitRegister
from tests.factories import NOW, make_region

pytestmark = pytest.mark.django_db

DEMO = Path(__file__).parents[2] / "fixtures" / "demo-units.csv"


@pytest.fixture
def region():
    return make_region("anhe", name="安和区")


def load(region, content: bytes | str, filename: str = "units.csv"):
    content = content.encode() if isinstance(content, str) else content
    actor = Actor.system(region, "test")
    return import_units(content, filename, region=region, actor=actor, now=NOW)


def faults(region, content: str) -> list[tuple[int | None, str]]:
    with pytest.raises(Faulty) as caught:
        load(region, content)
    assert not Unit.objects.exists()
    assert not AuditEntry.objects.exists()
    return [(fault.row, fault.message) for fault in caught.value.faults]


def test_demo_units_have_their_known_figures(region):
    done = load(region, DEMO.read_bytes())
    assert len(done.created) == 69
    assert [unit.code for unit in done.created[:2]] == ["U01", "U02"]
    assert len(done.leads) == 17
    assert Unit.objects.filter(enforcement=True).count() == 32
    sizes = {group.name: group.members.count() for group in UnitGroup.objects.in_region(region)}
    assert sizes == {
        "各责任单位": 69,
        "全区各责任单位": 69,
        "区直各单位": 54,
        "区政府各部门": 33,
        "各镇（街道）": 15,
        "各行政执法单位": 32,
    }
    assert verify("anhe").faults == []


def test_short_names_fit_charts(region):
    load(region, DEMO.read_bytes())
    short = dict(Unit.objects.values_list("code", "short_name"))
    assert short["U01"] == "区发改局"
    assert short["U02"] == "区教育局"
    assert short["U21"] == "区市场监管局"
    assert short["U57"] == "东城街道"
    assert short["U62"] == "柳河镇"
    assert max(map(len, short.values())) <= 7


def test_every_name_of_the_list_resolves_to_its_unit(region):
    load(region, DEMO.read_bytes())
    register = UnitRegister(region)
    for unit in Unit.objects.all():
        names = [unit.name, *unit.aliases.values_list("name", flat=True)]
        assert all(register.find(name) == [unit] for name in names)
    assert register.find("依法治县（区）办")[0].code == "U54"
    assert len(register.find("各镇(街道)")) == 15


def test_the_same_list_again_changes_nothing(region):
    load(region, DEMO.read_bytes())
    before = AuditEntry.objects.count()
    done = load(region, DEMO.read_bytes())
    assert (done.created, done.changed, len(done.unchanged)) == ([], [], 69)
    assert AuditEntry.objects.count() == before


def test_a_later_list_changes_what_it_says_and_keeps_the_rest(region):
    load(region, "代码,单位名称,简称,单位类型,执法单位\nU01,区水利和湖泊局,区水利局,政府部门,是")
    done = load(region, "代码,单位名称,单位类型\nU01,区水务局,事业单位")
    (unit,) = done.changed
    unit.refresh_from_db()
    assert (unit.name, unit.short_name, unit.kind) == ("区水务局", "区水利局", "institution")
    assert unit.enforcement is True
    assert unit.version == 2
    assert [alias.name for alias in unit.aliases.all()] == ["区水利局"]
    told = AuditEntry.objects.get(verb="unit.changed").data
    assert told["set"]["name"] == ["区水利和湖泊局", "区水务局"]


def test_groups_changed_by_hand_stay_for_units_that_did_not_change(region):
    load(region, "代码,单位名称,单位类型\nU01,区水利局,政府部门\nU02,柳河镇,镇街")
    group = UnitGroup.objects.get(name="各镇（街道）")
    group.members.add(Unit.objects.get(code="U01"))
    load(region, "代码,单位名称,单位类型\nU01,区水利局,政府部门\nU02,柳河镇,镇街\nU03,白石镇,镇街")
    assert set(group.members.values_list("code", flat=True)) == {"U01", "U02", "U03"}


@pytest.mark.parametrize(
    ("rows", "row", "words"),
    [
        ("U01,,,政府部门,是", 2, "没写单位名称，请填上"),
        (",区水利局,,政府部门,是", 2, "没写代码，请填上"),
        ("U 1,区水利局,,政府部门,是", 2, "字母、数字"),
        ("U01,区水利局,,衙门,是", 2, "没有“衙门”这种类型"),
        ("U01,区水利局,,政府部门,也许", 2, "“是”或“否”"),
        ("U01,区水利局,,政府部门,是\nU01,区林业局,,政府部门,否", 3, "和第 2 行重复"),
        ("U01,区水利局,,政府部门,是\nU02,区 水利局,,政府部门,否", 3, "已经是“区水利局”的名称"),
        ("U01,区水利局,水利局,政府部门,是\nU02,区林业局,水利局,政府部门,否", 3, "已经是“区水利局”"),
        ("U01,区水利局,区林业局,政府部门,是\nU02,区林业局,,政府部门,否", 2, "已经是“区林业局”"),
        ("U01," + "长" * 61 + ",,政府部门,是", 2, "超过 60 个字"),
    ],
)
def test_a_fault_is_named_with_its_row(region, rows, row, words):
    found = faults(region, "代码,单位名称,简称,单位类型,执法单位\n" + rows)
    assert any(where == row and words in message for where, message in found), found


def test_all_faults_are_listed_and_nothing_is_saved(region):
    found = faults(
        region, "代码,单位名称,单位类型\nU01,,政府部门\nU02,区林业局,衙门\nU03,区水利局,"
    )
    assert [row for row, _ in found] == [2, 3]


def test_a_name_of_the_register_is_not_given_away(region):
    load(region, "代码,单位名称,简称\nU01,区水利局,水利局")
    with pytest.raises(Faulty, match="已经是“区水利局”"):
        load(region, "代码,单位名称,简称\nU09,区林业局,水利局")
    assert Unit.objects.count() == 1


def test_codes_of_another_counting_rename_nothing(region):
    load(region, table_of_lines("区水利局\n柳河镇"))
    with pytest.raises(Faulty, match="代码 U01 现在是“区水利局”，第 14 行也叫这个名字"):
        load(region, DEMO.read_bytes())
    assert Unit.objects.count() == 2


def test_header_below_title_rows_and_totals_are_understood(region):
    text = (
        "安和区责任单位名单,,\n填报单位：区司法局,,\n序号,单位,类型\n1,区水利局,政府部门\n\n合计,1,"
    )
    done = load(region, text)
    assert [unit.name for unit in done.created] == ["区水利局"]


def test_lists_without_unit_column_are_refused(region):
    assert "没有找到这些列：单位名称" in faults(region, "甲,乙\n1,2")[0][1]


def test_pasted_lines_become_units_with_codes_and_kinds(region):
    content = table_of_lines(
        "区水利局\n\n  柳河镇人民政府 \n区委组织部\n区总工会\n区税务局\n区档案馆"
    )
    done = load(region, content)
    assert [(unit.code, unit.kind) for unit in done.created] == [
        ("U01", "government"),
        ("U02", "township"),
        ("U03", "party"),
        ("U04", "mass"),
        ("U05", "vertical"),
        ("U06", "institution"),
    ]
    again = load(region, table_of_lines("区林业局\n区水利局"))
    assert [unit.code for unit in again.created] == ["U07"]


def test_pasted_cells_keep_their_columns(region):
    done = load(region, table_of_lines("区水利局\t政府部门\t是\t水利局;水务局\n柳河镇\t镇街\t否\t"))
    assert done.created[0].enforcement
    assert set(UnitAlias.objects.values_list("name", flat=True)) == {"水利局", "水务局"}
    named = load(region, table_of_lines("单位名称\t单位类型\n区林业局\t政府部门"))
    assert [unit.name for unit in named.created] == ["区林业局"]


@pytest.mark.parametrize(
    ("pasted", "line"),
    [
        ("区水利局\n\n区水利局", 3),
        ("区水利局\n区教育局\t怪类型", 2),
        ("单位名称\t单位类型\n区水利局\t\n\n区教育局\t怪类型", 4),
    ],
)
def test_a_fault_names_the_line_as_it_was_pasted(region, pasted, line):
    with pytest.raises(Faulty) as refused:
        import_pasted(pasted, region=region, actor=Actor.system(region, "test"), now=NOW)
    assert [fault.row for fault in refused.value.faults] == [line]
    assert not Unit.objects.exists()


def test_guesses_agree_with_the_demo_register():
    import csv

    labels = {str(kind.label): kind for kind in Unit.Kind}
    rows = list(csv.DictReader(DEMO.open(encoding="utf-8-sig")))
    wrong = [row["name"] for row in rows if guessed_kind(row["name"]) != labels[row["kind"]]]
    assert len(wrong) <= 3, wrong


def test_short_form_prefers_the_like_beginning():
    assert short_form("区市场监督管理局", ["市监局", "区市场监管局"]) == "区市场监管局"
    assert short_form("区委依法治区办公室", ["依法治区办"]) == "依法治区办"
    assert short_form("很长名字的一个单位", []) == "很长名字的一个单位"


def test_command_saves_or_lists_faults(region, tmp_path):
    out, err = io.StringIO(), io.StringIO()
    call_command("import_units", str(DEMO), region="anhe", stdout=out)
    assert "69 created, 0 changed, 0 unchanged, 17 lead units" in out.getvalue()
    bad = tmp_path / "bad.csv"
    bad.write_text("code,name,kind\nU70,,政府部门\n", encoding="utf-8")
    with pytest.raises(CommandError, match="1 faults"):
        call_command("import_units", str(bad), region="anhe", stderr=err)
    assert "第 2 行 单位名称：没写单位名称，请填上" in err.getvalue()
    with pytest.raises(CommandError, match="没有代码为 nowhere"):
        call_command("import_units", str(DEMO), region="nowhere")
    with pytest.raises(CommandError):
        call_command("import_units", str(tmp_path / "none.csv"), region="anhe")
