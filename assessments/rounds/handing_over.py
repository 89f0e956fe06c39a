"""Self-scores of a unit that is merged away, moved to its successor with its work."""

from __future__ import annotations

from django.db.models import Exists, OuterRef

from assessments.rounds.models import Score
from lawgov.units.models import Unit


def hand_over(unit: Unit, successor: Unit) -> int:
    """Move scores that stand, where the successor has none of its own for the same indicator."""
    own = Score.objects.filter(
        unit=successor,
        assignment=OuterRef("assignment"),
        round=OuterRef("round"),
        source=OuterRef("source"),
        superseded_at=None,
    )
    standing = Score.objects.filter(unit=unit, superseded_at=None).exclude(Exists(own))
    found = list(standing.values_list("pk", flat=True))
    return Score.objects.filter(pk__in=found).update(unit=successor)
