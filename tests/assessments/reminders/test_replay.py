"""Sixty days over two holidays with make-up days: exactly what a person would write down by hand.

Once with a run each morning, once with nine days of silence in between.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from assessments.models import Reminder, UnitResponse
from assessments.rectification.states import State
from assessments.reminders.actions import remind_by_the_clock
from lawgov.calendars import SHANGHAI
from lawgov.notifications.models import Delivery
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

FIRST, DAYS = date(2026, 9, 14), 60
DUE = {
    "A": date(2026, 9, 30),
    "B": date(2026, 10, 8),
    "C": date(2026, 10, 3),
    "D": date(2026, 10, 20),
}
CLOSED_ON = date(2026, 10, 15)
SILENT = {date(2026, 10, 12) + timedelta(days=n) for n in range(9)}  # up to 20 October
# The morning after the silence A and C have no reminder of their own: one makes good for three.
MADE_GOOD = {
    (date(2026, 10, 21), "A", -21, "contact head office"),
    (date(2026, 10, 21), "C", -18, "contact head office"),
}
Line = tuple[date, str, int, str]


def by_hand() -> set[Line]:
    lines = Path(__file__).with_name("replay.csv").read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines if not line.startswith("#")]
    return {(date.fromisoformat(day), item, int(days), who) for day, item, days, who in rows}


@pytest.fixture
def items(cast) -> dict[int, str]:
    """Answer id → its letter in the file."""
    inspection = factories.make_inspection(cast.region)
    found = {}
    for item, due in DUE.items():
        issue = factories.make_issue(inspection, deadline_date=due)
        found[factories.make_response(issue, cast.unit, State.RECTIFYING).pk] = item
    return found


def replay(items: dict[int, str], silent: set[date]) -> None:
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        if day not in silent:
            remind_by_the_clock(datetime.combine(day, time(9), SHANGHAI))
        if day == CLOSED_ON:
            closed = [pk for pk, item in items.items() if item == "D"]
            UnitResponse.objects.filter(pk__in=closed).update(state="closed", closed_on=day)


def told(items: dict[int, str], cast, status: str = "covered") -> set[Line]:
    """What stands in the table; each level reached exactly the people of that level."""
    people = {
        "contact": cast.editor.user,
        "head": cast.head.user,
        "office": cast.office.user,
        "leader": cast.leader.user,
    }
    levels: dict[tuple[date, str, int], list[str]] = {}
    rows = Reminder.objects.filter(response__in=items, status=status).order_by("pk")
    for row in rows.select_related("recipient"):
        assert row.recipient == people[row.level]
        key = (row.local_day, items[row.response_id], row.days)
        levels.setdefault(key, []).append(row.level)
    order = list(people)
    return {(*key, " ".join(sorted(found, key=order.index))) for key, found in levels.items()}


def digests(cast) -> set[tuple[date, int]]:
    """(day, person) of what went out by mail; one at most a day by the constraint."""
    mails = Delivery.objects.filter(channel="email", status="sent")
    return set(mails.values_list("day", "person_id"))


def expected_digests(cast, lines: set[Line]) -> set[tuple[date, int]]:
    people = {"contact": cast.editor, "head": cast.head, "office": cast.office}
    people["leader"] = cast.leader
    return {(day, people[who].user.pk) for day, _i, _d, all_ in lines for who in all_.split()}


def test_sixty_days_are_as_written_by_hand(cast, items):
    replay(items, set())
    assert told(items, cast) == by_hand()
    assert digests(cast) == expected_digests(cast, by_hand())
    assert not Reminder.objects.exclude(status="covered").exists()


def test_nine_days_of_silence_lose_only_what_was_rightly_skipped(cast, items):
    replay(items, SILENT)
    lines = {line for line in by_hand() if line[0] not in SILENT} | MADE_GOOD
    assert told(items, cast) == lines
    assert digests(cast) == expected_digests(cast, lines)
    missed = {line[:2] for line in by_hand() if line[0] in SILENT and line[1] != "D"}
    skipped = Reminder.objects.filter(status="skipped", reason="planner_away")
    assert {(row.local_day, items[row.response_id]) for row in skipped} == missed
