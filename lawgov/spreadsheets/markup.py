"""Cells and rows as SpreadsheetML text.

openpyxl writes a formula without its value and takes three times as long over each cell; what
surrounds the rows (styles, merges, validations, print set-up) stays its work.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from xml.sax.saxutils import escape

from openpyxl.utils.datetime import to_excel

from lawgov.spreadsheets import safe
from lawgov.spreadsheets.formulas import Formula
from lawgov.spreadsheets.sheet import Value

_FIRST_DAY = date(
    1900, 3, 1
)  # Excel believes in 29 February 1900; earlier days are written as text
_RETURN = {"\r": "&#13;"}  # an XML parser would read a bare one as a line feed


def cell(address: str, style: int, value: Value) -> str:
    """One cell. Text must be clean already; None leaves the cell empty but styled.

    Raises TypeError for a value that a cell cannot hold, ValueError for a number that is none or a
    time with a zone.
    """
    head = f'<c r="{address}" s="{style}"'
    if value is None or value == "":
        return head + "/>"
    if isinstance(value, str):
        return f'{head} t="inlineStr"><is>{_text("t", safe.escaped(value))}</is></c>'
    if isinstance(value, Formula):
        return head + _formula(value)
    if isinstance(value, bool):
        return f'{head} t="b"><v>{value:d}</v></c>'
    if isinstance(value, date) and _day(value) < _FIRST_DAY:
        return cell(address, style, value.isoformat())
    return f"{head}><v>{number(value)}</v></c>"


def row(number: int, height: float, cells: Iterable[str]) -> str:
    """One row of cells; `height` in points."""
    return f'<row r="{number}" ht="{height:g}" customHeight="1">{"".join(cells)}</row>'


def number(value: Value) -> str:
    """A number or day as Excel keeps it; days are counted from 1900."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        raise ValueError("a cell has no time zone; hand in local time")
    if isinstance(value, date):
        value = to_excel(value)
    if not isinstance(value, int | float | Decimal):
        raise TypeError(f"a cell cannot hold {type(value).__name__}")
    if not math.isfinite(value):
        raise ValueError(f"not a number a cell can hold: {value}")
    return str(int(value)) if value == int(value) else repr(float(value))


def _formula(formula: Formula) -> str:
    """The formula and its value; a text says so in the type of the cell."""
    code, value = f"<f>{escape(formula.text)}</f>", formula.value
    if value is None:
        return f">{code}</c>"
    if isinstance(value, str):
        return f' t="str">{code}{_text("v", value)}</c>'
    return f">{code}<v>{number(value)}</v></c>"


def _text(tag: str, text: str) -> str:
    keep = ' xml:space="preserve"' if text != text.strip() else ""
    return f"<{tag}{keep}>{escape(text, _RETURN)}</{tag}>"


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value
