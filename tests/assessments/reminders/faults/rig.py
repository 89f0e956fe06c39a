"""What the fault tests share: a place full of due issues, and a mail server that keeps everything.

Everything is overdue by a day under rules that remind on any day at any hour, so that senders,
workers and beat may run by the machine's own clock.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes

from aiosmtpd.controller import Controller
from django.conf import settings

from lawgov.calendars import local_day
from tests.servers.base import free_port

MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]
SEED = """
import datetime as d
from django.utils import timezone
from assessments.models import *
from indicators.models import *
from lawgov.accounts.models import *
from lawgov.calendars import local_day
from lawgov.units.models import *
people, each = {people}, {each}
now = timezone.now()
due = local_day(now) - d.timedelta(days=1)
region = Region.objects.create(code="due", name="到期区")
campaign = Campaign.objects.create(region=region, edition=FrameworkEdition.objects.first(),
    name="创建", starts_on=d.date(2026, 1, 1), ends_on=d.date(2026, 12, 31),
    evidence_from=d.date(2026, 1, 1), evidence_to=d.date(2026, 12, 31))
ReminderHours.objects.create(campaign=campaign, from_time=d.time(0), any_day=True, any_day_from=1,
    to_time=d.time(23, 59, 59, 999999))
inspection = Inspection.objects.create(region=region, campaign=campaign, code="due-1", name="督察",
    starts_on=d.date(2026, 9, 7), ends_on=d.date(2026, 9, 15))
Unit.objects.bulk_create(Unit(region=region, code=f"D{{n}}", name=f"第{{n}}局",
    short_name=f"第{{n}}局", kind="government", order=n) for n in range(people))
units = list(Unit.objects.filter(region=region).order_by("order"))
User.objects.bulk_create(User(username=f"due{{n}}", name="某", email=f"due{{n}}@demo.invalid")
    for n in range(people))
users = list(User.objects.filter(username__startswith="due").order_by("pk"))
Membership.objects.bulk_create(Membership(user=user, region=region, role="unit_editor", unit=unit)
    for user, unit in zip(users, units))
Issue.objects.bulk_create(Issue(region=region, inspection=inspection, kind="individual",
    number=f"{{n}}-{{item}}", text=f"item-{{n}}-{{item}};", created_at=now)
    for n in range(people) for item in range(each))
issues = list(Issue.objects.filter(inspection=inspection).order_by("pk"))
UnitResponse.objects.bulk_create(UnitResponse(issue=issue, region=region,
    unit=units[k // each], state="rectifying", deadline_date=due)
    for k, issue in enumerate(issues))
"""
STATE = """
import json
from collections import Counter
from assessments.models import Reminder
from lawgov.notifications.models import Delivery, Notification
mails = dict(Delivery.objects.filter(channel="email").values_list("person_id", "key"))
told = Notification.objects.filter(kind="digest").values_list("recipient_id", flat=True)
print(json.dumps({
    "reminders": [[mails.get(person, ""), text] for person, text in
        Reminder.objects.filter(status="covered").values_list(
            "recipient_id", "response__issue__text")],
    "statuses": Counter(Delivery.objects.values_list("status", flat=True)),
    "told": sorted(Counter(told).values()),
}))
"""


def manage(product, *arguments: str, script: str = "", seconds: float = 600) -> str:
    done = subprocess.run(
        [*MANAGE, *arguments, *(["-c", script] if script else [])],
        env=product.environment, capture_output=True, text=True, timeout=seconds,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def sow(product, *, people: int, each: int) -> None:
    """`people` units with one person and `each` overdue answers."""
    manage(product, "shell", script=SEED.format(people=people, each=each))


def state(product) -> dict:
    """What the database holds: [key of the mail, text] a reminder, deliveries by status, and how
    many digests each person has in the page."""
    return json.loads(manage(product, "shell", "-v0", script=STATE))


def wait_out_midnight(minutes: int) -> None:
    """So that a test that takes so long does not see the local day change."""
    today = local_day(datetime.now(UTC))
    if local_day(datetime.now(UTC) + timedelta(minutes=minutes)) != today:
        while local_day(datetime.now(UTC)) == today:
            time.sleep(1)


class MailSink:
    """A mail server that keeps (key, bytes) of every mail before it answers.

    `on_recipient` is called with the number of the recipient before a mail is taken, `on_mail`
    with the number of the mail when it was taken and before that is answered.
    """

    def __init__(self) -> None:
        self.port = free_port()
        self.mails: list[tuple[str, bytes]] = []
        self.on_mail: Callable[[int], None] = lambda number: None
        self.on_recipient: Callable[[int], None] = lambda number: None
        self.recipients = self.connections = 0
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def keys(self) -> Counter:
        return Counter(key for key, _content in self.mails)

    async def handle_EHLO(self, server, session, envelope, hostname, responses) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:
        self.recipients += 1
        self.on_recipient(self.recipients)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:
        head = envelope.content.partition(b"\r\n\r\n")[0].decode()
        (key,) = [
            line.partition(":")[2].strip()
            for line in head.splitlines()
            if line.lower().startswith("x-idempotency-key")
        ]
        with self.lock:
            self.mails.append((key, envelope.content))
        self.on_mail(len(self.mails))
        return "250 accepted"

    def text(self, content: bytes) -> str:
        """The plain part, which is the first; without the library's modern policy, for whose
        careful headers ten thousand mails wait minutes."""
        plain = message_from_bytes(content).get_payload(0)
        assert plain.get_content_type() == "text/plain"
        return plain.get_payload(decode=True).decode()


@contextmanager
def mail_sink(sink: MailSink | None = None) -> Iterator[MailSink]:
    sink = sink or MailSink()
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


def check_effects(sink: MailSink, found: dict, *, people: int, each: int, most_again: int) -> None:
    """None lost, none doubled in effect; wire duplicates carry the same key and the same items."""
    assert len(found["reminders"]) == people * each
    texts: dict[str, set[str]] = {}
    for key, content in sink.mails:
        texts.setdefault(key, set()).add(sink.text(content))
    lost = [item for key, item in found["reminders"] if item not in "".join(texts.get(key, ()))]
    assert not lost, f"{len(lost)} lost, such as {lost[:5]}"
    assert len(texts) == people, "one key a person, whatever was killed"
    assert all(len(bodies) == 1 for bodies in texts.values())
    assert found["told"] == [1] * people, "one digest in the page for each"
    assert set(found["statuses"]) == {"sent"}, found["statuses"]
    again = len(sink.mails) - people
    assert again <= most_again, f"{again} duplicates on the wire"


def settle(product) -> None:
    """Until nothing is on its way any more."""
    manage(product, "send_reminders")
