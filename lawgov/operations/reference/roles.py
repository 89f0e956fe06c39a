"""The page of roles: who may do what, and how far it reaches."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import override

from lawgov.accounts.policy import GRANTS, Action, Role, Scope

HEAD = """# Roles and what they may do

Drawn from `GRANTS` in `lawgov/accounts/policy.py`: one table, asked by pages, API, commands, tasks,
exports and downloads. What is not in it is denied. The administrator is no role: a Django staff
account that keeps accounts, without a place of its own.

| mark | reach |
|---|---|
{marks}
| action |{codes} |
|---|{rule}|
"""
REACH = {
    Scope.ALL: ("✓", "one's own account, wherever"),
    Scope.REGION: ("place", "everything of the membership's place"),
    Scope.BELOW: ("below", "the places below it"),
    Scope.LED: ("led", "what hangs from the indicators that the membership's unit leads"),
    Scope.OWN_UNIT: ("unit", "what belongs to the membership's unit"),
    Scope.ASSIGNED: ("named", "rows that name the person"),
}


def draw() -> str:
    """The whole page."""
    with override("zh-hans"):
        names = "".join(f"| `{role.value}` | {role.label} |\n" for role in Role)
        marks = "".join(f"| {mark} | {reach} |\n" for mark, reach in REACH.values())
        codes = "".join(f" {role.label} |" for role in Role).removesuffix(" |")
        head = HEAD.format(marks=marks, codes=codes, rule="---|" * (len(Role) - 1) + "---")
    return f"{head}{''.join(_rows())}\nCodes:\n\n| code | 中文 |\n|---|---|\n{names}"


def _rows() -> Iterator[str]:
    for action in Action:
        cells = [_mark(role, action) for role in Role]
        yield f"| `{action.value}` | {' | '.join(cells)} |\n"


def _mark(role: Role, action: Action) -> str:
    scope = GRANTS[role].get(action)
    return "" if scope is None else REACH[scope][0]
