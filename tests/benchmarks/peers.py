"""The same work done by others: django-import-export, and openpyxl cell by cell."""

from __future__ import annotations

from copy import copy
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
from import_export import fields, resources

from assessments.models import UnitResponse
from assessments.rectification.columns import INDIVIDUAL


class LedgerResource(resources.ModelResource):
    """The columns of the ledger as its documentation shows it, with what is needed prefetched."""

    number = fields.Field(attribute="issue__number", column_name="序号")
    units = fields.Field(attribute="unit__name", column_name="责任单位")
    category = fields.Field(attribute="issue__category", column_name="问题类别")
    text = fields.Field(attribute="issue__text", column_name="存在问题")
    requirement = fields.Field(attribute="issue__requirement", column_name="整改要求")
    measures = fields.Field(column_name="整改措施")
    persons = fields.Field(attribute="person", column_name="责任人")
    deadline = fields.Field(attribute="deadline_date", column_name="完成时限")
    progress = fields.Field(attribute="progress", column_name="整改进展")
    evidence = fields.Field(column_name="佐证材料")
    closed = fields.Field(column_name="是否销号")
    closed_on = fields.Field(attribute="closed_on", column_name="销号时间")
    remark = fields.Field(attribute="issue__remark", column_name="备注")

    class Meta:
        model = UnitResponse
        fields = tuple(column.key for column in INDIVIDUAL)

    def dehydrate_measures(self, row: UnitResponse) -> str:
        return "\n".join(
            measure.text for measure in row.issue.measures.all() if measure.unit_id == row.unit_id
        )

    def dehydrate_evidence(self, row: UnitResponse) -> str:
        return "、".join(proof.evidence.title for proof in row.proofs.all())

    def dehydrate_closed(self, row: UnitResponse) -> str:
        return "是" if row.state in ("closed", "look_back") else "否"


def exported_by_resource(answers: Any) -> bytes:
    """The rows as .xlsx by django-import-export, its queries spared as far as it lets."""
    rows = answers.select_related("issue", "unit").prefetch_related(
        "issue__measures", "proofs__evidence"
    )
    return LedgerResource().export(rows).export("xlsx")


def cells_of(path: Path) -> list[tuple[str, list[tuple[int, int, Any, Any]], list[str]]]:
    """Title, cells as (row, column, value, style record) and merges of each sheet."""
    book = openpyxl.load_workbook(path)
    return [
        (
            sheet.title,
            [(c.row, c.column, c.value, _Style(c)) for row in sheet.iter_rows() for c in row],
            [str(merged) for merged in sheet.merged_cells.ranges],
        )
        for sheet in book.worksheets
    ]


class _Style:
    """The parts of a cell's style, for another workbook."""

    def __init__(self, cell: Any) -> None:
        self.parts = (copy(cell.font), copy(cell.fill), copy(cell.border), copy(cell.alignment))
        self.key = tuple(cell._style)


def written_by_openpyxl(sheets: list) -> int:
    """The cells written by openpyxl with shared style records, without a query; bytes."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    records: dict[tuple, Any] = {}
    for title, cells, merges in sheets:
        page = made.create_sheet(title)
        for row, column, value, style in cells:
            cell = page.cell(row, column)
            if style.key not in records:
                cell.font, cell.fill, cell.border, cell.alignment = style.parts
                records[style.key] = cell._style
            cell._style = records[style.key]
            if value is not None:
                cell.value = value
        for merged in merges:
            page.merge_cells(merged)
    file = BytesIO()
    made.save(file)
    return len(file.getvalue())
