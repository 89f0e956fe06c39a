"""The page docs/reference/rectification.md, drawn from the table; a test compares the two."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import override

from assessments.rectification.states import PROGRESS, State
from assessments.rectification.transitions import LEDGER
from lawgov.accounts.policy import GRANTS, Action
from lawgov.workflow import Transition

HEAD = """# The life of an answer to an issue 整改销号

One unit's answer to one issue is a `UnitResponse`. It moves only along the edges below; the table
`LEDGER` in `assessments/rectification/transitions.py` is the only place that writes its state.
This page is drawn from that table. `imported` 接管 is recorded by `import_ledger` alone.

## Edges

| edge | 中文 | from | to | who | needs | only when |
|---|---|---|---|---|---|---|
"""
STATES = """
## Ways out of each state

"""
FOOT = """
Undo: {undoable} can be taken back by their author within seconds; the way back is an entry of the
trail like any other.

The state of an issue is that of its least advanced answer, withdrawn ones left out, in the order
{order}. Its light is the worst of theirs.
"""


def draw() -> str:
    """The whole page."""
    with override("zh-hans"):
        rows = "".join(_row(edge) for edge in LEDGER)
        tree = "\n".join(_ways())
        undoable = ", ".join(f"`{edge.name}`" for edge in LEDGER if edge.undoable)
        order = ", ".join(f"`{state.value}`" for state in PROGRESS)
    foot = FOOT.format(undoable=undoable, order=order)
    return f"{HEAD}{rows}{STATES}```\n{tree}\n```\n{foot}"


def _row(edge: Transition) -> str:
    sources = ", ".join(state for state in _in_order(edge.sources))
    cells = [
        f"`{edge.name}`",
        str(edge.label),
        sources,
        edge.target or "unchanged",
        ", ".join(_roles(edge.action)),
        ", ".join(edge.needs) or "–",
        ", ".join(_words(rule) for rule in (*edge.only, *edge.guards, *edge.checks)) or "–",
    ]
    return f"| {' | '.join(cells)} |\n"


def _roles(action: Action) -> list[str]:
    return [role.value for role, grants in GRANTS.items() if action in grants]


def _words(rule: Any) -> str:
    """A rule's name says what must hold."""
    name: str = rule.__name__
    return name.replace("_", " ")


def _in_order(states: frozenset[str]) -> list[str]:
    return [state.value for state in (*PROGRESS, State.WITHDRAWN) if state in states]


def _ways() -> Iterator[str]:
    """Each state with the edges that leave it, as a tree of text."""
    for state in (*PROGRESS, State.WITHDRAWN):
        yield f"{state.value} {state.label}"
        ways = [edge for edge in LEDGER if state in edge.sources and edge.target]
        for edge in ways:
            corner = "└" if edge is ways[-1] else "├"
            yield f"  {corner}─ {edge.name} {edge.label} → {edge.target}"
