"""The preview of a sheet that came home, as a page shows it: a table of what changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lawgov.audit.models import AuditEntry
from lawgov.filling.merged import Merge, MergedCell, MergedRow, Verdict
from lawgov.filling.models import FilledSheet

SIZE = 50  # rows of a page
ACROSS = 6  # columns that stand side by side; more of them are told in one

#: Tabs in order: what the address says, label, whether red.
TABS: tuple[tuple[str, Any, bool], ...] = (
    ("error", _("错误"), True),
    ("conflict", _("冲突"), False),
    ("apply", pgettext_lazy("rows", "修改"), False),
    ("forbidden", _("无权填写"), False),
    ("left", _("不写"), False),
)
TONES = {
    Verdict.ERROR: "bad",
    Verdict.CONFLICT: "back",
    Verdict.APPLY: "unit",
    Verdict.FORBIDDEN: "",
    Verdict.LEFT: "",
}


@dataclass(frozen=True)
class Tab:
    code: str
    label: str
    count: int
    red: bool


@dataclass(frozen=True)
class Shown:
    """One cell of the preview: what changes, or just what stands there today."""

    header: str
    cell: MergedCell | None
    text: str = ""
    name: str = ""
    by: AuditEntry | None = None

    @property
    def kind(self) -> str:
        """Which way it is drawn: a verdict, "both" for a decided conflict, "" for unchanged."""
        if self.cell is None:
            return ""
        return "both" if self.cell.clashed else self.cell.verdict.value

    @property
    def side(self) -> str:
        """What was chosen in a conflict: sheet, system, or nothing yet."""
        assert self.cell is not None
        return {Verdict.APPLY: "sheet", Verdict.LEFT: "system"}.get(self.cell.verdict, "")


@dataclass(frozen=True)
class Line:
    """One row of the preview."""

    row: MergedRow
    cells: list[Shown]

    @property
    def tone(self) -> str:
        return TONES.get(self.row.verdict, "")

    @property
    def count(self) -> int:
        return sum(cell.verdict is Verdict.APPLY for cell in self.row.cells)


@dataclass(frozen=True)
class Fault:
    """One fault to be mended beside the table, or a whole row to be left out."""

    name: str
    row: int
    place: str
    header: str
    text: str
    sentence: str
    left: bool
    mendable: bool


class Preview:
    """The merge of a sheet under the tab and page that the address names."""

    def __init__(self, sheet: FilledSheet, stands: Merge, *, tab: str = "", page: int = 1) -> None:
        self.sheet, self.stands = sheet, stands
        known = {code for code, _label, _red in TABS}
        self.tab = tab if tab in known else ""
        rows = [row for row in stands.shown if not self.tab or row.verdict == self.tab]
        self.pages = Paginator(rows, SIZE)
        self.page = self.pages.get_page(page)

    @cached_property
    def tabs(self) -> list[Tab]:
        kinds = self.stands.kinds
        return [
            Tab(code, label, kinds[Verdict(code)], red)
            for code, label, red in TABS
            if kinds[Verdict(code)] or code in ("error", "conflict", "apply")
        ]

    @property
    def told(self) -> int:
        return len(self.stands.shown)

    @property
    def same(self) -> int:
        """Rows that the sheet leaves as they are."""
        kinds = self.stands.kinds
        return kinds[Verdict.SAME] + kinds[Verdict.DONE]

    @property
    def cells(self) -> int:
        return self.stands.cells[Verdict.APPLY]

    @property
    def conflicts(self) -> int:
        return self.stands.cells[Verdict.CONFLICT]

    @property
    def errors(self) -> int:
        return self.stands.cells[Verdict.ERROR]

    @property
    def marked(self) -> bool:
        """Whether a marked copy would have anything coloured in it."""
        return bool(self.stands.open or self.forbidden)

    @cached_property
    def clashes(self) -> int:
        """Conflicts, decided ones too."""
        return sum(cell.clashed for row in self.stands.rows for cell in row.cells)

    @property
    def ready(self) -> bool:
        return bool(self.cells) and not self.stands.open

    @cached_property
    def keys(self) -> list[str]:
        """Columns in which anything is told on this page, in the order of the sheet."""
        found = {
            cell.key
            for row in self.page.object_list
            for cell in row.cells
            if cell.verdict is not Verdict.DONE
        }
        return [column.key for column in self.sheet.subject.columns if column.key in found]

    @property
    def headers(self) -> list[str]:
        return [self.sheet.subject.header(key) for key in self.keys]

    @property
    def side_by_side(self) -> bool:
        return len(self.keys) <= ACROSS

    @cached_property
    def lines(self) -> list[Line]:
        rows = list(self.page.object_list)
        last = _last_changes(rows)
        return [
            Line(row, [self._shown(row, key, last.get(row.pk)) for key in self.keys])
            for row in rows
        ]

    def _shown(self, row: MergedRow, key: str, by: AuditEntry | None) -> Shown:
        header = self.sheet.subject.header(key)
        cell = next((cell for cell in row.cells if cell.key == key), None)
        today = row.item.told(key) if row.item else ""
        if cell is None or cell.verdict is Verdict.DONE:
            return Shown(header, None, today)
        return Shown(header, cell, today, f"{row.name}:{key}", by if cell.clashed else None)

    @cached_property
    def faults(self) -> list[Fault]:
        """What wants mending, in the order of the file; faults that were left out stay listed."""
        found = []
        for row in self.stands.rows:
            if row.sentence:
                left = row.left
                found.append(
                    Fault(f"{row.name}:", row.row, "", row.label, "", row.sentence, left, False)
                )
            found += [
                Fault(
                    f"{row.name}:{cell.key}", row.row, cell.place, cell.header, cell.sheet,
                    cell.sentence, cell.verdict is Verdict.LEFT, cell.mendable,
                )
                for cell in row.cells
                if cell.sentence and not cell.clashed and cell.verdict is not Verdict.FORBIDDEN
            ]  # fmt: skip
        return found

    @property
    def open_faults(self) -> list[Fault]:
        return [fault for fault in self.faults if not fault.left]

    @property
    def forbidden(self) -> int:
        return self.stands.cells[Verdict.FORBIDDEN]


def _last_changes(rows: Iterable[MergedRow]) -> dict[int | None, AuditEntry]:
    """Who changed last what a conflict is about, by row; one query."""
    clashed = {
        row.item.trail.pk: row.pk
        for row in rows
        if row.item and row.item.trail and any(cell.clashed for cell in row.cells)
    }
    if not clashed:
        return {}
    model = next(row.item.trail for row in rows if row.item and row.item.trail)
    name = model._meta.model_name
    entries = AuditEntry.objects.filter(subject_type=name, subject_id__in=clashed).order_by("id")
    return {clashed[entry.subject_id]: entry for entry in entries}
