"""Plain lists that people hand in (units, frameworks, tasks): header row found, cells as text.

For ledgers with their many layouts see `reader.py`; this is the short way for tables with one row
per thing. Nothing is dropped silently: faults and skipped rows carry their row number.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from lawgov.chinese.text import clean, fold
from lawgov.errors import DomainError
from lawgov.spreadsheets.cells import as_text
from lawgov.spreadsheets.columns import Column
from lawgov.spreadsheets.grid import Grid
from lawgov.spreadsheets.reader import UnreadableSheet, read_book

HEADER_WITHIN = 30  # rows from the top in which the header is looked for
MAX_ROWS = 20_000
MAX_BYTES = 20 * 1024 * 1024
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TOTAL = re.compile(r"^(合计|总计|小计|共计)")
_NOTE = re.compile(
    r"^(备注|注|说明|填[表报]|制表|审[核批]|签[字发]|联系|单位负责人|分管领导)\w{0,6}[：:]"
)
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")

Rows = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: the row as a spreadsheet counts it (None: the whole file)."""

    row: int | None
    column: str
    message: str

    def __str__(self) -> str:
        if self.row is None:
            return self.message
        place = _("第 %(row)s 行") % {"row": self.row}
        return (
            f"{place} {self.column}：{self.message}" if self.column else f"{place}：{self.message}"
        )


class Faulty(DomainError):
    """The file was read and refused; `faults` in the order of the rows. Nothing was written."""

    status = 422

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: fault.row or 0)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass(frozen=True)
class Record:
    """One row: its number and its cells by column key, trimmed; absent columns are absent keys."""

    row: int
    values: Mapping[str, str]

    def __getitem__(self, key: str) -> str:
        return self.values.get(key, "")


@dataclass
class Table:
    """What was understood: `headers` maps keys to the header text found, in its place."""

    headers: dict[str, str]
    records: list[Record]
    skipped: list[tuple[int, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def __contains__(self, key: str) -> bool:
        return key in self.headers


def cleaned(text: object) -> str:
    """A cell as text: without zero-width marks, trimmed of blanks of every kind."""
    return "" if text is None else clean(str(text))


def same_heading(text: str) -> str:
    """The form under which headers are compared: folded, lower case, without a note in brackets."""
    plain = fold(text).lower()
    return re.sub(r"\(.*?\)$", "", plain) or plain


def read_table(
    content: bytes, filename: str, columns: Sequence[Column], *, legacy: bool = False
) -> Table:
    """The rows of a .csv or workbook under the given columns; raises Faulty when it is none.

    Of a workbook the sheet counts whose header names most columns. Merged cells are filled. With
    `legacy` a .csv that is not UTF-8 is read as GB 18030, which office programs write.
    """
    if len(content) > MAX_BYTES:
        raise Faulty([Fault(None, "", _("文件超过 20 MB"))])
    if content.startswith(WORKBOOKS):
        sheets = _sheets(content, filename)
        best = max(sheets, key=lambda rows: len(header_in(rows, columns)[0]), default=[])
        return table_of(best, columns)
    if legacy:
        content = _as_utf8(content)
    rows, faults = grid_of_csv(content)
    return table_of(rows, columns, faults)


def _as_utf8(content: bytes) -> bytes:
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding).encode()
        except UnicodeDecodeError:
            continue
    return content


def _sheets(content: bytes, filename: str) -> list[Rows]:
    """All sheets of a workbook that are not hidden, every cell as text."""
    try:
        book = read_book(io.BytesIO(content), name=filename)
    except UnreadableSheet as error:
        raise Faulty([Fault(None, "", str(error))]) from error
    if any(grid.height > MAX_ROWS for grid in book.sheets):
        raise Faulty([Fault(MAX_ROWS, "", _("超过 %(n)s 行") % {"n": MAX_ROWS})])
    return [texts_of(grid) for grid in book.sheets if not grid.hidden]


def texts_of(grid: Grid) -> Rows:
    """Every cell of a sheet as text, merged ones filled."""
    return [
        [as_text(grid.value(row, column)) for column in range(1, grid.width + 1)]
        for row in range(1, grid.height + 1)
    ]


def grid_of_csv(content: bytes) -> tuple[list[list[str]], list[Fault]]:
    """UTF-8 with or without byte order mark; a row that is not UTF-8 is a fault, not a guess."""
    text = content.decode("utf-8-sig", errors="surrogateescape")
    rows: list[list[str]] = []
    faults: list[Fault] = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), 1):
            if number > MAX_ROWS:
                raise Faulty([Fault(number, "", _("超过 %(n)s 行") % {"n": MAX_ROWS})])
            if any("\udc80" <= char <= "\udcff" for cell in cells for char in cell):
                faults.append(Fault(number, "", _("不是 UTF-8 编码，请另存为“CSV UTF-8”再上传")))
                cells = [cell.encode("utf-8", "replace").decode() for cell in cells]
            rows.append(cells)
    except csv.Error:
        place = len(rows) + 1
        faults.append(Fault(place, "", _("引号或分隔符不完整，这一行起读不下去")))
    return rows, faults


def table_of(
    rows: Rows,
    columns: Sequence[Column],
    faults: list[Fault] | None = None,
    *,
    header: tuple[dict[str, int], int] | None = None,
) -> Table:
    """Read what stands under the header row: `header` (places by key and the row's index, both
    from 0) where a person has laid it down, else the one that is found."""
    places, start = header or header_in(rows, columns)
    missing = [column.header for column in columns if column.required and column.key not in places]
    if missing:
        names = "、".join(missing)
        fault = Fault(None, "", _("没有找到这些列：%(names)s") % {"names": names})
        raise Faulty([*(faults or []), fault])
    headers = {key: cleaned(rows[start][place]) for key, place in places.items()}
    table = Table(headers, [], faults=list(faults or []))
    for number, cells in enumerate(rows[start + 1 :], start + 2):
        _read_row(table, number, cells, places)
    return table


def header_in(rows: Rows, columns: Sequence[Column]) -> tuple[dict[str, int], int]:
    """Column positions by key and the index of the header row: the one that names most columns."""
    names = {
        same_heading(name): column.key
        for column in reversed(columns)
        for name in (column.key, *column.names)
    }
    best: dict[str, int] = {}
    index = 0
    for number, cells in enumerate(rows[:HEADER_WITHIN]):
        found: dict[str, int] = {}
        for place, cell in enumerate(cells):
            key = names.get(same_heading(cell))
            if key is not None:
                found.setdefault(key, place)
        if len(found) > len(best):
            best, index = found, number
    return best, index


def _read_row(table: Table, number: int, cells: Sequence[str], places: dict[str, int]) -> None:
    written = {key: cells[place] if place < len(cells) else "" for key, place in places.items()}
    filled = [cleaned(cell) for cell in cells if cleaned(cell)]
    if not filled:
        return
    if _TOTAL.match(fold(filled[0])):
        table.skipped.append((number, _("合计行")))
        return
    if _NOTE.match(filled[0]):
        table.skipped.append((number, _("说明或签字行")))
        return
    for key, text in written.items():
        if _CONTROL.search(text):
            table.faults.append(Fault(number, table.headers[key], _("有看不见的控制字符")))
    values = {key: cleaned(text) for key, text in written.items()}
    table.records.append(Record(number, values))
