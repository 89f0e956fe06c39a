"""E-mail over EMAIL_URL: one kept connection a session, a Message-ID that is the same every try."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse

from lawgov.notifications.messages import Message
from lawgov.notifications.models import Delivery

DOMAIN = "lawgov.invalid"  # the right side of a Message-ID names no host and is never looked up


class EmailChannel:
    """Sends through Django's mail backend; the receiver may drop a second mail by its key."""

    in_transaction = False

    def __init__(self) -> None:
        self._connection = None
        self.per_minute: int = settings.EMAIL_PER_MINUTE

    @contextmanager
    def session(self) -> Iterator[Self]:
        self._connection = get_connection()
        try:
            yield self
        finally:
            with suppress(OSError):
                self._connection.close()

    def deliver(self, delivery: Delivery, message: Message) -> None:
        """Raises whatever the mail backend raises; the sender decides on another try."""
        context = {"message": message, "delivery": delivery}
        mail = EmailMultiAlternatives(
            subject=message.subject,
            body=render_to_string("notifications/digest.txt", context),
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[delivery.person.email],
            headers={
                "Message-ID": f"<{delivery.key}@{DOMAIN}>",
                "X-Idempotency-Key": delivery.key,
                "Auto-Submitted": "auto-generated",
                "Precedence": "bulk",
                "List-Id": f"<reminders.{delivery.region_id}.{DOMAIN}>",
                "List-Help": f"<{settings.PUBLIC_URL}{reverse('accounts:preferences')}>",
            },
            connection=self._connection,
        )
        mail.attach_alternative(render_to_string("notifications/digest.html", context), "text/html")
        mail.send()
