"""The ranking that an address asks for: its quarter and whose points, read in one place.

Units do not read it: it is made of points that only the office, leaders and supervisors see, and
the office makes it known when it is ready.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Self

from django.http import HttpRequest

from assessments.models import Score
from assessments.reports.quarters import Quarter, quarters
from assessments.reports.standings import SOURCES
from indicators.models import Campaign
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action
from lawgov.web.listing import chosen


@dataclass(frozen=True)
class Asked:
    """What an address asks for; what it does not say or says wrongly is the running quarter by
    the office's points."""

    quarter: Quarter
    source: Score.Source

    @classmethod
    def read(cls, request: HttpRequest, campaign: Campaign, today: date) -> Self:
        offered = offered_quarters(campaign, today)
        period = chosen(request, "period", tuple(map(str, offered)))
        source = chosen(request, "source", SOURCES) or SOURCES[0]
        return cls(Quarter.read(period) or offered[0], Score.Source(source))

    @property
    def query(self) -> str:
        return f"period={self.quarter}&source={self.source}"


def offered_quarters(campaign: Campaign, today: date) -> list[Quarter]:
    """Since the campaign began, the running one first."""
    return quarters(campaign.starts_on, today)


def ranked_campaign(actor: Actor) -> Campaign | None:
    """The campaign whose units the actor may see in order; None before there is one."""
    rows = Campaign.objects.visible_to(actor, Action.VIEW_RANKING).in_region(actor.region)
    return rows.select_related("region").first()
