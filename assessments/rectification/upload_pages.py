"""The ledger among the kinds of files that come in: what its rows come to, how it is written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from assessments.inspections.models import Inspection
from assessments.rectification.headings import KNOWN
from assessments.rectification.importing import Outcome, Remark, import_ledger, judge
from assessments.rectification.ledger_types import IssueRow
from assessments.rectification.ledger_upload import reading_of
from assessments.rectification.models import Issue
from lawgov.accounts.actors import Actor
from lawgov.accounts.policy import Action
from lawgov.holidays.tables import entered
from lawgov.imports.forms import UploadForm
from lawgov.imports.kinds import ALL_OR_NOTHING, ImportKind, Incoming, Judged, Lack, Noted, Verdict
from lawgov.imports.kinds import Remark as Shown
from lawgov.imports.work import register
from lawgov.units.resolve import UnitRegister

NAMED = 3  # units named in a cell of the preview; more are counted


class LedgerForm(UploadForm):
    """Which inspection the ledger belongs to, and the day from which its deadlines count."""

    inspection = forms.ModelChoiceField(
        Inspection.objects.none(), label=pgettext_lazy("one", "督察")
    )
    issued_on = forms.DateField(
        label=gettext_lazy("交办日期"),
        required=False,
        help_text=gettext_lazy("“15个工作日内”和“立行立改”从这一天算起；空着按督察的交办日期"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    field_order = ("inspection", "file", "issued_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        inspections = Inspection.objects.visible_to(self.actor)
        self.fields["inspection"].queryset = inspections
        self.fields["inspection"].initial = inspections.first()

    def options(self) -> dict[str, Any]:
        day = self.cleaned_data["issued_on"]
        return {
            "inspection": self.cleaned_data["inspection"].pk,
            "issued_on": day.isoformat() if day else None,
        }


def _inspection(options: Mapping[str, Any]) -> Inspection:
    return Inspection.objects.select_related("campaign", "region").get(pk=options["inspection"])


def asked(options: Mapping[str, Any]) -> dict[str, Any]:
    """What the reader needs to know of the inspection."""
    inspection = _inspection(options)
    issued_on = options["issued_on"] or (inspection.issued_on and inspection.issued_on.isoformat())
    return {
        "year": inspection.starts_on.year,
        "issued_on": issued_on,
        "immediate_days": inspection.campaign.immediate_days,
        "holidays": {
            year: [(day.isoformat(), worked) for day, worked in days]
            for year, days in entered().items()
        },
    }


def lacks(actor: Actor) -> Lack | None:
    """A ledger belongs to an inspection."""
    if Inspection.objects.visible_to(actor).exists():
        return None
    return Lack(
        _("还没有督察"),
        _("台账要归到一次督察里，请先登记督察。"),
        _("登记督察"),
        reverse("inspections:new"),
    )


def verdict(incoming: Incoming, actor: Actor) -> Verdict:
    """Each issue as created, unchanged or refused; nothing is written."""
    inspection = _inspection(incoming.options)
    reading = reading_of(incoming.read, incoming.filename)
    report = judge(reading, inspection, incoming.units)
    register_ = UnitRegister(inspection.region, incoming.units)
    sheets = {sheet.name: sheet for sheet in incoming.read.sheets}
    texts = {(t.sheet, t.row, t.column): t.text for t in incoming.read.troubles}

    def shown(remark: Remark) -> Shown:
        sheet = sheets[remark.sheet]
        column = remark.column or (sheet.letter("units") if remark.unknown else None)
        near = register_.nearest(remark.unknown) if remark.unknown else None
        return Shown(
            code=remark.code,
            message=remark.message,
            refuses=remark.refuses,
            column=column,
            key=sheet.columns.get(column or ""),
            text=remark.unknown or texts.get((remark.sheet, remark.row, remark.column), ""),
            unknown=remark.unknown,
            offer=(near.pk, near.name) if near else None,
        )

    rows = [
        Judged(found.name, _cells(row, found, register_), {}, [shown(r) for r in found.remarks])
        for row, found in zip(reading.rows, report.outcomes, strict=True)
    ]
    others = [Noted(r.sheet, r.row, shown(r)) for r in report.others if r.sheet in sheets]
    return Verdict(rows, others, report.counts, list(_notes(inspection, incoming)))


def _cells(row: IssueRow, found: Outcome, register_: UnitRegister) -> dict[str, str]:
    return {**shown_row(row.as_json()), "units": _units(row, found, register_)}


def shown_row(data: Mapping[str, Any]) -> dict[str, str]:
    """An issue as the previews show it, before its units are looked up."""
    closed = {True: _("是"), False: _("否"), None: ""}[data["closed"]]
    if data["closed_date"]:
        closed = _("%(closed)s %(day)s") % {"closed": closed, "day": data["closed_date"]}
    deadline = data["deadline_text"] or ""
    if data["deadline_date"] and not _says(deadline, data["deadline_date"]):
        deadline = f"{deadline} → {data['deadline_date']}"
    text = data["text"]
    if data["measures"]:
        text += " " + _("（措施 %(n)s 条）") % {"n": len(data["measures"])}
    return {
        "number": data["number"] or "",
        "kind": str(dict(Issue.Kind.choices).get(data["kind"], "")),
        "units": _("、").join(data["units"]),
        "text": text,
        "deadline": deadline.strip(),
        "progress": data["progress"] or "",
        "closed": closed.strip(),
    }


def _says(text: str, day: str) -> bool:
    """Whether a text names the day in full, in whatever digits and signs."""
    return [int(part) for part in re.findall(r"\d+", text)] == [int(n) for n in day.split("-")]


def _units(row: IssueRow, found: Outcome, register_: UnitRegister) -> str:
    """The units meant; a group as it is written, with how many it stands for."""
    names = []
    for name in row.units:
        units = register_.find(name)
        if register_.is_group(name) and units:
            names.append(_("%(group)s（%(n)s 家）") % {"group": name, "n": len(units)})
        else:
            names += [unit.name for unit in units] or [name]
    return _("、").join(names)


def _notes(inspection: Inspection, incoming: Incoming) -> Iterator[tuple[str, str]]:
    known = asked(incoming.options)
    yield pgettext("one", "督察"), str(inspection)
    yield _("年份"), _("没写年份的按 %(year)s 年") % {"year": known["year"]}
    if known["issued_on"]:
        yield _("交办日期"), known["issued_on"]
    labels = dict(Issue.Kind.choices)
    kinds = Counter(row.data["kind"] or Issue.Kind.INDIVIDUAL for row in incoming.read.rows)
    if kinds:
        parts = [f"{labels[kind]} {n}" for kind, n in kinds.items()]
        yield _("清单"), _("、").join(map(str, parts))


def write(incoming: Incoming, actor: Actor, now: datetime) -> Counter[str]:
    """Take the issues over, as `import_ledger` of the command line does."""
    report = import_ledger(
        reading_of(incoming.read, incoming.filename),
        _inspection(incoming.options),
        actor=actor,
        now=now,
        source_name=incoming.filename,
        source_hash=incoming.sha256,
        also=incoming.units,
    )
    return report.counts


LEDGER = register(
    ImportKind(
        code="ledger",
        label=gettext_lazy("整改台账"),
        action=Action.IMPORT_LEDGER,
        reader="assessments.rectification.ledger_upload:read",
        columns=KNOWN,
        shown=(
            ("number", gettext_lazy("编号"), "3.5rem"),
            ("units", gettext_lazy("责任单位"), "9rem"),
            ("text", gettext_lazy("存在问题"), ""),
            ("deadline", gettext_lazy("完成时限"), "7.5rem"),
            ("progress", gettext_lazy("整改进展"), "7.5rem"),
            ("closed", gettext_lazy("是否销号"), "7.25rem"),
        ),
        shown_row=shown_row,
        judge=verdict,
        write=write,
        form=LedgerForm,
        asked=asked,
        lacks=lacks,
        back=("rectification:list", "individual"),
        section={"section": "ledger"},
        rank=0,
        tips=(
            gettext_lazy(
                "按表头文字认列，列的顺序和叫法不同也能读；标题、填报单位、小计、备注行会跳过。"
            ),
            gettext_lazy(
                "个性问题和共性问题可以在一个文件的几张表里。“各镇（街道）”等按单位分组展开。"
            ),
            ALL_OR_NOTHING,
            gettext_lazy("同一个文件再传一次，什么都不会改变。"),
        ),
    )
)
