"""Which required proof is still missing; pure, so that page, guard and sheet say the same."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _


def missing_proof(required: Iterable[str], filled: Iterable[str]) -> list[str]:
    """Names of what must still be handed in before a tick, in the order of `required`.

    `filled` are the slots of the proof in force, one entry a piece ("" for proof in no slot).
    Nothing required still asks for one piece of some kind. Empty: complete.

    Source: decisions §1, required proof.
    """
    have = list(filled)
    missing = [slot for slot in required if slot not in have]
    return missing or ([] if have else [_("佐证材料")])
