"""Beat doubled: several of it that begin at the very same instant add nothing.

Robustness guide, E3. Each is a process of its own; all wait for one instant by the machine's
clock and then do what beat asks for each minute. The control takes away the row that says "planned
already" and the reminders' unique key, and must find more than there should be.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings

from tests.assessments.reminders.faults import rig
from tests.tiers import amount

pytestmark = pytest.mark.servers

BEATS, ROUNDS = 3, amount(4, 40)
PEOPLE, EACH = 30, 2

BEAT = """
import json, os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "lawgov.settings"
sys.path.insert(0, {base!r})
import django
django.setup()
from assessments.tasks import tick
{patch}
for line in sys.stdin:
    instant, script = json.loads(line)
    while time.time() < instant:
        pass
    exec(script)
    print(flush=True)
"""
NO_ROW = """
import inspect
from assessments.reminders import planner
source = inspect.getsource(planner.plan)
guard = "        if run.finished_at:\\n            return 0\\n"
assert guard in source
exec(source.replace(guard, ""), planner.__dict__)
"""
NO_KEY = """
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("DROP INDEX reminder_once")
"""
COUNTED_AND_FORGOTTEN = """
import json
from collections import Counter
from assessments.models import PlannerRun, Reminder
from lawgov.notifications.models import Delivery, Notification
told = Notification.objects.filter(kind="digest").values_list("recipient_id", flat=True)
print(json.dumps([
    PlannerRun.objects.count(), Reminder.objects.count(),
    Counter(Delivery.objects.values_list("status", flat=True)), sorted(Counter(told).values())]),
    end="")
for model in (Reminder, Delivery, Notification, PlannerRun):
    model._base_manager.all().delete()
"""


@contextmanager
def beats(product, patch: str) -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that do beat's work at the instant they are told."""
    command = [sys.executable, "-c", BEAT.format(base=str(settings.BASE_DIR), patch=patch)]
    made = [
        subprocess.Popen(
            command, env=product.environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=1,
        )
        for _beat in range(BEATS)
    ]  # fmt: skip
    try:
        yield made
    finally:
        for beat in made:
            beat.kill()
            beat.wait()


def ask(beat: subprocess.Popen[str], script: str, instant: float = 0) -> None:
    """Have it run a script at an instant; what it prints is one line, read by the caller."""
    beat.stdin.write(json.dumps([instant, script]) + "\n")


def doubled(product, sink, *, no_row: bool = False, no_key: bool = False) -> list[str]:
    """What there was too much or too little of, over the rounds; empty when all is well."""
    wrong, expected = [], [1, PEOPLE * EACH, {"sent": 2 * PEOPLE}, [1] * PEOPLE]
    with beats(product, NO_ROW if no_row else "") as made:
        if no_key:
            ask(made[0], NO_KEY)
            made[0].stdout.readline()
        for _round in range(ROUNDS):
            sink.mails.clear()
            instant = time.time() + 0.3
            for beat in made:
                ask(beat, "tick()", instant)
            assert [beat.stdout.readline() for beat in made] == ["\n"] * BEATS
            ask(made[0], COUNTED_AND_FORGOTTEN)
            found = json.loads(made[0].stdout.readline())
            if found != expected:
                wrong.append(f"{found[1]} reminders, {found[2]}, by person {set(found[3])}")
            if list(sink.keys.values()) != [1] * PEOPLE:
                wrong.append(f"{len(sink.mails)} mails for {PEOPLE}")
    return wrong


@pytest.fixture(params=["sqlite", "postgresql"])
def product(request, make_product, sink):
    rig.wait_out_midnight(amount(3, 15))
    given = {}
    if request.param == "postgresql":
        given = {"DATABASE_URL": request.getfixturevalue("own_postgres").url}
    made = make_product(EMAIL_URL=sink.url, **given)
    rig.manage(made, "prepare", "--empty")
    rig.sow(made, people=PEOPLE, each=EACH)
    return made


def test_beats_at_the_very_same_instant_add_nothing(product, sink):
    assert not doubled(product, sink)


def test_control_without_row_and_key_they_plan_twice(product, sink):
    wrong = doubled(product, sink, no_row=True, no_key=True)
    assert wrong
    assert all(f"{PEOPLE * EACH} reminders" not in line for line in wrong), wrong
