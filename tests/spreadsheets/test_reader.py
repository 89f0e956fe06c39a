"""Any workbook becomes grids of values, or one error with a sentence."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest

from lawgov.spreadsheets import facts
from lawgov.spreadsheets.facts import sheet_parts
from lawgov.spreadsheets.grid import Merge
from lawgov.spreadsheets.limits import Limits
from lawgov.spreadsheets.reader import UnreadableSheet, read_book
from tests.files import hostile
from tests.spreadsheets.books import SHEET, Page, book, book_of, rezip, with_part, with_parts
from tests.spreadsheets.counter import filled_rows

SAMPLES = Path(__file__).parent.parent / "samples"


def _grid(data: bytes, name: str = "a.xlsx", **options):
    return read_book(io.BytesIO(data), name=name, **options).sheets[0]


def test_values_keep_their_types():
    grid = _grid(
        book(
            [
                ["文", 1, 1.5, True, date(2023, 5, 1), datetime(2023, 5, 1, 8, 36)],  # noqa: DTZ001
                [" 左右 \u200b", "\u3000", "", None, "a_x000D_\nb", 0],
            ]
        )
    )
    assert grid.rows[0] == ["文", 1, 1.5, True, date(2023, 5, 1), datetime(2023, 5, 1, 8, 36)]  # noqa: DTZ001
    assert grid.rows[1] == ["左右", None, None, None, "a\nb", 0]


@pytest.mark.parametrize("mac_dates", [False, True])
def test_dates_are_right_in_both_date_systems(mac_dates):
    page = Page([[date(2023, 5, 1), date(2024, 2, 29)]])
    grid = _grid(book_of([page], mac_dates=mac_dates))
    assert grid.rows[0] == [date(2023, 5, 1), date(2024, 2, 29)]


@pytest.mark.parametrize(
    "number_format", ['yyyy"年"m"月"d"日"', 'm"月"d"日"', "[$-804]yyyy/m/d;@", "yyyy-mm-dd"]
)
def test_chinese_date_formats_are_dates(number_format):
    grid = _grid(book([[45046]], formats={"A1": number_format}))
    assert grid.rows[0] == [date(2023, 4, 30)]


@pytest.mark.parametrize("declared", ["A1:A3", "A1", "A1:XFD1048576"])
def test_the_declared_dimension_is_ignored(declared):
    data = book([[n, f"问题{n}"] for n in range(1, 501)])
    attribute = f'<dimension ref="{declared}"/>'.encode()
    changed = with_part(data, SHEET, lambda x: re.sub(rb"<dimension[^>]*>", attribute, x))
    assert _grid(changed).rows[499] == [500, "问题500"]


def test_blocks_show_their_first_cell_everywhere():
    grid = _grid(book([["甲", 2], [None, 3], [None, 4]], merges=["A1:A3"]))
    assert grid.facts.merges == (Merge(1, 1, 3, 1),)
    assert [grid.value(row, 1) for row in (1, 2, 3)] == ["甲"] * 3
    assert [grid.own(row, 1) for row in (1, 2, 3)] == ["甲", None, None]
    assert grid.covered_from_above(2, 1)
    assert not grid.covered_from_above(1, 1)


def test_a_block_larger_than_the_sheet_is_cut():
    data = book([["甲", "乙"], ["丙", "丁"]], merges=["A2:B2"])
    huge = with_part(data, SHEET, lambda xml: xml.replace(b"A2:B2", b"A2:XFD1048576"))
    assert _grid(huge).facts.merges == (Merge(2, 1, 2, 2),)


def test_hidden_rows_columns_and_sheets_are_read_and_told():
    pages = [
        Page([["a", "b"], ["c", "d"]], name="一", hidden_rows=[2], hidden_columns=["B"]),
        Page([["e"]], name="二", hidden=True),
    ]
    first, second = read_book(io.BytesIO(book_of(pages)), name="a.xlsx").sheets
    assert first.rows == [["a", "b"], ["c", "d"]]
    assert (first.facts.hidden_rows, first.facts.hidden_columns) == ({2}, {2})
    assert (first.hidden, second.hidden, second.rows) == (False, True, [["e"]])


def test_errors_and_formulas_without_result_are_told():
    data = book([["=1+1", "x"], ["=A1", "y"]])
    cached = with_part(
        data, SHEET, lambda xml: xml.replace(b"<f>A1</f><v></v>", b"<f>A1</f><v>2</v>")
    )
    grid = _grid(cached)
    assert grid.facts.uncomputed == {(1, 1)}
    assert grid.rows[1][0] == 2
    broken = with_part(
        data, SHEET, lambda xml: xml.replace(b'<c r="A1">', b'<c r="A1" t="e">')
        .replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>#REF!</v>")
    )  # fmt: skip
    assert _grid(broken).facts.errors == {(1, 1)}


def test_prefixed_names_and_cells_without_references_are_read():
    data = book([["a", 1], ["b", 2]])
    bare = with_part(data, SHEET, lambda xml: re.sub(rb' r="[A-Z]*\d+"', b"", xml))
    assert _grid(bare).rows == [["a", 1], ["b", 2]]
    prefixed = with_part(
        data,
        SHEET,
        lambda xml: re.sub(rb"<(/?)([a-z])", rb"<\1x:\2", xml).replace(b"xmlns=", b"xmlns:x="),
    )
    assert _grid(prefixed).rows == [["a", 1], ["b", 2]]


ODD = (
    b'<row r="9" hidden="1"><c r="A9" s="0"/><c r="B9" t="s"><v>0</v></c>'
    b'<c r="C9" t="e"><v>#REF!</v></c><c r="D9"><f>A1</f></c><c s="0" r="F9"><v>1</v></c></row>'
)


@pytest.mark.parametrize("source", ["messy-a", "zengdu-individual", "baicheng-ledgers", ODD])
@pytest.mark.parametrize("chunk", [50, 333, 256 * 1024])
def test_cells_passed_over_change_no_fact(source, chunk, monkeypatch):
    """What the quick look takes out of the markup leaves the same facts as the whole walk."""
    monkeypatch.setattr(facts, "_CHUNK", chunk)
    if isinstance(source, str):
        data = (SAMPLES / f"{source}.xlsx").read_bytes()
    else:
        texts = [[f"文{n}", None, n, True, date(2023, 4, 30)] for n in range(6)]
        data = with_part(
            book(texts, merges=["A2:A3"], hidden_columns=["B"]),
            SHEET,
            lambda xml: xml.replace(b"</sheetData>", ODD + b"</sheetData>"),
        )
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in sheet_parts(archive).values():
            quick, whole = (
                facts._SheetWalk(Limits(), past_plain=past).read(facts._chunks(archive, part))
                for past in (True, False)
            )
            assert quick == whole


def test_places_are_counted_where_only_some_cells_have_a_reference():
    rows = (
        b'<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c t="e"><v>#REF!</v></c></row>'
        b'<row r="4"><c r="A4"><v>3</v></c></row><row hidden="1"><c r="A5"><v>4</v></c></row>'
    )
    data = with_part(
        book([["甲"]]),
        SHEET,
        lambda xml: re.sub(b"<sheetData>.*</sheetData>", b"<sheetData>%s</sheetData>" % rows, xml),
    )
    found = _grid(data).facts
    assert (found.errors, found.hidden_rows) == ({(1, 3)}, {5})


@pytest.mark.parametrize(
    ("whole", "broken"), [(b"45", b"4&nothing;5"), (b"45", b"\xff"), (b"text", b"&nothing;")]
)
def test_a_damaged_number_or_text_is_not_read_as_another(whole, broken):
    data = book([["text", 45]])
    damaged = with_part(data, SHEET, lambda xml: xml.replace(whole, broken))
    assert damaged != data
    with pytest.raises(UnreadableSheet):
        _grid(damaged)


def test_control_characters_are_no_part_of_a_text():
    data = book([["ab"]])
    marked = with_part(data, SHEET, lambda xml: xml.replace(b">ab<", b">a&#1;b<"))
    assert marked != data
    assert _grid(marked).rows == [["ab"]]


def test_macros_are_ignored_and_said():
    macros = with_parts(book([["a"]]), xl__vbaProject_dot_bin=hostile.OLE + bytes(8))
    found = read_book(io.BytesIO(macros), name="台账.xlsm")
    assert found.macros
    assert found.sheets[0].rows == [["a"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_csv_in_every_encoding(encoding, mark):
    text = f'序号{mark}问题\r\n1{mark}"甲\n乙"\r\n\r\n2{mark}丙\r\n'
    grid = _grid(text.encode(encoding), "区司法局.csv")
    assert grid.name == "区司法局"
    assert grid.rows == [["序号", "问题"], ["1", "甲\n乙"], [], ["2", "丙"]]


def test_old_workbooks_are_read_with_blocks_and_hidden_rows():
    old = read_book(SAMPLES / "messy-a.xls").sheets[0]
    new = read_book(SAMPLES / "messy-a.xlsx").sheets[0]
    assert old.rows == new.rows
    assert set(old.facts.merges) == set(new.facts.merges)
    assert old.facts.hidden_rows == new.facts.hidden_rows == {15}


def sized(*size: int) -> bytes:
    """An old workbook whose sheet is said to have this first and last row and column."""
    data = bytearray((SAMPLES / "messy-a.xls").read_bytes())
    struct.pack_into("<IIHH", data, data.index(b"\x00\x02\x0e\x00") + 4, *size)
    return bytes(data)


@pytest.mark.parametrize("size", [(0, 1, 0, 1), (0, 0x10000, 0, 0x100)], ids=["small", "large"])
def test_an_old_workbook_that_lies_about_its_size_is_read_whole(size):
    found = read_book(io.BytesIO(sized(*size)), name="a.xls").sheets[0]
    assert found.rows == read_book(SAMPLES / "messy-a.xls").sheets[0].rows


@pytest.mark.parametrize(
    "size", [(3_103_784_960, 37, 0, 10), (0, 0x10001, 0, 10), (0, 37, 11, 10), (0, 37, 0, 0x101)]
)
def test_a_size_that_no_old_workbook_has_is_refused(size):
    """The first of them made calamine ask for 476 GB, and the whole process ended."""
    with pytest.raises(UnreadableSheet):
        read_book(io.BytesIO(sized(*size)), name="a.xls")


@pytest.mark.parametrize(
    "limits",
    [Limits(rows=2), Limits(columns=1), Limits(cells=3), Limits(merges=0), Limits(text=3)],
    ids=["rows", "columns", "cells", "merges", "text"],
)
def test_limits_are_counted_while_reading(limits):
    data = book([["甲甲甲甲", 2], ["丙", 4], ["戊", 6]], merges=["A2:A3"])
    assert _grid(data).rows
    with pytest.raises(UnreadableSheet, match="太大"):
        _grid(data, limits=limits)


def test_a_lonely_cell_far_away_is_refused_before_a_grid_is_made():
    far = with_part(book([["a"]]), SHEET, lambda xml: xml.replace(b'r="A1"', b'r="XFD1048576"'))
    with pytest.raises(UnreadableSheet, match="1048576"):
        _grid(far)


def test_empty_styled_rows_cost_nothing():
    row = b'<row r="%d"><c r="A%d" s="0"/></row>'
    rows = b"".join(row % (n, n) for n in range(2, 100_000))
    data = with_part(
        book([["a"]]), SHEET, lambda xml: xml.replace(b"</sheetData>", rows + b"</sheetData>")
    )
    assert _grid(data).rows == [["a"]]


WORKBOOKS = [case for case in hostile.cases() if case[2] == "workbook"]


@pytest.mark.parametrize(
    ("name", "content", "use", "reason"),
    WORKBOOKS,
    ids=[f"{place}-{case[3]}" for place, case in enumerate(WORKBOOKS)],
)
def test_whatever_the_gate_refuses_is_one_error_with_a_sentence(name, content, use, reason):
    with pytest.raises(UnreadableSheet) as error:
        read_book(io.BytesIO(content), name=name)
    assert str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("part", ["xl/workbook.xml", SHEET, "xl/_rels/workbook.xml.rels"])
def test_a_broken_part_is_one_error(part):
    data = with_part(book([["a"]]), part, lambda xml: xml[: len(xml) // 2])
    with pytest.raises(UnreadableSheet):
        _grid(data)


def test_a_panic_in_the_old_format_is_one_error_and_prints_nothing(capfd):
    data = bytearray((SAMPLES / "messy-a.xls").read_bytes())
    failed = 0
    for place in range(1_500, len(data), 211):
        kept, data[place] = data[place], 0xFF
        try:
            read_book(io.BytesIO(bytes(data)), name="a.xls")
        except UnreadableSheet:
            failed += 1
        data[place] = kept
    assert failed
    assert capfd.readouterr().err == ""


def test_a_missing_file_is_one_error(tmp_path):
    with pytest.raises(UnreadableSheet, match="打不开"):
        read_book(tmp_path / "没有.xlsx")


@pytest.mark.parametrize("name", ["messy-a", "zengdu-individual", "zengdu-common"])
def test_no_row_with_a_value_is_missing(name):
    data = (SAMPLES / f"{name}.xlsx").read_bytes()
    grid = _grid(data)
    assert {row for row in range(1, grid.height + 1) if grid.texts(row)} == filled_rows(data)


def test_a_sheet_listed_without_its_part_is_refused():
    data = book_of([Page([["a"]], name="一"), Page([["b"]], name="二")])
    lost = rezip(data, lambda name, xml: b"<x/>" if name.endswith("sheet2.xml") else xml)
    assert len(read_book(io.BytesIO(lost), name="a.xlsx").sheets) == 2
