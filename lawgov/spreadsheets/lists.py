"""A plain list as an official sheet: title, unit line, header, one row per thing, a note.

Small lists are laid out page by page like every other sheet; longer ones go out row by row
(`stream.py`), with the same columns, looks and rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

from lawgov.spreadsheets import house
from lawgov.spreadsheets.columns import Column
from lawgov.spreadsheets.formulas import at
from lawgov.spreadsheets.layout import Page
from lawgov.spreadsheets.sheet import Book, Notice, Row, Sheet
from lawgov.spreadsheets.stream import Report, Streamed, stream
from lawgov.spreadsheets.writer import write

SMALL = 2_000
"""Rows up to which a sheet is laid out page by page; beyond, it goes out row by row."""

FIRST = 4  # the first row of data, under title, unit line and header
_LEAST = 20.0  # points of a row

Rules = Callable[["house.Table[Any]", int, int], tuple[Any, ...]]


def no_rules(_table: house.Table[Any], _first: int, _last: int) -> tuple[Any, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class ListSheet:
    """What a list shows beside its rows.

    `title` stands over the table and names the sheet where `name` does not. `unit` fills the unit
    line, `day` (a local day) stands right of it, introduced by `dated`. Columns up to `freeze`
    (a key) stay in view. `conditions` and `validations` are asked for with the table, the first
    and the last row. `signed` puts the signature line under the table.
    """

    title: str
    columns: Sequence[Column]
    unit: str
    day: date
    name: str = ""
    dated: str = "填报时间"
    split: str = ""
    freeze: str = ""
    note: str = ""
    signed: bool = False
    landscape: bool = True
    protected: bool = True
    conditions: Rules = no_rules
    validations: Rules = no_rules

    @property
    def page(self) -> Page:
        return Page(landscape=self.landscape)


def write_list(
    found: ListSheet,
    rows: Iterable[Any],
    target: str | Path | BinaryIO,
    *,
    created: datetime,
    report: Report | None = None,
) -> list[Notice]:
    """Write the rows, objects that the columns read, in the way their number asks for.

    Not more than SMALL rows are held in memory at once. `report` hears the number of rows written.
    """
    iterator = iter(rows)
    head = list(islice(iterator, SMALL + 1))
    if len(head) > SMALL:
        table: house.Table[Any] = house.Table(found.columns)
        lines = (table.values(item) for item in chain(head, iterator))
        return stream(streamed(found), lines, target, created=created, report=report)
    notices = write(list_book(found, head, created=created), target)
    if report:
        report(len(head))
    return notices


def list_book(found: ListSheet, rows: Sequence[Any], *, created: datetime) -> Book:
    """The workbook of a small list; `created` is an instant with its zone."""
    return Book(found.title, created, (list_sheet(found, rows),))


def list_sheet(found: ListSheet, rows: Sequence[Any]) -> Sheet:
    """The sheet of a small list; one empty row when there is none."""
    table: house.Table[Any] = house.Table(found.columns)
    body = [table.row(row, least=_LEAST) for row in rows] or [table.blank(height=30)]
    last = FIRST + len(body) - 1
    foot: list[Row] = [house.note(found.note, table.widths)] if found.note else []
    if found.signed:
        foot.append(signature(table.across))
    return Sheet(
        found.name or found.title,
        table.widths,
        (*_head(found, table), *body, *foot),
        page=found.page,
        repeated=(3, 3),
        freeze=_corner(found, table),
        filtered=f"{at(1, FIRST - 1)}:{at(table.across, last)}",
        protected=found.protected,
        validations=found.validations(table, FIRST, last),
        conditions=found.conditions(table, FIRST, last),
    )


def streamed(found: ListSheet) -> Streamed:
    """The same list as `stream` takes it; its note and signatures would be out of sight."""
    table: house.Table[Any] = house.Table(found.columns)

    def sheet(name: str, last: int) -> Sheet:
        return Sheet(
            name,
            table.widths,
            _head(found, table),
            page=found.page,
            repeated=(3, 3),
            freeze=_corner(found, table),
            filtered=f"{at(1, FIRST - 1)}:{at(table.across, last)}",
            protected=found.protected,
            extent=last,
            validations=found.validations(table, FIRST, last),
            conditions=found.conditions(table, FIRST, last),
        )

    return Streamed(found.title, found.name or found.title, table.looks, FIRST, sheet)


def _head(found: ListSheet, table: house.Table[Any]) -> tuple[Row, ...]:
    split = table.place(found.split) if found.split else _middle(table.widths)
    return (
        house.title(found.title, table.across),
        house.context(
            f"填报单位：{found.unit}", house.dated(found.dated, found.day), split, table.across
        ),
        table.header(),
    )


def _middle(widths: Sequence[float]) -> int:
    """The column at which the right half of the unit line begins, never the first."""
    used, half = 0.0, sum(widths) / 2
    for place, width in enumerate(widths, 1):
        if used >= half and place > 1:
            return place
        used += width
    return len(widths)


def _corner(found: ListSheet, table: house.Table[Any]) -> str:
    """The first cell that scrolls."""
    return at(table.place(found.freeze) + 1 if found.freeze else 1, FIRST)


def signature(across: int, third_text: str = "（盖章）") -> Row:
    """Who filled in, who checked, the seal; three blocks of columns as equal as may be."""
    second, third = across // 3 + 1, 2 * across // 3 + 1
    starts, texts = (1, second, third), ("填报人：", "审核人：", third_text)
    lasts = (second - 1, third - 1, across)
    return house.signature(list(zip(starts, lasts, texts, strict=True)), across)
