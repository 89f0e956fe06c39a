"""The in-page inbox: a row in the same transaction as the delivery's own end."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Self

from django.urls import reverse

from lawgov.notifications.messages import Message
from lawgov.notifications.models import Delivery, Notification


class PageChannel:
    """Nothing leaves the database, so nothing can be half done (`in_transaction`)."""

    in_transaction = True

    def session(self) -> AbstractContextManager[Self]:
        return nullcontext(self)

    def deliver_all(self, pairs: Sequence[tuple[Delivery, Message]], now: datetime) -> None:
        Notification.objects.bulk_create(
            _row(delivery, message, now) for delivery, message in pairs
        )


def _row(delivery: Delivery, message: Message, now: datetime) -> Notification:
    return Notification(
        recipient_id=delivery.person_id,
        region_id=delivery.region_id,
        kind="digest",
        subject_type="delivery",
        subject_id=delivery.pk,
        url=reverse("reminders:digest", args=[delivery.pk]),
        data={"counts": message.counts, "day": delivery.day.isoformat()},
        created_at=now,
    )
