"""What calamine does not tell of an .xls sheet, from one pass over its records.

Merged blocks come from calamine; here are hidden rows and columns, error cells, and how far the
values reach, which must be known before a full grid is made of them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from lawgov.files.compound import CompoundFile, NotCompound
from lawgov.spreadsheets.grid import Facts, Place
from lawgov.spreadsheets.limits import Limits, too_large

_EOF, _FILEPASS, _COLUMN, _BOUNDSHEET, _BOOLERR, _ROW = 0x0A, 0x2F, 0x7D, 0x85, 0x205, 0x208
# FORMULA, MULRK, RSTRING, LABELSST, NUMBER, LABEL, BOOLERR, RK: all begin with row and column.
_VALUES = frozenset({0x06, 0xBD, 0xD6, 0xFD, 0x203, 0x204, _BOOLERR, 0x27E})
_DIMENSIONS = 0x200
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x20, 0x01
_ROWS, _COLUMNS = 0x10000, 0x100  # as many as the format can have


class Encrypted(ValueError):
    """The workbook has a password."""


def book_facts(file: BinaryIO, limits: Limits) -> list[Facts]:
    """Facts of each sheet in order. Raises NotCompound, Encrypted, UnreadableSheet."""
    compound = CompoundFile(file)
    data = compound.read("Workbook" if "Workbook" in compound.names else "Book")
    try:
        return [_facts(data, start, limits) for start in _starts(data)]
    except struct.error as error:
        raise NotCompound("cut off") from error


def _records(data: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Records from a place up to the end of its part."""
    while at + 4 <= len(data):
        kind, length = struct.unpack_from("<HH", data, at)
        if kind == _EOF:
            return
        yield kind, data[at + 4 : at + 4 + length]
        at += 4 + length


def _starts(data: bytes) -> list[int]:
    """Where the sheets begin; the same order as their names."""
    found = []
    for kind, body in _records(data, 0):
        if kind == _FILEPASS:
            raise Encrypted
        if kind == _BOUNDSHEET:
            found.append(struct.unpack_from("<I", body)[0])
    return found


def _check_size(body: bytes) -> None:
    """Of a DIMENSIONS record, which may lie, but not about more than there can be: calamine asks
    for that much memory at once, and the process would end where it is refused."""
    form = "<IIHH" if len(body) > 10 else "<HHHH"
    top, bottom, left, right = struct.unpack_from(form, body)
    if not (top <= bottom <= _ROWS and left <= right <= _COLUMNS):
        raise NotCompound("a size that no sheet has")


def _facts(data: bytes, start: int, limits: Limits) -> Facts:
    hidden_rows, hidden_columns, errors = set(), set(), set()
    last: Place = (0, 0)
    cells = 0
    for kind, body in _records(data, start):
        if kind in _VALUES:
            row, column = struct.unpack_from("<HH", body)
            if kind == 0xBD:
                column = struct.unpack_from("<H", body, len(body) - 2)[0]
            last = max(last[0], row + 1), max(last[1], column + 1)
            cells += 1
            if kind == _BOOLERR and len(body) > 7 and body[7]:
                errors.add((row + 1, column + 1))
        elif kind == _DIMENSIONS:
            _check_size(body)
        elif kind == _ROW and len(body) >= 14 and body[12] & _HIDDEN_ROW:
            hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)
        elif kind == _COLUMN and len(body) >= 10 and body[8] & _HIDDEN_COLUMN:
            first, final = struct.unpack_from("<HH", body)
            hidden_columns.update(range(first + 1, min(final, limits.columns) + 2))
    if cells > limits.cells:
        raise too_large()
    if last[0] > limits.rows or last[1] > limits.columns:
        raise too_large(*last)
    return Facts(
        hidden_rows=frozenset(hidden_rows),
        hidden_columns=frozenset(hidden_columns),
        errors=frozenset(errors),
        last_row=last[0],
        last_column=last[1],
    )
