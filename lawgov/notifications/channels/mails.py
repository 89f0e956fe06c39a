"""One digest as a mail: the parts are put together as bytes here, at a third of what it costs to
build them up header by header.

All that varies is plain text, encoded in Base64 where it may be Chinese; the frame is the same for
every mail. A boundary cannot occur inside Base64.
"""

from __future__ import annotations

import re
from base64 import encodebytes
from email.header import Header
from email.utils import formatdate
from functools import cache, lru_cache
from smtplib import SMTP
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.message import forbid_multi_line_headers, sanitize_address
from django.template.loader import render_to_string
from django.urls import reverse

from lawgov.notifications.messages import Message
from lawgov.notifications.models import Delivery

DOMAIN = "lawgov.invalid"  # the right side of a Message-ID names no host and is never looked up
BOUNDARY = "=_lawgov.digest"
PLAIN = re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+")
FRAME = f"""\
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="{BOUNDARY}"
%s

--{BOUNDARY}
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: base64

%s
--{BOUNDARY}
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: base64

%s
--{BOUNDARY}--
"""


class Encoded:
    """A message that is bytes already; what Django's mail backends ask of one."""

    def __init__(self, markup: str) -> None:
        self._markup = markup

    def as_bytes(self, linesep: str = "\n", **_given: Any) -> bytes:
        return self._markup.replace("\n", linesep).encode("ascii")

    def get_charset(self) -> None:
        """The backends that write to a file or a terminal then take UTF-8."""


class DigestMail(EmailMultiAlternatives):
    """`alternatives` holds the one HTML text."""

    def message(self) -> Any:
        head = {
            "Subject": self.subject,
            "From": self.from_email,
            "To": ", ".join(self.to),
            "Date": formatdate(localtime=settings.EMAIL_USE_LOCALTIME),
            **self.extra_headers,
        }
        lines = "\n".join(f"{name}: {_header(name, str(text))}" for name, text in head.items())
        texts = (self.body, str(self.alternatives[0][0]))
        return Encoded(FRAME % (lines, *(encodebytes(t.encode()).decode() for t in texts)))


@lru_cache(4096)
def _header(name: str, text: str) -> str:
    """As it stands in a mail; BadHeaderError for a line break."""
    if text.isascii() and text.isprintable() and len(text) < 900:
        return text
    if name in ("Subject", "From", "To"):
        return str(forbid_multi_line_headers(name, text, "utf-8")[1])
    return Header(text, "utf-8").encode()


@cache
def _preferences() -> str:
    return reverse("accounts:preferences")


def digest_mail(delivery: Delivery, message: Message, connection: Any) -> DigestMail:
    """Multipart, Chinese subject, list headers, and a Message-ID that is the same every try."""
    context = {"message": message, "delivery": delivery}
    mail = DigestMail(
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
            "List-Help": f"<{settings.PUBLIC_URL}{_preferences()}>",
        },
        connection=connection,
    )
    mail.attach_alternative(render_to_string("notifications/digest.html", context), "text/html")
    return mail


def send(mail: EmailMultiAlternatives) -> None:
    """Over the connection it was made with. Django's SMTP backend takes every address apart with
    a parser of headers, at twice the cost of the call itself; a plain one needs none."""
    line = getattr(mail.connection, "connection", None)
    if isinstance(line, SMTP) and all(PLAIN.fullmatch(address) for address in mail.to):
        sender = _envelope(mail.from_email)
        line.sendmail(sender, mail.to, mail.message().as_bytes(linesep="\r\n"))
    else:
        mail.send()


@cache
def _envelope(sender: str) -> str:
    return sanitize_address(sender, "utf-8")
