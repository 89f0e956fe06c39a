"""The contents list 卷内目录 of a volume: what its sheet holds.

Rows come as plain values. The numbers of pages 页号 run through the volume as formulas over the
row above, so that a number written by hand carries on into the rows below and into the total.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from indicators.dossiers.columns import CONTENTS
from lawgov.spreadsheets import house
from lawgov.spreadsheets.formulas import Formula, at, down, literal
from lawgov.spreadsheets.layout import Page
from lawgov.spreadsheets.plan import plan
from lawgov.spreadsheets.sheet import Book, Cell, Row, Sheet
from lawgov.spreadsheets.styles import CONTEXT, GENERAL, SIGNATURE

NAME = "卷内目录"
FIRST_ROW = 4  # under title, line of the volume and header
LINE = 32.0  # points of a row, room for two lines of type
NAMED = 6  # rows without a number of pages that the note names
TO_COUNT = "　　"  # room for the number of pages where it is not known
_PAGE = Page(landscape=False, left=25, right=20, top=25, bottom=22)
_TABLE: house.Table[ContentsRow] = house.Table(CONTENTS, size=11)


@dataclass(frozen=True, slots=True)
class ContentsRow:
    """One piece 件 of a volume; `pages` None: nobody knows how many it has.

    `author` is who issued it, `day` the date on it (None: not recorded).
    """

    number: int
    document_number: str
    author: str
    title: str
    day: date | None
    pages: int | None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """The list of one volume: its title 案卷题名, the name of its sheet, its pieces in order."""

    title: str
    name: str
    rows: Sequence[ContentsRow]


def contents_book(title: str, lists: Sequence[Contents], *, created: datetime) -> Book:
    """Workbook of contents lists, a sheet each; `created` is an instant with its zone."""
    return Book(title, created, tuple(contents_sheet(contents) for contents in lists))


def contents_sheet(contents: Contents) -> Sheet:
    """One list; empty lines fill its last page, for what is put in by hand."""
    bare = _sheet(contents, 0)
    return _sheet(contents, _empty_lines(bare))


def leaves_of(rows: Sequence[ContentsRow]) -> list[str | int]:
    """The numbers of pages 页号 of each row: 1-3, 4; empty from the first unknown one on."""
    shown: list[str | int] = []
    last: int | None = 0
    for row in rows:
        last = None if last is None or not row.pages else last + row.pages
        shown.append("" if last is None else _span(last, row.pages or 0))
    return shown


def _span(last: int, pages: int) -> str | int:
    return last if pages == 1 else f"{last - pages + 1}-{last}"


def _sheet(contents: Contents, empty: int) -> Sheet:
    across = _TABLE.across
    leaves = leaves_of(contents.rows)
    body = [
        _row(row, FIRST_ROW + place, shown)
        for place, (row, shown) in enumerate(zip(contents.rows, leaves, strict=True))
    ]
    body += [_TABLE.blank(height=LINE) for _line in range(empty)]
    last = FIRST_ROW + max(len(body), 1) - 1
    note = _note(contents.rows)
    written = (
        house.title("卷 内 目 录", across, size=22, height=42),
        _volume_line(contents.title, across),
        _TABLE.header(30),
        *body,
        *([house.note(note, _TABLE.widths)] if note else []),
        _total(contents.rows, leaves, last),
    )
    return Sheet(
        contents.name,
        _TABLE.widths,
        written,
        page=_PAGE,
        repeated=(3, 3),
        freeze=at(1, FIRST_ROW),
        protected=False,
    )


def _row(row: ContentsRow, line: int, shown: str | int) -> Row:
    look = _TABLE.look("leaves")
    leaves = Cell(None, look)
    if row.pages:
        leaves = Cell(_numbered(line, row.pages, shown), replace(look, format=GENERAL))
    return _TABLE.row(row, cells={"leaves": leaves}, least=LINE)


def _numbered(line: int, pages: int, shown: str | int) -> Formula | str | int:
    """The pages that follow those of the row above, whatever stands there by then.

    The row above is named from the neighbour's cell, so that rows may be deleted and put in.
    """
    if line == FIRST_ROW:
        return shown
    above = f"OFFSET({at(_TABLE.place('leaves') - 1, line)},-1,1)"
    last = _last_number(above)
    span = f"{last}+{pages}" if pages == 1 else f'{last}+1&"-"&{last}+{pages}'
    return Formula(f'IF({above}="","",{span})', shown)


def _last_number(cells: str) -> str:
    """The last page of 7-9 or 4 as a number; 0 for an empty cell. Takes a range as well."""
    return f'("0"&TRIM(RIGHT(SUBSTITUTE({cells},"-",REPT(" ",9)),9)))'


def _volume_line(title: str, across: int) -> Row:
    """Row 2: the volume on the left, how long it is kept on the right, written by hand."""
    cells: list[Cell | None] = [None] * across
    cells[0] = Cell(f"案卷题名：{title}", replace(CONTEXT, wrap=True, shrunk=False))
    cells[5] = Cell("保管期限：　　", replace(CONTEXT, align="right"))
    return Row(tuple(cells), None, least=24, spans=((1, 5), (6, across)), kept=True)


def _total(rows: Sequence[ContentsRow], leaves: Sequence[str | int], last: int) -> Row:
    """How many pieces and pages, then who made the list; pages stay open while one is missing."""
    titles, shown = (down(_TABLE.place(key), FIRST_ROW, last) for key in ("title", "leaves"))
    first = f'("0"&LEFT({shown},FIND("-",{shown}&"-")-1))'
    pages = f'SUMPRODUCT({_last_number(shown)}-{first}+({shown}<>""))'
    missing = f'SUMPRODUCT(({titles}<>"")*({shown}=""))>0'
    known = "" in leaves or not rows
    total: str | int = TO_COUNT if known else sum(row.pages or 0 for row in rows)
    hands = "页。　　立卷人：　　　　　　检查人：　　　　　　立卷时间：　　　　年　　月　　日"
    text = (
        f'"本卷共"&COUNTA({titles})&"件，"'
        f"&IF(OR(COUNTA({titles})=0,{missing}),{literal(TO_COUNT)},{pages})&{literal(hands)}"
    )
    cell = Cell(Formula(text, f"本卷共{len(rows)}件，{total}{hands}"), SIGNATURE)
    cells = (cell, *[None] * (_TABLE.across - 1))
    return Row(cells, house.SIGNATURE_HEIGHT, spans=((1, _TABLE.across),), kept=True)


def _note(rows: Sequence[ContentsRow]) -> str:
    """Which pieces have no number of pages, and what to write; empty when all have one."""
    unknown = [row.number for row in rows if not row.pages]
    if not unknown:
        return ""
    named = "、".join(map(str, unknown[:NAMED])) + ("等" if len(unknown) > NAMED else "")
    return (
        f"注：序号{named}共{len(unknown)}件没有登记页数，从序号{unknown[0]}起页号留空。装订编页后"
        "在这些件的“页号”栏填写起止页号（如7-9），其余各件的页号和总页数随之自动算出。"
    )


def _empty_lines(sheet: Sheet) -> int:
    """How many lines of LINE points fit on the last page under the rows that are there."""
    planned = plan(sheet)
    first = planned.starts[-1] if planned.starts else 0
    repeated = planned.heights[2] if planned.starts else 0
    room = sheet.page.room(sheet.widths) - repeated - sum(planned.heights[first:])
    return max(int(room // LINE), 0)
