"""Opening an inspection and changing what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.inspections.models import Inspection
from indicators.models import Campaign
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action, can
from lawgov.audit import verbs
from lawgov.audit.record import record
from lawgov.errors import GuardFailed, NotAllowed, StaleState

verbs.add(
    {
        "inspection.created": gettext_lazy("新建督察 %(name)s"),
        "inspection.changed": gettext_lazy("修改督察 %(name)s"),
    }
)


def open_inspection(values: Mapping[str, Any], *, actor: Actor, now: datetime) -> Inspection:
    """Open an inspection of the actor's place with the next free code.

    `values`: name, starts_on, ends_on, units. Raises NotAllowed, and GuardFailed when the place
    has no campaign yet.
    """
    if not can(actor, Action.EDIT_INSPECTION):
        raise NotAllowed
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update().filter(region=actor.region).first()
        if campaign is None:
            raise GuardFailed(_("还没有创建活动，先由创建办建立"))
        own = {name: value for name, value in values.items() if name != "units"}
        inspection = Inspection.objects.create(
            region=actor.region, campaign=campaign, code=_next_code(campaign), **own
        )
        inspection.units.set(values["units"])
        record(actor, "inspection.created", inspection, now=now, data=_told(values))
    return inspection


def change_inspection(
    inspection: Inspection, values: Mapping[str, Any], *, actor: Actor, now: datetime, version: int
) -> Inspection:
    """Change name, days or units. Raises NotAllowed, StaleState when it was changed since."""
    if not can(actor, Action.EDIT_INSPECTION, inspection):
        raise NotAllowed
    own = {name: value for name, value in values.items() if name != "units"}
    with transaction.atomic():
        seen = Inspection.objects.filter(pk=inspection.pk, version=version)
        if not seen.update(**own, version=F("version") + 1):
            raise StaleState(_("已有人处理，页面已更新"))
        inspection.units.set(values["units"])
        record(actor, "inspection.changed", inspection, now=now, data=_told(values))
    inspection.refresh_from_db()
    return inspection


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    days = {name: values[name] for name in ("name", "starts_on", "ends_on")}
    return days | {"units": len(values["units"])}


def _next_code(campaign: Campaign) -> str:
    """demo-1, demo-2 …: the region's code and a number that is still free."""
    region = campaign.region.code
    taken = set(
        Inspection.objects.filter(code__startswith=f"{region}-").values_list("code", flat=True)
    )
    number = len(taken) + 1
    while f"{region}-{number}" in taken:
        number += 1
    return f"{region}-{number}"
