"""Units × areas: one column a unit, one row an area, darker where more is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from lawgov.web.charts import svg

WIDTH = 1185
LEFT, NAMES, GAP = 76, 91, 16  # first column, lower end of the names, space between groups
SEAM, ROW, HEIGHT = 1, 21, 20  # between columns; from row to row; of a cell
MOST = 17.0  # columns do not grow wider than this when there are few units
NAME_LENGTH = 6  # characters that fit above a column


@dataclass(frozen=True)
class Cell:
    """How far one unit is in one area; `total` 0 means that it is not responsible 不承担."""

    done: int
    total: int
    url: str = ""


@dataclass(frozen=True)
class Column:
    """One unit: short name, its group's name, a cell per area in the order of the areas."""

    name: str
    group: str
    cells: Sequence[Cell]
    late: bool = False
    url: str = ""


@dataclass(frozen=True)
class Heat:
    """`areas` are short labels of up to four characters; columns of a group stand together."""

    areas: Sequence[str]
    columns: Sequence[Column]


def step(done: int, total: int) -> int:
    """The colour of a share in sixths: 0 below 17 %, 5 from 84 % on."""
    return min(5, done * 6 // total)


def heat(chart: Heat) -> SafeString:
    """The map. Units keep the order given; red names have overdue issues."""
    groups = [(name, [*columns]) for name, columns in groupby(chart.columns, lambda c: c.group)]
    spaces = GAP * max(len(groups) - 1, 0)
    pitch = min((WIDTH - LEFT - spaces) / max(len(chart.columns), 1), MOST)
    parts = [svg.text(0, NAMES + 20 + row * ROW, label) for row, label in enumerate(chart.areas)]
    prefix = _shared_first([column.name for column in chart.columns])
    x = float(LEFT)
    for name, columns in groups:
        words = _("%(group)s %(n)d 家") % {"group": name, "n": len(columns)}
        parts.append(svg.text(x, 12, words, "strong"))
        for column in columns:
            parts.append(_column(column, _fitting(column.name, prefix), chart.areas, x, pitch))
            x += pitch
        x += GAP
    height = NAMES + 5 + len(chart.areas) * ROW
    return svg.chart(WIDTH, height, _finding(chart), parts)


def _shared_first(names: Sequence[str]) -> str:
    """The character that most units of a place begin with (区 of 区教育局); "" when none does."""
    counted = Counter(name[:1] for name in names).most_common(1)
    return counted[0][0] if counted and counted[0][1] * 2 > len(names) else ""


def _fitting(name: str, prefix: str) -> str:
    """The name as it fits above a column: without the place's own character where it is long."""
    return (name if len(name) <= NAME_LENGTH else name.removeprefix(prefix))[:NAME_LENGTH]


def _column(column: Column, shown: str, areas: Sequence[str], x: float, pitch: float) -> SafeString:
    """One unit: `shown` above its cells, its full name on hover."""
    css = "vert latetext" if column.late else "vert"
    name = svg.text(x + pitch / 2, NAMES, shown, css, "end")
    title = _("%(unit)s，有逾期问题") % {"unit": column.name} if column.late else column.name
    cells = [
        _cell(cell, f"{column.name} {area}", x, NAMES + 5 + row * ROW, pitch)
        for row, (cell, area) in enumerate(zip(column.cells, areas, strict=True))
    ]
    return svg.together([svg.linked(column.url, title, name), *cells])


def _cell(cell: Cell, where: str, x: float, y: float, pitch: float) -> SafeString:
    if not cell.total:
        middle = x + (pitch - SEAM) / 2
        return svg.line("axis", middle - 3.5, y + HEIGHT / 2, middle + 3.5, y + HEIGHT / 2)
    title = _("%(where)s %(part)s（%(rate)s）") % {
        "where": where,
        "part": f"{cell.done}/{cell.total}",
        "rate": f"{cell.done / cell.total:.0%}",
    }
    square = svg.rect(
        f"h{step(cell.done, cell.total)}", x, y, pitch - SEAM, HEIGHT, "" if cell.url else title
    )
    # Out of the tab order: 621 stops help nobody, names and the table view lead on by keyboard.
    return svg.linked(cell.url, title, square, stop=False) if cell.url else square


def _finding(chart: Heat) -> str:
    late = sum(column.late for column in chart.columns)
    return _(
        "%(units)d 家单位 × %(areas)d 个方面完成率热力图，%(late)d 家有逾期问题，可切换为表格"
    ) % {
        "units": len(chart.columns),
        "areas": len(chart.areas),
        "late": late,
    }
