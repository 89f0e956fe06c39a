"""A person's deadlines as a calendar 日历订阅 in iCalendar (RFC 5545), under a secret address."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.models import UnitResponse
from assessments.rectification.queries import is_provisional
from assessments.rectification.states import WITH_CHECKER, State
from indicators.assignments.states import WITH_UNIT
from indicators.models import UnitAssignment
from lawgov.accounts.actors import Actor
from lawgov.accounts.models import Membership
from lawgov.accounts.policy import Action, Role, can
from lawgov.audit import verbs
from lawgov.audit.record import record
from lawgov.calendars import local_day
from lawgov.notifications.messages import absolute
from lawgov.notifications.models import CalendarFeed

DOMAIN = "lawgov.invalid"  # the right side of a UID names no host
MOST = 2000  # entries of one calendar
FOLD = 75  # octets of a line

verbs.add(
    {
        "feed.made": gettext_lazy("生成日历订阅网址"),
        "feed.revoked": gettext_lazy("停用日历订阅网址"),
    }
)


@dataclass(frozen=True)
class Entry:
    """One day in the calendar; `sequence` rises when the day is moved, which a `provisional` one
    still may be."""

    uid: str
    day: date
    title: str
    text: str
    url: str
    sequence: int = 0
    provisional: bool = False


# -- the address ----------------------------------------------------------------------------------


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make_feed(actor: Actor, *, now: datetime) -> str:
    """A new secret for the actor's membership; the one before it ends. It is kept nowhere."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        CalendarFeed.objects.filter(membership=actor.membership, revoked_at=None).update(
            revoked_at=now
        )
        CalendarFeed.objects.create(
            membership=actor.membership, token_hash=hashed(token), created_at=now
        )
        record(actor, "feed.made", actor.membership, topic=actor.user, now=now)
    return token


def revoke_feed(actor: Actor, *, now: datetime) -> bool:
    """End the address; False when there was none in force."""
    with transaction.atomic():
        rows = CalendarFeed.objects.filter(membership=actor.membership, revoked_at=None)
        ended = rows.update(revoked_at=now)
        if ended:
            record(actor, "feed.revoked", actor.membership, topic=actor.user, now=now)
    return bool(ended)


def membership_of(token: str, now: datetime) -> Membership | None:
    """Whose calendar it is; None for a wrong or ended address, and for a post that has ended."""
    today = local_day(now)
    feed = CalendarFeed.objects.filter(
        token_hash=hashed(token),
        revoked_at=None,
        membership__in=Membership.objects.valid_on(today),
    )
    found = feed.select_related("membership__user", "membership__region", "membership__unit")
    row = found.first()
    if row is None:
        return None
    if row.last_read_at is None or now - row.last_read_at > timedelta(hours=1):
        CalendarFeed.objects.filter(pk=row.pk).update(last_read_at=now)
    return row.membership


# -- what stands in it ----------------------------------------------------------------------------


def entries(actor: Actor) -> list[Entry]:
    """Open deadlines of what the actor may read, by day; what waits for others is left out."""
    found = [*_answers(actor), *_work(actor)]
    return sorted(found, key=lambda entry: (entry.day, entry.uid))[:MOST]


def _answers(actor: Actor) -> Iterator[Entry]:
    if not can(actor, Action.VIEW_LEDGER):
        return
    rows = UnitResponse.objects.visible_to(actor).open().exclude(deadline_date=None)
    rows = rows.exclude(state__in=[State.FOUND, *WITH_CHECKER])
    for row in rows.select_related("issue", "unit").order_by("deadline_date", "pk")[:MOST]:
        words = {"number": row.issue.number, "unit": row.unit.short_name}
        may_move = is_provisional(row)
        title = (
            _("整改到期（暂定）：%(number)s %(unit)s")
            if may_move
            else _("整改到期：%(number)s %(unit)s")
        )
        yield Entry(
            f"response-{row.pk}@{DOMAIN}",
            row.deadline_date,
            title % words,
            f"{row.issue.title}\n{row.get_state_display()}",
            absolute(row.get_absolute_url()),
            row.deadline_version,
            may_move,
        )


def _work(actor: Actor) -> Iterator[Entry]:
    """The unit's own work on indicators; offices have too much of it for a calendar."""
    if actor.role not in (Role.UNIT_EDITOR, Role.UNIT_HEAD):
        return
    rows = UnitAssignment.objects.visible_to(actor).filter(
        unit=actor.unit_id, state__in=WITH_UNIT, assignment__due_on__isnull=False
    )
    for row in rows.select_related("assignment__indicator", "unit")[:MOST]:
        indicator = row.assignment.indicator
        yield Entry(
            f"work-{row.pk}@{DOMAIN}",
            row.assignment.due_on,
            _("佐证到期：指标 %(number)s") % {"number": indicator.number},
            indicator.shown_title,
            absolute(row.get_absolute_url()),
        )


# -- how it is written ----------------------------------------------------------------------------


def calendar_text(name: str, found: Iterable[Entry], now: datetime) -> str:
    """A whole VCALENDAR with CRLF line ends; entries are all-day, with an alarm the day before."""
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//lawgov//deadlines//ZH",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
    ]
    for entry in found:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{entry.uid}",
            f"DTSTAMP:{stamp}",
            f"SEQUENCE:{entry.sequence}",
            f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}",
            f"DTEND;VALUE=DATE:{entry.day + timedelta(days=1):%Y%m%d}",
            f"SUMMARY:{escaped(entry.title)}",
            f"DESCRIPTION:{escaped(entry.text)}",
            f"URL:{entry.url}",
            f"STATUS:{'TENTATIVE' if entry.provisional else 'CONFIRMED'}",
            "TRANSP:TRANSPARENT",
            "BEGIN:VALARM",
            "ACTION:DISPLAY",
            f"DESCRIPTION:{escaped(entry.title)}",
            "TRIGGER:-PT15H",  # nine in the morning of the day before
            "END:VALARM",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def escaped(text: str) -> str:
    """TEXT of RFC 5545 §3.3.11; control characters are dropped."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    return "".join(letter for letter in text if letter >= " " and letter != "\x7f")


def folded(line: str) -> str:
    """In lines of at most FOLD octets (§3.1); a character is never cut in two."""
    parts, size = [""], 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > FOLD:
            parts.append(" ")
            size = 1
        parts[-1] += letter
        size += octets
    return "\r\n".join(parts)
