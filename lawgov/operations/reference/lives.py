"""The lives of an answer to an issue and of a unit's work on an indicator, as pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import override

from assessments.rectification.states import PROGRESS, State
from assessments.rectification.transitions import LEDGER
from indicators.assignments.states import UnitState
from indicators.assignments.transitions import WORK
from lawgov.accounts.policy import GRANTS, Action
from lawgov.workflow import Transition, Workflow

PAGE = """# {title}

{lead}

## Edges

| edge | 中文 | from | to | who | needs | only when |
|---|---|---|---|---|---|---|
{rows}
## Ways out of each state

```
{ways}
```

Undo: {undoable} can be taken back by their author within seconds; the way
back is an entry of the trail like any other.
{foot}"""

LEDGER_LEAD = """\
One unit's answer to one issue is a `UnitResponse`. It moves only along the edges below; the table
`LEDGER` in `assessments/rectification/transitions.py` is the only place that writes its state.
This page is drawn from that table. `imported` 接管 is recorded by `import_ledger` alone."""

LEDGER_FOOT = """
The state of an issue is that of its least advanced answer, withdrawn ones left out, in the order
{order}. Its light is the worst of theirs.
"""

WORK_LEAD = """\
One responsible unit's work on one indicator is a `UnitAssignment`. It moves only along the edges
below; the table `WORK` in `indicators/assignments/transitions.py` is the only place that writes
its state. This page is drawn from it. Edges without a button are taken by the product itself."""

WORK_FOOT = """
The state of an indicator follows from its units and from the office's score, and is never stored:
`indicator_state` in `indicators/assignments/states.py`. 核验 is an edge of the indicator, not of
a unit: the office's score, written by `assessments/rounds/verification.py`.
"""


def rectification() -> str:
    order = ", ".join(f"`{state.value}`" for state in PROGRESS)
    foot = LEDGER_FOOT.format(order=order)
    states = (*PROGRESS, State.WITHDRAWN)
    return _page("The life of an answer to an issue 整改销号", LEDGER_LEAD, foot, LEDGER, states)


def indicators() -> str:
    title = "The life of a unit's work on an indicator 打勾与审核"
    return _page(title, WORK_LEAD, WORK_FOOT, WORK, tuple(UnitState))


def _page(title: str, lead: str, foot: str, table: Workflow, states: Sequence[Any]) -> str:
    with override("zh-hans"):
        return PAGE.format(
            title=title,
            lead=lead,
            rows="".join(_row(edge, states) for edge in table),
            ways="\n".join(_ways(table, states)),
            undoable=", ".join(f"`{edge.name}`" for edge in table if edge.undoable),
            foot=foot,
        )


def _row(edge: Transition, states: Sequence[Any]) -> str:
    cells = [
        f"`{edge.name}`",
        str(edge.label) + ("" if edge.by_hand else " (no button)"),
        ", ".join(state.value for state in states if state in edge.sources),
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


def _ways(table: Workflow, states: Sequence[Any]) -> Iterator[str]:
    """Each state with the edges that leave it, as a tree of text."""
    for state in states:
        yield f"{state.value} {state.label}"
        ways = [edge for edge in table if state in edge.sources and edge.target]
        for edge in ways:
            corner = "└" if edge is ways[-1] else "├"
            yield f"  {corner}─ {edge.name} {edge.label} → {edge.target}"
