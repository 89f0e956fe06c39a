"""Which slot 佐证项 a file belongs to, judged by its name. Pure."""

from __future__ import annotations

from collections.abc import Sequence

SHARED = 4  # characters in a row that name and slot must share; fewer is chance


def proposed_slot(name: str, slots: Sequence[str], missing: Sequence[str]) -> str:
    """The slot that a new piece of proof goes to when nobody chose one; "" for none.

    The slot that shares most with the file's name; without any, the first one that is required
    and still missing. People see where it went and can move it.
    """
    scored = [(_shared(name, slot), slot) for slot in slots]
    most = max((length for length, _slot in scored), default=0)
    if most >= SHARED:
        return next(slot for length, slot in scored if length == most)
    return next((slot for slot in missing if slot in slots), "")


def _shared(one: str, other: str) -> int:
    """Length of the longest run of characters that both texts hold."""
    longest = 0
    for start in range(len(other)):
        while other[start : start + longest + 1] in one and start + longest < len(other):
            longest += 1
    return longest
