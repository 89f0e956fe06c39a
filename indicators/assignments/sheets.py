"""The decomposition sheet 任务分解表 and its blank form: what they hold.

Rows come as plain values, so the same builder serves the page, the command and the tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from indicators.assignments.columns import DECOMPOSITION
from indicators.framework.checking import METHODS
from lawgov.spreadsheets import house
from lawgov.spreadsheets.formulas import at, down, sum_of
from lawgov.spreadsheets.sheet import Book, Cell, Row, Sheet, Validation
from lawgov.spreadsheets.styles import GREY, Look

NAME = "任务分解表"
BLANK_LINES = 26  # two full pages
_LEAST = 24.0  # points; a line of one row is pressed in a sheet with tall ones
_BLANK_HEIGHT = 30.0  # room for two lines by hand
FIRST_ROW = 4

_TABLE: house.Table[AssignmentRow] = house.Table(DECOMPOSITION)
_TOTAL = Look(size=10.5, bold=True, fill=GREY, align="center")


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """One indicator and who answers for it; `points` in points.

    `units` as written, a group's name or the units in order. `due_on` is the local day the time
    limit `due_text` means, None where it means none or is not set.
    """

    number: int
    area: str
    group: str
    title: str
    points: Decimal | None
    method: str = ""
    lead_unit: str = ""
    units: tuple[str, ...] = ()
    due_text: str = ""
    due_on: date | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class AssignmentHeading:
    """What stands over the table. `leads` are the units offered as lead, none: no list is
    offered.
    """

    place: str
    edition: str
    unit: str
    filled_on: date | None = None
    leads: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        return f"{self.place}法治政府建设示范创建指标任务分解表（{house.edition(self.edition)}）"


def assignment_book(
    rows: Sequence[AssignmentRow], heading: AssignmentHeading, *, created: datetime
) -> Book:
    """Workbook of the decomposition; `created` is an instant with its zone. Raises ValueError
    without rows.
    """
    if not rows:
        raise ValueError("a decomposition sheet needs at least one indicator")
    return Book(heading.title, created, (_sheet([_row(row) for row in rows], rows, heading),))


def blank_assignment_book(
    indicators: Sequence[AssignmentRow], heading: AssignmentHeading, *, created: datetime
) -> Book:
    """The form to be filled in: the indicators without anyone's name, or 30 empty lines without
    them.
    """
    cleared = [
        replace(row, lead_unit="", units=(), due_text="", due_on=None, remark="")
        for row in indicators
    ]
    body = [replace(_row(row), least=_BLANK_HEIGHT) for row in cleared]
    empty = replace(_TABLE.blank(height=_BLANK_HEIGHT), cells=_open_cells())
    lines = body or [empty] * BLANK_LINES
    return Book(heading.title, created, (_sheet(lines, cleared, heading),))


def _sheet(body: Sequence[Row], rows: Sequence[AssignmentRow], heading: AssignmentHeading) -> Sheet:
    across, last = _TABLE.across, FIRST_ROW + len(body) - 1
    points = sum_of(down(_TABLE.place("points"), FIRST_ROW, last), (row.points for row in rows))
    written = (
        house.title(heading.title, across),
        house.context(
            f"填报单位：{heading.unit or house.TO_FILL_IN}（盖章）",
            house.dated("填报时间", heading.filled_on, tail="　　计量单位：分"),
            _TABLE.place("units"),
            across,
        ),
        _TABLE.header(),
        *body,
        _TABLE.band(_TOTAL, {"number": "合　计", "points": points}, spans=[("number", "title")]),
        house.signature(
            (
                (1, 4, "填报人："),
                (5, 7, "审核人："),
                (8, 8, "单位负责人（签字）："),
                (9, across, "年　　月　　日"),
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
        validations=_validations(last, heading),
    )


def _row(row: AssignmentRow) -> Row:
    look = _TABLE.look
    return _TABLE.row(
        row,
        cells={
            "units": Cell("、".join(row.units) or None, look("units")),
            "due": house.day_cell(row.due_text, row.due_on, look("due")),
        },
        groups={"area": row.area, "group": (row.area, row.group)},
        least=_LEAST,
    )


def _open_cells() -> tuple[Cell, ...]:
    """Cells of a wholly blank line: all may be filled in."""
    return tuple(Cell(None, replace(look, unlocked=True)) for look in _TABLE.looks)


def _validations(last: int, heading: AssignmentHeading) -> tuple[Validation, ...]:
    """Points above 0; methods and leads offered from lists, other text admitted."""
    points, method, lead = (
        (down(_TABLE.place(key), FIRST_ROW, last),) for key in ("points", "method", "lead_unit")
    )
    first = at(_TABLE.place("points"), FIRST_ROW)
    positive = Validation(
        points, "custom", (f"AND(ISNUMBER({first}),{first}>0)",), error="分值应为大于0的数。"
    )
    listed = Validation(
        method, "list", choices=METHODS, strict=False
    )  # several may be joined by 、
    offered = Validation(lead, "list", choices=heading.leads, strict=False)
    return (positive, listed, offered) if heading.leads else (positive, listed)
