"""The writer of official workbooks: from a `Book` to an .xlsx file.

It knows Excel and no subject. Every text passes `safe.py` on its way in, so that no export can
carry a live formula of a user or break on a character; what had to be changed is reported as
notices.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormatting
from openpyxl.packaging.core import DocumentProperties
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from lawgov.spreadsheets import markup, safe
from lawgov.spreadsheets.archive import Body, save
from lawgov.spreadsheets.formulas import on_sheet
from lawgov.spreadsheets.overflow import LISTS, LONG_TEXTS, Overflow, lists_sheet, pointer
from lawgov.spreadsheets.plan import Plan, merged_ranges, plan
from lawgov.spreadsheets.sheet import Book, Cell, Condition, Notice, Sheet, Validation
from lawgov.spreadsheets.styles import StyleBook, conditional

CREATOR = "lawgov"
FOOTER = '&"宋体,常规"&10第 &P 页 共 &N 页'
_MM = 1 / 25.4


def write(book: Book, target: str | Path | BinaryIO) -> list[Notice]:
    """Write a workbook to a path or a binary file object; equal books give equal bytes.

    Returns what had to be changed, in the order of the sheets. Raises TypeError for a value a cell
    cannot hold, ValueError for a number that is none (nan, infinite) or a time with a zone; then a
    file that was at the path stays as it was.
    """
    writing = Writing(book.title, book.created)
    for sheet in book.sheets:
        writing.add(sheet)
    writing.add_overflow()
    save(writing.workbook, writing.bodies, target)
    return writing.notices


class Writing:
    """One workbook on its way to a file: sheets are added in order, the overflow last."""

    def __init__(self, title: str, created: datetime) -> None:
        if created.tzinfo is None:
            raise ValueError("the time of making needs a zone; the file would differ by machine")
        self.workbook = Workbook()
        self.workbook.remove(self.workbook.active)
        made = created.astimezone(UTC).replace(tzinfo=None)  # openpyxl writes UTC, bare
        self.workbook.properties = DocumentProperties(
            creator=CREATOR,
            lastModifiedBy=CREATOR,
            title=safe.clean(title)[0],
            created=made,
            modified=made,
        )
        self.styles = StyleBook(self.workbook)
        self.notices: list[Notice] = []
        self.bodies: dict[str, Body] = {}
        self._overflow = Overflow()
        self._marks = 0

    def add(self, sheet: Sheet) -> None:
        """A sheet with all its rows."""
        self.finish(self.begin(sheet), sheet)

    def begin(self, sheet: Sheet, reserved: tuple[str, ...] = (LONG_TEXTS, LISTS)) -> Worksheet:
        """The worksheet with its rows and with all that does not hang on how many there are."""
        title = safe.sheet_title(sheet.title, (*self.workbook.sheetnames, *reserved))
        if title != sheet.title:
            message = f"工作表名称“{sheet.title}”不能使用，已改为“{title}”。"
            self.notices.append(Notice(title, "", "sheet_renamed", message))
        worksheet = self.workbook.create_sheet(title)
        planned = plan(sheet)
        self.notices.extend(planned.notices)
        area = f"A1:{get_column_letter(len(sheet.widths))}{len(sheet.rows)}"
        self.bodies[title] = Body(self._rows(worksheet, sheet, planned), area)
        for address in merged_ranges(sheet, planned.blocks):
            # merge_cells() would build each cell anew and overwrite the frames.
            worksheet.merged_cells.ranges.add(CellRange(address))
        for start in planned.starts:
            worksheet.row_breaks.append(Break(id=start))
        _set_view(worksheet, sheet)
        return worksheet

    def finish(self, worksheet: Worksheet, sheet: Sheet) -> None:
        """Ranges over all rows: filter, validations, conditions, what is printed."""
        if sheet.filtered:
            worksheet.auto_filter.ref = sheet.filtered
        for validation in sheet.validations:
            worksheet.add_data_validation(self._validation(validation))
        for condition in sheet.conditions:
            self._condition(worksheet, condition)
        _set_print(worksheet, sheet)

    def add_overflow(self) -> None:
        """The sheets of long texts and long lists, where there are any; nothing comes after."""
        for extra in (self._overflow.sheet(), lists_sheet(self._overflow.lists)):
            if extra is not None:
                self.finish(self.begin(extra, reserved=()), extra)

    def _rows(self, worksheet: Worksheet, sheet: Sheet, planned: Plan) -> str:
        """The rows of a sheet as markup; a merged block has its label in the first row only."""
        covered = {
            (row, column)
            for column, first, last in planned.blocks
            for row in range(first + 1, last + 1)
        }
        letters = ["", *(get_column_letter(column + 1) for column in range(len(sheet.widths)))]
        rows = []
        for index, row in enumerate(sheet.rows):
            cells = (
                self._cell(
                    worksheet, f"{letters[column]}{index + 1}", cell, (index, column) in covered
                )
                for column, cell in enumerate(row.cells, 1)
                if cell is not None
            )
            rows.append(markup.row(index + 1, planned.heights[index], cells))
        return "".join(rows)

    def _cell(self, worksheet: Worksheet, address: str, cell: Cell, covered: bool) -> str:
        value, quoted = None if covered else cell.value, False
        if isinstance(value, str):
            value = self.safe(worksheet.title, address, value)
            quoted = safe.looks_like_formula(value)
        if cell.comment:
            worksheet[address].comment = _comment(safe.clean(cell.comment)[0])
        return markup.cell(address, self.styles.number(cell.look, quoted=quoted), value)

    def safe(self, title: str, address: str, text: str) -> str:
        """The text as it may stand in the cell; what it loses is noted."""
        text, removed = safe.clean(text)
        if removed:
            message = f"删除了{removed}个不能写入工作簿的控制字符。"
            self.notices.append(Notice(title, address, "control_characters", message))
        if len(text) * 2 <= safe.CELL_LIMIT or safe.units(text) <= safe.CELL_LIMIT:
            return text
        message = f"文字超过{safe.CELL_LIMIT}个字符，其余部分写入工作表“{LONG_TEXTS}”。"
        self.notices.append(Notice(title, address, "long_text", message))
        head, *rest = safe.parts(text, safe.CELL_LIMIT - len(pointer()))
        self._overflow.add(title, address, rest)
        return head + pointer()

    def _validation(self, validation: Validation) -> DataValidation:
        first, second = (*validation.formulas, None, None)[:2]
        if validation.kind == "list":
            inline = safe.list_literal(validation.choices)
            first = inline or on_sheet(LISTS, self._overflow.offer(validation.choices))
        made = DataValidation(
            type=validation.kind,
            operator="between" if validation.kind == "date" else None,
            formula1=first,
            formula2=second,
            allow_blank=not validation.required,
            showErrorMessage=validation.strict,
            showInputMessage=bool(validation.prompt),
            error=validation.error or None,
            errorTitle=validation.error_title or None,
            prompt=validation.prompt or None,
            promptTitle=validation.prompt_title or None,
        )
        for address in validation.ranges:
            made.sqref.ranges.add(CellRange(address))
        return made

    def _condition(self, worksheet: Worksheet, condition: Condition) -> None:
        where = ConditionalFormatting(" ".join(condition.ranges))
        for rule in condition.rules:
            self._marks += 1
            worksheet.conditional_formatting.add(
                str(where.sqref), conditional(rule.formula, rule.mark, self._marks)
            )


def _comment(text: str) -> Comment:
    lines = sum(1 + len(paragraph) // 12 for paragraph in text.split("\n"))
    return Comment(text, CREATOR, height=24 + 18 * min(lines, 12), width=180)


def _set_view(worksheet: Worksheet, sheet: Sheet) -> None:
    worksheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for column, width in enumerate(sheet.widths, 1):
        dimension = worksheet.column_dimensions[get_column_letter(column)]
        dimension.width, dimension.hidden = width, column in sheet.concealed
    worksheet.freeze_panes = sheet.freeze
    if sheet.hidden:
        worksheet.sheet_state = "veryHidden" if sheet.hidden == "very" else "hidden"
    if sheet.protected:
        protection = worksheet.protection
        protection.sheet = True
        protection.formatColumns = protection.formatRows = False
        protection.autoFilter = protection.sort = False


def _set_print(worksheet: Worksheet, sheet: Sheet) -> None:
    page = sheet.page
    setup = worksheet.page_setup
    setup.paperSize = 9  # A4
    setup.orientation = "landscape" if page.landscape else "portrait"
    setup.fitToWidth, setup.fitToHeight = 1, int(page.one_page)
    margins = worksheet.page_margins
    margins.left, margins.right = page.left * _MM, page.right * _MM
    margins.top, margins.bottom = page.top * _MM, page.bottom * _MM
    margins.header = margins.footer = page.footer * _MM
    worksheet.print_options.horizontalCentered = True
    if sheet.hidden:
        return  # LibreOffice prints a hidden sheet that has a print area, and counts its pages
    worksheet.oddFooter.center.text = FOOTER
    last = sheet.extent or len(sheet.rows)
    worksheet.print_area = f"A1:{get_column_letter(len(sheet.shown_widths))}{last}"
    if sheet.repeated:
        worksheet.print_title_rows = "{}:{}".format(*sheet.repeated)
