"""Sixty days over two holidays with make-up days: exactly what a person would write down by hand.

Once with a run each morning, once with nine days of silence in between. All kinds of things are
watched, at all levels; the file says which thing is what. Each has a control that must differ.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.core import mail

from assessments.models import Extension, ProgressNote, Reminder, UnitResponse
from assessments.rectification.deadlines import DeadlineKind
from assessments.rectification.states import State
from assessments.reminders import planner
from assessments.reminders.actions import remind_by_the_clock
from assessments.reminders.kinds import Kind, Level
from indicators.assignments.states import UnitState
from indicators.models import UnitAssignment
from lawgov.calendars import SHANGHAI, Workdays
from tests import factories
from tests.people import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

FIRST, LAST = date(2026, 9, 14), date(2026, 11, 12)
SILENT = {date(2026, 10, 12) + timedelta(days=n) for n in range(9)}  # up to 20 October

Line = tuple[date, str, str, int, str]  # day, item, kind, days, who


def october(day: int) -> date:
    return date(2026, 10, day)


# The morning after the silence: one reminder of what is true that day makes good for what was
# missed, also for those that have none of their own on that day.
CHECKERS = "checker:supervisor checker:office"
MADE_GOOD: set[Line] = {
    (october(21), "A", "overdue", -21, "contact head office"),
    (october(21), "C", "overdue", -18, "contact head office"),
    (october(21), "E", "evidence", -12, "contact head"),
    (october(21), "L", "periodic", -3, "contact"),
    (october(21), "R", "review", -2, CHECKERS),
    (october(21), "X", "before", 5, "contact"),
}
# What was settled while nobody reminded: closed, received, put off. Nothing to record of it.
SETTLED = {
    (october(15), "D"),
    (october(12), "T"), (october(13), "T"), (october(15), "T"),
    (october(13), "X"),
}  # fmt: skip


def by_hand() -> set[Line]:
    lines = Path(__file__).with_name("replay.csv").read_text(encoding="utf-8").splitlines()
    rows = [line.split(",") for line in lines if not line.startswith("#")]
    return {(date.fromisoformat(d), item, kind, int(n), who) for d, item, kind, n, who in rows}


# -- the things and what happens to them ----------------------------------------------------------


class Play:
    """The things that are watched, by the letters of the file, and what happens to them."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.letters: dict[tuple[str, int], str] = {}
        self.september = factories.make_inspection(cast.region, issued_on=date(2026, 9, 28))
        for item, due in {"A": date(2026, 9, 30), "B": october(8), "C": october(3)}.items():
            self._answer(item, due)
        self.d = self._answer("D", october(20))
        self.x = self._answer("X", october(16))
        self.t = self._answer("T", None, state=State.ISSUED)
        self.r = self._answer("R", None)
        july = factories.make_inspection(cast.region, issued_on=date(2026, 7, 20))
        self.long = self._answer("L", None, inspection=july, deadline_kind=DeadlineKind.LONG_TERM)
        self._indicator()
        self.days: dict[date, Callable[[], object]] = {
            october(12): self._hand_in_r,
            october(14): self._put_off_x,
            october(15): self._close_d_and_receive_t,
            october(27): self._hand_in_e,
            date(2026, 11, 4): self._tell_progress_of_l,
        }

    def _answer(self, item: str, due: date | None, *, inspection=None, **fields) -> UnitResponse:
        fields = {"state": State.RECTIFYING, "deadline_kind": "none", **fields}
        issue = factories.make_issue(inspection or self.september, text=f"事项{item}，")
        row = factories.make_response(issue, self.cast.unit, deadline_date=due, **fields)
        self.letters["response", row.pk] = item
        return row

    def _indicator(self) -> None:
        """E is due, P and Q are proof for another one that is due on no day."""
        due, other = self.cast.campaign.assignments.order_by("pk")
        due.due_on, due.indicator.title = october(9), "事项E，"
        due.save()
        due.indicator.save()
        self.e = factories.make_work(due, self.cast.unit)
        self.letters["work", self.e.pk] = "E"
        work = factories.make_work(other, self.cast.unit)
        for item, end in {"P": date(2026, 11, 2), "Q": date(2026, 9, 21)}.items():
            proof = factories.make_proof(work, f"事项{item}，")
            proof.period_to = end
            proof.save()
            self.letters["evidence", proof.pk] = item

    def _set(self, row: UnitResponse | UnitAssignment, **values) -> None:
        type(row)._base_manager.filter(pk=row.pk).update(**values)

    def _close_d_and_receive_t(self) -> None:
        self._set(self.d, state=State.CLOSED, closed_on=october(15))
        self._set(self.t, state=State.ACCEPTED)

    def _put_off_x(self) -> None:
        Extension.objects.create(
            response=self.x, new_date=october(28), reason="汛期", state="approved",
            asked_at=at(october(13)),
        )  # fmt: skip
        self._set(self.x, deadline_date=october(28), deadline_version=2)

    def _hand_in_r(self) -> None:
        self._set(self.r, state=State.SUBMITTED, submitted_at=at(october(12)))

    def _hand_in_e(self) -> None:
        self._set(self.e, state=UnitState.WITH_HEAD, submitted_at=at(october(27)))

    def _tell_progress_of_l(self) -> None:
        ProgressNote.objects.create(response=self.long, text="每月检查", at=at(date(2026, 11, 4)))


