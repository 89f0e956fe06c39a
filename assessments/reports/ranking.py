"""The order of units 排序: rate, rank, and how the rank moved. Pure; points are Decimals.

A unit's rate 得分 is what was given to the indicators it answers for, as a share of their points
and out of 100. Indicators without a score yet count neither way: a unit does not fall because its
office is slow. Source: our default; the population and the shared rank are domain guide §7.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

NEW, SAME = "新", "—"
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Tally:
    """What a unit's scored indicators came to: `obtained` of `full` points, `scored` of them."""

    obtained: Decimal
    full: Decimal
    scored: int

    @property
    def rate(self) -> Decimal | None:
        """Out of 100, one decimal, half up; None while nothing is scored."""
        if not self.full:
            return None
        return (self.obtained * 100 / self.full).quantize(_TENTH, ROUND_HALF_UP)


def ranks(rates: Mapping[int, Decimal | None]) -> dict[int, int]:
    """Ranks by unit, highest rate first; equal rates share one and the next is skipped: 1, 2, 2, 4.

    Units without a rate have no rank.
    """
    known = sorted((rate for rate in rates.values() if rate is not None), reverse=True)
    first = {rate: place for place, rate in reversed([*enumerate(known, 1)])}
    return {unit: first[rate] for unit, rate in rates.items() if rate is not None}


def change(rank: int, previous: int | None) -> str:
    """↑2, ↓1, — for the same rank, 新 for a unit that had none."""
    if previous is None:
        return NEW
    if previous == rank:
        return SAME
    return f"↑{previous - rank}" if previous > rank else f"↓{rank - previous}"
