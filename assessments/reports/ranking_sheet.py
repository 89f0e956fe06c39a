"""The quarterly ranking 季度排序表: what its sheet holds.

Ranks and movements are formulas over the rates, so that the sheet can be checked by recalculating;
the rule by which the rates came about stands under the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from assessments.models import Score
from assessments.reports.columns import RANKING
from assessments.reports.ranking import NEW, SAME
from assessments.reports.standings import Ranking, Standing
from lawgov.spreadsheets import house
from lawgov.spreadsheets.formulas import Formula, at, down
from lawgov.spreadsheets.layout import Page
from lawgov.spreadsheets.sheet import Book, Cell, Condition, Row, Rule, Sheet
from lawgov.spreadsheets.styles import GENERAL, GREY, PALE, SCORE, Look, Mark

NAME = "季度排序表"
FIRST_ROW = 4
UNSCORED = "未评"
LINE, CLOSE = 21.5, 19.5  # points; closer where the units take more than a page
ONE_PAGE = 30  # units
_ENDS = 3  # units in bold at the head, shaded at the end
_PAGE = Page(landscape=False, left=25, right=22, top=20, bottom=18)
_TABLE: house.Table[Standing] = house.Table(RANKING, size=11)
_TOTAL = Look(size=11, bold=True, fill=GREY, align="center")
_TIED = '0"（并列）"'
WHOSE = {Score.Source.OFFICE: "核验得分", Score.Source.LEAD: "牵头单位审核得分"}


@dataclass(frozen=True, slots=True)
class RankingHeading:
    """What stands over the table: the place and who makes the ranking known."""

    place: str
    unit: str


def ranking_book(found: Ranking, heading: RankingHeading, *, created: datetime) -> Book:
    """Workbook of the ranking; `created` is an instant with its zone."""
    title = f"{heading.place}{found.quarter.label}法治政府建设责任单位排序表"
    return Book(title, created, (_sheet(found, heading, title),))


def _sheet(found: Ranking, heading: RankingHeading, title: str) -> Sheet:
    across = _TABLE.across
    body = [_row(row, place, found) for place, row in enumerate(found.rows, FIRST_ROW)]
    last = FIRST_ROW + max(len(body), 1) - 1
    written = (
        house.title(title, across, height=42),
        house.context(
            f"填报单位：{heading.unit}",
            house.dated("数据截至", found.counted_to),
            _TABLE.place("rank"),
            across,
        ),
        _TABLE.header(26),
        *(body or [_TABLE.blank(height=LINE)]),
        _average(found, last),
        house.note(_rule(found), _TABLE.widths),
        house.signature(((1, 2, "填报人："), (3, 4, "审核人："), (5, across, "（盖章）")), across),
    )
    return Sheet(
        NAME,
        _TABLE.widths,
        written,
        page=_PAGE,
        repeated=(3, 3),
        freeze=at(1, FIRST_ROW),
        conditions=_marks(found, last) if body else (),
    )


def _row(row: Standing, line: int, found: Ranking) -> Row:
    """A unit that is not scored has words in place of figures, which the formulas leave out."""
    look = _TABLE.look
    name = Cell(row.name, replace(look("name"), indent=1))
    if row.rank is None:
        cells = {
            "name": name,
            "rate": Cell(UNSCORED, replace(look("rate"), format=GENERAL)),
            "rank": Cell(SAME, look("rank")),
            "change": Cell(None, look("change")),
        }
        return _TABLE.row(row, cells=cells, least=_line(found))
    last = FIRST_ROW + len(found.rows) - 1
    rate, rank, before = (at(_TABLE.place(key), line) for key in ("rate", "rank", "previous"))
    rates = down(_TABLE.place("rate"), FIRST_ROW, last, fixed=True)
    moved = (
        f'IF({before}="","{NEW}",IF({before}={rank},"{SAME}",'
        f'IF({before}>{rank},"↑"&({before}-{rank}),"↓"&({rank}-{before}))))'
    )
    cells = {
        "name": name,
        "rank": Cell(Formula(f"RANK({rate},{rates},0)", row.rank), look("rank")),
        "change": Cell(Formula(moved, row.change), look("change")),
    }
    return _TABLE.row(row, cells=cells, least=_line(found))


def _line(found: Ranking) -> float:
    return LINE if len(found.rows) <= ONE_PAGE else CLOSE


def _average(found: Ranking, last: int) -> Row:
    """The mean of the rates, and how many units have one."""
    rates = down(_TABLE.place("rate"), FIRST_ROW, last)
    known = [row.rate for row in found.rows if row.rate is not None]
    mean = sum(known) / len(known) if known else SAME
    values = {
        "number": Cell("平均分", _TOTAL),
        "rate": Cell(
            Formula(f'IF(COUNT({rates})=0,"{SAME}",AVERAGE({rates}))', mean),
            replace(_TOTAL, format=SCORE),
        ),
        "rank": Cell(
            Formula(f'"参评单位 "&COUNT({rates})&" 个"', f"参评单位 {len(known)} 个"), _TOTAL
        ),
    }
    return _TABLE.band(_TOTAL, values, spans=[("number", "name"), ("rank", "change")])


def _rule(found: Ranking) -> str:
    whose = WHOSE[found.source]
    unscored = "未评的单位不排名次；" if found.ranked < len(found.rows) else ""
    return (
        f"注：得分＝该单位承担的指标中已有{whose}的，得分之和÷分值之和×100，保留一位小数（四舍五入）；"
        f"截至数据日期共{found.scored}项指标有{whose}，尚无得分的和不适用的指标不计入。"
        f"得分相同的名次并列，其后名次顺延空出；并列单位按机构序列排列；{unscored}"
        f"上季度名次按{found.quarter.previous.label}末有效的得分和现行分工计算。"
        "变化栏“↑”“↓”为比上季度上升、下降的位次，“—”为持平，“新”为上季度没有名次。"
    )


def _marks(found: Ranking, last: int) -> tuple[Condition, ...]:
    """The first in bold, the last shaded, shared ranks say so; one list of rules per range."""
    place = _TABLE.place
    ranks_ = down(place("rank"), FIRST_ROW, last, fixed=True)
    rank = f"${at(place('rank'), FIRST_ROW)}"
    lowest = found.ranked - _ENDS
    tied = f"COUNTIF({ranks_},{rank})>1"
    head, tail = f"AND(ISNUMBER({rank}),{rank}<={_ENDS})", f"AND(ISNUMBER({rank}),{rank}>{lowest})"
    bold, shaded = Mark(bold=True), Mark(fill=PALE)
    ends: Sequence[Rule] = (Rule(head, bold), Rule(tail, shaded))
    shared = (
        Rule(f"AND({head},{tied})", replace(bold, format=_TIED)),
        Rule(head, bold),
        Rule(f"AND({tail},{tied})", replace(shaded, format=_TIED)),
        Rule(tail, shaded),
        Rule(f"AND(ISNUMBER({rank}),{tied})", Mark(format=_TIED)),
    )
    beside = (
        f"{at(1, FIRST_ROW)}:{at(place('rate'), last)}",
        f"{at(place('previous'), FIRST_ROW)}:{at(place('change'), last)}",
    )
    return (
        Condition((down(place("rank"), FIRST_ROW, last),), shared),
        Condition(beside, tuple(ends)),
    )
