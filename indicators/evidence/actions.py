"""Proof comes in, gets newer versions, and what is said about it changes; uses are in uses.py.

Files arrive through receiving.py, which checks and stores them; here rows are written. A blob is
safely on disk before any row points to it. Source: decisions §1, robustness rules 18 and 19.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy

from indicators.assignments.models import UnitAssignment
from indicators.evidence.holding import changeable, held, raise_version
from indicators.evidence.models import Evidence, EvidenceLink, EvidenceVersion
from indicators.evidence.receiving import Arrived
from indicators.evidence.uses import OpenSlots, begin, change_slot, put
from lawgov.accounts.actors import Actor
from lawgov.audit import verbs
from lawgov.audit.record import Event, record_many
from lawgov.files import names, store
from lawgov.units.models import Unit

DETAILS = (
    "title", "document_number", "issuing_body", "issued_on", "period_from", "period_to", "url",
    "is_public",
)  # fmt: skip


verbs.add(
    {
        "evidence.add": gettext_lazy("上传「%(title)s」"),
        "evidence.version": gettext_lazy("上传「%(title)s」v%(version)s"),
        "evidence.edit": gettext_lazy("改「%(title)s」的信息"),
        "evidence.link": gettext_lazy("选用「%(title)s」"),
        "evidence.unlink": gettext_lazy("移除「%(title)s」"),
        "evidence.relink": gettext_lazy("恢复「%(title)s」"),
    }
)


def add_files(
    work: UnitAssignment,
    files: Sequence[Arrived],
    *,
    actor: Actor,
    now: datetime,
    slot: str | None = None,
    details: Mapping[str, Any] | None = None,
) -> list[Evidence]:
    """Make a piece of proof of each file and use it for `work`.

    `slot` None lets the file's name decide, "" means no slot. `details` are fields of Evidence
    for all of them; the title defaults to the file's name. Raises NotAllowed and GuardFailed
    when the work is not with its unit.
    """
    with transaction.atomic():
        work = held(work, actor)
        slots = OpenSlots(work)
        made = []
        for arrived in files:
            evidence = keep_file(work.unit, arrived, actor=actor, now=now, details=details)
            place = slots.take(arrived.filename) if slot is None else slot
            made.append(put(evidence, work, place, now))
        _tell_added(made, work, actor, now)
    return made


def add_reference(
    work: UnitAssignment,
    *,
    kind: str,
    actor: Actor,
    now: datetime,
    slot: str,
    details: Mapping[str, Any],
) -> Evidence:
    """Proof without a file: a web address (LINK) or a document number (NUMBER)."""
    with transaction.atomic():
        work = held(work, actor)
        evidence = _create(work.unit, kind, actor, now, details)
        put(evidence, work, slot, now)
        _tell_added([evidence], work, actor, now)
    return evidence


def keep_file(
    unit: Unit,
    arrived: Arrived,
    *,
    actor: Actor,
    now: datetime,
    details: Mapping[str, Any] | None = None,
) -> Evidence:
    """A piece of proof with its first version, used for nothing yet; call in a transaction.

    For proof of other things than indicators, whose own edge records it.
    """
    given = {"title": names.stem(arrived.filename)} | dict(details or {})
    evidence = _create(unit, Evidence.Kind.FILE, actor, now, given)
    _add_version(evidence, arrived, 1, actor, now)
    return evidence


def keep_reference(
    unit: Unit, kind: str, *, actor: Actor, now: datetime, details: Mapping[str, Any]
) -> Evidence:
    """A web address or a document number as proof, used for nothing yet; as `keep_file`."""
    return _create(unit, kind, actor, now, details)


def add_version(evidence: Evidence, arrived: Arrived, *, actor: Actor, now: datetime) -> None:
    """A newer file of the same proof; the old ones stay as they are.

    Raises GuardFailed when a work that uses it is under review: what is judged must not change.
    """
    with transaction.atomic():
        changeable(evidence, actor)
        raise_version(evidence, evidence.version, {})  # of two rivals one ends here
        last = evidence.versions.aggregate(last=Max("number"))["last"] or 0
        _add_version(evidence, arrived, last + 1, actor, now)
        data = {"title": evidence.title, "version": last + 1, "filename": arrived.filename}
        _record_everywhere("evidence.version", evidence, actor, now, data)


def edit(
    evidence: Evidence,
    *,
    actor: Actor,
    now: datetime,
    version: int,
    details: Mapping[str, Any],
    link: EvidenceLink | None = None,
    slot: str = "",
) -> None:
    """Change what is said about a piece, and the slot of one of its uses.

    Raises StaleState when somebody changed it since `version`, GuardFailed while it is judged.
    """
    changed = {
        name: [getattr(evidence, name), value]
        for name, value in details.items()
        if name in DETAILS and getattr(evidence, name) != value
    }
    moved = link is not None and link.slot != slot
    with transaction.atomic():
        changeable(evidence, actor)
        raise_version(evidence, version, {name: new for name, (_old, new) in changed.items()})
        if moved:
            change_slot(link, slot, actor)
        if changed or moved:
            data = {"title": evidence.title, "changed": changed, "slot": slot if moved else None}
            _record_everywhere("evidence.edit", evidence, actor, now, data)


# -- steps -----------------------------------------------------------------------------------


def _create(
    unit: Unit, kind: str, actor: Actor, now: datetime, details: Mapping[str, Any]
) -> Evidence:
    return Evidence.objects.create(
        region_id=unit.region_id,
        unit=unit,
        kind=kind,
        created_at=now,
        created_by=actor.user,
        **{name: value for name, value in details.items() if name in DETAILS},
    )


def _add_version(
    evidence: Evidence, arrived: Arrived, number: int, actor: Actor, now: datetime
) -> None:
    EvidenceVersion.objects.create(
        evidence=evidence,
        number=number,
        blob=store.keep(arrived.stored, arrived.media_type, now=now),
        filename=arrived.filename,
        pages=arrived.pages,
        uploaded_at=now,
        uploaded_by=actor.user,
    )


def _tell_added(
    made: Iterable[Evidence], work: UnitAssignment, actor: Actor, now: datetime
) -> None:
    """Record what came in, and that the work has begun."""
    record_many(
        actor,
        [Event("evidence.add", each, work.assignment, {"title": each.title}) for each in made],
        now=now,
    )
    begin(work, actor, now)


def _record_everywhere(
    verb: str, evidence: Evidence, actor: Actor, now: datetime, data: dict[str, Any]
) -> None:
    """One entry for every indicator that shows the piece, so that each page tells of it."""
    links = evidence.links.in_force().select_related("unit_assignment__assignment")
    topics = dict.fromkeys(link.unit_assignment.assignment for link in links) or [None]
    record_many(actor, [Event(verb, evidence, topic, data) for topic in topics], now=now)
