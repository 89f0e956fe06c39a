"""Each fault of a framework file is found, named by row, and found together with the others."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest

from indicators.framework.areas import KNOWN, short_name
from indicators.framework.checking import check, content_hash
from indicators.framework.reading import read_framework
from lawgov.spreadsheets.tables import Faulty

SHIPPED = Path(__file__).parents[3] / "fixtures" / "framework-2021.csv"


def shipped_rows() -> list[list[str]]:
    return list(csv.reader(io.StringIO(SHIPPED.read_text(encoding="utf-8-sig"))))


def as_csv(rows: list[list[str]], encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def faults_of(rows: list[list[str]], **options: object) -> list[tuple[int | None, str]]:
    _, faults = check(read_framework(as_csv(rows), "framework-x.csv").table, **options)
    return [(fault.row, fault.message) for fault in faults]


def changed(*changes: tuple[int, str, str]) -> list[list[str]]:
    """The shipped rows with cells replaced: (row as a spreadsheet counts it, column, value)."""
    rows = shipped_rows()
    for row, column, value in changes:
        rows[row - 1][rows[0].index(column)] = value
    return rows


def test_shipped_framework_has_its_known_figures():
    rows, faults = check(read_framework(SHIPPED.read_bytes(), SHIPPED.name).table)
    assert faults == []
    assert len({row.area_no for row in rows}) == 9
    assert len({(row.area_no, row.group_no) for row in rows}) == 35
    assert [row.indicator_no for row in rows] == list(range(1, 101))
    assert sum(row.points for row in rows) == 1000


@pytest.mark.parametrize(
    ("change", "row", "words"),
    [
        ((4, "code", "1.1.2"), 4, "重复"),
        ((4, "code", "2.1.3"), 4, "和序号不符"),
        ((4, "code", "1.1.x"), 4, "和序号不符"),
        ((4, "indicator_no", "2"), 4, "重复"),
        ((101, "indicator_no", "101"), 101, "不连续"),
        ((101, "area_no", "11"), 101, "不连续"),
        ((101, "indicator_no", ""), 101, "要写 1 起的整数"),
        ((4, "title", ""), 4, "空着，请填上"),
        ((4, "title", " \u3000\u200b"), 4, "空着，请填上"),
        ((4, "area", ""), 4, "空着，请填上"),
        ((4, "group", ""), 4, "空着，请填上"),
        ((4, "area", "别的方面"), 4, "叫“政府职能依法全面履行”"),
        ((4, "score", ""), 4, "没写分值，请填数"),
        ((4, "score", "0"), 4, "大于 0"),
        ((4, "score", "-5"), 4, "大于 0"),
        ((4, "score", "十分"), 4, "不是数"),
        ((4, "score", "NaN"), 4, "不是数"),
        ((4, "score", "1e400"), 4, "一位小数"),
        ((4, "score", "10.25"), 4, "一位小数"),
        ((4, "method", "问问群众"), 4, "没有“问问群众”这种方式"),
        ((4, "method", ""), 4, "没写测评方式，可用：材料查证"),
        ((4, "title", "指标" * 101), 4, "超过 200 个字"),
        ((4, "requirement", "有\x07铃"), 4, "控制字符"),
    ],
)
def test_a_fault_is_named_with_its_row(change, row, words):
    found = faults_of(changed(change))
    assert any(where == row and words in message for where, message in found), found


def test_all_faults_are_listed_at_once():
    rows = changed((4, "score", "0"), (7, "title", ""), (20, "code", "1.1.1"), (50, "method", "?"))
    assert {4, 7, 20, 50} <= {row for row, _ in faults_of(rows)}


def test_a_removed_row_is_a_gap_and_not_a_cascade():
    rows = shipped_rows()
    del rows[5]
    found = faults_of(rows)
    assert len(found) == 2  # the running number and the code inside its group
    assert all(row == 6 and "缺" in message for row, message in found)


def test_one_bad_number_does_not_accuse_the_rows_below():
    assert faults_of(changed((30, "indicator_no", "二十九"))) == [(30, "要写 1 起的整数")]


def test_total_is_checked_only_when_stated():
    rows = changed((4, "score", "11"))
    assert faults_of(rows) == []
    assert faults_of(rows, points=Decimal(1000)) == [(None, "分值合计 1001，应为 1000")]


def test_undecodable_bytes_are_a_fault_of_their_row():
    lines = SHIPPED.read_bytes().splitlines(keepends=True)
    lines[3] = lines[3].decode().encode("gb18030")
    _, faults = check(read_framework(b"".join(lines), "framework-x.csv").table)
    assert [fault.row for fault in faults if "UTF-8" in fault.message] == [4]


def test_byte_order_mark_and_chinese_headers_change_nothing():
    rows = shipped_rows()
    plain, _ = check(read_framework(as_csv(rows), "a.csv").table)
    rows[0] = [
        "编码", "方面序号", "方面", "二级序号", "二级指标", "序号", "三级指标", "指标要求",
        "佐证材料", "评估方式", "分数", "牵头单位", "英文", "来源",
    ]  # fmt: skip
    named, faults = check(read_framework(as_csv(rows, "utf-8-sig"), "a.csv").table)
    assert faults == []
    assert content_hash(named) == content_hash(plain)


def test_numbers_are_counted_where_the_file_has_none():
    rows = shipped_rows()
    keep = [rows[0].index(name) for name in ("area", "group", "title", "score")]
    narrow = [[row[place] for place in keep] for row in rows]
    counted, faults = check(read_framework(as_csv(narrow), "a.csv").table)
    assert faults == []
    assert [row.code for row in counted] == [row[0] for row in rows[1:]]
    assert {row.method for row in counted} == {""}


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00\x00", b'"'])
def test_what_is_no_framework_is_refused_in_words(content):
    with pytest.raises(Faulty):
        read_framework(content, "framework-x.csv")


@pytest.mark.parametrize(
    ("title", "label"),
    [
        *KNOWN.items(),
        ("依法行政", "行政"),
        ("数字法治政府建设全面推进", "数字法治政府"),
        ("法治社会", "法治社会"),
        ("依法", "依法"),
    ],
)
def test_areas_have_labels_of_at_most_six_characters(title, label):
    assert short_name(title) == label
    assert len(label) <= 6


def test_labels_are_unique_in_an_edition():
    assert short_name("数字法治政府建设全面推进", {"数字法治政府"}, 10) == "数字法治10"
