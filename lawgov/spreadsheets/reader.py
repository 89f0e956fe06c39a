"""The one way to read a stranger's table: .xlsx, .xlsm, .xls or .csv → grids of values.

The gate looks first, our own pass counts and finds merges and hidden rows, calamine gives the
values. Whatever goes wrong on the way is one UnreadableSheet with a sentence for the person.
Formulas give their stored result; macros and links are never followed.
"""

from __future__ import annotations

import io
import os
import sys
import threading
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

import python_calamine
from django.utils.translation import gettext as _
from python_calamine import CalamineWorkbook, SheetMetadata, SheetTypeEnum, SheetVisibleEnum

from lawgov.files import gate, markup, signatures
from lawgov.files.compound import NotCompound
from lawgov.spreadsheets import biff
from lawgov.spreadsheets.cells import Value, value
from lawgov.spreadsheets.delimited import read_delimited
from lawgov.spreadsheets.facts import sheet_facts, sheet_parts
from lawgov.spreadsheets.grid import Facts, Grid, Merge, clipped
from lawgov.spreadsheets.limits import LIMITS, Limits, UnreadableSheet, too_large

__all__ = ["Book", "Corrections", "UnreadableSheet", "corrected", "read_book"]


@dataclass(frozen=True)
class Book:
    """The sheets of a file in order. `macros` means it has some, which were ignored."""

    sheets: list[Grid]
    macros: bool = False


#: Texts that take the place of cells: by sheet, then by (row, column) from 1.
Corrections = Mapping[str, Mapping[tuple[int, int], str]]


def corrected(book: Book, corrections: Corrections) -> Book:
    """The book with some cells mended, as if they had been typed so; places outside are ignored."""
    for grid in book.sheets:
        for (row, column), text in corrections.get(grid.name, {}).items():
            if 1 <= row <= grid.height and 1 <= column <= LIMITS.columns:
                cells = grid.rows[row - 1]
                cells.extend([None] * (column - len(cells)))
                cells[column - 1] = value(text)
    return book


def read_book(
    source: Path | str | BinaryIO, *, name: str | None = None, limits: Limits = LIMITS
) -> Book:
    """All worksheets of a file, hidden ones too; chart and macro sheets are left out.

    `name` is the user's file name where `source` does not carry it; its stem names the sheet of a
    .csv. Raises UnreadableSheet for whatever is not a readable table.
    """
    if isinstance(source, Path | str):
        path = Path(source)
        try:
            with path.open("rb") as file:
                return _read(file, path.name if name is None else name, limits)
        except OSError as error:
            raise UnreadableSheet(_("打不开文件 %(name)s") % {"name": path.name}) from error
    return _read(source, name or Path(getattr(source, "name", "") or "").name, limits)


def _read(file: BinaryIO, name: str, limits: Limits) -> Book:
    with _one_error():
        passed = gate.check(file, name=name, use="workbook")
        data = file.read()
        if passed.kind is signatures.CSV:
            return Book([Grid(Path(name).stem, read_delimited(data, limits))])
        parse = _xls if passed.kind is signatures.XLS else _xlsx
        with _quiet_panics():
            sheets = parse(data, limits)
        return Book(sheets, macros=passed.macros)


@contextmanager
def _one_error() -> Iterator[None]:
    """Turn whatever the gate and the parsers raise into UnreadableSheet.

    Damaged files make zip, XML and Rust code raise a dozen types, among them panics that are not
    Exceptions; a list of types would always be one short (robustness M14).
    """
    try:
        yield
    except UnreadableSheet:
        raise
    except gate.Refused as refused:
        raise UnreadableSheet(refused.sentence) from refused
    except python_calamine.PasswordError as error:
        raise UnreadableSheet(_("文件设有密码，请取消密码后再导入")) from error
    except biff.Encrypted as error:
        raise UnreadableSheet(_("文件设有密码，请取消密码后再导入")) from error
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        raise UnreadableSheet(_("文件已损坏或不是表格，读不出来")) from error


