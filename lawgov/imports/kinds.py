"""The kinds of files that come in; each subject registers its own when apps load.

A kind says how its file is read (in the reading process), what each row would come to (asking the
database, writing nothing) and how all of it is written (inside one transaction).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy

from lawgov.accounts.policy import Action
from lawgov.imports.reading import Read
from lawgov.spreadsheets.columns import Column

if TYPE_CHECKING:
    from lawgov.accounts.actors import Actor

#: What a row comes to; the five of `import_ledger` and what lists can do besides.
OUTCOMES = ("created", "changed", "unchanged", "merged", "refused", "skipped")

#: The promise of every kind, said beside its form.
ALL_OR_NOTHING = gettext_lazy("先看改动，确认了才写入；要么全部成功，要么一条不动。")


@dataclass(frozen=True)
class Remark:
    """One thing to say about a row; `refuses` when it keeps the file out.

    `column` is in letters, `key` that of the kind's columns, `text` what the cell says. `offer`
    is a unit (id, name) that may be meant by `unknown`, the name that nobody answers to.
    """

    code: str
    message: str
    refuses: bool = False
    column: str | None = None
    key: str | None = None
    text: str = ""
    unknown: str = ""
    offer: tuple[int, str] | None = None


@dataclass
class Judged:
    """What one row comes to: `cells` by key are what the preview shows, `before` what stands in
    the system where that differs."""

    outcome: str
    cells: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)


@dataclass(frozen=True)
class Noted:
    """A remark about a row that is no thing of its own (row None: the whole file)."""

    sheet: str
    row: int | None
    remark: Remark


@dataclass
class Verdict:
    """What the whole file comes to: `rows` one for one with those read. `notes` are pairs of
    label and text for the card that tells what was understood."""

    rows: list[Judged] = field(default_factory=list)
    others: list[Noted] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    notes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """Rows, and faults of the whole file, that keep it out."""
        rows = sum(row.outcome == "refused" for row in self.rows)
        return rows + sum(noted.remark.refuses for noted in self.others)


@dataclass(frozen=True)
class Incoming:
    """A file that was read, with what its owner decided; what kinds judge and write.

    `units` are names as written and the ids of the units that are meant.
    """

    filename: str
    sha256: str
    read: Read
    options: Mapping[str, Any]
    units: Mapping[str, int] = field(default_factory=dict)

    @property
    def source(self) -> dict[str, str]:
        """Where rows come from, as the audit trail keeps it: the file's name and hash."""
        return {"file": self.filename, "hash": self.sha256}


@dataclass(frozen=True)
class Lack:
    """What a place must have before a file of a kind can come in: what to say, where to make it."""

    title: str
    text: str
    action: str
    url: str


def nothing_lacks(actor: Actor) -> Lack | None:
    return None


def no_options(options: Mapping[str, Any]) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True)
class ImportKind:
    """One kind of file.

    `reader` is "package.module:function", a `reading.Reader` that needs no database. `columns` are
    what a column of the file may be taken for, `shown` the keys and headings of the preview.
    `judge` and `write` get the database; `write` runs inside the transaction of the whole, raises
    DomainError to undo it, and returns what came of the rows. `form` takes an actor, asks what
    the file does not say and gives JSON by its `options()`; `asked` makes of it what the reader
    needs. `shown` are keys, headings and widths of the previews, `shown_row` gives their texts for
    the data of a row, before anything is looked up. `back` is the URL name (and
    arguments) of the list that the file goes into, `tips` sentences for the first page, `rank` the
    order of the kinds, `endings` file endings read besides those of workbooks.
    """

    code: str
    label: Any
    action: Action
    reader: str
    columns: Sequence[Column]
    shown: Sequence[tuple[str, Any, str]]
    shown_row: Callable[[Mapping[str, Any]], Mapping[str, str]]
    judge: Callable[[Incoming, Actor], Verdict]
    write: Callable[[Incoming, Actor, datetime], Counter[str]]
    form: Callable[..., forms.Form]
    back: tuple[str, ...]
    section: Mapping[str, str]
    asked: Callable[[Mapping[str, Any]], Mapping[str, Any]] = no_options
    lacks: Callable[[Actor], Lack | None] = nothing_lacks
    rank: int = 1
    tips: Sequence[Any] = ()
    endings: tuple[str, ...] = ()

    @property
    def choices(self) -> list[tuple[str, str]]:
        """What a column may be taken for, in the order of the sheet."""
        return [(column.key, column.header) for column in self.columns if column.key != "other"]

    @property
    def required(self) -> list[Column]:
        return [column for column in self.columns if column.required]


@dataclass(frozen=True)
class Homecoming:
    """A workbook of our own that comes back filled in: it leaves the usual way at the gate.

    `recognise` is "package.module:function" and runs in the reading process, without a database:
    given the path of a file that has passed the gate, whether it carries our identity. `receive`
    (actor, hash of the stored file, its name, now) takes the file on and gives the address where
    it goes on; it raises DomainError.
    """

    code: str
    recognise: str
    receive: Callable[[Actor, str, str, datetime], str]


_KINDS: dict[str, ImportKind] = {}
_HOMECOMINGS: dict[str, Homecoming] = {}


def register(kind: ImportKind) -> ImportKind:
    _KINDS[kind.code] = kind
    return kind


def register_homecoming(home: Homecoming) -> Homecoming:
    _HOMECOMINGS[home.code] = home
    return home


def kind_of(code: str) -> ImportKind:
    return _KINDS[code]


def all_kinds() -> Iterable[ImportKind]:
    """By rank, then as they were registered."""
    return sorted(_KINDS.values(), key=lambda kind: kind.rank)


def homecomings() -> Mapping[str, Homecoming]:
    return _HOMECOMINGS
