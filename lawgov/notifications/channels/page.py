"""The in-page inbox: a row in the same transaction as the delivery's own end."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Self

from django.utils import timezone

from lawgov.notifications.messages import Message
from lawgov.notifications.models import Delivery, Notification


class PageChannel:
    """Nothing leaves the database, so nothing can be half done (`in_transaction`)."""

    in_transaction = True

    def session(self) -> AbstractContextManager[Self]:
        return nullcontext(self)

    def deliver(self, delivery: Delivery, message: Message) -> None:
        Notification.objects.create(
            recipient_id=delivery.person_id,
            region_id=delivery.region_id,
            kind="digest",
            subject_type="delivery",
            subject_id=delivery.pk,
            url=message.url,
            data={"counts": message.counts, "day": delivery.day.isoformat()},
            created_at=timezone.now(),
        )
