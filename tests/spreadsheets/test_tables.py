"""Plain lists: the header is found, cells are text, nothing is dropped without a word."""

from __future__ import annotations

import io

import openpyxl
import pytest

from lawgov.spreadsheets.columns import Column
from lawgov.spreadsheets.tables import Faulty, read_table

COLUMNS = (
    Column("name", "名称", ("名字",), required=True),
    Column("points", "分值", ("score",)),
    Column("due", "时限"),
)


def workbook(rows: list[list[object]], merge: str = "", title: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    if title:
        book.create_sheet(title)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def values(content: bytes, name: str = "x.xlsx", **options: object) -> list[tuple[int, dict]]:
    table = read_table(content, name, COLUMNS, **options)
    assert table.faults == []
    return [(record.row, dict(record.values)) for record in table.records]


def test_workbook_and_csv_say_the_same():
    rows = [["名 字", "分值（分）"], ["甲", 10], ["乙", 7.5]]
    csv = "名字,score\n甲,10\n乙,7.5\n".encode()
    expected = [(2, {"name": "甲", "points": "10"}), (3, {"name": "乙", "points": "7.5"})]
    assert values(workbook(rows)) == expected
    assert values(csv, "x.csv") == expected


def test_title_rows_totals_notes_and_blanks_are_no_records():
    rows = [["某某表"], ["单位：甲"], ["名称", "分值"], ["甲", 1], [], ["合计", 1], ["备注：略"]]
    table = read_table(workbook(rows, merge="A1:B1"), "x.xlsx", COLUMNS)
    assert [record.row for record in table.records] == [4]
    assert [row for row, _why in table.skipped] == [6, 7]


def test_merged_cells_are_filled():
    rows = [["名称", "分值"], ["甲", 1], [None, 2]]
    assert [row["name"] for _, row in values(workbook(rows, merge="A2:A3"))] == ["甲", "甲"]


def test_the_sheet_with_the_header_counts():
    book = openpyxl.load_workbook(io.BytesIO(workbook([["无关"]])))
    sheet = book.create_sheet("名单")
    sheet.append(["名称"])
    sheet.append(["甲"])
    file = io.BytesIO()
    book.save(file)
    assert values(file.getvalue()) == [(2, {"name": "甲"})]


def test_dates_are_read_in_iso_form():
    from datetime import date

    assert (
        values(workbook([["名称", "时限"], ["甲", date(2026, 6, 30)]]))[0][1]["due"] == "2026-06-30"
    )


def test_old_encoding_only_where_allowed():
    content = "名称\n甲局\n".encode("gb18030")
    assert values(content, "x.csv", legacy=True) == [(2, {"name": "甲局"})]
    with pytest.raises(Faulty):
        read_table(content, "x.csv", COLUMNS)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 broken", "打不开"),
        (b"\xd0\xcf\x11\xe0 broken", "不是可以读取的表格"),
        (b"a,b\n1,2", "没有找到这些列：名称"),
        (b"", "没有找到这些列"),
        (b"x" * (20 * 1024 * 1024 + 1), "超过 20 MB"),
        ("名称\n".encode() + b"x\n" * 20_001, "超过 20000 行"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content, words):
    with pytest.raises(Faulty, match=words):
        read_table(content, "x.xlsx", COLUMNS)


def test_broken_quotes_are_a_fault_of_their_row():
    table = read_table('名称\n甲\n"乙'.encode(), "x.csv", COLUMNS)
    assert [(fault.row, str(fault)) for fault in table.faults] == [
        (3, "第 3 行：引号或分隔符不完整，这一行起读不下去")
    ]
