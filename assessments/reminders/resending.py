"""A digest that could not be delivered is given to the sender once more, by hand."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from lawgov.accounts.actors import Actor
from lawgov.audit.record import record
from lawgov.errors import StaleState
from lawgov.notifications.models import Delivery

S = Delivery.Status
ENDED_BADLY = (S.DEAD, S.UNCERTAIN)


def resend(delivery: Delivery, *, actor: Actor, now: datetime) -> None:
    """Put it where the next sender finds it, with a fresh count of tries and the same key.

    `sending` with a lease that is over is taken up whatever its day; what it says is composed
    anew then, and nothing is sent when nothing of it still stands. Raises StaleState when it is
    neither dead nor uncertain any more.
    """
    with transaction.atomic():
        same = Delivery.objects.filter(pk=delivery.pk, status__in=ENDED_BADLY)
        again = {"attempts": 0, "first_try_at": now, "next_at": now, "leased_until": now}
        if not same.update(status=S.SENDING, **again):
            raise StaleState(_("这一条已经不是发不出去的了，页面已更新"))
        told = {"channel": delivery.channel, "day": delivery.day}
        told["person"] = delivery.person.name if delivery.person else ""
        record(actor, "reminder.resent", delivery, now=now, data=told)
