"""How cells look: the house style as values, and the book that turns them into Excel's style
records.

Setting a cell's style by attribute costs four times the writing of the cell, so each look becomes
one record per workbook and all cells share it.
"""

from __future__ import annotations

from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import Cell as ExcelCell
from openpyxl.formatting.rule import Rule as ExcelRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.utils.indexed_list import IndexedList

SONG, HEI, TITLE_FACE = "宋体", "黑体", "方正小标宋简体"
BLUE, PALE, GREY = "DCE6F1", "F2F2F2", "D9D9D9"
RED = "C00000"

DAY = "yyyy-mm-dd"
SCORE = "0.0"
RATE = "0.0%"
COUNT = '0;-0;"—"'
GENERAL = "General"

_GB2312 = 134  # charset of the Chinese faces; without it old Excel falls back to another face


@dataclass(frozen=True, slots=True)
class Look:
    """How one cell looks. `size` in points, colours as RRGGBB; `boxed` draws the thin black
    frame. Text that is `shrunk` gets smaller where it would be cut off.
    """

    face: str = SONG
    size: float = 10
    bold: bool = False
    fill: str | None = None
    align: str = "left"
    vertical: str = "center"
    wrap: bool = True
    shrunk: bool = False
    indent: int = 0
    boxed: bool = True
    format: str = GENERAL
    unlocked: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """What a conditional format adds; None leaves the cell's own. `hatched` is the colour of
    the lines.
    """

    color: str | None = None
    bold: bool = False
    underlined: bool = False
    fill: str | None = None
    hatched: str | None = None
    format: str | None = None


TITLE = Look(face=TITLE_FACE, size=20, align="center", boxed=False)
CONTEXT = Look(size=11, wrap=False, shrunk=True, boxed=False)
SIGNATURE = Look(size=11, vertical="bottom", wrap=False, boxed=False)
NOTE = Look(size=9.5, boxed=False)
HEADER = Look(face=HEI, size=10.5, fill=BLUE, align="center")


class StyleBook:
    """The style records of one workbook."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._numbers: dict[tuple[Look, bool], int] = {}
        self._by_identity: dict[tuple[int, bool], tuple[Look, int]] = {}
        self._model = ExcelCell(workbook.create_sheet("model"))
        workbook.remove(self._model.parent)
        _set_default_font(workbook)

    def number(self, look: Look, *, quoted: bool = False) -> int:
        """The number of a look's record; `quoted` sets the prefix that keeps text from being a
        formula.
        """
        # By identity first: looks are shared, and hashing all fields for each cell would tell.
        known = self._by_identity.get((id(look), quoted))
        if known is not None and known[0] is look:
            return known[1]
        if (look, quoted) not in self._numbers:
            record = self._make(look, quoted)
            self._numbers[look, quoted] = self._workbook._cell_styles.add(record)
        number = self._numbers[look, quoted]
        self._by_identity[id(look), quoted] = (look, number)
        return number

    def _make(self, look: Look, quoted: bool) -> StyleArray:
        cell = self._model
        cell._style = StyleArray()
        cell.font = Font(name=look.face, size=look.size, bold=look.bold or None, charset=_GB2312)
        cell.alignment = Alignment(
            horizontal=look.align,
            vertical=look.vertical,
            wrap_text=look.wrap or None,
            shrink_to_fit=look.shrunk or None,
            indent=look.indent,
        )
        if look.fill:
            cell.fill = PatternFill("solid", fgColor=look.fill)
        if look.boxed:
            cell.border = _BOX
        if look.format != GENERAL:
            cell.number_format = look.format
        if look.unlocked:
            cell.protection = Protection(locked=False)
        cell._style.quotePrefix = int(quoted)
        return cell._style


_LINE = Side(style="thin", color="000000")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)


def _set_default_font(workbook: Workbook) -> None:
    """宋体 11 as font 0: Excel measures every column width in digits of that font."""
    font = Font(name=SONG, size=11, charset=_GB2312)
    workbook._fonts = IndexedList([font])
    workbook._named_styles["Normal"].font = font


def conditional(formula: str, mark: Mark, number: int) -> ExcelRule:
    """A conditional format as openpyxl has it; `number` tells its number format from others."""
    style = DifferentialStyle(font=_marked_font(mark), fill=_marked_fill(mark))
    if mark.format is not None:
        style.numFmt = NumberFormat(numFmtId=200 + number, formatCode=mark.format)
    return ExcelRule(type="expression", dxf=style, formula=[formula], stopIfTrue=True)


def _marked_font(mark: Mark) -> Font | None:
    if not (mark.color or mark.bold or mark.underlined):
        return None
    return Font(
        name=None,
        size=None,
        bold=mark.bold or None,
        color=mark.color,
        underline="single" if mark.underlined else None,
    )


def _marked_fill(mark: Mark) -> PatternFill | None:
    if mark.hatched:
        return PatternFill("lightUp", fgColor=mark.hatched, bgColor="FFFFFF")
    if mark.fill:
        return PatternFill("solid", bgColor=mark.fill)
    return None
