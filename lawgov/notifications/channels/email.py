"""E-mail over EMAIL_URL: one kept connection a session, a Message-ID that is the same every try."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Self

from django.conf import settings
from django.core.mail import get_connection

from lawgov.notifications.channels.mails import digest_mail, send
from lawgov.notifications.faults import NotTaken
from lawgov.notifications.messages import Message
from lawgov.notifications.models import Delivery


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
            self._hang_up()

    def _hang_up(self) -> None:
        """The next mail opens a connection of its own."""
        with suppress(OSError):
            self._connection.close()

    def deliver(self, delivery: Delivery, message: Message) -> None:
        """Raises NotTaken for an address that is refused, else whatever the mail backend raises;
        the sender decides on another try."""
        try:
            # A connection that Django opens for one mail is closed after it; ours stays.
            self._connection.open()
            send(digest_mail(delivery, message, self._connection))
        except smtplib.SMTPRecipientsRefused as error:
            if _is_closing(error):
                self._hang_up()
                raise
            raise NotTaken(_answers(error), only_this=True) from error
        except Exception:
            self._hang_up()
            raise


def _is_closing(error: smtplib.SMTPRecipientsRefused) -> bool:
    """421: the server is about to hang up on everybody."""
    return any(code == 421 for code, _text in error.recipients.values())


def _answers(error: smtplib.SMTPRecipientsRefused) -> str:
    """What the server said, without the address."""
    told = {f"{code} {text.decode(errors='replace')}" for code, text in error.recipients.values()}
    return "; ".join(sorted(told))
