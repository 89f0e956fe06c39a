"""The burn-down against a recount by hand, and against what the table of edges says."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import transaction

from assessments.models import Issue, UnitResponse
from assessments.rectification import effects
from assessments.rectification.states import State
from assessments.rectification.transitions import LEDGER
from assessments.reports.burndown import (
    CLOSED,
    OPEN_FROM,
    TURNING,
    Standing,
    burn_down,
    sample_days,
)
from lawgov.accounts.actors import Actor
from lawgov.audit.record import Event, record_many
from tests import factories
from tests.people import make_cast

ISSUED = date(2026, 9, 28)  # a Monday


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=factories.SHANGHAI)


class Story:
    """Answers whose path is written into the trail by hand."""

    def __init__(self) -> None:
        self.cast = make_cast()
        self.inspection = factories.make_inspection(self.cast.region, issued_on=ISSUED)
        self.actor = Actor.system(self.cast.region)

    def answer(self, state: State, deadline: date | None, **fields) -> UnitResponse:
        issue = factories.make_issue(self.inspection, deadline_date=deadline, **fields)
        return factories.make_response(issue, self.cast.unit, state, deadline_date=deadline)

    def tell(self, response: UnitResponse, edge: str, day: date, to: str, **data) -> None:
        before = {} if edge == "imported" else {"from": "before"}
        event = Event(f"response.{edge}", response, response.issue, {"to": to} | before | data)
        with transaction.atomic():
            record_many(self.actor, [event], now=noon(day))

    def standing(self, today: date) -> dict[date, tuple[int, int, int]]:
        rows = burn_down(self.cast.region, today)
        return {row.day: (row.open, row.closed, row.overdue) for row in rows}


def category(state: str) -> str:
    if state in CLOSED:
        return "closed"
    return "open" if state in OPEN_FROM else "nothing"


def test_every_edge_that_turns_an_answer_is_read():
    for edge in LEDGER:
        for source in edge.sources:
            if edge.target and category(source) != category(edge.target):
                assert edge.name in TURNING, edge.name
    moving = (effects.issued, effects.reopened, effects.extended)
    assert {edge.name for edge in LEDGER if edge.stamps in moving} <= set(TURNING)


def test_sample_days_are_sundays_and_both_ends():
    days = sample_days(ISSUED, date(2026, 10, 14))
    assert days == [ISSUED, date(2026, 10, 4), date(2026, 10, 11), date(2026, 10, 14)]
    assert sample_days(ISSUED, ISSUED) == [ISSUED]
    sunday = date(2026, 10, 4)
    assert sample_days(sunday, sunday + timedelta(days=7)) == [sunday, sunday + timedelta(days=7)]


@pytest.mark.django_db
def test_open_closed_and_overdue_week_by_week():
    story = Story()
    early = story.answer(State.CLOSED, date(2026, 10, 9))
    late = story.answer(State.CLOSED, date(2026, 10, 9))
    still = story.answer(State.RECTIFYING, date(2026, 10, 20))
    endless = story.answer(State.PLANNED, None)
    for answer in (early, late, still, endless):
        story.tell(answer, "issue", ISSUED, "issued", was={"deadline_date": None})
    story.tell(early, "close", date(2026, 10, 6), "closed")
    story.tell(late, "close", date(2026, 10, 12), "closed")
    assert story.standing(date(2026, 10, 21)) == {
        ISSUED: (4, 0, 0),
        date(2026, 10, 4): (4, 0, 0),
        date(2026, 10, 11): (3, 1, 1),
        date(2026, 10, 18): (2, 2, 0),
        date(2026, 10, 21): (2, 2, 1),
    }


@pytest.mark.django_db
def test_a_deadline_counts_from_the_day_it_was_moved():
    story = Story()
    answer = story.answer(State.RECTIFYING, date(2026, 10, 30))
    story.tell(answer, "issue", ISSUED, "issued", was={"deadline_date": "2026-10-02"})
    moved = {"deadline_date": "2026-10-02", "deadline_version": 1}
    story.tell(answer, "approve_extension", date(2026, 10, 6), "rectifying", was=moved)
    found = story.standing(date(2026, 10, 31))
    assert found[date(2026, 10, 4)] == (1, 0, 1)
    assert found[date(2026, 10, 11)] == (1, 0, 0)
    assert found[date(2026, 10, 31)] == (1, 0, 1)


@pytest.mark.django_db
def test_reopened_counts_as_open_again_and_withdrawn_as_nothing():
    story = Story()
    again = story.answer(State.REOPENED, date(2026, 11, 20))
    gone = story.answer(State.WITHDRAWN, date(2026, 11, 20))
    for answer in (again, gone):
        story.tell(answer, "issue", ISSUED, "issued", was={"deadline_date": None})
    story.tell(again, "close", date(2026, 10, 2), "closed")
    story.tell(again, "reopen_closed", date(2026, 10, 8), "reopened", was={"deadline_date": None})
    story.tell(gone, "withdraw", date(2026, 10, 8), "withdrawn")
    found = story.standing(date(2026, 10, 11))
    assert list(found.values()) == [(2, 0, 0), (1, 1, 0), (1, 0, 0)]


@pytest.mark.django_db
def test_what_was_taken_over_began_with_its_letter():
    story = Story()
    closed = story.answer(State.CLOSED, date(2026, 10, 3))
    opened = story.answer(State.RECTIFYING, date(2026, 10, 3))
    day = date(2026, 10, 19)
    story.tell(closed, "imported", day, "closed", closed_on="2026-10-05")
    story.tell(opened, "imported", day, "rectifying", closed_on=None)
    assert story.standing(date(2026, 10, 20)) == {
        ISSUED: (2, 0, 0),
        date(2026, 10, 4): (2, 0, 2),
        date(2026, 10, 11): (1, 1, 1),
        date(2026, 10, 18): (1, 1, 1),
        date(2026, 10, 20): (1, 1, 1),
    }


@pytest.mark.django_db
def test_other_kinds_and_other_places_do_not_count():
    story = Story()
    common = story.answer(State.ISSUED, ISSUED, kind=Issue.Kind.COMMON)
    story.tell(common, "issue", ISSUED, "issued", was={"deadline_date": None})
    found = story.answer(State.FOUND, ISSUED)
    story.tell(found, "imported", ISSUED, "found", closed_on=None)
    assert burn_down(story.cast.region, factories.TODAY) == []
    own = story.answer(State.ISSUED, ISSUED)
    story.tell(own, "issue", ISSUED, "issued", was={"deadline_date": None})
    assert burn_down(story.cast.region, ISSUED) == [Standing(ISSUED, 1, 0, 0)]
    assert burn_down(story.cast.foreign_office.region, factories.TODAY) == []


@pytest.mark.django_db
def test_two_statements_however_many_answers(django_assert_num_queries):
    story = Story()
    for _number in range(12):
        answer = story.answer(State.ISSUED, ISSUED)
        story.tell(answer, "issue", ISSUED, "issued", was={"deadline_date": None})
    with django_assert_num_queries(2):
        burn_down(story.cast.region, factories.TODAY)


@pytest.mark.django_db
def test_what_is_only_found_counts_as_nothing_yet():
    story = Story()
    issued = story.answer(State.ISSUED, date(2026, 10, 20))
    story.tell(issued, "issue", ISSUED, State.ISSUED)
    story.answer(State.FOUND, date(2026, 10, 20))
    assert story.standing(ISSUED) == {ISSUED: (1, 0, 0)}
