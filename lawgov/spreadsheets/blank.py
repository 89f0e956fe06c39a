"""The blank form 空表 of a list of columns: what is imported can be filled in first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from lawgov.spreadsheets import house
from lawgov.spreadsheets.columns import Column
from lawgov.spreadsheets.formulas import down
from lawgov.spreadsheets.layout import Page
from lawgov.spreadsheets.lists import FIRST, signature
from lawgov.spreadsheets.sheet import Book, Cell, Row, Sheet, Validation

PAGES = 2
LINE = 24.0  # points, room for a line by hand


def blank_form(
    title: str,
    columns: Sequence[Column],
    *,
    created: datetime,
    name: str = "",
    freeze: str = "A4",
) -> Book:
    """An empty form that fills its pages: every cell may be filled in; where a column has choices
    they are offered. `name` is that of the sheet, by default the title.
    """
    table: house.Table[object] = house.Table(columns)
    across = table.across
    cells = tuple(Cell(None, replace(look, unlocked=True)) for look in table.looks)
    head = (
        house.title(title, across),
        house.context(
            f"填报单位：{house.TO_FILL_IN}（盖章）",
            house.dated("填报时间", None),
            across // 2 + 1,
            across,
        ),
        table.header(),
    )
    body = [Row(cells, LINE) for _ in range(_lines(table, head))]
    last = FIRST + len(body) - 1
    sheet = Sheet(
        name or title,
        table.widths,
        (*head, *body, signature(across, "单位负责人（签字）：")),
        repeated=(3, 3),
        freeze=freeze,
        validations=_offers(table, last),
    )
    return Book(title, created, (sheet,))


def _lines(table: house.Table[object], head: Sequence[Row]) -> int:
    """How many empty lines fill the pages, with the signature line on the last."""
    room = Page().room(table.widths)
    heights = [row.height or 0 for row in head]
    first = int((room - sum(heights)) // LINE)
    further = int((room - heights[-1]) // LINE)
    last = int((room - heights[-1] - house.SIGNATURE_HEIGHT) // LINE)
    return first + (PAGES - 2) * further + last


def _offers(table: house.Table[object], last: int) -> tuple[Validation, ...]:
    return tuple(
        Validation(
            (down(table.place(column.key), FIRST, last),),
            "list",
            choices=column.choices,
            strict=False,
        )
        for column in table.columns
        if column.choices
    )