_stderr_lock = threading.Lock()


@contextmanager
def _quiet_panics() -> Iterator[None]:
    """Keep Rust from printing a trace: it writes to descriptor 2 before the panic reaches us.

    The panic itself still arrives as an exception and becomes an UnreadableSheet.
    """
    with _stderr_lock:
        sys.stderr.flush()
        kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            os.close(nowhere)


def _xlsx(data: bytes, limits: Limits) -> list[Grid]:
    # Our pass comes first: calamine makes a full rectangle of the used area, so its size must be
    # known to be harmless.
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = sheet_parts(archive)
        if len(parts) > limits.sheets:
            raise too_large()
        names = archive.namelist()
        facts = {
            name: sheet_facts(archive, part, limits)
            for name, part in parts.items()
            if part in names and "/chartsheets/" not in f"/{part}"
        }
    _check_areas(facts.values(), limits)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    grids = []
    for sheet in book.sheets_metadata:
        if sheet.typ is not SheetTypeEnum.WorkSheet:
            continue
        if sheet.name not in facts:
            raise markup.Malformed("a sheet without its part")
        rows = _rows(book, sheet.name, limits)
        grids.append(_grid(sheet, rows, facts[sheet.name], limits))
    return grids


def _xls(data: bytes, limits: Limits) -> list[Grid]:
    facts = biff.book_facts(io.BytesIO(data), limits)
    _check_areas(facts, limits)
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    if len(facts) != len(book.sheets_metadata) or len(facts) > limits.sheets:
        raise NotCompound("sheets do not match")
    grids = []
    for sheet, known in zip(book.sheets_metadata, facts, strict=True):
        if sheet.typ is not SheetTypeEnum.WorkSheet:
            continue
        ranges = book.get_sheet_by_name(sheet.name).merged_cell_ranges or []
        merges = tuple(
            Merge(top + 1, left + 1, bottom + 1, right + 1)
            for (top, left), (bottom, right) in ranges
        )
        rows = _rows(book, sheet.name, limits)
        grids.append(_grid(sheet, rows, replace(known, merges=merges), limits))
    return grids


def _check_areas(facts: Iterable[Facts], limits: Limits) -> None:
    for known in facts:
        if known.last_row * known.last_column > limits.cells:
            raise too_large(known.last_row, known.last_column)


def _rows(book: CalamineWorkbook, name: str, limits: Limits) -> list[list[Value]]:
    # Typed as what it becomes: each cell is brought to one of our types in its place.
    rows: list[list[Any]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    if len(rows) > limits.rows:
        raise too_large(len(rows), 1)
    known: dict[object, Value] = {}  # most texts of a ledger occur many times
    for number, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                if cell not in known:
                    if len(cell) > limits.text:
                        raise too_large(number, place + 1)
                    known[cell] = value(cell)
                row[place] = known[cell]
            else:
                row[place] = value(cell)
    return rows


def _grid(sheet: SheetMetadata, rows: list[list[Value]], facts: Facts, limits: Limits) -> Grid:
    """The grid of one sheet; formulas that do have a result leave the list of uncomputed ones."""
    merges = clipped(facts.merges, len(rows), max(map(len, rows), default=0))
    if sum((m.bottom - m.top + 1) * (m.right - m.left + 1) for m in merges) > limits.cells:
        raise too_large()
    uncomputed = frozenset(
        (row, column) for row, column in facts.uncomputed if not _at(rows, row, column)
    )
    return Grid(
        sheet.name,
        rows,
        replace(facts, merges=merges, uncomputed=uncomputed),
        hidden=sheet.visible is not SheetVisibleEnum.Visible,
    )


def _at(rows: list[list[Value]], row: int, column: int) -> bool:
    try:
        return rows[row - 1][column - 1] is not None
    except IndexError:
        return False
