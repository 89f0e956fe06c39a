"""The kinds of background work; each subject registers its own in `jobs.py` when apps load."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lawgov.accounts.policy import Action, can

if TYPE_CHECKING:
    from lawgov.accounts.actors import Actor

Report = Callable[[int, int], None]  # items done, items in all


@dataclass(frozen=True)
class Work:
    """What a kind's `run` gets: the actor as of now, parameters, where to write, whom to tell."""

    actor: Actor
    params: dict[str, Any]
    target: Path
    report: Report


@dataclass(frozen=True)
class Outcome:
    """What came out: a file name to offer (written to `Work.target`), or a page to go to."""

    filename: str = ""
    url: str = ""
    message: str = ""


@dataclass(frozen=True)
class JobKind:
    """Holding `action`, or one of `others`, is asked for when the job is made, when it runs and
    when its file is fetched. `repeatable`: it only writes a file, and may be asked for again.
    """

    code: str
    label: Any
    action: Action
    run: Callable[[Work], Outcome]
    suffix: str = ".xlsx"
    others: tuple[Action, ...] = ()
    repeatable: bool = False

    def open_to(self, actor: Actor) -> bool:
        return any(can(actor, action) for action in (self.action, *self.others))


_KINDS: dict[str, JobKind] = {}


def register(kind: JobKind) -> JobKind:
    _KINDS[kind.code] = kind
    return kind


def kind_of(code: str) -> JobKind:
    return _KINDS[code]
