"""Who may read what, said once more by hand: the table that `visible_to` is held against.

The matrix asks the product's own scopes what to expect. Were those wrong, it would expect the
leak; so here stand the readers of each kind of text by name.
"""

from __future__ import annotations

OVERSEERS = {"office", "supervisor", "leader"}
UNIT = {"editor", "head"}

#: Readers of what belongs to the own unit; `lead` leads every indicator of the place.
READERS = {
    "returned": OVERSEERS | UNIT | {"assessor", "expert", "lead"},
    "evidence": OVERSEERS | UNIT | {"assessor", "lead"},
    "score": OVERSEERS | UNIT | {"assessor", "lead"},
    "draft": UNIT,
    "inspection": OVERSEERS | UNIT,
    "issue": OVERSEERS | UNIT,
    "progress": OVERSEERS | UNIT,
    "person": OVERSEERS | UNIT,
    "measure": OVERSEERS | UNIT,
    "extension": OVERSEERS | UNIT,
    "found": OVERSEERS,
    "liaison": {"office"},
    "group": OVERSEERS,
    "mail": {"office", "editor"},
    "upload": {"office"},
    "sheet": {"editor"},
    "channel": {"office"},
    "delivery": {"office", "editor"},
    "own_channel": {"editor"},
    "secret": set(),
    "job": {"editor"},
    "result": {"editor"},
    "notice": {"editor"},
    "login": {"editor"},
    "token": {"editor"},
}
#: For another unit of the place its editor takes the place of the own unit's people.
OTHER = {"editor": "stranger", "head": None}
#: What is one person's of the other side: the supervisor's import stands for the office's.
OTHER_OWNERS = {"upload": {"supervisor"}}
#: Of another place only its office is among the principals.
FOREIGN = {"office": "foreign_office"}


def readers(side: str, kind: str) -> set[str]:
    """The principals who may read the text of this kind on this side."""
    own = READERS[kind]
    if side == "own":
        return own
    if side == "foreign":
        return {FOREIGN[name] for name in own if name in FOREIGN}
    if kind in OTHER_OWNERS:
        return OTHER_OWNERS[kind]
    return {named for name in own if (named := OTHER.get(name, name))}
