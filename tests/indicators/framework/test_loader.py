"""Loading is all or nothing; the same content twice is one; what is in use stays."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
import yaml
from django.core.management import CommandError, call_command

from indicators.framework.loader import EditionInUse, load_framework
from indicators.models import Area, FrameworkEdition, Indicator
from lawgov.accounts.actors import Actor
from lawgov.audit.models import AuditEntry
from lawgov.spreadsheets.tables import Faulty
from tests.factories import NOW, make_campaign, make_region
from tests.indicators.framework.test_checking import SHIPPED, as_csv, changed

pytestmark = pytest.mark.django_db

HEADER = [
    "code", "area_no", "area", "group_no", "group", "indicator_no", "title", "method", "score",
]  # fmt: skip


def load(content: bytes, filename: str = "framework-2021.csv", **options: object):
    return load_framework(content, filename, actor=Actor.system(None, "test"), now=NOW, **options)


def made_up_edition(areas: int = 10, groups: int = 34, indicators: int = 104) -> bytes:
    """A made-up edition of other size: the figures of a 2025 city plan (domain guide §1)."""
    rows = [HEADER]
    for number in range(indicators):
        place = number * groups // indicators
        area = place * areas // groups
        first = min(p for p in range(groups) if p * areas // groups == area)
        item = number - min(n for n in range(indicators) if n * groups // indicators == place)
        group_no = place - first + 1
        rows.append([
            f"{area + 1}.{group_no}.{item + 1}", f"{area + 1}", f"第{area + 1}方面",
            f"{group_no}", f"二级{place + 1}", f"{number + 1}", f"指标{number + 1}",
            "材料查证", "9.5",
        ])  # fmt: skip
    return as_csv(rows)


def test_shipped_framework_loads():
    loaded = load(SHIPPED.read_bytes(), points=1000)
    assert (loaded.outcome, loaded.areas, loaded.groups) == ("created", 9, 35)
    edition = FrameworkEdition.objects.get(code="2021")
    assert edition.indicators.count() == 100
    assert [area.short_name for area in edition.areas.all()] == [
        "政府职能", "制度体系", "重大决策", "行政执法", "权力监督",
        "矛盾化解", "突发事件", "能力提高", "组织领导",
    ]  # fmt: skip
    assert edition.indicators.get(number=27).slots


def test_an_edition_of_other_size_stands_beside_it():
    load(SHIPPED.read_bytes())
    loaded = load(made_up_edition(), "framework-2025.csv")
    assert (loaded.areas, loaded.groups, loaded.indicators) == (10, 34, 104)
    assert Indicator.objects.count() == 204
    assert Area.objects.filter(edition__code="2025").count() == 10


def test_same_content_again_changes_nothing():
    load(SHIPPED.read_bytes())
    before = list(Indicator.objects.values_list("pk", flat=True))
    assert load(b"\xef\xbb\xbf" + SHIPPED.read_bytes()).outcome == "unchanged"
    assert list(Indicator.objects.values_list("pk", flat=True)) == before
    assert AuditEntry.objects.filter(verb__startswith="framework.").count() == 1


def test_unused_edition_is_replaced_and_used_one_is_not():
    edition = load(SHIPPED.read_bytes()).edition
    other = as_csv(changed((4, "score", "11")))
    assert load(other).outcome == "replaced"
    assert Indicator.objects.get(edition=edition, number=3).points == 11
    make_campaign(make_region(), edition)
    with pytest.raises(EditionInUse):
        load(SHIPPED.read_bytes())
    assert Indicator.objects.get(edition=edition, number=3).points == 11
    assert load(other).outcome == "unchanged"


def test_replacing_can_be_forbidden():
    load(SHIPPED.read_bytes())
    with pytest.raises(EditionInUse):
        load(as_csv(changed((4, "score", "11"))), may_replace=False)


def test_faulty_file_changes_nothing():
    with pytest.raises(Faulty) as caught:
        load(as_csv(changed((4, "score", "0"), (9, "title", ""))))
    assert [fault.row for fault in caught.value.faults] == [4, 9]
    assert not FrameworkEdition.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("code", ["a b", "a/b", "x" * 41])
def test_code_of_an_edition_is_a_plain_word(code):
    with pytest.raises(Faulty):
        load(SHIPPED.read_bytes(), code=code)


TREE = """
code: "2030"
name: 二〇三〇年版
points: 20
areas:
  - title: 依法行政制度体系完善
    groups:
      - title: 甲
        indicators:
          - {title: 一, method: 材料查证, points: 10}
          - {title: 二, method: 网络检索, points: 10, evidence_hint: [网址, 截图]}
