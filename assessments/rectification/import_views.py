"""The plain import page: choose a file and an inspection, read the report."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from assessments.inspections.models import Inspection
from lawgov.accounts.actors import Actor
from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.files import gate, store
from lawgov.files.names import shown_name
from lawgov.jobs import actions
from lawgov.jobs.models import Job
from lawgov.web.pages import go, render_page

LIMIT = 20 * 1024 * 1024


class ImportForm(forms.Form):
    """Which file goes into which inspection; `dry_run` only shows what would happen."""

    inspection = forms.ModelChoiceField(
        Inspection.objects.none(), label=pgettext_lazy("one", "督察")
    )
    issued_on = forms.DateField(
        label=_("交办日期"),
        required=False,
        help_text=_("“15个工作日内”和“立行立改”从这一天算起；空着按督察的交办日期"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    file = forms.FileField(label=_("台账文件"), help_text=_("xlsx、xls 或 csv，20 MB 以内"))
    dry_run = forms.BooleanField(label=_("只看结果，先不保存"), required=False)

    def __init__(self, *args: object, inspections, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["inspection"].queryset = inspections

    def clean_file(self):
        file = self.cleaned_data["file"]
        try:
            gate.check(file, name=file.name, use="workbook")
        except gate.Refused as refused:
            raise forms.ValidationError(refused.sentence) from refused
        file.seek(0)
        return file


@requires(Action.IMPORT_LEDGER)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Upload; the reading itself is a job, so that a large file blocks nobody."""
    inspections = Inspection.objects.visible_to(request.actor)
    form = ImportForm(
        request.POST or None,
        request.FILES or None,
        inspections=inspections,
        initial={"inspection": request.GET.get("inspection") or inspections.first()},
    )
    if request.method == "POST" and form.is_valid():
        job = start_import(form.cleaned_data, request.actor, timezone.now())
        return go(request, reverse("jobs:detail", args=[job.pk]))
    status = 422 if form.errors else 200
    context = {"form": form, "has_inspection": inspections.exists(), "section": "ledger"}
    return render_page(request, "assessments/rectification/import.html", context, status=status)


def start_import(data: dict[str, Any], actor: Actor, now: datetime) -> Job:
    """Keep the file and start the job that reads it; `data` is what the form cleaned."""
    stored = store.put(data["file"].chunks(), limit=LIMIT)
    store.keep(stored, "application/octet-stream", now=now)
    params = {
        "inspection": data["inspection"].pk,
        "issued_on": data["issued_on"] and data["issued_on"].isoformat(),
        "filename": shown_name(data["file"].name),
        "sha256": stored.sha256,
        "dry_run": data["dry_run"],
    }
    return actions.start(actor, "import_ledger", params, now=now)


@requires(Action.IMPORT_LEDGER)
@require_GET
def result(request: HttpRequest, pk: int) -> HttpResponse:
    """What became of each row of the file."""
    mine = Job.objects.owned_by(request.user).filter(membership=request.actor.membership)
    job = get_object_or_404(mine, pk=pk, kind="import_ledger")
    if not actions.may_fetch(request.actor, job, timezone.now()):
        raise Http404
    report = json.loads((actions.exports_folder() / job.result).read_text(encoding="utf-8"))
    report["remarks"].sort(key=lambda remark: not remark["refuses"])
    context = {"job": job, "report": report, "section": "ledger"}
    return render_page(request, "assessments/rectification/import_result.html", context)
