"""Formulas that carry their result, so that previews and readers without a calculator see it.

A formula is made from the cells it names and, beside it, from the values these hold; Excel and
LibreOffice recalculate on opening and must come to the same. Rows and columns are counted from 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeAlias

from openpyxl.utils import get_column_letter

Number: TypeAlias = int | float | Decimal
Result: TypeAlias = int | float | Decimal | str | date | None


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula without its equals sign, and the value it has now. None as value: not known."""

    text: str
    value: Result = None


def at(column: int, row: int, *, fixed: bool = False) -> str:
    """Address of a cell: `F4`, or `$F$4` when fixed."""
    letter = get_column_letter(column)
    return f"${letter}${row}" if fixed else f"{letter}{row}"


def down(column: int, first: int, last: int, *, fixed: bool = False) -> str:
    """Address of a stretch of one column: `F4:F24`."""
    return f"{at(column, first, fixed=fixed)}:{at(column, last, fixed=fixed)}"


def on_sheet(title: str, address: str) -> str:
    """An address on another sheet, its name quoted: `'销号统计'!A1`."""
    return "'" + title.replace("'", "''") + "'!" + address


def literal(text: str) -> str:
    """A text inside a formula, its quotation marks doubled."""
    return '"' + text.replace('"', '""') + '"'


def plus(numbers: Iterable[Number | None]) -> Decimal:
    """Sum as Excel has it: empty cells are left out, no numbers give 0."""
    return sum((Decimal(number) for number in numbers if number is not None), Decimal(0))


def sum_of(address: str, numbers: Iterable[Number | None]) -> Formula:
    """Sum of a stretch of cells that hold these numbers."""
    return Formula(f"SUM({address})", plus(numbers))


def sum_of_cells(cells: Iterable[tuple[str, Number | None]]) -> Formula:
    """Sum of single cells, given as (address, number); 0 where there are none."""
    listed = list(cells)
    text = "+".join(address for address, _ in listed) or "0"
    return Formula(text, plus(number for _, number in listed))


def share(part: str, whole: str, part_value: Number, whole_value: Number, empty: str) -> Formula:
    """Part of a whole, or the text `empty` where the whole is 0."""
    return Formula(
        f"IF({whole}=0,{literal(empty)},{part}/{whole})",
        empty if whole_value == 0 else Decimal(part_value) / Decimal(whole_value),
    )


def percent(part: Number, whole: Number) -> str:
    """`97.8%`, half up, as the number format `0.0%` shows it. Raises ArithmeticError for no
    whole.
    """
    rate = Decimal(part) * 100 / Decimal(whole)
    return f"{rate.quantize(Decimal('0.1'), ROUND_HALF_UP)}%"
