"""The campaign that a request is about, with its phases: asked once, however many ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.models import Campaign, Phase
from lawgov.accounts.actors import Actor
from lawgov.units.models import Region


@dataclass(frozen=True)
class Running:
    """A place's campaign and its phases in the order of their numbers."""

    campaign: Campaign
    phases: tuple[Phase, ...]

    def phase(self, code: str) -> Phase | None:
        return next((phase for phase in self.phases if phase.code == code), None)

    def running_on(self, today: date) -> list[Phase]:
        """The phases that run on the local day `today`; several, where they overlap."""
        return [phase for phase in self.phases if phase.is_running(today)]


@dataclass(frozen=True)
class Shown:
    """What the top bar says: the campaign's name and the running phase ("" between two)."""

    name: str
    phase: str


def running(region: Region) -> Running | None:
    """The campaign of a place, None when it has none; one query.

    The answer is kept on the region object, which lives as long as its request: top bar and
    page ask for the same thing.
    """
    if "running" not in region.__dict__:
        region.running = _load(region)
    return region.running


def _load(region: Region) -> Running | None:
    of_region = Phase.objects.filter(campaign__region=region)
    phases = tuple(of_region.select_related("campaign__edition"))
    if phases:
        return Running(phases[0].campaign, phases)
    campaign = Campaign.objects.select_related("edition").filter(region=region).first()
    return Running(campaign, ()) if campaign else None


def shown(actor: Actor) -> Shown | None:
    """For the setting RUNNING_CAMPAIGN of the page frame."""
    found = running(actor.region)
    if found is None:
        return None
    current = found.running_on(timezone.localdate())
    phase = (
        _("第 %(number)d 阶段 %(name)s")
        % {"number": current[0].number, "name": current[0].shown_name}
        if current
        else ""
    )
    return Shown(found.campaign.name, phase)
