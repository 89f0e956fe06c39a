"""Background work of the ledger: reading an uploaded file, and writing the official workbook."""

from __future__ import annotations

import json
from datetime import date

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.inspections.models import Inspection
from assessments.rectification.exporting import ledger_workbook
from assessments.rectification.importing import (
    OUTCOMES,
    ImportReport,
    LedgerRefused,
    import_ledger,
)
from assessments.rectification.ledger import Filters, chosen_answers
from assessments.rectification.queries import light_days
from assessments.rectification.reading import read_ledger
from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.errors import DomainError
from lawgov.files.store import blob_path
from lawgov.jobs.kinds import JobKind, Outcome, Work, register
from lawgov.spreadsheets.limits import UnreadableSheet
from lawgov.spreadsheets.writer import write


class Unreadable(DomainError):
    status = 422


def run_import(work: Work) -> Outcome:
    """Read the uploaded workbook and save all rows or none; the report goes to the target file."""
    params = work.params
    inspection = Inspection.objects.visible_to(work.actor).get(pk=params["inspection"])
    issued_on = params["issued_on"] and date.fromisoformat(params["issued_on"])
    try:
        reading = read_ledger(
            blob_path(params["sha256"]),
            name=params["filename"],
            year=inspection.starts_on.year,
            issued_on=issued_on or inspection.issued_on,
            immediate_days=inspection.campaign.immediate_days,
        )
    except UnreadableSheet as error:
        raise Unreadable(str(error)) from error
    refused = ""
    try:
        report = import_ledger(
            reading,
            inspection,
            actor=work.actor,
            now=timezone.now(),
            source_name=params["filename"],
            source_hash=params["sha256"],
            dry_run=params["dry_run"],
        )
    except LedgerRefused as error:
        report, refused = error.report, error.sentence
    work.target.write_text(json.dumps(_as_json(report, refused, params)), encoding="utf-8")
    url = reverse("imports:result", args=[int(work.target.name.partition("-")[0])])
    return Outcome(url=url, message=refused or _summary(report))


def _as_json(report: ImportReport, refused: str, params: dict) -> dict:
    return {
        "counts": {name: report[name] for name in OUTCOMES},
        "refused": refused,
        "dry_run": params["dry_run"],
        "file": params["filename"],
        "remarks": [vars(remark) | {"refuses": remark.refuses} for remark in report.remarks],
    }


def _summary(report: ImportReport) -> str:
    return _("新增 %(created)s 条，原样 %(unchanged)s 条。") % report.counts


IMPORT_LEDGER = register(
    JobKind(
        "import_ledger", gettext_lazy("导入整改台账"), Action.IMPORT_LEDGER, run_import, ".json"
    )
)


def run_export(work: Work) -> Outcome:
    """The workbook of the answers under the filter of the page that asked for it."""
    now, actor = timezone.now(), work.actor
    today = local_day(now)
    filters = Filters.of(QueryDict(work.params["query"]))
    near = light_days(actor.region_id)
    rows = chosen_answers(actor, work.params["kind"], filters, today, near)
    if pks := work.params.get("pks"):
        rows = rows.filter(pk__in=pks)
    book = ledger_workbook(actor.region, rows, actor, today=today, created=now)
    write(book, work.target)
    return Outcome(
        filename=_("%(place)s整改台账（%(day)s）.xlsx")
        % {
            "place": actor.region.name,
            "day": f"{today:%Y%m%d}",
        }
    )


EXPORT_LEDGER = register(
    JobKind("export_ledger", gettext_lazy("导出整改台账"), Action.EXPORT, run_export)
)
