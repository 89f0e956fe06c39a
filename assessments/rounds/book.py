"""The book of scores: in which round a score stands, and how a new one replaces the old."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from assessments.rounds.models import Round, Score
from indicators.assignments.models import Assignment
from lawgov.calendars import local_day
from lawgov.errors import GuardFailed

if TYPE_CHECKING:
    from indicators.campaigns.models import Campaign
    from lawgov.accounts.actors import Actor


@dataclass(frozen=True)
class Entry:
    """One score to be written; `unit_id` None is the whole indicator."""

    assignment: Assignment
    source: Score.Source
    points: Decimal
    reason: str = ""
    unit_id: int | None = None


def self_round(campaign: Campaign, *, now: datetime) -> Round:
    """The round that keeps self-scores, lead scores and verifications now; made when missing.

    Raises GuardFailed when it is over: locked scores never change.
    """
    rounds = Round.objects.filter(campaign=campaign)
    latest = rounds.filter(kind=Round.Kind.SELF).order_by("-number").first()
    today = local_day(now)
    if latest is None:
        number = (rounds.aggregate(last=Max("number"))["last"] or 0) + 1
        latest, _created = rounds.get_or_create(
            campaign=campaign,
            number=number,
            defaults={
                "region_id": campaign.region_id,
                "name": _("自评"),
                "kind": Round.Kind.SELF,
                "opened_on": today,
            },
        )
    if not latest.is_open(today):
        raise GuardFailed(_("自评轮次已经结束，得分不再改动"))
    return latest


def enter(
    entries: Sequence[Entry], *, round_id: int, actor: Actor, now: datetime, replace: bool = True
) -> None:
    """Write scores into one round; earlier ones of the same source stay, out of force from `now`.

    Two statements, however many. `replace` False: the caller knows that there is none to replace.
    """
    if replace and entries:
        earlier = Q(pk__in=[])
        for entry in entries:
            earlier |= Q(assignment=entry.assignment, unit=entry.unit_id, source=entry.source)
        Score.objects.in_force().filter(earlier, round=round_id).update(superseded_at=now)
    Score.objects.bulk_create(
        Score(
            round_id=round_id,
            region_id=entry.assignment.region_id,
            assignment=entry.assignment,
            unit_id=entry.unit_id,
            source=entry.source,
            points=entry.points,
            reason=entry.reason,
            given_at=now,
            given_by=actor.user,
        )
        for entry in entries
    )
