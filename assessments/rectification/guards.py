"""What stands against an edge of the ledger: None passes, otherwise the sentence to show.

Guards look at the row and the person; checks also at what the form gives.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from assessments.rectification.deadlines import is_immediate
from assessments.rectification.models import UnitResponse
from assessments.rectification.states import State
from lawgov.accounts.actors import Actor
from lawgov.calendars import local_day
from lawgov.web.dates import day_text
from lawgov.workflow import Move

# -- who ------------------------------------------------------------------------------------


def not_of_own_unit(response: UnitResponse, actor: Actor) -> str | None:
    """No member of the unit judges its answer, whichever membership they act by."""
    own = response.unit_id in actor.own_units
    return _("本单位的问题由别人核查") if own else None


def another_than_the_checker(response: UnitResponse, actor: Actor) -> str | None:
    """Only where the campaign asks for two persons."""
    two = response.issue.inspection.campaign.two_person_close
    same = actor.user is not None and response.checker_id == actor.user.pk
    return _("核查和销号须由两人办理，这一条是你核查的") if two and same else None


# -- what the row must have ------------------------------------------------------------------


def rectifying_or_immediate(response: UnitResponse, actor: Actor) -> str | None:
    """立行立改 may go from receipt straight to the request."""
    if response.state == State.RECTIFYING:
        return None
    if is_immediate(response.deadline_kind, response.deadline_text):
        return None
    return _("先制定措施、开始整改，再申请销号")


def has_proof(response: UnitResponse, actor: Actor) -> str | None:
    return None if response.has_proof else _("还没有佐证材料，至少要 1 件")


def has_deadline(response: UnitResponse, actor: Actor) -> str | None:
    return None if response.deadline_date else _("没有截止日期，不用延期")


def no_extension_asked(response: UnitResponse, actor: Actor) -> str | None:
    return _("已经申请延期，等待审批") if response.asked_to else None


def extension_asked(response: UnitResponse, actor: Actor) -> str | None:
    return None if response.asked_to else _("单位没有申请延期")


# -- what the form gives ---------------------------------------------------------------------


def target_before_deadline(response: UnitResponse, move: Move) -> str | None:
    """The unit's own days: from today on, and not past the deadline while that lies ahead."""
    today, deadline = local_day(move.now), response.deadline_date
    days = [day for day in _target_days(move) if day]
    if any(day < today for day in days):
        return _("目标日期不能早于今天")
    if deadline and deadline >= today and any(day > deadline for day in days):
        return _("目标日期不能晚于完成时限 %(day)s") % {"day": day_text(deadline, today)}
    return None


def _target_days(move: Move) -> Iterable[date | None]:
    yield move.data["target_on"]
    for measure in move.data["measures"]:
        yield measure.get("target_on")


def later_than_deadline(response: UnitResponse, move: Move) -> str | None:
    today, deadline, asked = local_day(move.now), response.deadline_date, move.data["new_date"]
    if deadline and asked <= deadline:
        return _("延期的日期要晚于现在的时限 %(day)s") % {"day": day_text(deadline, today)}
    return not_in_the_past(response, move)


def not_in_the_past(response: UnitResponse, move: Move) -> str | None:
    past = move.data["new_date"] < local_day(move.now)
    return _("新时限不能早于今天") if past else None


def looked_back_since_closing(response: UnitResponse, move: Move) -> str | None:
    today, day = local_day(move.now), move.data["looked_back_on"]
    if day > today:
        return _("回头看的日期不能晚于今天")
    if response.closed_on and day < response.closed_on:
        closed = day_text(response.closed_on, today)
        return _("回头看的日期不能早于销号的日期 %(day)s") % {"day": closed}
    return None


def own_measure(response: UnitResponse, move: Move) -> str | None:
    measure = move.data["measure"]
    own = measure.unit_id == response.unit_id and measure.removed_at is None
    own = own and measure.issues.filter(pk=response.issue_id).exists()
    return None if own else _("这条措施不属于这个问题")


def own_evidence(response: UnitResponse, move: Move) -> str | None:
    """Proof is the unit's own and still there; each piece is attached once."""
    pieces = move.data["evidence"]
    own = all(p.unit_id == response.unit_id and p.removed_at is None for p in pieces)
    if not own:
        return _("只能用本单位的佐证材料")
    attached = response.proofs.in_force().filter(evidence__in=pieces)
    return _("这件佐证已经在这里了") if attached.exists() else None


def own_proof(response: UnitResponse, move: Move) -> str | None:
    proof = move.data["proof"]
    own = proof.response_id == response.pk and proof.removed_at is None
    return None if own else _("这件佐证不在这里")
