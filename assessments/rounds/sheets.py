"""The self-assessment workbook 自评表: what its two sheets hold. How they are drawn is the writer's.

Rows come as plain values, so the same builder serves the page, the command and the tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from assessments.rounds.columns import NOT_APPLICABLE, REMARKS, SELF_ASSESSMENT
from assessments.rounds.instructions import instructions_sheet
from lawgov.spreadsheets import house
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
from lawgov.spreadsheets.sheet import Book, Cell, Condition, Row, Rule, Sheet, Validation
from lawgov.spreadsheets.styles import GREY, PALE, RATE, SCORE, Look, Mark

NAME = "自评表"
SCORES = ("self_score", "lead_score", "office_score")

REASONS = (
    "公示信息更新不及时",
    "抽查案卷文书要素不全",
    "部分佐证材料不在评估时段内",
    "现场标识和公示栏不规范",
    "群众知晓率偏低",
)
"""Reasons of a deduction offered in the list (our default); other text is admitted."""

_TABLE: house.Table[IndicatorRow] = house.Table(SELF_ASSESSMENT)
_FIRST = 4  # the first data row, under title, unit line and header

_SUBTOTAL = Look(bold=True, fill=PALE, align="center")
_SUBTOTAL_NUMBER = replace(_SUBTOTAL, size=9.5)  # 195.5 in bold must fit a column of 5.6
_TOTAL = Look(size=10.5, bold=True, fill=GREY, align="center")
_TOTAL_RATE = replace(_TOTAL, size=9, format=RATE)

BELOW_POINTS = Mark(color="C00000", bold=True, underlined=True, fill="FFF2CC")
MISSING = Mark(hatched="7F7F7F")


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator as the sheet shows it. Scores and points in points; None is not scored yet.

    `area` and `group` are the names to be merged over equal neighbours. `area_number` counts the area in
    its framework, for sheets that do not begin with the first; None counts the areas of the sheet.
    """

    number: int
    area: str
    group: str
    title: str
    points: Decimal
    self_score: Decimal | None = None
    statement: str = ""
    evidence: str = ""
    lead_score: Decimal | None = None
    office_score: Decimal | None = None
    deduction_reason: str = ""
    units: str = ""
    remark: str = ""
    not_applicable: bool = False
    area_number: int | None = None


@dataclass(frozen=True, slots=True)
class AssessmentHeading:
    """What stands over and under the table. `filled_on` None leaves a line to be filled in by hand."""

    place: str
    edition: str
    unit: str
    filled_on: date | None = None
    hand_in_by: date | None = None
    hand_in_to: str = ""
    reasons: tuple[str, ...] = REASONS

    @property
    def title(self) -> str:
        return f"{self.place}法治政府建设示范创建指标自评表（{self.edition}）"


@dataclass(frozen=True, slots=True)
class _Area:
    """One area on the sheet: its rows and the sheet rows they take, its sub-total below them."""

    number: int
    rows: tuple[IndicatorRow, ...]
    first: int

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1

    @property
    def subtotal(self) -> int:
        return self.last + 1


def assessment_book(
    rows: Sequence[IndicatorRow], heading: AssessmentHeading, *, created: datetime
) -> Book:
    """Workbook of `export_assessment`: 自评表 and 填表说明. `created` is UTC without zone."""
    return Book(
        heading.title,
        created,
        (assessment_sheet(rows, heading), instructions_sheet(len(rows), heading)),
    )


def assessment_sheet(rows: Sequence[IndicatorRow], heading: AssessmentHeading) -> Sheet:
    """自评表: a row per indicator, a sub-total per area, total, applicable points, signatures.

    Raises ValueError without rows: a sheet of no indicators has nothing to sum.
    """
    if not rows:
        raise ValueError("a self-assessment sheet needs at least one indicator")
    areas = list(_areas(rows))
    across = _TABLE.across
    body = [row for area in areas for row in _area_rows(area)]
    written = (
        house.title(heading.title, across),
        house.context(
            f"填报单位：{heading.unit}（盖章）",
            house.dated("填报时间", heading.filled_on, tail="　　计量单位：分"),
            _TABLE.place("evidence"),
            across,
        ),
        _TABLE.header(),
        *body,
        _total_row(areas),
        _applicable_row(areas),
        house.signature(
            (
                (1, 4, "填报人："),
                (5, 7, "牵头单位审核人："),
                (8, 10, "单位负责人（签字）："),
                (11, across, "年　　月　　日"),
            ),
            across,
        ),
    )
    return Sheet(
        NAME,
        _TABLE.widths,
        written,
        repeated=(3, 3),
        freeze="E4",
        validations=_validations(areas, heading.reasons),
        conditions=_conditions(areas),
    )


