"""The rules of a place: numbers as written, days off, levels from the first reminder on."""

from datetime import date, timedelta

import pytest

from assessments.reminders.kinds import Level, Watch, levels_of
from assessments.reminders.levels import DEFAULTS, Rules, levels, owed
from assessments.reminders.rules import numbers_of
from assessments.reminders.texts import DEFAULT_TEXTS, Texts, faults, filled
from lawgov.calendars import Workdays

CALENDAR = Workdays.standard()
SATURDAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("7,3,1,0", (7, 3, 1, 0)), ("1，7、3", (7, 3, 1)), ("", ()), ("3,3", (3,)), ("5 2", (5, 2))],
)
def test_days_before_are_read_as_people_write_them(text, expected):
    assert numbers_of(text) == expected


@pytest.mark.parametrize("text", ["a", "-1", "7;3", "1.5"])
def test_days_before_that_are_no_numbers_are_refused(text):
    with pytest.raises(ValueError):
        numbers_of(text)


def test_every_rule_has_a_sentence_for_each_of_its_levels():
    wanted = {(watch, level) for watch in Watch for level in levels_of(watch)}
    assert wanted == set(DEFAULT_TEXTS)
    assert set(DEFAULTS) == set(Watch)


def test_a_rule_that_is_off_owes_nothing():
    day = date(2026, 11, 20)
    rules = Rules(active=False)
    assert owed(day, day, CALENDAR, since=day - timedelta(days=1), rules=rules) is None
    assert owed(day, day, CALENDAR, since=day - timedelta(days=1)) is not None


def test_a_rule_without_days_after_is_silent_once_the_day_has_passed():
    due, today = date(2026, 11, 18), date(2026, 11, 20)
    rules = Rules(before=(2,), first=0)
    assert owed(due, today, CALENDAR, since=today - timedelta(days=1), rules=rules) is None


def test_a_rule_that_speaks_once_after_the_day_does_not_repeat():
    due = date(2026, 11, 2)
    rules = Rules(before=(), first=2, every=0)
    told = [
        day
        for day in (due + timedelta(days=n) for n in range(1, 30))
        if owed(due, day, CALENDAR, since=day - timedelta(days=1), rules=rules)
    ]
    assert told == [date(2026, 11, 4)]


# Overdue day 7 of 14 November is Saturday 21 November; day 10 is Tuesday the 24th.
def test_what_is_long_overdue_may_go_out_on_a_day_off_and_is_not_told_again_on_monday():
    due, friday, monday = date(2026, 11, 14), SATURDAY - timedelta(days=1), date(2026, 11, 23)
    urgent = Rules(any_day_from=7)
    found = owed(due, SATURDAY, CALENDAR, since=friday, rules=urgent)
    assert (found.kind, found.days) == ("overdue", 7)
    told = frozenset({SATURDAY})
    assert owed(due, monday, CALENDAR, since=friday, rules=urgent, told=told) is None


def test_a_day_off_that_was_slept_through_is_made_good_on_monday():
    due, friday, monday = date(2026, 11, 14), SATURDAY - timedelta(days=1), date(2026, 11, 23)
    found = owed(due, monday, CALENDAR, since=friday, rules=Rules(any_day_from=7))
    assert (found.days, found.missed) == (9, (SATURDAY,))


def test_what_is_not_long_overdue_waits_for_monday():
    due, friday, monday = date(2026, 11, 20), SATURDAY - timedelta(days=1), date(2026, 11, 23)
    urgent = Rules(any_day_from=7)
    assert owed(due, SATURDAY, CALENDAR, since=friday, rules=urgent) is None
    found = owed(due, monday, CALENDAR, since=friday, rules=urgent, told=frozenset({SATURDAY}))
    assert (found.kind, found.days) == ("overdue", 3)


def test_level_from_day_zero_is_told_from_the_first_reminder_on():
    rules = Rules(head_from=0, office_from=None, leader_from=None)
    assert levels("before", 5, rules) == [Level.CONTACT, Level.HEAD]
    assert levels("overdue", 90, rules) == [Level.CONTACT, Level.HEAD]


# A day of reminding must be found wherever the counting begins.
def test_counting_from_afar_finds_the_same_days_as_counting_from_the_deadline():
    due = date(2025, 3, 4)
    days = [due + timedelta(days=n) for n in range(1, 500)]
    near = [d for d in days if owed(due, d, CALENDAR, since=d - timedelta(days=1))]
    plain, sent = [], None
    for late in range(1, 500, 3):
        day = CALENDAR.on_or_after(due + timedelta(days=late))
        if day != sent and day <= days[-1]:
            plain.append(day)
        sent = day
    assert near == plain


# -- sentences ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("请{unit}抓紧办理 {number}", 0),
        ("没有占位", 0),
        ("{name}", 1),
        ("{unit.__class__}", 1),
        ("{}", 1),
        ("{unit", 1),
        ("unit}", 1),
        ("{{unit}}", 1),
    ],
)
def test_sentences_are_checked(text, count):
    assert len(faults(text)) == count


def test_placeholders_are_filled_and_values_are_not_looked_into():
    values = {"unit": "{number}", "when": "逾期5天"}
    assert filled("{unit}：{when}", values) == "{number}：逾期5天"


def test_the_offices_sentence_counts_in_its_language_only():
    texts = Texts({(Watch.DEADLINE, Level.CONTACT, "en"): "Hurry, {unit}"})
    assert texts.sentence(Watch.DEADLINE, Level.CONTACT, {}).startswith("请填报进展")
