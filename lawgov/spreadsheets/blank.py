"""The blank form 空表 of a list of columns: what is imported can be filled in first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from lawgov.spreadsheets import house
from lawgov.spreadsheets.columns import Column
from lawgov.spreadsheets.formulas import down
from lawgov.spreadsheets.lists import FIRST
from lawgov.spreadsheets.sheet import Book, Cell, Row, Sheet, Validation


def blank_form(
    title: str,
    columns: Sequence[Column],
    *,
    created: datetime,
    lines: int = 30,
    freeze: str = "A4",
) -> Book:
    """An empty form: every cell may be filled in; where a column has choices they are offered."""
    table: house.Table[object] = house.Table(columns)
    cells = tuple(Cell(None, replace(look, unlocked=True)) for look in table.looks)
    body = [Row(cells, 24) for _ in range(lines)]
    last = FIRST + lines - 1
    written = (
        house.title(title, table.across),
        house.context(
            f"填报单位：{house.TO_FILL_IN}（盖章）",
            house.dated("填报时间", None),
            table.across // 2 + 1,
            table.across,
        ),
        table.header(),
        *body,
    )
    offers = tuple(
        Validation(
            (down(table.place(column.key), FIRST, last),),
            "list",
            choices=column.choices,
            strict=False,
        )
        for column in columns
        if column.choices
    )
    sheet = Sheet(title, table.widths, written, repeated=(3, 3), freeze=freeze, validations=offers)
    return Book(title, created, (sheet,))
