"""What reading a ledger gives: values that travel, and their JSON for `read_ledger --json`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class IssueRow:
    """One issue of the file; `row` is its first row as a spreadsheet counts.

    Units are names as written, not yet looked up. `text` is empty only together with a problem
    `missing_text`. `closed` None: the sheet has no such column, or it says neither. Dates are
    local days. Source: domain guide §12.
    """

    sheet: str
    row: int
    number: str | None
    kind: str | None
    category: str | None
    text: str
    requirement: str | None
    goal: str | None
    measures: list[str]
    lead_units: list[str]
    units: list[str]
    responsible_persons: list[str]
    deadline_text: str | None
    deadline_kind: str
    deadline_date: date | None
    progress: str | None
    evidence: str | None
    closed: bool | None
    closed_date: date | None
    remark: str | None

    def as_json(self) -> dict[str, Any]:
        found = asdict(self)
        for name in ("deadline_date", "closed_date"):
            found[name] = found[name] and found[name].isoformat()
        return found

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> IssueRow:
        days = {
            name: data[name] and date.fromisoformat(data[name])
            for name in ("deadline_date", "closed_date")
        }
        return cls(**{**data, **days})


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to say about one row; `column` in letters, None when it concerns the whole row."""

    sheet: str
    row: int
    column: str | None
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class SheetReading:
    """One sheet: its kind (`unknown` when nothing says), header, and rows that are no issues.

    `columns` are letters and what they were taken for; `skipped` are rows and why.
    """

    name: str
    kind: str
    header_rows: list[int] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    skipped: list[tuple[int, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"skipped": [{"row": row, "why": why} for row, why in self.skipped]}


@dataclass(frozen=True, slots=True)
class LedgerReading:
    """A whole file. Every row below a header that is not empty is counted once: it is in `rows`,
    or one of `merged_rows` that belong to an issue above, or of `skipped_below_header`.
    """

    file: str
    sheets: list[SheetReading]
    rows: list[IssueRow]
    problems: list[Problem]
    merged_rows: int = 0
    skipped_below_header: int = 0
    macros: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.file,
            "sheets": [sheet.as_json() for sheet in self.sheets],
            "rows": [row.as_json() for row in self.rows],
            "problems": [asdict(problem) for problem in self.problems],
        }
