"""What can be filled in on a sheet: each subject registers itself when apps load.

A subject says which rows a person may fill in, how they stand today, what a typed value means,
and through which of its own actions it is saved. It never writes in a second way.
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from lawgov.accounts.policy import Action, can
from lawgov.filling.values import told
from lawgov.spreadsheets.columns import Column, Filling

if TYPE_CHECKING:
    from django.db import models

    from lawgov.accounts.actors import Actor
    from lawgov.spreadsheets.cells import Value
    from lawgov.spreadsheets.sheet import Book


class Unfit(Exception):
    """A typed value that cannot be taken; the text says why and what to write instead."""


@dataclass(frozen=True)
class Item:
    """One row as it stands today, as the sheet would show it.

    `cells` are values by column. `refusals` say by column why it cannot be filled in now (sent
    on, closed); `held` are digests where the sheet shows a value only in part. `trail` is what
    the audit trail tells of, `row` whatever the subject needs to save.
    """

    pk: int
    label: str
    version: int
    cells: Mapping[str, Any]
    refusals: Mapping[str, str] = field(default_factory=dict)
    held: Mapping[str, str] = field(default_factory=dict)
    trail: models.Model | None = None
    row: Any = None

    def told(self, key: str) -> str:
        return told(self.cells.get(key))

    def digest(self, key: str) -> str:
        """What stands there today, for comparing; the whole value where the cell shows a part."""
        return self.held.get(key, self.told(key))


@dataclass(frozen=True)
class Changed:
    """What is to be saved of one row: the new values of the cells that change, as read."""

    item: Item
    values: Mapping[str, Any]


Newcomers = Callable[[Mapping[str, Any]], Item]
"""From the cells of a row without a mark to the item that it is or starts from."""


@dataclass(frozen=True)
class Drawn:
    """A workbook whose first sheet holds the rows; `places` are their row numbers by id.

    `spare` are numbers of empty rows that may become new ones.
    """

    book: Book
    places: Mapping[int, int]
    filename: str
    spare: Sequence[int] = ()


class Subject(ABC):
    """One kind of sheet to be filled in, by those who hold `action`.

    `anchors` are columns that tell rows apart: where a mark stands beside another row's anchors,
    only a part of the columns was sorted. `loose` columns are not compared (blocks, sums).
    `ways` are what `Filling.through` may name, in the order of saving. `section` is the place of
    the rail whose rows they are. `grows`: rows may be added.
    """

    code: ClassVar[str]
    label: ClassVar[Any]
    hint: ClassVar[Any] = ""
    action: ClassVar[Action]
    columns: ClassVar[tuple[Column, ...]]
    anchors: ClassVar[tuple[str, ...]]
    loose: ClassVar[frozenset[str]] = frozenset()
    ways: ClassVar[tuple[str, ...]]
    section: ClassVar[str] = ""
    grows: ClassVar[bool] = False

    def may(self, actor: Actor) -> bool:
        return can(actor, self.action)

    @property
    def fillings(self) -> dict[str, Filling]:
        """Columns that are filled in on this sheet, in order, and through what each is saved."""
        return {
            column.key: filling
            for column in self.columns
            for filling in column.filled
            if self.is_own(filling)
        }

    def is_own(self, filling: Filling) -> bool:
        return filling.action is self.action

    @property
    def columns_code(self) -> str:
        """Changes when the sheet's columns do; a sheet from before is then not read."""
        text = "|".join(f"{column.key}={column.header}" for column in self.columns)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def header(self, key: str) -> str:
        return next(column.header for column in self.columns if column.key == key)

    @abstractmethod
    def items(self, actor: Actor, pks: Collection[int] | None = None) -> list[Item]:
        """The rows that `actor` may fill in, in the order of the sheet; a fixed number of queries.

        With `pks` only those of them. Never a row that `actor` may not do `action` to.
        """

    @abstractmethod
    def draw(self, items: Sequence[Item], actor: Actor, *, now: datetime) -> Drawn:
        """The workbook with these rows."""

    @abstractmethod
    def read(self, key: str, value: Value, item: Item) -> Any:
        """What a changed cell means; raises Unfit."""

    def newcomers(self, actor: Actor) -> Newcomers | None:
        """How a row that the sheet adds is understood; None where rows cannot be added."""
        return None

    def told(self, key: str, value: Any) -> str:
        """A value that was read, as the sheet would show it."""
        return told(value)

    def digest(self, key: str, value: Any) -> str:
        """A value that was read, as `Item.digest` gives what stands today."""
        return self.told(key, value)

    def check(self, changed: Changed, *, now: datetime) -> Mapping[str, str]:
        """What stands against these values of one row together: sentences by column."""
        return {}

    def objections(
        self, changes: Sequence[Changed], *, now: datetime
    ) -> Sequence[Mapping[str, str]]:
        """`check` for all rows at once, one answer for each; the queries do not grow with them."""
        return [self.check(change, now=now) for change in changes]

    @abstractmethod
    def save(self, changes: Sequence[Changed], *, actor: Actor, now: datetime) -> None:
        """Write them through the subject's own actions, inside the caller's transaction.

        Raises what those raise; then nothing at all is written.
        """


_SUBJECTS: dict[str, Subject] = {}


def register(subject: Subject) -> Subject:
    _SUBJECTS[subject.code] = subject
    return subject


def subject_of(code: str) -> Subject | None:
    return _SUBJECTS.get(code)


def open_to(actor: Actor) -> list[Subject]:
    """The sheets that the person may fill in, in the order in which they were registered."""
    return [subject for subject in _SUBJECTS.values() if subject.may(actor)]


def every() -> list[Subject]:
    return [*_SUBJECTS.values()]
