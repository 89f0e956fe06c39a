"""Which reminders a reader may see."""

from __future__ import annotations

from django.db.models import QuerySet

from assessments.models import Reminder, UnitResponse
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action, can


def seen_by(actor: Actor) -> QuerySet[Reminder]:
    """All of the place for its office; for others those about answers that they may read."""
    rows = Reminder.objects.filter(region=actor.region_id)
    if can(actor, Action.MANAGE_CAMPAIGN):
        return rows
    return rows.filter(response__in=UnitResponse.objects.visible_to(actor))
