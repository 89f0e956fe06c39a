"""Reminders with real processes: the broker gone, and senders killed while they work."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections import Counter
from random import Random

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings

from tests.servers.base import free_port
from tests.tiers import amount

pytestmark = pytest.mark.servers

MANAGE = [sys.executable, str(settings.BASE_DIR / "manage.py")]
NOW = "2026-11-20T10:00:00"
SEED = """
import datetime as d
from assessments.models import *
from indicators.models import *
from lawgov.accounts.models import *
from lawgov.units.models import *
from django.utils import timezone
now = timezone.now()
region = Region.objects.create(code="due", name="到期区")
campaign = Campaign.objects.create(region=region, edition=FrameworkEdition.objects.first(),
    name="创建", starts_on=d.date(2026,1,1), ends_on=d.date(2026,12,31),
    evidence_from=d.date(2026,1,1), evidence_to=d.date(2026,12,31))
inspection = Inspection.objects.create(region=region, campaign=campaign, code="due-1", name="督察",
    starts_on=d.date(2026,9,7), ends_on=d.date(2026,9,15))
for number in range({units}):
    unit = Unit.objects.create(region=region, code=f"D{{number}}", name=f"第{{number}}局",
        short_name=f"第{{number}}局", kind="government", order=number)
    for editor in range({editors}):
        user = User.objects.create(username=f"due{{number}}-{{editor}}", name="某",
            email=f"due{{number}}-{{editor}}@demo.invalid")
        Membership.objects.create(user=user, region=region, role="unit_editor", unit=unit)
    for item in range({issues}):
        issue = Issue.objects.create(region=region, inspection=inspection, kind="individual",
            number=f"{{number}}-{{item}}", text="问题", created_at=now)
        UnitResponse.objects.create(issue=issue, region=region, unit=unit, state="rectifying",
            deadline_date=d.date(2026,11,20))
"""
COUNT = """
import json
from assessments.models import Reminder
from lawgov.notifications.models import Delivery
held = {}
for d in Delivery.objects.filter(channel="email"):
    held.setdefault((d.person_id, d.day.isoformat()), []).append(d.status)
print(json.dumps([held.get((r.recipient_id, r.local_day.isoformat()), []) for r in
    Reminder.objects.filter(status="covered")]))
"""


def manage(product, *arguments: str, script: str = "") -> str:
    done = subprocess.run(
        [*MANAGE, *arguments, *(["-c", script] if script else [])],
        env=product.environment, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


class Sink:
    """A mail server that keeps the key of every mail it accepts."""

    def __init__(self) -> None:
        self.keys: list[str] = []

    async def handle_DATA(self, server, session, envelope) -> str:
        head = envelope.content.partition(b"\r\n\r\n")[0].decode()
        (key,) = [
            line.partition(":")[2].strip()
            for line in head.splitlines()
            if line.lower().startswith("x-idempotency-key")
        ]
        self.keys.append(key)
        return "250 accepted"


@pytest.fixture
def sink():
    handler = Sink()
    handler.port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()


def test_broker_gone_while_200_are_due_each_stands_in_one_digest(make_product, own_redis, sink):
    product = make_product(REDIS_URL=own_redis.url, EMAIL_URL=f"smtp://127.0.0.1:{sink.port}")
    seed = SEED.format(units=20, editors=1, issues=10)
    manage(product, "shell", script=seed)
    product.start()
    assert product.health()["code"] == 200
    own_redis.stop()
    output = manage(product, "send_reminders", "--now", NOW)
    status, _headers, _body = product.get("/login/")
    assert status == 200, "the web answers without its broker"
    assert product.health()["code"] == 503
    held = json.loads(manage(product, "shell", "-v0", script=COUNT))
    assert len(held) == 200, output
    assert all(statuses == ["sent"] for statuses in held)
    assert Counter(sink.keys).most_common(1)[0][1] == 1
    assert len(sink.keys) == 20, "one digest a person"


def test_senders_killed_at_work_lose_nothing(make_product, sink):
    people = amount(1000, 10_000)
    kills = amount(5, 20)
    product = make_product(EMAIL_URL=f"smtp://127.0.0.1:{sink.port}")
    manage(product, "shell", script=SEED.format(units=people // 50, editors=50, issues=3))
    seed = int(time.time())
    random = Random(seed)
    command = [*MANAGE, "send_reminders", "--now", NOW]
    for number in range(1, kills + 1):
        goal = random.randint(len(sink.keys) + 1, people * number // (kills + 1))
        process = subprocess.Popen(command, env=product.environment, start_new_session=True)
        while process.poll() is None and len(sink.keys) < goal:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait()
    manage(product, "send_reminders", "--now", NOW)
    again = Counter(sink.keys)
    assert len(again) == people, f"nobody is forgotten (seed {seed})"
    assert sum(again.values()) - people <= kills, "at most the call in flight, with the same key"
