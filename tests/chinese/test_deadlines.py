"""What a deadline means. Sources: domain guide §9 and the samples' README."""

from datetime import date, datetime

import pytest

from lawgov.calendars import Workdays
from lawgov.chinese.deadlines import read_deadline, written_day

ISSUED_ON = date(2023, 4, 14)


def _read(text, **context):
    return read_deadline(text, **({"year": 2023, "issued_on": ISSUED_ON} | context))


@pytest.mark.parametrize(
    ("text", "kind", "day"),
    [
        ("2023年4月30日", "fixed", date(2023, 4, 30)),
        ("3个工作日内", "fixed", date(2023, 4, 19)),
        ("10个工作日内", "fixed", date(2023, 4, 27)),  # Sunday 23 April was worked
        ("十五个工作日内", "fixed", date(2023, 5, 8)),
        ("15日内", "fixed", date(2023, 4, 29)),
        ("30天", "fixed", date(2023, 5, 14)),
        ("两周内", "fixed", date(2023, 4, 28)),
        ("3个月内", "fixed", date(2023, 7, 14)),
        ("半个月内", "fixed", date(2023, 4, 29)),
        ("半年内", "fixed", date(2023, 10, 14)),
        ("1年内", "fixed", date(2024, 4, 14)),
        ("收到本函之日起15日内", "fixed", date(2023, 4, 29)),
        ("2023年4月20日起10个工作日内", "fixed", date(2023, 5, 6)),
        ("2023年国庆节前", "fixed", date(2023, 9, 30)),
        ("元旦前", "fixed", date(2023, 12, 31)),
        ("中秋节前完成，长期坚持", "compound", date(2023, 9, 28)),
        ("2023年国庆期间", "unknown", None),
        ("立行立改", "immediate", date(2023, 4, 21)),
        ("即知即改", "immediate", date(2023, 4, 21)),
        ("立即整改", "immediate", date(2023, 4, 21)),
        ("边查边改", "immediate", date(2023, 4, 21)),
        ("立行立改（3日内）", "immediate", date(2023, 4, 17)),
        ("立行立改，5月底前完成", "fixed", date(2023, 5, 31)),
        ("长期坚持", "long_term", None),
        ("持续整改", "long_term", None),
        ("常态化推进", "long_term", None),
        ("每月5日前报送", "long_term", None),
        ("2024年底前，并长期坚持", "compound", date(2024, 12, 31)),
        ("立行立改，长期坚持", "compound", date(2023, 4, 21)),
        ("2023年5月底前完成，持续巩固", "compound", date(2023, 5, 31)),
        ("限时", "unknown", None),
        ("近期", "unknown", None),
        ("", "none", None),
        (" \u3000\u200b", "none", None),
    ],
)
def test_kind_and_day(text, kind, day):
    found = _read(text)
    assert (found.kind, found.day, found.lacks) == (kind, day, frozenset())


def test_the_text_is_kept_as_typed_and_trimmed():
    assert _read(" ２０２３年５月１日\u3000").text == "２０２３年５月１日"
    assert _read("").text is None


@pytest.mark.parametrize("text", ["2023年2月30日", "6月31日前"])
def test_an_impossible_day_is_unknown(text):
    found = _read(text)
    assert (found.kind, found.day, found.impossible) == ("unknown", None, True)


@pytest.mark.parametrize(
    ("text", "kind", "lacks"),
    [
        ("4月30日", "fixed", "year"),
        ("年底前，并长期坚持", "compound", "year"),
        ("15个工作日内", "fixed", "issued_on"),
        ("立行立改", "immediate", "issued_on"),
        ("立行立改，长期坚持", "compound", "issued_on"),
    ],
)
def test_without_context_the_kind_stays_and_the_day_is_missing(text, kind, lacks):
    found = read_deadline(text)
    assert (found.kind, found.day, found.lacks) == (kind, None, {lacks})


def test_months_are_clamped_to_their_last_day():
    assert _read("1个月内", issued_on=date(2023, 1, 31)).day == date(2023, 2, 28)
    assert _read("1个月内", issued_on=date(2024, 1, 31)).day == date(2024, 2, 29)
    assert _read("1个月内", issued_on=date(2023, 12, 31)).day == date(2024, 1, 31)


@pytest.mark.parametrize(
    "text", ["4月30日、5月31日", "1.4月30日\n2.5月31日", "4月30日前报方案，5月31日前完成"]
)
def test_of_several_days_the_latest_counts(text):
    found = _read(text)
    assert (found.day, found.several) == (date(2023, 5, 31), True)


def test_the_days_of_an_immediate_deadline_are_a_setting():
    assert _read("立行立改", immediate_days=3).day == date(2023, 4, 17)


def test_working_days_into_an_unpublished_year_are_provisional():
    found = read_deadline("10个工作日内", issued_on=date(2026, 12, 28))
    assert found.day
    assert found.day.year == 2027
    assert found.provisional
    assert not read_deadline("10个工作日内", issued_on=ISSUED_ON).provisional


def test_a_calendar_of_ones_own_is_used():
    without_holidays = Workdays(published=frozenset({2023}))
    assert _read("10个工作日内", workdays=without_holidays).day == date(2023, 4, 28)


def test_a_true_date_is_its_iso_form():
    assert written_day(date(2023, 6, 19)).text == "2023-06-19"
    assert written_day(datetime(2023, 6, 19, 8, 36)).text == "2023-06-19 08:36"  # noqa: DTZ001
    assert written_day(datetime(2023, 6, 19, 8, 36)).day == date(2023, 6, 19)  # noqa: DTZ001


def test_an_essay_is_unknown_and_quick():
    found = _read("一二三四五六七八九十" * 3_000 + "日内")
    assert found.kind == "unknown"
