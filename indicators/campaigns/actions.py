"""Beginning a campaign 创建 and changing its settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from indicators.campaigns.models import PHASES, Campaign, Phase
from indicators.framework.models import FrameworkEdition
from lawgov.accounts.actors import Actor
from lawgov.audit import verbs
from lawgov.audit.record import Event, record, record_many
from lawgov.errors import GuardFailed, StaleState
from lawgov.units.models import Region

verbs.CHOICES |= dict(Campaign.Kind.choices) | dict(Campaign.Level.choices)

# How a campaign's days spread over its phases by default, in sixteenths; ours, to be edited.
SHARES = {"mobilise": 1, "self_check": 2, "rectify": 6, "mock": 3, "submit": 2, "accept": 2}


@dataclass(frozen=True)
class PhaseDays:
    """One phase 阶段 and its local days, bounds included."""

    code: str
    name: str
    starts_on: date
    ends_on: date


def default_phases(starts_on: date, ends_on: date) -> list[PhaseDays]:
    """The six phases one after the other over the campaign's days, each at least one day."""
    days = (ends_on - starts_on).days + 1
    whole = sum(SHARES.values())
    phases, used, first = [], 0, starts_on
    for code, name in PHASES:
        used += SHARES[code]
        last = starts_on + timedelta(days=days * used // whole - 1)
        phases.append(PhaseDays(code, name, first, max(first, last)))
        first = min(max(first, last + timedelta(days=1)), ends_on)
    return phases


def create_campaign(
    region: Region,
    edition: FrameworkEdition,
    *,
    name: str,
    starts_on: date,
    ends_on: date,
    evidence_from: date,
    evidence_to: date,
    actor: Actor,
    now: datetime,
    phases: Sequence[PhaseDays] | None = None,
    **settings: Any,
) -> Campaign:
    """Begin the campaign of a place: its phases, and an assignment per indicator, nobody's yet.

    `settings` are further columns of Campaign. Points are copied from the edition. Raises
    GuardFailed when the place has a campaign, or when days are the wrong way round.
    """
    days = (starts_on, ends_on, evidence_from, evidence_to)
    campaign = Campaign(region=region, edition=edition, name=name, **settings)
    campaign.starts_on, campaign.ends_on, campaign.evidence_from, campaign.evidence_to = days
    _refuse_bad_days(campaign)
    try:
        with transaction.atomic():
            campaign.save()
            Phase.objects.bulk_create(
                Phase(campaign=campaign, number=number, **vars(phase))
                for number, phase in enumerate(phases or default_phases(starts_on, ends_on), 1)
            )
            # By way of the relation: campaigns stand below assignments and import nothing of them.
            rows = campaign.assignments
            rows.bulk_create(
                rows.model(
                    campaign=campaign, region=region, indicator=indicator, points=indicator.points
                )
                for indicator in edition.indicators.all()
            )
            data = {"name": name, "edition": edition.code}
            record(actor, "campaign.created", campaign, now=now, data=data)
    except IntegrityError as error:
        if not Campaign.objects.filter(region=region).exists():
            raise
        raise GuardFailed(_("%(name)s 已经有创建活动") % {"name": region.name}) from error
    return campaign


def _refuse_bad_days(campaign: Campaign) -> None:
    if campaign.ends_on < campaign.starts_on:
        raise GuardFailed(fields={"ends_on": _("结束日期早于开始日期")})
    if campaign.evidence_to < campaign.evidence_from:
        raise GuardFailed(fields={"evidence_to": _("评估期间的止早于起")})


def change_campaign(
    campaign: Campaign,
    values: dict[str, Any],
    phases: Sequence[Phase],
    *,
    actor: Actor,
    now: datetime,
    version: int,
) -> None:
    """Write settings of the campaign and the names and days of its phases, both under one version.

    `phases` are rows of this campaign with their new values in memory.
    """
    with transaction.atomic():
        before = {name: getattr(Campaign.objects.get(pk=campaign.pk), name) for name in values}
        stored = {phase.pk: phase for phase in campaign.phases.all()}
        if any(phase.pk not in stored for phase in phases):
            raise GuardFailed(_("阶段不是这个创建活动的，请刷新后再填"))
        rows = Campaign.objects.filter(pk=campaign.pk, version=version)
        if not rows.update(**values, version=F("version") + 1):
            raise StaleState(_("没有保存：别人刚改过这些设置"))
        moved = [phase for phase in phases if _days(phase) != _days(stored[phase.pk])]
        Phase.objects.bulk_update(moved, ["name", "starts_on", "ends_on"])
        changes = {
            name: [before[name], value] for name, value in values.items() if before[name] != value
        }
        events = [
            Event(
                "phase.changed",
                phase,
                campaign,
                {"name": phase.name, "set": [_days(stored[phase.pk]), _days(phase)]},
            )
            for phase in moved
        ]
        if changes:
            events.append(Event("campaign.changed", campaign, data={"set": changes}))
        record_many(actor, events, now=now)
    campaign.refresh_from_db()


def _days(phase: Phase) -> list[Any]:
    return [phase.name, phase.starts_on, phase.ends_on]
