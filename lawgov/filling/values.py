"""Values of cells as they are compared and as they are kept. Pure.

Spreadsheet programs bring a value home in another type (8 for 8.0, a serial number for a day);
two values are the same when they read the same.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from lawgov.chinese.text import clean, half
from lawgov.spreadsheets.cells import Value, serial_day
from lawgov.spreadsheets.columns import Kind

Packed = list[str] | None

LONGEST = 20  # digits before or after the point; 1e999999999 would be written out

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_WRITTEN_DAY = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?"
)


def told(value: Any) -> str:
    """A value as it is compared and shown: "" for nothing, numbers without idle zeros, ISO days."""
    if value is None:
        return ""
    if isinstance(value, str):
        return "\n".join(line.rstrip() for line in clean(value).split("\n"))
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float | Decimal):
        return _number(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time.min else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _number(value: int | float | Decimal) -> str:
    """To 15 digits, as spreadsheet programs count: 8.1+0.2 is 8.3 to them."""
    text = f"{Decimal(f'{value:.15g}') if isinstance(value, float) else Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def same(exported: str, found: Value, kind: Kind = "text") -> bool:
    """Whether a cell still says what was exported, also where a number has become a text or a
    day has lost its format; `kind` is the column's."""
    if told(found) == exported:
        return True
    if kind == "number":
        number = _decimal(exported)
        return number is not None and number == _decimal(told(found))
    return _ISO.fullmatch(exported) is not None and _day(found) == exported


def plain(value: Any, kind: Kind) -> str:
    """`told`, with a number of a number column written one way."""
    number = _decimal(told(value)) if kind == "number" else None
    return told(value) if number is None else told(number.normalize())


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(half(text))
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < LONGEST else None


def as_day(found: Value) -> Value:
    """The day of a serial number that has lost its format; anything else as it is."""
    if isinstance(found, int | float) and not isinstance(found, bool):
        return serial_day(found) or found
    return found


def _day(found: Value) -> str | None:
    """The day that a serial number or a text such as 2026/12/5 stands for, in ISO form."""
    if isinstance(found := as_day(found), date):
        return f"{found:%Y-%m-%d}"
    if isinstance(found, str) and (match := _WRITTEN_DAY.fullmatch(half(clean(found)))):
        year, month, day_of_month = match.groups()
        return f"{year}-{month:0>2}-{day_of_month:0>2}"
    return None


def pack(value: Value) -> Packed:
    """A cell's value as JSON keeps it, type included."""
    if value is None:
        return None
    if isinstance(value, bool):
        return ["b", told(value)]
    if isinstance(value, int | float):
        return ["n", repr(value)]
    if isinstance(value, datetime):
        return ["d", value.isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    return ["t", value]


def unpack(packed: Packed) -> Value:
    """The reverse of `pack`."""
    if packed is None:
        return None
    kind, text = packed
    if kind == "b":
        return text == "TRUE"
    if kind == "n":
        number = float(text)
        return int(number) if number.is_integer() and "." not in text else number
    if kind == "d":
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    return text
