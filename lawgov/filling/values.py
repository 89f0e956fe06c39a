"""Values of cells as they are compared and as they are kept. Pure.

Spreadsheet programs bring a value home in another type (8 for 8.0, a serial number for a day);
two values are the same when they read the same.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from lawgov.chinese.text import clean
from lawgov.spreadsheets.cells import Value, serial_day

Packed = list[str] | None


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
    text = f"{Decimal(repr(value)) if isinstance(value, float) else Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def same(exported: str, found: Value) -> bool:
    """Whether a cell still says what was exported, also where a day has lost its format."""
    if told(found) == exported:
        return True
    if isinstance(found, int | float) and not isinstance(found, bool):
        day = serial_day(found)
        return day is not None and day.isoformat() == exported
    return False


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
