"""Telling people in the page: notices of one change become rows, in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from lawgov.accounts.models import Membership
from lawgov.accounts.policy import Role
from lawgov.calendars import local_day
from lawgov.notifications.models import Notification

if TYPE_CHECKING:
    from lawgov.units.models import Region


@dataclass(frozen=True)
class Audience:
    """People meant: those with one of `roles`, in the unit where `unit_id` is given."""

    roles: frozenset[Role]
    unit_id: int | None = None

    @property
    def condition(self) -> Q:
        return Q(role__in=self.roles, unit_id=self.unit_id)


OFFICE = Audience(frozenset({Role.OFFICE_ADMIN}))
SUPERVISORS = Audience(frozenset({Role.SUPERVISOR}))


def unit_people(unit_id: int) -> Audience:
    return Audience(frozenset({Role.UNIT_EDITOR, Role.UNIT_HEAD}), unit_id)


def unit_head(unit_id: int) -> Audience:
    return Audience(frozenset({Role.UNIT_HEAD}), unit_id)


def lead_reviewers(unit_id: int) -> Audience:
    return Audience(frozenset({Role.LEAD_REVIEWER}), unit_id)


@dataclass(frozen=True)
class Notice:
    """One thing to tell one audience; `kind` is a code of notifications.kinds."""

    audience: Audience
    kind: str
    url: str
    subject: Any
    data: dict[str, Any] = field(default_factory=dict)


def post(region: Region, notices: list[Notice], *, now: datetime) -> None:
    """Put notices into the inboxes of their audiences: one query for the people, one insert."""
    if not notices:
        return
    wanted = {notice.audience for notice in notices}
    members = (
        Membership.objects.in_region(region)
        .valid_on(local_day(now))
        .filter(reduce(or_, (audience.condition for audience in wanted)))
        .values_list("user_id", "role", "unit_id")
    )
    people = defaultdict(set)
    for user_id, role, unit_id in members:
        for audience in wanted:
            if role in audience.roles and unit_id == audience.unit_id:
                people[audience].add(user_id)
    Notification.objects.bulk_create(
        Notification(
            recipient_id=user_id,
            region=region,
            kind=notice.kind,
            subject_type=notice.subject._meta.model_name,
            subject_id=notice.subject.pk,
            url=notice.url,
            data=notice.data,
            created_at=now,
        )
        for notice in notices
        for user_id in sorted(people[notice.audience])
    )


def retract(subject: Any, sent_at: datetime) -> None:
    """Take back what one undone change told, where nobody has read it yet."""
    Notification.objects.unread().filter(
        subject_type=subject._meta.model_name, subject_id=subject.pk, created_at=sent_at
    ).delete()
