"""The sums of the self-assessment sheet: a sub-total per area, the total, the points that apply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from assessments.rounds.areas import (
    SCORES,
    TABLE,
    Area,
    cells,
    excluded_points,
    points_of,
    scores_of,
)
from assessments.rounds.columns import NOT_APPLICABLE
from lawgov.spreadsheets.formulas import (
    Formula,
    at,
    down,
    literal,
    percent,
    plus,
    share,
    sum_of,
    sum_of_cells,
)
from lawgov.spreadsheets.sheet import Cell, Row, Value
from lawgov.spreadsheets.styles import GREY, PALE, RATE, SCORE, Look

_SUBTOTAL = Look(bold=True, fill=PALE, align="center")
_SUBTOTAL_NUMBER = replace(_SUBTOTAL, size=9.5)  # 195.5 in bold must fit a column of 5.6
_TOTAL = Look(size=10.5, bold=True, fill=GREY, align="center")
_TOTAL_RATE = replace(_TOTAL, size=9, format=RATE)


def subtotal_row(area: Area) -> Row:
    """第一方面小计（21项）, with the rate of the self-score."""
    points = Cell(
        sum_of(cells("points", area), points_of(area)),
        _SUBTOTAL_NUMBER,
    )
    scores = {
        key: Cell(
            sum_of(cells(key, area), scores_of(area, key)), replace(_SUBTOTAL_NUMBER, format=SCORE)
        )
        for key in SCORES
    }
    values: dict[str, Cell | Value] = {
        "number": f"第{_chinese(area.number)}方面小计（{len(area.rows)}项）",
        "points": points,
        "statement": Cell(_rate_text(area), replace(_SUBTOTAL, align="left")),
        **scores,
    }
    return TABLE.band(_SUBTOTAL, values, spans=[("number", "title")])


def _rate_text(area: Area) -> Formula:
    """自评得分率 97.8%, of the points that apply; empty while nothing is scored."""
    points, scored = (at(TABLE.place(key), area.subtotal) for key in ("points", "self_score"))
    excluded = f'SUMIFS({cells("points", area)},{cells("remark", area)},"{NOT_APPLICABLE}*")'
    rate = f"{scored}/MAX(0.5,{points}-{excluded})"
    text = (
        f'IF(COUNT({cells("self_score", area)})=0,"",'
        f"{literal('自评得分率 ')}&TEXT({rate},{literal(RATE)}))"
    )
    scores = scores_of(area, "self_score")
    if all(score is None for score in scores):
        return Formula(text, "")
    applicable = max(Decimal("0.5"), plus(points_of(area)) - excluded_points(area))
    return Formula(text, f"自评得分率 {percent(plus(scores), applicable)}")


def total_row(areas: Sequence[Area]) -> Row:
    """合计: the sum of the sub-totals."""
    values = {
        key: Cell(_sum_of_subtotals(key, areas), replace(_TOTAL, format=SCORE)) for key in SCORES
    }
    values["points"] = Cell(_sum_of_subtotals("points", areas), _TOTAL)
    values["number"] = Cell("合　计", _TOTAL)
    return TABLE.band(_TOTAL, values, spans=[("number", "title")])


def applicable_row(areas: Sequence[Area]) -> Row:
    """Points that apply, and the three scores as a share of them."""
    total_row = areas[-1].subtotal + 1
    points = f"{at(TABLE.place('points'), total_row)}"
    body = (areas[0].first, areas[-1].subtotal)
    excluded = (
        f"SUMIFS({down(TABLE.place('points'), *body)},{down(TABLE.place('remark'), *body)},"
        f'"{NOT_APPLICABLE}*")'
    )
    applicable = plus(plus(points_of(area)) - excluded_points(area) for area in areas)
    values: dict[str, Cell] = {
        "number": Cell("适用分值合计（扣除不适用项）", _TOTAL),
        "points": Cell(Formula(f"{points}-{excluded}", applicable), _TOTAL),
        "statement": Cell(
            "左列为自评得分率，右列依次为审核、核验得分率",
            replace(_TOTAL, size=10, bold=False, align="left"),
        ),
    }
    for key in SCORES:
        total = plus(score for area in areas for score in scores_of(area, key))
        place = TABLE.place(key)
        whole = f"${at(TABLE.place('points'), total_row + 1)}"
        values[key] = Cell(share(at(place, total_row), whole, total, applicable, "—"), _TOTAL_RATE)
    return TABLE.band(_TOTAL, values, spans=[("number", "title"), ("statement", "evidence")])


def _sum_of_subtotals(key: str, areas: Sequence[Area]) -> Formula:
    return sum_of_cells(
        (
            at(TABLE.place(key), area.subtotal),
            plus(points_of(area) if key == "points" else scores_of(area, key)),
        )
        for area in areas
    )


def _chinese(number: int) -> str:
    """1–99 as a Chinese numeral."""
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if tens == 0:
        return digits[ones]
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")