def _areas(rows: Sequence[IndicatorRow]) -> Iterator[_Area]:
    first = _FIRST
    for count, (_, members) in enumerate(groupby(rows, key=lambda row: row.area), 1):
        found = tuple(members)
        yield _Area(found[0].area_number or count, found, first)
        first += len(found) + 1


def _area_rows(area: _Area) -> Iterator[Row]:
    for item in area.rows:
        blocks = {"area": area.number, "group": (area.number, item.group)}
        remark = Cell(_remark(item), _TABLE.look("remark"))
        score = None if item.not_applicable else item.self_score
        scored = Cell(score, _TABLE.look("self_score"))
        yield _TABLE.row(item, cells={"remark": remark, "self_score": scored}, groups=blocks)
    yield _subtotal_row(area)


def _remark(item: IndicatorRow) -> str | None:
    """备注; an indicator that does not apply must begin with 不适用, the sums look for it."""
    if not item.not_applicable or item.remark.startswith(NOT_APPLICABLE):
        return item.remark or None
    return f"{NOT_APPLICABLE}（{item.remark}）" if item.remark else NOT_APPLICABLE


def _subtotal_row(area: _Area) -> Row:
    points = Cell(
        sum_of(_down("points", area), _points(area)),
        _SUBTOTAL_NUMBER,
    )
    scores = {
        key: Cell(sum_of(_down(key, area), _scores(area, key)), replace(_SUBTOTAL_NUMBER, format=SCORE))
        for key in SCORES
    }
    values = {
        "number": f"第{_chinese(area.number)}方面小计（{len(area.rows)}项）",
        "points": points,
        "statement": Cell(_rate_text(area), replace(_SUBTOTAL, align="left")),
        **scores,
    }
    return _TABLE.band(_SUBTOTAL, values, spans=[("number", "title")])


def _rate_text(area: _Area) -> Formula:
    """自评得分率 97.8%, of the points that apply; empty while nothing is scored."""
    points, scored = (at(_TABLE.place(key), area.subtotal) for key in ("points", "self_score"))
    excluded = f'SUMIFS({_down("points", area)},{_down("remark", area)},"{NOT_APPLICABLE}*")'
    rate = f"{scored}/MAX(0.5,{points}-{excluded})"
    text = (
        f'IF(COUNT({_down("self_score", area)})=0,"",'
        f"{literal('自评得分率 ')}&TEXT({rate},{literal(RATE)}))"
    )
    scores = _scores(area, "self_score")
    if all(score is None for score in scores):
        return Formula(text, "")
    applicable = max(Decimal("0.5"), plus(_points(area)) - _excluded(area))
    return Formula(text, f"自评得分率 {percent(plus(scores), applicable)}")


def _total_row(areas: Sequence[_Area]) -> Row:
    values = {
        key: Cell(_sum_of_subtotals(key, areas), replace(_TOTAL, format=SCORE)) for key in SCORES
    }
    values["points"] = Cell(_sum_of_subtotals("points", areas), _TOTAL)
    values["number"] = Cell("合　计", _TOTAL)
    return _TABLE.band(_TOTAL, values, spans=[("number", "title")])


def _applicable_row(areas: Sequence[_Area]) -> Row:
    """Points that apply, and the three scores as a share of them."""
    total_row = areas[-1].subtotal + 1
    points = f"{at(_TABLE.place('points'), total_row)}"
    body = (areas[0].first, areas[-1].subtotal)
    excluded = (
        f"SUMIFS({down(_TABLE.place('points'), *body)},{down(_TABLE.place('remark'), *body)},"
        f'"{NOT_APPLICABLE}*")'
    )
    applicable = plus(
        plus(_points(area)) - _excluded(area) for area in areas
    )
    values: dict[str, Cell] = {
        "number": Cell("适用分值合计（扣除不适用项）", _TOTAL),
        "points": Cell(Formula(f"{points}-{excluded}", applicable), _TOTAL),
        "statement": Cell(
            "左列为自评得分率，右列依次为审核、核验得分率",
            replace(_TOTAL, size=10, bold=False, align="left"),
        ),
    }
    for key in SCORES:
        total = plus(score for area in areas for score in _scores(area, key))
        place = _TABLE.place(key)
        whole = f"${at(_TABLE.place('points'), total_row + 1)}"
        values[key] = Cell(share(at(place, total_row), whole, total, applicable, "—"), _TOTAL_RATE)
    return _TABLE.band(
        _TOTAL, values, spans=[("number", "title"), ("statement", "evidence")]
    )