"""


def test_yaml_tree_loads_and_states_its_own_code_and_total():
    loaded = load(TREE.encode(), "framework-2021.yaml")
    assert (loaded.edition.code, loaded.edition.name) == ("2030", "二〇三〇年版")
    second = loaded.edition.indicators.get(code="1.1.2")
    assert second.slots == ["网址", "截图"]
    with pytest.raises(Faulty, match="分值合计 20，应为 21"):
        load(TREE.replace("points: 20", "points: 21").encode(), "x.yaml")


def test_yaml_list_says_what_the_csv_says():
    rows = list(csv.DictReader(io.StringIO(SHIPPED.read_text(encoding="utf-8-sig"))))
    load(SHIPPED.read_bytes())
    again = load(yaml.safe_dump(rows, allow_unicode=True).encode(), "framework-2021.yml")
    assert again.outcome == "unchanged"


def test_workbook_with_merged_cells_says_what_the_csv_says():
    rows = list(csv.reader(io.StringIO(SHIPPED.read_text(encoding="utf-8-sig"))))
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append([int(cell) if cell.isdigit() else cell for cell in row])
    area = rows[0].index("area") + 1
    last = max(n for n, row in enumerate(rows, 1) if row[area - 1] == rows[1][area - 1])
    for place in range(3, last + 1):
        sheet.cell(place, area).value = None
    sheet.merge_cells(start_row=2, end_row=last, start_column=area, end_column=area)
    file = io.BytesIO()
    book.save(file)
    load(SHIPPED.read_bytes())
    assert load(file.getvalue(), "framework-2021.xlsx").outcome == "unchanged"


@pytest.mark.parametrize(
    "text",
    [
        "a: &x [1]\nareas: *x",
        "[",
        "areas: 1",
        "3",
        "areas: [1]",
        "\x00",
        "points: x\nareas: []",
        "!!python/object:os.system {}",
        "{[1]: 2}",
    ],
)
def test_odd_yaml_is_refused_in_words(text):
    with pytest.raises(Faulty):
        load(text.encode(), "framework-x.yaml")


def test_yaml_fault_names_the_line():
    broken = TREE.replace("points: 10}", "points: 0}", 1)
    with pytest.raises(Faulty) as caught:
        load(broken.encode(), "x.yaml")
    assert [fault.row for fault in caught.value.faults] == [10]


def test_command_says_what_it_did_and_lists_faults(tmp_path: Path):
    out, err = io.StringIO(), io.StringIO()
    call_command("load_framework", str(SHIPPED), points="1000", stdout=out)
    assert "9 areas, 35 groups, 100 indicators, 1000 points" in out.getvalue()
    bad = tmp_path / "framework-2022.csv"
    bad.write_bytes(as_csv(changed((4, "score", "0"), (9, "title", ""))))
    with pytest.raises(CommandError, match="2 faults"):
        call_command("load_framework", str(bad), stderr=err)
    assert "第 4 行 分值：要大于 0" in err.getvalue()
    assert FrameworkEdition.objects.count() == 1


def test_command_refuses_a_missing_file_and_a_strange_total(tmp_path: Path):
    with pytest.raises(CommandError):
        call_command("load_framework", str(tmp_path / "none.csv"))
    with pytest.raises(CommandError):
        call_command("load_framework", str(SHIPPED), points="many")
