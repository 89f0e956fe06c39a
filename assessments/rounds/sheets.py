"""The self-assessment workbook 自评表: what its two sheets hold. How they are drawn is the
writer's.

Rows come as plain values, so the same builder serves the page, the command and the tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from assessments.rounds.areas import SCORES, TABLE, Area, areas_of, remark_of
from assessments.rounds.entry_checks import conditions, validations
from assessments.rounds.instructions import instructions_sheet
from assessments.rounds.totals import applicable_row, subtotal_row, total_row
from lawgov.spreadsheets import house
from lawgov.spreadsheets.sheet import Book, Cell, Row, Sheet

NAME = "自评表"

REASONS = (
    "公示信息更新不及时",
    "抽查案卷文书要素不全",
    "部分佐证材料不在评估时段内",
    "现场标识和公示栏不规范",
    "群众知晓率偏低",
)
"""Reasons of a deduction offered in the list (our default); other text is admitted."""


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator as the sheet shows it. Scores and points in points; None is not scored yet.

    `area` and `group` are the names to be merged over equal neighbours. `area_number` counts the
    area in its framework, for sheets that do not begin with the first; None counts the areas of
    the sheet.
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
    """What stands over and under the table. `filled_on` None leaves a line to be filled in by
    hand.
    """

    place: str
    edition: str
    unit: str
    filled_on: date | None = None
    hand_in_by: date | None = None
    hand_in_to: str = ""
    reasons: tuple[str, ...] = REASONS

    @property
    def title(self) -> str:
        return f"{self.place}法治政府建设示范创建指标自评表（{house.edition(self.edition)}）"


def assessment_book(
    rows: Sequence[IndicatorRow], heading: AssessmentHeading, *, created: datetime
) -> Book:
    """Workbook of `export_assessment`: 自评表 and 填表说明. `created` is an instant with its
    zone.
    """
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
    areas = list(areas_of(rows))
    across = TABLE.across
    body = [row for area in areas for row in _area_rows(area)]
    written = (
        house.title(heading.title, across),
        house.context(
            f"填报单位：{heading.unit or house.TO_FILL_IN}（盖章）",
            house.dated("填报时间", heading.filled_on, tail="　　计量单位：分"),
            TABLE.place("evidence"),
            across,
        ),
        TABLE.header(),
        *body,
        total_row(areas),
        applicable_row(areas),
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
        TABLE.widths,
        written,
        repeated=(3, 3),
        freeze="E4",
        validations=validations(areas, heading.reasons),
        conditions=conditions(areas),
    )


def _area_rows(area: Area) -> Iterator[Row]:
    for item in area.rows:
        given = {"remark": Cell(remark_of(item), TABLE.look("remark"))}
        if item.not_applicable:
            given |= {key: Cell(None, TABLE.look(key)) for key in SCORES}
        blocks = {"area": area.number, "group": (area.number, item.group)}
        yield TABLE.row(item, cells=given, groups=blocks)
    yield subtotal_row(area)
