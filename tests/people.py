"""The cast: everybody who is needed to see that each sees only their own, strangers included."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from indicators.models import Campaign
from lawgov.accounts.actors import Actor
from lawgov.accounts.middleware import MEMBERSHIP_KEY
from lawgov.accounts.policy import Role
from lawgov.units.models import Region, Unit
from tests import factories


@dataclass(frozen=True)
class Cast:
    """One place with a campaign, its people, and two who must see nothing of it.

    `lead_unit` leads every indicator; `unit` and `other_unit` are responsible units. `stranger`
    edits for `other_unit`; `foreign_office` is the office of another place.
    """

    region: Region
    campaign: Campaign
    unit: Unit
    other_unit: Unit
    lead_unit: Unit
    office: Actor
    supervisor: Actor
    leader: Actor
    assessor: Actor
    publicist: Actor
    expert: Actor
    external: Actor
    city: Actor
    lead: Actor
    editor: Actor
    head: Actor
    stranger: Actor
    foreign_office: Actor

    def everybody(self) -> dict[str, Actor]:
        return {name: value for name, value in vars(self).items() if isinstance(value, Actor)}


def make_cast(**campaign: object) -> Cast:
    city = factories.make_region(name="安远市")
    region = factories.make_region(name="安和区", parent=city)
    elsewhere = factories.make_region(name="平川县", parent=city)
    units = [
        factories.make_unit(region, name, enforcement=enforcement)
        for name, enforcement in [("区水利局", True), ("区林业局", False), ("区司法局", True)]
    ]
    unit, other, lead = units
    made = factories.make_campaign(region, **campaign)
    made.assignments.update(lead_unit=lead)
    factories.make_campaign(elsewhere, made.edition)
    member = factories.make_member
    return Cast(
        region=region,
        campaign=made,
        unit=unit,
        other_unit=other,
        lead_unit=lead,
        office=member(Role.OFFICE_ADMIN, region),
        supervisor=member(Role.SUPERVISOR, region),
        leader=member(Role.LEADING_GROUP, region),
        assessor=member(Role.ASSESSOR, region),
        publicist=member(Role.PUBLICIST, region),
        expert=member(Role.EXPERT, region),
        external=member(Role.EXTERNAL, region),
        city=member(Role.UPPER_SUPERVISOR, city),
        lead=member(Role.LEAD_REVIEWER, region, lead),
        editor=member(Role.UNIT_EDITOR, region, unit),
        head=member(Role.UNIT_HEAD, region, unit),
        stranger=member(Role.UNIT_EDITOR, region, other),
        foreign_office=member(Role.OFFICE_ADMIN, elsewhere),
    )


def make_lone_cast() -> Cast:
    """The only place of its installation."""
    cast = make_cast()
    Campaign.objects.exclude(region=cast.region).delete()
    return cast


def browser(actor: Actor, **headers: str) -> Client:
    """A client signed in as `actor`, acting in that membership."""
    client = Client(headers=headers or None)
    client.force_login(actor.user)
    session = client.session
    session[MEMBERSHIP_KEY] = actor.membership.pk
    session.save()
    return client
