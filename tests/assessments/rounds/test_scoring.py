from decimal import Decimal

import pytest

from assessments.rounds import scoring


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("11.5", "11.5"),
        (" 12 ", "12"),
        ("１１．５", "11.5"),
        ("8分", "8"),
        ("0", "0"),
        ("-1", "-1"),
        ("", None),
        ("十二", None),
        ("1e3", None),
        ("nan", None),
        ("inf", None),
        ("1,5", None),
        ("12345678901", None),
        ("--1", None),
    ],
)
def test_points_are_read_as_typed(text, points):
    assert scoring.parse_points(text) == (None if points is None else Decimal(points))


@pytest.mark.parametrize("good", ["0", "0.5", "9.5", "10"])
def test_steps_of_half_a_point_are_good(good):
    assert scoring.points_fault(Decimal(good), Decimal(10)) is None


@pytest.mark.parametrize("bad", [None, "-0.5", "10.5", "9.3", "0.25"])
def test_other_points_are_refused(bad):
    assert scoring.points_fault(None if bad is None else Decimal(bad), Decimal(10))


def test_full_marks_count_where_they_are_no_multiple_of_the_step():
    assert scoring.points_fault(Decimal("10.3"), Decimal("10.3")) is None
    assert scoring.points_fault(Decimal("10.2"), Decimal("10.3"))


def test_the_lowest_score_is_proposed():
    assert scoring.lowest([Decimal(12), None, Decimal("9.5")]) == Decimal("9.5")
    assert scoring.lowest([None]) is None


@pytest.mark.parametrize(
    ("points", "text"), [("12.0", "12"), ("11.5", "11.5"), ("0.0", "0"), ("100", "100")]
)
def test_points_are_shown_with_one_decimal_at_most(points, text):
    assert scoring.shown(Decimal(points)) == text


def test_the_office_gives_a_reason_only_where_it_differs():
    assert scoring.reason_fault(Decimal(9), Decimal(10), "  ")
    assert scoring.reason_fault(Decimal(9), Decimal(10), "缺原件") is None
    assert scoring.reason_fault(Decimal("10.0"), Decimal(10), "") is None
