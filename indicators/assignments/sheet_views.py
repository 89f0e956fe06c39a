"""The decomposition sheet on its way in: chosen, read and shown, then written all or nothing."""

from __future__ import annotations

import csv
import io

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from indicators.assignments.actions import foresee
from indicators.assignments.columns import DECOMPOSITION
from indicators.assignments.forms import SheetForm
from indicators.assignments.importing import Plan, import_assignments, plan_sheet
from indicators.campaigns.models import Campaign
from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.spreadsheets.tables import Fault, Faulty, Table, read_table
from lawgov.web.editing import posted, uploaded
from lawgov.web.pages import go, render_page, say

SETTINGS = {"section": "settings", "tab": "assignments"}


@requires(Action.MANAGE_CAMPAIGN)
@require_http_methods(["GET", "HEAD", "POST"])
def sheet_import(request: HttpRequest) -> HttpResponse:
    """Three turns of one address: the empty form, the preview of a file, the act.

    What was read travels in the preview as text and is checked again when it is written.
    """
    rows = Campaign.objects.visible_to(request.actor, Action.MANAGE_CAMPAIGN)
    campaign = rows.select_related("region").first()
    if campaign is None:
        return render_page(request, "indicators/campaigns/none.html", SETTINGS)
    if "content" in request.POST:
        return _write(request, campaign)
    form = SheetForm(posted(request), uploaded(request))
    if request.method != "POST" or not form.is_valid():
        return _form(request, form, status=422 if form.errors else 200)
    file = form.cleaned_data["file"]
    try:
        table = read_table(file.read(), file.name, DECOMPOSITION, legacy=True)
    except Faulty as error:
        return _form(request, SheetForm(), faults=error.faults, status=422)
    return _preview(request, campaign, table, file.name)


def _form(
    request: HttpRequest, form: SheetForm, *, faults: list[Fault] | None = None, status: int = 200
) -> HttpResponse:
    context = SETTINGS | {"form": form, "faults": faults or []}
    return render_page(request, "indicators/assignments/import.html", context, status=status)


def _preview(request: HttpRequest, campaign: Campaign, table: Table, filename: str) -> HttpResponse:
    plan = plan_sheet(table, campaign)
    if plan.faults:
        return _form(request, SheetForm(), faults=plan.faults, status=422)
    changes = foresee([row.share(table) for row in plan.rows])
    refused = [
        Fault(row.row, _("责任单位"), str(change.error))
        for row, change in zip(plan.rows, changes, strict=True)
        if change.error
    ]
    if refused:
        return _form(request, SheetForm(), faults=refused, status=422)
    context = SETTINGS | {
        "plan": plan,
        "changes": [pair for pair in zip(plan.rows, changes, strict=True) if pair[1]],
        "unchanged": sum(not change for change in changes),
        "content": _as_text(plan),
        "filename": filename,
    }
    return render_page(request, "indicators/assignments/preview.html", context)


def _as_text(plan: Plan) -> str:
    """The table as read, as CSV with its own header texts."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(plan.table.headers.values())
    for record in plan.table.records:
        writer.writerow(record[key] for key in plan.table.headers)
    return out.getvalue()


def _write(request: HttpRequest, campaign: Campaign) -> HttpResponse:
    filename = "".join(filter(str.isprintable, request.POST.get("filename", "")))[:120]
    try:
        done = import_assignments(
            request.POST["content"].encode(),
            filename,
            region=campaign.region,
            actor=request.actor,
            now=timezone.now(),
        )
    except Faulty as error:
        return _form(request, SheetForm(), faults=error.faults, status=422)
    text = _("已写入 %(changed)s 项，%(same)s 项不变")
    say(request, text % {"changed": done.changed, "same": done.unchanged})
    return go(request, reverse("settings:assignments"))