def _sum_of_subtotals(key: str, areas: Sequence[_Area]) -> Formula:
    numbers = _points if key == "points" else lambda area: _scores(area, key)
    return sum_of_cells(
        (at(_TABLE.place(key), area.subtotal), plus(numbers(area))) for area in areas
    )


def _points(area: _Area) -> list[Decimal]:
    return [row.points for row in area.rows]


def _scores(area: _Area, key: str) -> list[Decimal | None]:
    """Scores as they stand on the sheet: an indicator that does not apply has no self-score."""
    return [
        None if key == "self_score" and row.not_applicable else getattr(row, key)
        for row in area.rows
    ]


def _excluded(area: _Area) -> Decimal:
    return plus(row.points for row in area.rows if (_remark(row) or "").startswith(NOT_APPLICABLE))


def _down(key: str, area: _Area) -> str:
    return down(_TABLE.place(key), area.first, area.last)


def _ranges(key: str, areas: Sequence[_Area]) -> tuple[str, ...]:
    return tuple(_down(key, area) for area in areas)


def _validations(areas: Sequence[_Area], reasons: tuple[str, ...]) -> tuple[Validation, ...]:
    scores = (_score_validation(key, areas) for key in SCORES)
    offers = (
        Validation(_ranges(key, areas), "list", choices=choices, strict=False)
        for key, choices in (("deduction_reason", reasons), ("remark", REMARKS))
        if choices
    )
    return (*scores, *offers)


def _score_validation(key: str, areas: Sequence[_Area]) -> Validation:
    """0 to the indicator's points, in steps of 0.5."""
    cell = at(_TABLE.place(key), _FIRST)
    points = f"${at(_TABLE.place('points'), _FIRST)}"
    return Validation(
        _ranges(key, areas),
        "custom",
        (f"AND(ISNUMBER({cell}),{cell}>=0,{cell}<={points},MOD({cell}*2,1)=0)",),
        error_title="分数不符",
        error="请填0至本项分值之间的数，0.5分一档。",
        prompt_title=_TABLE.columns[_TABLE.place(key) - 1].header,
        prompt="0至本项分值，0.5分一档；不适用的留空，并在备注选“不适用”。",
    )


def _conditions(areas: Sequence[_Area]) -> tuple[Condition, ...]:
    """Scores below the points; proof missing under a score; reason missing under a deduction."""
    points, evidence, reason = (
        f"${at(_TABLE.place(key), _FIRST)}" for key in ("points", "evidence", "deduction_reason")
    )
    own, lead, office = (at(_TABLE.place(key), _FIRST) for key in SCORES)
    below = (
        Condition(
            _ranges(key, areas),
            (Rule(f"AND(ISNUMBER({cell}),{cell}<{points})", BELOW_POINTS),),
        )
        for key, cell in zip(SCORES, (own, lead, office), strict=True)
    )
    listed = f"${own},${lead},${office}"
    no_proof = Rule(f"AND(ISNUMBER(${own}),${own}>0,LEN(TRIM({evidence}))=0)", MISSING)
    no_reason = Rule(
        f"AND(COUNT({listed})>0,MIN({listed})<{points},LEN(TRIM({reason}))=0)", MISSING
    )
    return (
        *below,
        Condition(_ranges("evidence", areas), (no_proof,)),
        Condition(_ranges("deduction_reason", areas), (no_reason,)),
    )


def _chinese(number: int) -> str:
    """1–99 as a Chinese numeral."""
    digits = "〇一二三四五六七八九"
    tens, ones = divmod(number, 10)
    if tens == 0:
        return digits[ones]
    return ("" if tens == 1 else digits[tens]) + "十" + (digits[ones] if ones else "")
