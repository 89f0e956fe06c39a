"""Which parts of the hint must hold proof before a tick: marked by the office, per indicator."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indicators.assignments.models import Assignment
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action, can
from lawgov.audit import verbs
from lawgov.audit.record import record
from lawgov.errors import NotAllowed, StaleState

verbs.add({"assignment.required": gettext_lazy("改必交佐证：%(now)s")})


def require(
    assignment: Assignment, slots: Collection[str], *, actor: Actor, now: datetime, version: int
) -> None:
    """Mark exactly these slots of the indicator as required; unknown ones are left out.

    Ticks that stand already are not touched. Raises NotAllowed and StaleState.
    """
    if not can(actor, Action.MANAGE_CAMPAIGN, assignment):
        raise NotAllowed
    chosen = [slot for slot in assignment.indicator.slots if slot in slots]
    if chosen == assignment.required:
        return
    with transaction.atomic():
        rows = Assignment.objects.filter(pk=assignment.pk, version=version)
        if not rows.update(required=chosen, version=F("version") + 1):
            raise StaleState(_("没有保存：已有人先改了这项指标"))
        data = {"before": assignment.required, "now": chosen or [_("不指定")]}
        record(actor, "assignment.required", assignment, data=data, now=now)
    assignment.required, assignment.version = chosen, version + 1
