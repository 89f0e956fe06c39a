"""Row heights and page ends, by the rule of the house style."""

from __future__ import annotations

import pytest

from lawgov.spreadsheets.layout import (
    Page,
    line_count,
    page_starts,
    rounded,
    text_height,
)

TEN = (7.2 * 26.5 - 3) / (10 * 4 / 3)  # em that fit in a column of 26.5 at 10 pt: 14.085


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", 1),
        ("法", 1),
        ("法" * 14, 1),
        ("法" * 15, 2),
        ("法" * 28, 2),
        ("法" * 29, 3),
        ("a" * 25, 1),  # 25 × 0.55 = 13.75 em
        ("a" * 26, 2),
        ("法" * 14 + "。", 2),
        ("第一段\n第二段", 2),
        ("第一段\r\n第二段", 2),
        ("\n", 2),
        ("末尾换行\n", 2),
    ],
)
def test_lines_are_broken_greedily_by_em_widths(text: str, lines: int) -> None:
    assert pytest.approx(14.085) == TEN
    assert line_count(text, 26.5, 10) == lines


def test_a_closing_mark_takes_the_character_before_it_to_the_next_line() -> None:
    """Without the rule the second line would hold 1 + 13 em and the text end there."""
    text = "法" * 14 + "，" + "治" * 13
    assert line_count(text, 26.5, 10) == 3
    assert line_count("法" * 14 + "治" * 14, 26.5, 10) == 2


def test_height_is_lines_times_leading_and_padding_to_half_a_point() -> None:
    assert text_height("一行", 26.5, 10) == 17.0
    assert text_height("法" * 29, 26.5, 10) == 43.0
    assert text_height("一\n二", 60, 9.5) == rounded(2 * 1.3 * 9.5 + 4) == 28.5


def test_room_of_a_page_is_its_height_over_the_scale_that_fits_the_width() -> None:
    page = Page()
    widths = (4.5, 8.5, 9, 15.5, 5.6, 5.6, 26.5, 24, 8.6, 5.6, 10.5, 13.8, 7.5)
    width, height = page.printable
    assert width == pytest.approx(273 / 25.4 * 96)
    assert height == pytest.approx(179 / 25.4 * 72)
    assert page.scale(widths) == pytest.approx(width / sum(7.33 * w + 5 for w in widths))
    assert page.room(widths) == pytest.approx(height / page.scale(widths) * 0.955)
    assert Page(landscape=False).scale((10,)) == 1.0


def test_pages_are_filled_and_the_header_counts_on_each_further_one() -> None:
    assert page_starts([30] * 10, room=100) == [3, 6, 8]  # the last page takes a row over
    assert page_starts([30] * 9, room=100) == [3, 6]
    assert page_starts([30] * 9, room=100, repeated=20) == [3, 5, 7]


def test_a_last_page_of_one_block_takes_one_more_but_not_from_a_page_of_two() -> None:
    assert page_starts([30, 30, 30, 30], room=100) == [2]
    assert page_starts([40, 40, 40], room=100) == [2]


def test_kept_rows_move_with_the_row_above() -> None:
    kept = [False, False, False, True]
    assert page_starts([30, 30, 30, 30], room=100, kept=kept) == [2]


def test_kept_rows_that_fill_more_than_a_page_are_broken_all_the_same() -> None:
    starts = page_starts([60] * 4, room=100, kept=[False, True, True, True])
    assert starts == [1, 2, 3]


def test_a_row_may_begin_a_page_by_itself() -> None:
    assert page_starts([10, 10, 10], room=100, forced=[False, False, True]) == [2]


def test_a_row_higher_than_a_page_stands_alone() -> None:
    assert page_starts([20, 300, 20], room=100) == [1, 2]
