"""Values of cells: what the parsers give, brought to a few types, and read as text.

A value is None (empty), str (cleaned and trimmed, never empty), int, float, bool, date or datetime.
"""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta

from lawgov.chinese.text import clean

Value = str | int | float | bool | date | datetime | None

# What Excel shows where a formula went wrong; in a .csv it is text like any other.
ERRORS = frozenset(
    {"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
)


def value(raw: object) -> Value:
    """A parser's value: text is cleaned, whole floats become int, midnight a date, blanks None."""
    if isinstance(raw, str):
        return clean(raw) or None
    if isinstance(raw, bool) or raw is None:
        return raw
    if isinstance(raw, float):
        return _number(raw)
    if isinstance(raw, datetime):
        return raw.date() if raw.time() == time.min else raw
    if isinstance(raw, int | date):
        return raw
    if isinstance(raw, time):
        return f"{raw:%H:%M}"
    if isinstance(raw, timedelta):
        return str(raw)
    return str(raw)


def _number(raw: float) -> Value:
    if not math.isfinite(raw):
        return None
    return int(raw) if raw.is_integer() and abs(raw) < 1e15 else raw


def as_text(cell: Value) -> str:
    """A value as text: dates in ISO form, whole numbers without a point, nothing as "".

    True and False are TRUE and FALSE, as a sheet shows them.
    """
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return f"{cell:.10g}"
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def is_error(cell: Value) -> bool:
    """Whether a text cell shows a formula's error."""
    return isinstance(cell, str) and cell in ERRORS


def serial_day(number: float) -> date | None:
    """The day of a serial number (1900 date system) that lost its date format; 2000 to 2099."""
    if not 36526 <= number < 73051:
        return None
    return date(1899, 12, 30) + timedelta(days=int(number))
