"""When a cell that came home still says what went out, whatever type a program gave it."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from lawgov.filling.values import as_day, same, told


@pytest.mark.parametrize(
    ("value", "text"),
    [(8.0, "8"), (8.1 + 0.2, "8.3"), (0.1 + 0.2, "0.3"), (13812345678.0, "13812345678"),
     (None, ""), ("　甲 \n乙", "甲\n乙"), (date(2026, 12, 5), "2026-12-05")],
)  # fmt: skip
def test_values_as_told(value: object, text: str) -> None:
    assert told(value) == text


@pytest.mark.parametrize(
    ("exported", "found", "kind"),
    [
        ("8.5", "8.50", "number"),
        ("8.5", "８.５", "number"),
        ("1", "1.0", "number"),
        ("001", 1, "number"),
        ("2026-12-05", "2026/12/5", "text"),
        ("2026-12-05", "2026年12月5日", "text"),
        ("2026-12-05", "2026-12-05 00:00:00", "text"),
        ("2026-12-05", 46361, "text"),
        ("2026-12-05", datetime.combine(date(2026, 12, 5), time.min), "date"),
    ],
)
def test_the_same_in_another_type(exported: str, found: object, kind) -> None:
    assert same(exported, found, kind)


@pytest.mark.parametrize(
    ("exported", "found", "kind"),
    [
        ("1.1", "1.10", "text"),
        ("1", "01", "text"),
        ("8.5", "8.6", "number"),
        ("", 0, "number"),
        ("2026-12-05", "2026/5/12", "text"),
        ("2026-12-05", 46362, "text"),
        ("2026-12-05", "12月5日", "text"),
        ("1", "1e999999999", "number"),
        ("1", "nan", "number"),
        ("1", True, "number"),
    ],
)
def test_another_value(exported: str, found: object, kind) -> None:
    assert not same(exported, found, kind)


def test_a_day_without_its_format_is_a_day_again() -> None:
    assert as_day(46361) == date(2026, 12, 5)
    assert [as_day(value) for value in (3, "46361", None, True)] == [3, "46361", None, True]