def at(day: date, hour: int = 15) -> datetime:
    return datetime.combine(day, time(hour), SHANGHAI)


@pytest.fixture
def play(cast) -> Play:
    return Play(cast)


def run(play: Play, silent: set[date], until: date = LAST) -> None:
    for number in range((until - FIRST).days + 1):
        day = FIRST + timedelta(days=number)
        if day not in silent:
            remind_by_the_clock(at(day, 9))
        play.days.get(day, lambda: None)()


# -- what came of it ------------------------------------------------------------------------------


def people(cast: Cast) -> dict[str, int]:
    """Ids by the names of the file."""
    names = {"contact": cast.editor, "head": cast.head, "office": cast.office}
    names |= {"leader": cast.leader, "supervisor": cast.supervisor}
    return {name: actor.user.pk for name, actor in names.items()}


def told(play: Play, status: str = "covered") -> set[Line]:
    """What stands in the table, in the words of the file."""
    names = {pk: name for name, pk in people(play.cast).items()}
    found: dict[tuple[date, str, str, int], list[str]] = defaultdict(list)
    for row in Reminder.objects.filter(status=status).order_by("pk"):
        subject = next(
            (name, pk)
            for name in ("response", "work", "evidence")
            if (pk := getattr(row, f"{name}_id"))
        )
        name = names[row.recipient_id]
        who = row.level if row.level == name else f"{row.level}:{name}"
        found[row.local_day, play.letters[subject], row.kind, row.days].append(who)
    return {(*key, " ".join(sorted(who, key=in_order))) for key, who in found.items()}


def in_order(who: str) -> int:
    """Those who check first, in the file's order; then up the house."""
    order = [*CHECKERS.split(), "checker:head", "contact", "head", "office", "leader"]
    return order.index(who)


def mailed(play: Play) -> dict[tuple[date, int], set[str]]:
    """(day, person) → the items that their mails of the day name; one mail each."""
    found: dict[tuple[date, int], set[str]] = {}
    for letter in mail.outbox:
        _region, person, day, _code = letter.extra_headers["X-Idempotency-Key"].split(".")
        key = date.fromisoformat(day), int(person)
        assert key not in found, "one digest a person and day"
        items = sorted(set(play.letters.values()))
        found[key] = {item for item in items if f"事项{item}，" in letter.body}
    return found


def expected_mails(play: Play, lines: set[Line]) -> dict[tuple[date, int], set[str]]:
    ids, found = people(play.cast), defaultdict(set)
    for day, item, _kind, _days, who in lines:
        for word in who.split():
            found[day, ids[word.rpartition(":")[2]]].add(item)
    return dict(found)


def after_the_silence() -> set[Line]:
    return {line for line in by_hand() if line[0] not in SILENT} | MADE_GOOD


# -- the tests ------------------------------------------------------------------------------------


def test_the_file_has_every_kind_and_every_level():
    lines = by_hand()
    assert {line[2] for line in lines} == set(Kind) - {Kind.MANUAL}
    levels = {word.partition(":")[0] for line in lines for word in line[4].split()}
    assert levels == set(Level)
    assert len(lines) == len({line[:4] for line in lines}), "one line for a thing, kind and day"


def test_sixty_days_are_as_written_by_hand(play):
    run(play, set())
    assert told(play) == by_hand()
    assert mailed(play) == expected_mails(play, by_hand())
    assert not Reminder.objects.exclude(status="covered").exists()


def test_control_without_make_up_days_it_is_not_as_written(play, monkeypatch):
    shipped = Workdays.standard()
    plain = Workdays(shipped.off, frozenset(), shipped.published)
    monkeypatch.setattr(planner, "calendar_in_force", lambda: plain)
    run(play, set(), until=october(10))
    assert told(play) != {line for line in by_hand() if line[0] <= october(10)}


def test_nine_days_of_silence_lose_only_what_was_rightly_skipped(play):
    run(play, SILENT)
    assert told(play) == after_the_silence()
    assert mailed(play) == expected_mails(play, after_the_silence())
    missed = {line[:2] for line in by_hand() if line[0] in SILENT} - SETTLED
    assert {line[:2] for line in told(play, "skipped")} == missed
    reasons = Reminder.objects.filter(status="skipped").values_list("reason", flat=True)
    assert set(reasons) == {"planner_away"}


def test_control_a_planner_that_forgets_what_it_slept_through_loses_it(play, monkeypatch):
    monkeypatch.setattr(
        planner, "planned_days", lambda region, today, workdays: (
            today - timedelta(days=1), frozenset()
        ),
    )  # fmt: skip
    run(play, SILENT, until=october(21))
    lost = {line for line in after_the_silence() if line[0] <= october(21)} - told(play)
    assert {line[1] for line in lost} == {line[1] for line in MADE_GOOD}
