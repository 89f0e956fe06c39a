"""Which reminders a reader may see, and how the digests went that carried them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.models import Reminder, UnitResponse
from assessments.reminders.kinds import Kind
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action, can
from lawgov.notifications.channels import OWN, channel_label, channel_names
from lawgov.notifications.models import Delivery


def seen_by(actor: Actor) -> QuerySet[Reminder]:
    """All of the place for its office; for others those about answers that they may read."""
    rows = Reminder.objects.filter(region=actor.region_id)
    if can(actor, Action.MANAGE_CAMPAIGN):
        return rows
    return rows.filter(response__in=UnitResponse.objects.visible_to(actor))


def of_place(names: Mapping[str, str]) -> dict[str, str]:
    """What a log can be narrowed to: of the names, those of the place itself."""
    return {code: name for code, name in names.items() if name is not OWN}


def outcomes(rows: Iterable[Reminder], region_id: int | None) -> dict[tuple[int, date], str]:
    """How the digests went that carried `rows`, by (person, day): 已发：站内提醒、邮件.

    Two queries, whatever the number of rows. What was pressed by hand was in the page at once and
    has no digest of its own.
    """
    asked = {
        (row.recipient_id, row.local_day)
        for row in rows
        if row.status == Reminder.Status.COVERED and row.kind != Kind.MANUAL
    }
    if not asked:
        return {}
    people, days = ({one[at] for one in asked} for at in (0, 1))
    found = Delivery.objects.filter(region=region_id, person__in=people, day__in=days)
    names = channel_names(region_id)
    told: dict[tuple[int, date], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in found.order_by("pk").only("person_id", "day", "status", "channel"):
        channel = channel_label(row.channel, names)
        told[row.person_id, row.day][row.get_status_display()].append(channel)
    return {key: _in_words(told[key]) for key in asked & told.keys()}


def _in_words(by_status: dict[str, list[str]]) -> str:
    parts = [
        _("%(status)s：%(channels)s") % {"status": status, "channels": _("、").join(channels)}
        for status, channels in by_status.items()
    ]
    return _("；").join(parts)
