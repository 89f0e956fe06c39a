"""What calamine does not tell of an .xlsx sheet, taken in one pass over its XML.

Merged blocks, hidden rows and columns, error cells, formulas without a result, and how far the
values truly reach: the declared dimension is never looked at.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator

from lawgov.files import markup
from lawgov.spreadsheets.grid import Facts, Merge, Place, column_number, merge_of
from lawgov.spreadsheets.limits import Limits, UnreadableSheet, too_large

_CHUNK = 256 * 1024
_OFFICE = "/officeDocument"

# A cell with a value and no formula, or with nothing, as every spreadsheet program writes it: it
# says how far the sheet reaches and no more. Most cells are such, and the walk is spared them.
_PLAIN = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"(?: s="[0-9]+")?(?: t="(?!e)[A-Za-z]+")?>'
    rb"(?:<v>[^<&]*</v>|<is><t[^<>]*>[^<]*</t></is>)</c>"
    rb'|<c r="[A-Z]{1,3}[0-9]{1,7}"(?: s="[0-9]+")?/>'
)


def sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet by its name. Raises KeyError, markup.Malformed for a broken book."""
    book = _target(archive, "_rels/.rels", lambda kind: kind.endswith(_OFFICE)) or "xl/workbook.xml"
    folder, name = posixpath.split(book)
    targets: dict[str, str] = {}
    sheets: list[tuple[str, str]] = []

    def relation(element: str, attributes: dict[str, str]) -> None:
        if markup.local(element) == "Relationship":
            targets[attributes.get("Id", "")] = _resolved(folder, attributes.get("Target", ""))

    def sheet(element: str, attributes: dict[str, str]) -> None:
        if markup.local(element) == "sheet":
            place = next((v for k, v in attributes.items() if k.endswith(":id")), "")
            sheets.append((attributes.get("name", ""), place))

    markup.walk(_chunks(archive, posixpath.join(folder, "_rels", f"{name}.rels")), relation)
    markup.walk(_chunks(archive, book), sheet)
    return {name: targets[place] for name, place in sheets if place in targets}


def _target(archive: zipfile.ZipFile, part: str, wanted) -> str | None:
    found: list[str] = []

    def start(element: str, attributes: dict[str, str]) -> None:
        if wanted(attributes.get("Type", "")):
            found.append(_resolved("", attributes.get("Target", "")))

    if part in archive.namelist():
        markup.walk(_chunks(archive, part), start)
    return found[0] if found else None


def _resolved(folder: str, target: str) -> str:
    path = target if target.startswith("/") else posixpath.join(folder, target)
    return posixpath.normpath(path).lstrip("/")


def _chunks(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def sheet_facts(archive: zipfile.ZipFile, part: str, limits: Limits) -> Facts:
    """Facts of one sheet. Raises UnreadableSheet beyond the limits, markup.Malformed."""
    try:
        return _SheetWalk(limits, past_plain=True).read(_chunks(archive, part))
    except _Unplaced:
        return _SheetWalk(limits, past_plain=False).read(_chunks(archive, part))


class _Unplaced(Exception):
    """A signal, not an error: a row or cell without its place stands behind one passed over."""


class _SheetWalk:
    """Counts while expat calls; written for speed, since it is called for each element.

    With `past_plain` the plain cells are counted and taken out of the markup before the walk.
    """

    def __init__(self, limits: Limits, *, past_plain: bool) -> None:
        self.limits = limits
        self.past_plain = past_plain
        self.cells = 0
        self.merges: list[Merge] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.errors: set[Place] = set()
        self.formulas: set[Place] = set()
        self.texts: set[Place] = set()
        self.last_row = self.last_column = 0

    def read(self, chunks: Iterator[bytes]) -> Facts:
        rest = map(self._past_plain, chunks) if self.past_plain else chunks
        markup.walk(rest, self._handler())
        return Facts(
            tuple(self.merges),
            frozenset(self.hidden_rows),
            frozenset(self.hidden_columns),
            frozenset(self.errors),
            frozenset(self.formulas),
            self.last_row,
            self.last_column,
        )

    def _handler(self) -> markup.Start:
        columns: dict[str, int] = {}
        row = column = 0
        row_text = kind = ""

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal row, column, row_text, kind
            if ":" in name:
                name = name.rpartition(":")[2]
            if name == "c":
                reference = attributes.get("r")
                if reference:
                    head = reference.rstrip("0123456789")
                    column = columns.get(head) or columns.setdefault(head, column_number(head))
                    digits = reference[len(head) :]
                    if digits != row_text and digits:
                        row, row_text = int(digits), digits
                elif self.past_plain:
                    raise _Unplaced
                else:
                    column += 1
                kind = attributes.get("t", "")
                self._count(1)
            elif name == "v" or name == "is":
                self._reach(row, column)
                if kind == "e":
                    self.errors.add((row, column))
            elif name == "f":
                if kind != "str":
                    self.formulas.add((row, column))
            elif name == "row":
                row_text = attributes.get("r", "")
                if self.past_plain and not row_text:
                    raise _Unplaced
                row = int(row_text) if row_text.isdecimal() else row + 1
                column = 0
                if _is_hidden(attributes, "ht"):
                    self.hidden_rows.add(row)
            elif name == "mergeCell":
                self._add_merge(attributes.get("ref", ""))
            elif name == "col" and _is_hidden(attributes, "width"):
                self._hide_columns(attributes)

        return start

    def _past_plain(self, chunk: bytes) -> bytes:
        """The chunk without its plain cells; one that ends in the next chunk stays."""
        pieces = _PLAIN.split(chunk)  # markup, column and row of a cell, markup, …
        columns, rows = set(pieces[1::3]), set(pieces[2::3])
        self._count(len(pieces) // 3)
        # An empty cell has no place here: it counts, and reaches nowhere.
        self._reach(
            max((int(row) for row in rows if row), default=0),
            max((column_number(name.decode()) for name in columns if name), default=0),
        )
        return b"".join(pieces[::3])

    def _count(self, cells: int) -> None:
        self.cells += cells
        if self.cells > self.limits.cells:
            raise too_large()

    def _reach(self, row: int, column: int) -> None:
        """A value stands there."""
        self.last_row = max(self.last_row, row)
        self.last_column = max(self.last_column, column)
        if row > self.limits.rows or column > self.limits.columns:
            raise too_large(row, column)

    def _add_merge(self, reference: str) -> None:
        merge = merge_of(reference)
        if merge:
            self.merges.append(merge)
        if len(self.merges) > self.limits.merges:
            raise too_large()

    def _hide_columns(self, attributes: dict[str, str]) -> None:
        first, last = int(attributes.get("min", 0)), int(attributes.get("max", 0))
        self.hidden_columns.update(range(first, min(last, self.limits.columns) + 1))


def _is_hidden(attributes: dict[str, str], size: str) -> bool:
    return attributes.get("hidden") in ("1", "true") or attributes.get(size) == "0"


__all__ = ["UnreadableSheet", "sheet_facts", "sheet_parts"]
