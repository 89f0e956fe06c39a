"""The plan of one sheet on paper: how high each row is, where pages begin, which blocks are
merged.

The three hang together: a page end cuts a merged block in two, and each piece must be high enough
for its label, which makes rows higher and moves the page end. So a page is measured with the
pieces it would have.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from lawgov.spreadsheets.layout import LEADING, PADDING, ROW_LIMIT, line_count, page_starts, rounded
from lawgov.spreadsheets.sheet import Cell, Notice, Row, Sheet

_Block = tuple[int, int, int]  # column, first and last row; columns from 1, rows from 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Heights in points, row by row; 0-based rows that begin a page; merged blocks (rows from
    0).
    """

    heights: list[float]
    starts: list[int]
    blocks: list[_Block]
    notices: list[Notice]


def plan(sheet: Sheet) -> Plan:
    """The plan of a sheet; notices tell of rows higher than Excel shows."""
    labelled = {column for row in sheet.rows for column, _ in row.groups}
    needs = [
        rounded(_needed(row, sheet.widths, labelled)) if row.height is None else row.height
        for row in sheet.rows
    ]
    notices = [
        Notice(sheet.title, f"A{row}", "tall_row", _tall(row, need))
        for row, need in enumerate(needs, 1)
        if need > ROW_LIMIT
    ]
    heights = [min(need, ROW_LIMIT) for need in needs]
    starts = _starts(sheet, heights)
    blocks = [
        block
        for first, end in zip([0, *starts], [*starts, len(heights)], strict=True)
        for block in _blocks(sheet.rows, first, end)
    ]
    _grow(sheet, blocks, heights)
    return Plan(heights, starts, blocks, notices)


def _starts(sheet: Sheet, heights: list[float]) -> list[int]:
    if sheet.page.one_page:
        return []
    first, last = sheet.repeated or (1, 0)

    def measure(first: int, end: int) -> float:
        blocks = list(_blocks(sheet.rows, first, end))
        if not blocks:
            return sum(heights[first:end])
        grown = list(heights)
        _grow(sheet, blocks, grown)
        return sum(grown[first:end])

    return page_starts(
        heights,
        room=sheet.page.room(sheet.shown_widths),
        repeated=sum(heights[first - 1 : last]),
        kept=[row.kept for row in sheet.rows],
        forced=[row.new_page for row in sheet.rows],
        measure=measure,
    )


def _needed(row: Row, widths: tuple[float, ...], labelled: set[int]) -> float:
    """Points the texts of one row need; blocks that run down the rows are looked at later."""
    spans = dict(row.spans)
    highest = max(PADDING, row.least)
    for column, cell in enumerate(row.cells, 1):
        if cell is None or not isinstance(cell.value, str) or column in labelled:
            continue
        width = sum(widths[column - 1 : spans.get(column, column)])
        highest = max(highest, _height(cell, width))
    return highest


def _height(cell: Cell, width: float) -> float:
    text, size = str(cell.value), cell.look.size
    lines = line_count(text, width, size) if cell.look.wrap else 1
    return lines * LEADING * size + PADDING


def _blocks(rows: tuple[Row, ...], first: int, end: int) -> Iterator[_Block]:
    """Blocks of equal keys in rows that follow each other on one page; single rows are blocks
    too.
    """
    open_blocks: dict[int, tuple[Hashable, int]] = {}
    for index in range(first, end + 1):
        keys = dict(rows[index].groups) if index < end else {}
        for column, (key, begun) in list(open_blocks.items()):
            if column not in keys or keys[column] != key:
                yield column, begun, index - 1
                del open_blocks[column]
        for column, key in keys.items():
            open_blocks.setdefault(column, (key, index))


def _grow(sheet: Sheet, blocks: list[_Block], heights: list[float]) -> None:
    """Give the rows of a block that is too low for its label the missing points, in equal
    shares.
    """
    for column, first, last in blocks:
        cell = sheet.rows[first].cells[column - 1]
        if cell is None or not isinstance(cell.value, str):
            continue
        missing = _height(cell, sheet.widths[column - 1]) - sum(heights[first : last + 1])
        if missing > 0:
            share = missing / (last - first + 1)
            for row in range(first, last + 1):
                # Rounded up: a label must not lose its last line to half a point.
                heights[row] = min(rounded(heights[row] + share + 0.249), ROW_LIMIT)


def _tall(row: int, need: float) -> str:
    return f"第{row}行需要{need:g}磅高，超过Excel的上限{ROW_LIMIT:g}磅，打印时末尾文字可能不显示。"


def merged_ranges(sheet: Sheet, blocks: list[_Block]) -> list[str]:
    """Addresses of all merges of a sheet, top to bottom, blocks of one row left out."""
    found = [
        (row, column, f"{get_column_letter(column)}{row}:{get_column_letter(last)}{row}")
        for row, content in enumerate(sheet.rows, 1)
        for column, last in content.spans
    ]
    for column, first, last in blocks:
        if last > first:
            letter = get_column_letter(column)
            found.append((first + 1, column, f"{letter}{first + 1}:{letter}{last + 1}"))
    return [address for _, _, address in sorted(found)]
