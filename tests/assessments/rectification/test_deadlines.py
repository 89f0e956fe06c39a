"""Lights and deadline texts: rules by cases, and the QuerySet as their twin in SQL."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from assessments.models import UnitResponse
from assessments.rectification.deadlines import (
    DeadlineKind,
    Light,
    closed_late,
    due,
    is_immediate,
    light,
    new_deadline,
    next_review,
    worst,
)
from assessments.rectification.states import State, issue_state
from lawgov.calendars import Workdays
from tests import factories
from tests.factories import TODAY

WORKDAYS = Workdays.standard()
FRIDAY = TODAY


def day(offset: int) -> date:
    return TODAY + timedelta(days=offset)


@pytest.mark.parametrize(
    ("deadline", "expected"),
    [
        (day(-20), Light.RED),
        (day(-1), Light.RED),
        (day(0), Light.YELLOW),
        (day(10), Light.YELLOW),
        (day(11), Light.GREEN),
        (None, Light.GREEN),
    ],
)
def test_light_of_what_is_open(deadline, expected):
    assert light(deadline, TODAY, State.RECTIFYING) is expected
    # Waiting for the checker does not stop the clock.
    assert light(deadline, TODAY, State.VERIFYING) is expected


@pytest.mark.parametrize("state", [State.CLOSED, State.LOOK_BACK, State.WITHDRAWN])
def test_what_is_at_rest_is_grey(state):
    assert light(day(-20), TODAY, state) is Light.GREY


def test_the_worst_light_is_the_issues():
    assert worst([Light.GREEN, Light.RED, Light.GREY]) is Light.RED
    assert worst([Light.GREY, Light.GREEN]) is Light.GREEN
    assert worst([]) is Light.GREY


@pytest.mark.django_db
@pytest.mark.parametrize("near", [10, 20])
def test_the_query_is_the_rules_twin(near):
    """Every state × every deadline around today, counted by both."""
    region = factories.make_region()
    inspection = factories.make_inspection(region)
    deadlines = [None, *(day(offset) for offset in (-30, -1, 0, 1, 9, 10, 11, 20, 21, 60))]
    for state in State:
        for deadline in deadlines:
            unit = factories.make_unit(region)
            issue = factories.make_issue(inspection)
            factories.make_response(issue, unit, state, deadline_date=deadline)
    rows = list(UnitResponse.objects.all())
    for value in Light:
        by_rule = {row.pk for row in rows if row.light(TODAY, near) is value}
        by_query = UnitResponse.objects.with_light(value, TODAY, near=near)
        assert {row.pk for row in by_query} == by_rule, value
    overdue = {row.pk for row in rows if row.light(TODAY, near) is Light.RED}
    assert {row.pk for row in UnitResponse.objects.overdue(TODAY)} == overdue


# The mock's ledger on Friday 20 November 2026.
@pytest.mark.parametrize(
    ("deadline", "text", "tone"),
    [
        (date(2026, 10, 31), "逾期20天", "late"),
        (date(2026, 11, 15), "逾期5天", "late"),
        (date(2026, 11, 19), "逾期1天", "late"),
        (date(2026, 11, 20), "今天到期", "soon"),
        (date(2026, 11, 21), "剩1天", "soon"),  # Saturday: no working day is left
        (date(2026, 11, 23), "剩1个工作日", "soon"),
        (date(2026, 11, 25), "剩3个工作日", "soon"),
        (date(2026, 11, 30), "剩6个工作日", "soon"),
        (date(2026, 12, 4), "剩10个工作日", ""),
        (date(2026, 12, 18), "剩20个工作日", ""),
    ],
)
def test_a_deadline_as_people_read_it(deadline, text, tone):
    shown = due(deadline, "fixed", FRIDAY, State.RECTIFYING, workdays=WORKDAYS)
    assert (shown.text, shown.tone, shown.day) == (text, tone, deadline)


@pytest.mark.parametrize(
    ("kind", "text", "note"),
    [
        ("long_term", "长期坚持", "下次 12月31日"),
        ("compound", "长期坚持", "下次 12月31日"),
        ("unknown", "期限待定", ""),
        ("none", "期限待定", ""),
    ],
)
def test_without_a_day(kind, text, note):
    shown = due(None, kind, FRIDAY, State.RECTIFYING, workdays=WORKDAYS)
    assert (shown.light, shown.text, shown.note) == ("g", text, note)


@pytest.mark.parametrize(
    ("deadline", "closed_on", "note"),
    [
        (date(2026, 11, 9), date(2026, 11, 12), "逾期3天"),
        (date(2026, 11, 12), date(2026, 11, 12), ""),
        (None, date(2026, 11, 12), ""),
    ],
)
def test_a_closed_one_tells_its_day_and_whether_late(deadline, closed_on, note):
    shown = due(deadline, "fixed", FRIDAY, State.CLOSED, workdays=WORKDAYS, closed_on=closed_on)
    assert (shown.light, shown.text, shown.note) == ("x", "11月12日销号", note)
    assert closed_late(deadline, closed_on) == bool(note)


def test_a_withdrawn_one_says_so():
    shown = due(FRIDAY, "fixed", FRIDAY, State.WITHDRAWN, workdays=WORKDAYS)
    assert (shown.light, shown.text) == ("x", "撤销立项")


def test_the_threshold_is_told_on_hover():
    shown = due(day(12), "fixed", FRIDAY, State.PLANNED, workdays=WORKDAYS, near=20)
    assert shown.light == "y"
    assert "20" in shown.rule


@pytest.mark.parametrize(
    ("today", "end"),
    [
        (date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 3, 31), date(2026, 3, 31)),
        (date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 9, 30), date(2026, 9, 30)),
        (date(2026, 10, 1), date(2026, 12, 31)),
        (date(2026, 12, 31), date(2026, 12, 31)),
    ],
)
def test_long_term_is_looked_at_each_quarter(today, end):
    assert next_review(today) == end


@pytest.mark.parametrize(
    ("kind", "moved_kind", "text"),
    [
        ("fixed", "fixed", "2027年1月15日"),
        ("immediate", "fixed", "2027年1月15日"),
        ("unknown", "fixed", "2027年1月15日"),
        ("compound", "compound", "2027年1月15日，长期坚持"),
        ("long_term", "compound", "2027年1月15日，长期坚持"),
    ],
)
def test_a_moved_deadline_keeps_what_is_long_term(kind, moved_kind, text):
    assert new_deadline(DeadlineKind(kind), date(2027, 1, 15)) == (moved_kind, text)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("immediate", "立行立改", True),
        ("immediate", "即知即改", True),
        ("compound", "立行立改，长期坚持", True),
        ("compound", "2024年底前，并长期坚持", False),
        ("fixed", "立行立改", False),
    ],
)
def test_immediate(kind, text, expected):
    assert is_immediate(kind, text) == expected


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (["closed", "closed"], State.CLOSED),
        (["closed", "look_back"], State.LOOK_BACK),
        (["closed", "withdrawn"], State.CLOSED),
        (["withdrawn", "withdrawn"], State.WITHDRAWN),
        ([], State.WITHDRAWN),
        (["rectifying", "returned"], State.RETURNED),
        (["reopened", "returned"], State.REOPENED),
        (["found", "closed"], State.FOUND),
        (["verifying", "submitted"], State.SUBMITTED),
    ],
)
def test_an_issue_is_as_far_as_its_last_answer(states, expected):
    assert issue_state(states) is expected
