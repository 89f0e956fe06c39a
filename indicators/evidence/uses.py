"""Which works use which proof: taken over from other indicators, removed, brought back."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from indicators.assignments.models import UnitAssignment
from indicators.assignments.proof import missing_proof
from indicators.assignments.states import UnitState
from indicators.assignments.transitions import WORK
from indicators.evidence.holding import held, raise_version
from indicators.evidence.models import Evidence, EvidenceLink
from indicators.evidence.slots import proposed_slot
from lawgov.accounts.actors import Actor
from lawgov.audit.record import record
from lawgov.errors import GuardFailed, NotAllowed, StaleState


def use(
    evidence: Evidence, work: UnitAssignment, *, actor: Actor, now: datetime, slot: str | None
) -> None:
    """Use a piece of the unit for one more of its works 从其他指标选用.

    Raises NotAllowed for another unit's piece; the same use twice changes nothing.
    """
    if evidence.unit_id != work.unit_id or evidence.removed_at:
        raise NotAllowed
    with transaction.atomic():
        work = held(work, actor)
        place = OpenSlots(work).take(evidence.title) if slot is None else slot
        if work.evidence_links.in_force().filter(evidence=evidence, slot=place).exists():
            return
        put(evidence, work, place, now)
        data = {"title": evidence.title, "slot": place}
        record(actor, "evidence.link", evidence, topic=work.assignment, data=data, now=now)
        begin(work, actor, now)


def unlink(link: EvidenceLink, *, actor: Actor, now: datetime) -> None:
    """Take a piece out of one work 移除; a tombstone when nothing uses it any more.

    Refused while the work is reviewed, and where a tick stands that would lose its required
    proof: the tick is taken back by hand first, so that nobody's tick vanishes unseen.
    """
    with transaction.atomic():
        work = held(link.unit_assignment, actor)
        if not _stamp_link(link, None, now):
            raise StaleState(_("已经移除，页面已更新"))
        keep_tick_true(work, _("移除"))
        evidence = link.evidence
        if not in_use(evidence):
            raise_version(evidence, evidence.version, {"removed_at": now})
        data = {"title": evidence.title, "slot": link.slot}
        record(actor, "evidence.unlink", evidence, topic=work.assignment, data=data, now=now)


def relink(link: EvidenceLink, *, actor: Actor, now: datetime) -> None:
    """Bring a removed piece back into its work: the undo of `unlink`."""
    with transaction.atomic():
        work = held(link.unit_assignment, actor)
        evidence = link.evidence
        if evidence.removed_at:
            raise_version(evidence, evidence.version, {"removed_at": None})
        try:
            with transaction.atomic():
                done = _stamp_link(link, link.removed_at, None) if link.removed_at else 0
        except IntegrityError:
            done = 0
        if not done:
            raise StaleState(_("已经恢复，页面已更新"))
        data = {"title": evidence.title, "slot": link.slot}
        record(actor, "evidence.relink", evidence, topic=work.assignment, data=data, now=now)


def change_slot(link: EvidenceLink, slot: str, actor: Actor) -> None:
    """Put a piece into another slot of its work; call in a transaction.

    Raises GuardFailed when it is in that slot already, or a standing tick needs it where it is.
    """
    work = held(link.unit_assignment, actor)
    try:
        with transaction.atomic():
            EvidenceLink.objects.in_force().filter(pk=link.pk).update(slot=slot)
    except IntegrityError as error:
        raise GuardFailed(fields={"slot": _("这一项里已经有这件佐证")}) from error
    keep_tick_true(work, _("改动"))


def keep_tick_true(work: UnitAssignment, what: str) -> None:
    """Refuses what leaves a standing tick without its required proof; `what` names it.

    The work's version rises, so that a tick whose proof was looked at before this comes too late.
    """
    slots = work.evidence_links.in_force().values_list("slot", flat=True)
    missing = missing_proof(work.assignment.required, slots)
    if missing and work.state == UnitState.TICKED:
        raise GuardFailed(
            _("已打勾，%(what)s后会缺 %(missing)s；先取消打勾再%(what)s")
            % {"what": what, "missing": _("、").join(missing)}
        )
    UnitAssignment.objects.filter(pk=work.pk).update(version=F("version") + 1)


def in_use(evidence: Evidence) -> bool:
    """Does anything in force point to the piece: an indicator, or what later packages add?

    Every table that uses proof has `removed_at`, so none need be named here.
    """
    uses = [
        relation
        for relation in Evidence._meta.related_objects
        if "removed_at" in {field.name for field in relation.related_model._meta.fields}
    ]
    return any(
        use.related_model._base_manager.filter(
            **{use.field.name: evidence, "removed_at": None}
        ).exists()
        for use in uses
    )


class OpenSlots:
    """Slots of a work and which of the required ones are still empty, one file after another."""

    def __init__(self, work: UnitAssignment) -> None:
        filled = {*work.evidence_links.in_force().values_list("slot", flat=True)}
        self.all = work.assignment.indicator.slots
        self.missing = [slot for slot in work.assignment.required if slot not in filled]

    def take(self, name: str) -> str:
        slot = proposed_slot(name, self.all, self.missing)
        self.missing = [open_slot for open_slot in self.missing if open_slot != slot]
        return slot


def put(evidence: Evidence, work: UnitAssignment, slot: str, now: datetime) -> Evidence:
    """The row of a use; the work is held already."""
    EvidenceLink.objects.create(evidence=evidence, unit_assignment=work, slot=slot, created_at=now)
    return evidence


def _stamp_link(link: EvidenceLink, was: datetime | None, removed_at: datetime | None) -> int:
    done = EvidenceLink.objects.filter(pk=link.pk, removed_at=was).update(removed_at=removed_at)
    link.removed_at = removed_at
    return done


def begin(work: UnitAssignment, actor: Actor, now: datetime) -> None:
    """The first proof of a work begins it. Source: decisions §1, the edge without a button."""
    if work.state == UnitState.NOT_STARTED:
        WORK.perform(work, "collect", actor=actor, now=now, version=work.version)
