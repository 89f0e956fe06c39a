"""Writing the trail: `record` and `record_many`, in the transaction of the change itself."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.utils.translation import override

from lawgov.audit.models import INSTALLATION, AuditEntry, AuditHead

if TYPE_CHECKING:
    from lawgov.accounts.actors import Actor

HASHED = (
    "chain", "seq", "actor_id", "actor_name", "actor_place", "role", "verb", "subject_type",
    "subject_id", "topic_type", "topic_id", "data", "ip", "request_id", "prev_hash",
)  # fmt: skip


@dataclass(frozen=True)
class Event:
    """One thing to be recorded; `topic` None means the subject itself."""

    verb: str
    subject: models.Model | None
    topic: models.Model | None = None
    data: dict[str, Any] = field(default_factory=dict)


def digest(entry: AuditEntry) -> str:
    """SHA-256 hex of an entry's content, previous hash and instant (UTC, microseconds)."""
    content = {name: getattr(entry, name) for name in HASHED}
    content["at"] = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def plain(data: dict[str, Any]) -> dict[str, Any]:
    """`data` as it will be read back from the database, so that the hash holds then too."""
    read: dict[str, Any] = json.loads(json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False))
    return read


def record(
    actor: Actor,
    verb: str,
    subject: models.Model | None,
    *,
    now: datetime,
    topic: models.Model | None = None,
    data: dict[str, Any] | None = None,
) -> AuditEntry:
    """Append one entry to the chain of the actor's region; must run inside a transaction."""
    return record_many(actor, [Event(verb, subject, topic, data or {})], now=now)[0]


def record_many(actor: Actor, events: list[Event], *, now: datetime) -> list[AuditEntry]:
    """Append entries in order with three statements, however many there are."""
    if not events:
        return []
    chain = actor.region.code if actor.region else INSTALLATION
    last, previous = _advance(chain, len(events))
    place = _place(actor)
    entries = []
    for seq, event in enumerate(events, start=last - len(events) + 1):
        entry = _entry(actor, event, now, place, chain=chain, seq=seq, prev_hash=previous)
        previous = entry.hash = digest(entry)
        entries.append(entry)
    AuditEntry.objects.bulk_create(entries, batch_size=500)
    AuditHead.objects.filter(chain=chain).update(hash=previous)
    return entries


def _advance(chain: str, count: int) -> tuple[int, str]:
    """Take `count` numbers; the row lock of this UPDATE is held until the commit."""
    if not connection.in_atomic_block:
        raise RuntimeError("the audit trail is written in the transaction of its change")
    sql = "UPDATE audit_audithead SET seq = seq + %s WHERE chain = %s RETURNING seq, hash"
    with connection.cursor() as cursor:
        cursor.execute(sql, [count, chain])
        row = cursor.fetchone()
        if row is None:
            AuditHead.objects.bulk_create([AuditHead(chain=chain)], ignore_conflicts=True)
            cursor.execute(sql, [count, chain])
            row = cursor.fetchone()
    return row[0], row[1]


def _place(actor: Actor) -> str:
    """In the language of the source, whatever the person reads: the trail is one text for all."""
    with override(settings.LANGUAGE_CODE):
        return actor.membership.place if actor.membership else ""


def _entry(actor: Actor, event: Event, now: datetime, place: str, **link: Any) -> AuditEntry:
    subject, topic = event.subject, event.topic or event.subject
    source = {"source": asdict(actor.source)} if actor.source else {}
    return AuditEntry(
        region=actor.region,
        at=now,
        actor=actor.user,
        actor_name=actor.name,
        actor_place=place,
        role=actor.role or "",
        verb=event.verb,
        subject_type=_type(subject),
        subject_id=subject.pk if subject is not None else None,
        topic_type=_type(topic),
        topic_id=topic.pk if topic is not None else None,
        data=plain(event.data | source),
        ip=actor.ip,
        request_id=actor.request_id,
        **link,
    )


def _type(thing: models.Model | None) -> str:
    return (thing._meta.model_name or "") if thing is not None else ""
