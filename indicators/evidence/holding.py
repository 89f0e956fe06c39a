"""Holding what is about to change, a work or a piece, and whether its unit may change it now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from indicators.assignments.models import UnitAssignment
from indicators.assignments.states import WITH_UNIT, UnitState
from indicators.evidence.models import Evidence
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action, can
from lawgov.errors import GuardFailed, NotAllowed, StaleState


def held(work: UnitAssignment, actor: Actor) -> UnitAssignment:
    """The work as it stands now, held until the commit, when the actor may change its proof."""
    rows = UnitAssignment.objects.select_for_update(of=("self",)).select_related(
        "assignment__indicator", "assignment__campaign", "unit"
    )
    found = rows.get(pk=work.pk)
    if not can(actor, Action.EDIT_EVIDENCE, found):
        raise NotAllowed
    refuse_closed(found)
    return found


def refuse_closed(work: UnitAssignment) -> None:
    """Raises GuardFailed where proof may not change: the work is not with its unit now."""
    if work.state == UnitState.NOT_APPLICABLE:
        raise GuardFailed(_("这项指标已定为不适用，恢复后才能改佐证"))
    if work.state not in WITH_UNIT:
        raise GuardFailed(_("材料已提交审核，退回后才能改"))


def changeable(evidence: Evidence, actor: Actor) -> None:
    """Refuses a change of the piece itself while any work that uses it is under review.

    Raises NotAllowed, and GuardFailed that names the indicators.
    """
    if not can(actor, Action.EDIT_EVIDENCE, evidence) or evidence.removed_at:
        raise NotAllowed
    works = UnitAssignment.objects.select_for_update(of=("self",)).filter(
        pk__in=evidence.links.in_force().values("unit_assignment")
    )
    locked = [
        work
        for work in works.select_related("assignment__indicator").order_by("pk")
        if work.state not in WITH_UNIT
    ]
    if locked:
        numbers = _("、").join(str(work.assignment.indicator.number) for work in locked)
        raise GuardFailed(
            _("也用于指标 %(numbers)s，那里正在审核或已审定，不能改；可以另外上传一件")
            % {"numbers": numbers}
        )


def raise_version(evidence: Evidence, version: int, values: Mapping[str, Any]) -> None:
    """Write `values` when the piece is still at `version`; raises StaleState."""
    rows = Evidence.objects.filter(pk=evidence.pk, version=version)
    if not rows.update(**values, version=F("version") + 1):
        raise StaleState(_("没有保存：这件佐证刚被别人改过"))
    for name, value in values.items():
        setattr(evidence, name, value)
    evidence.version = version + 1
