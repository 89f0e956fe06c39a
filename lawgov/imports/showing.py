"""What the pages of an import show: steps, figures, the preview."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lawgov.imports import staging
from lawgov.imports.kinds import ImportKind, kind_of
from lawgov.imports.models import Upload, UploadRow
from lawgov.web.listing import chosen, list_page

STEPS = (
    pgettext_lazy("step", "选择文件"),
    gettext_lazy("对应列名"),
    gettext_lazy("核对改动"),
    gettext_lazy("写入"),
)
SHOWN_FAULTS = 20
OUTCOMES = {
    "created": (gettext_lazy("新增"), "done"),
    "changed": (gettext_lazy("修改"), "unit"),
    "unchanged": (gettext_lazy("不变"), ""),
    "refused": (gettext_lazy("错误"), "bad"),
    "noted": (gettext_lazy("提示"), ""),
    "merged": (gettext_lazy("并入上一条"), ""),
    "skipped": (gettext_lazy("跳过"), ""),
}
WHY = {
    "title": gettext_lazy("标题"),
    "context": gettext_lazy("填报信息"),
    "subtotal": gettext_lazy("合计"),
    "note": gettext_lazy("说明或签字"),
    "blank": gettext_lazy("空行"),
    "repeated_header": gettext_lazy("重复的表头"),
}
STEP_OF = {
    Upload.State.READING: 1,
    Upload.State.FAILED: 0,
    Upload.State.COLUMNS: 1,
    Upload.State.READY: 2,
    Upload.State.APPLYING: 3,
    Upload.State.APPLIED: 4,
}


def frame(upload: Upload) -> dict[str, Any]:
    """What every page of an upload needs."""
    kind = kind_of(upload.kind)
    return {
        **kind.section,
        "kind": kind,
        "upload": upload,
        "steps": list(enumerate(STEPS)),
        "step": STEP_OF[Upload.State(upload.state)],
        "back": reverse(kind.back[0], args=kind.back[1:]),
        "figures": figures(upload),
        "before": staging.applied_before(upload),
    }


def figures(upload: Upload) -> list[tuple[str, Any, int]]:
    """Outcome, label and number of rows, those that are not there left out."""
    return [
        (code, label, upload.counts.get(code, 0))
        for code, (label, _tone) in OUTCOMES.items()
        if upload.counts.get(code)
    ]


# -- the preview -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """One cell of the preview: what it will be, what it is, and what is wrong with it."""

    text: str
    before: str | None
    fault: str
    wide: bool


@dataclass(frozen=True)
class Line:
    """One row of the preview."""

    row: UploadRow
    label: Any
    tone: str
    cells: list[Cell]
    remarks: list[dict[str, Any]]


@dataclass(frozen=True)
class Fault:
    """One thing to mend: where, what the cell says, and what may be meant."""

    field: str
    place: str
    text: str
    message: str
    can_type: bool
    offer: str = ""
    offered: str = ""
    unknown: str = ""


def preview(request: HttpRequest, upload: Upload) -> dict[str, Any]:
    kind = kind_of(upload.kind)
    counts = upload.counts
    wrong = _wrong(upload)
    tabs = [("look", _("要看的"), upload.rows.filter(_worth()).count())]
    tabs += [
        (code, OUTCOMES[code][0], counts.get(code, 0))
        for code in ("refused", "created", "changed", "unchanged")
        if counts.get(code)
    ]
    tabs += [("skipped", OUTCOMES["skipped"][0], len(_skipped(upload)))]
    show = chosen(request, "show", [code for code, _label, _n in tabs])
    show = show or ("look" if tabs[0][2] else next((c for c, _l, n in tabs[1:] if n), "look"))
    listing = list_page(request, _rows(upload, show), sorts={"row": ["pk"]}, default="row")
    several = len([sheet for sheet in upload.sheets_read if sheet.used]) > 1
    return frame(upload) | {
        "tabs": tabs,
        "show": show,
        "marked": tabs[0][2],  # whether a marked copy would have anything in it
        "listing": listing,
        "lines": [_line(row, kind) for row in listing.rows],
        "skipped": _skipped(upload) if show == "skipped" else [],
        "faults": _faults(upload, kind),
        "wrong": wrong,
        "tally": sum(n for _code, _label, n in figures(upload)),
        "fresh": counts.get("created", 0) + counts.get("changed", 0),
        "several": several,
        "used": [sheet for sheet in upload.sheets_read if sheet.used],
    }


def _worth() -> Q:
    return Q(doubtful=True)


def _rows(upload: Upload, show: str) -> QuerySet[UploadRow]:
    rows = upload.rows.all()
    if show == "look":
        return rows.filter(_worth())
    return rows.filter(outcome=show)


def _line(row: UploadRow, kind: ImportKind) -> Line:
    label, tone = OUTCOMES.get(row.outcome, ("", ""))
    faulty = {r["key"]: r["message"] for r in row.remarks if r["refuses"] and r["key"]}
    cells = [
        Cell(row.cells.get(key, ""), row.before.get(key), faulty.get(key, ""), not width)
        for key, _label, width in kind.shown
    ]
    return Line(row, label, tone, cells, row.remarks)


def _skipped(upload: Upload) -> list[tuple[str, int, Any]]:
    """Sheet, row and why of every row that is no thing, blank ones left out."""
    return [
        (sheet.name, row, WHY.get(why, why))
        for sheet in upload.sheets_read
        if sheet.used
        for row, why in sheet.skipped
        if why != "blank"
    ]


def _refusing(upload: Upload) -> QuerySet[UploadRow]:
    return upload.rows.filter(Q(outcome="refused") | Q(outcome="noted"))


def _faults(upload: Upload, kind: ImportKind) -> list[Fault]:
    """The first faults of the file, each with a place to mend it."""
    labels = dict(kind.choices)
    found = _each_fault(_refusing(upload).iterator(chunk_size=200))
    return [_fault(*fault, labels) for fault in islice(found, SHOWN_FAULTS)]


def _wrong(upload: Upload) -> int:
    """How many faults there are to mend, those that are not shown among them."""
    return sum(1 for _fault in _each_fault(_refusing(upload).only("remarks")))


def _each_fault(rows: Iterable[UploadRow]) -> Iterator[tuple[UploadRow, int, dict[str, Any]]]:
    """In the order of the file; a name that nobody answers to comes up once."""
    told: set[str] = set()
    for row in rows:
        for index, remark in enumerate(row.remarks):
            if remark["refuses"] and not (remark["offer"] and remark["unknown"] in told):
                told.add(remark["unknown"])
                yield row, index, remark


def _fault(row: UploadRow, index: int, remark: dict[str, Any], labels: dict[str, str]) -> Fault:
    place = _("整个文件")
    if row.row:
        place = _("第 %(row)s 行") % {"row": row.row}
    if remark["column"]:
        label = labels.get(remark["key"] or "", "")
        values = {"row": row.row, "column": remark["column"], "label": label}
        place = _("第 %(row)s 行 %(column)s 列 %(label)s") % values
    offer = remark["offer"]
    return Fault(
        field=f"fix-{row.pk}-{index}",
        place=place,
        text=remark["text"],
        message=remark["message"],
        can_type=bool(remark["column"] and row.row),
        offer=f"{offer[0]}:{remark['unknown']}" if offer else "",
        offered=offer[1] if offer else "",
        unknown=remark["unknown"],
    )


def corrections(upload: Upload, data: QueryDict) -> dict[str, dict[str, str]]:
    """What was typed into the faults' fields, by sheet and place, where it differs.

    A name that is one of several in its cell is put in the place of the old one, the others stay.
    """
    cells: dict[str, dict[str, str]] = {}
    for row in _refusing(upload):
        for index, remark in enumerate(row.remarks):
            typed = data.get(f"fix-{row.pk}-{index}")
            if typed is None or not remark["column"] or typed == remark["text"]:
                continue
            whole = row.data.get("units") if remark["unknown"] else None
            if isinstance(whole, list):
                typed = "、".join(typed if name == remark["unknown"] else name for name in whole)
            cells.setdefault(row.sheet, {})[f"{remark['column']}{row.row}"] = typed[:2000]
    return cells
