"""One column of a sheet, as data: read by the importer, the exporter, the blank form and the docs.

A subject lists its columns once, in its own `columns.py`; `headers.py` finds them in a stranger's
sheet by name, `writer.py` puts them on paper.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from lawgov.accounts.policy import Action

Kind = Literal["text", "number", "date", "units", "choice"]


@dataclass(frozen=True, slots=True)
class Filling:
    """Who may fill a column in on a sheet that comes home: those who hold `action` for the row.

    `through` names the one way in which it is saved: an edge of the subject's workflow or one of
    its actions.
    """

    action: Action
    through: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its meaning (`key`), its exported `header` and the other names it goes by.

    `width` is in characters of the sheet's base font; None leaves it to the writer. `required`
    means a row without it is faulty. `choices` are the words offered and accepted by kind
    `choice`. `unlocked` cells stay editable on a protected sheet. `value` takes a row object of
    the subject and gives what stands in the cell (str, number, date or None). `filled` says who
    fills it in on a sheet that comes home, and how that is saved; () is nobody.
    """

    key: str
    header: str
    aliases: tuple[str, ...] = ()
    kind: Kind = "text"
    width: float | None = None
    required: bool = False
    choices: tuple[str, ...] = ()
    unlocked: bool = False
    align: str | None = None
    number_format: str | None = None
    value: Callable[[Any], Any] | None = None
    filled: tuple[Filling, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The header and its aliases, the header first."""
        return (self.header, *self.aliases)
