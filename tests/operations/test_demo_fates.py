"""The draw of the demo, without rows: proportions, and deadlines in their own form."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest

from assessments.rectification.deadlines import Light, light
from assessments.rectification.states import State
from lawgov.calendars import Workdays
from lawgov.chinese.deadlines import read_deadline
from lawgov.operations.demo.deadlines import respell
from lawgov.operations.demo.fates import OPEN_LIGHTS, STATES, draw, shares

KINDS = ["fixed"] * 174 + ["compound"] * 16 + ["long_term"] * 11 + ["immediate"] * 3


@pytest.mark.parametrize("seed", range(20))
def test_states_and_lights_are_as_decided_whatever_the_seed(seed):
    fates = draw(KINDS, Random(seed))
    assert Counter(fate.state for fate in fates) == STATES
    lights = Counter(fate.light for fate in fates)
    assert lights == OPEN_LIGHTS | {Light.GREY: 93}


@pytest.mark.parametrize("seed", range(20))
def test_long_term_rows_are_never_late(seed):
    fates = draw(KINDS, Random(seed))
    kinds = [fate.light for fate, kind in zip(fates, KINDS, strict=True) if kind == "long_term"]
    assert set(kinds) <= {Light.GREEN, Light.GREY}


@pytest.mark.parametrize("seed", range(20))
def test_a_reopened_issue_is_not_late_yet(seed):
    fates = draw(KINDS, Random(seed))
    assert [f for f in fates if f.state == State.REOPENED and f.light == Light.RED] == []


@pytest.mark.parametrize("count", [1, 7, 50, 204, 1000])
def test_other_numbers_keep_the_proportions_by_largest_remainder(count):
    given = shares(STATES, count)
    assert sum(given.values()) == count
    assert all(abs(given[s] - STATES[s] * count / 204) < 1 for s in STATES)


def test_every_day_of_a_fate_gives_its_light():
    today = date(2026, 11, 20)
    for fate in set(draw(KINDS, Random(1))):
        for day in fate.days(today):
            assert light(day, today, fate.state) == fate.light


@pytest.mark.parametrize(
    "text",
    [
        "2023-04-30", "4月30日", "4月30日前", "2023年4月30日", "2023.4.30", "2023/4/30",
        "4月底前", "2023年5月", "年底前", "２０２３年４月３０日", "二〇二三年四月三十日",
        "15日内", "10个工作日内", "3个月内", "2023年底前，并长期坚持", "上半年",
    ],
)  # fmt: skip
def test_a_day_in_the_form_of_another_reads_back_as_that_day(text):
    letter, workdays = date(2026, 10, 6), Workdays.standard()
    named = 0
    for step in range(1, 120):
        day = letter + timedelta(days=step)
        written = respell(text, day, letter, workdays)
        if written is None or isinstance(written, date):
            named += written == day
            continue
        assert read_deadline(written, year=2026, issued_on=letter, workdays=workdays).day == day
        named += 1
    assert named or text == "上半年"
