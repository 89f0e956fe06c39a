"""The list of inspections 督察, and the form of one; its page with issues is in rectification."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assessments.inspections.actions import change_inspection, open_inspection
from assessments.inspections.forms import InspectionForm
from assessments.inspections.models import Inspection
from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action, can
from lawgov.calendars import local_day
from lawgov.errors import GuardFailed, StaleState
from lawgov.web.listing import list_page, search_text
from lawgov.web.pages import go, render_page, say, sent

FOLDER = "assessments/inspections"
SORTS = {"starts": ["starts_on"], "name": ["name"]}


def listed_inspections(request: HttpRequest) -> QuerySet[Inspection]:
    """Inspections under the search of the address, with the figures of the list."""
    rows = Inspection.objects.visible_to(request.actor).matching(search_text(request))
    return rows.with_figures()


@requires(Action.VIEW_INSPECTIONS)
@require_safe
def inspections(request: HttpRequest) -> HttpResponse:
    listing = list_page(request, listed_inspections(request), sorts=SORTS, default="-starts")
    context = {
        "section": "inspections",
        "listing": listing,
        "export": "inspections",
        "today": local_day(timezone.now()),
        "q": search_text(request),
        "may_edit": can(request.actor, Action.EDIT_INSPECTION),
    }
    return render_page(request, f"{FOLDER}/list.html", context, partial=f"{FOLDER}/_list.html")


@requires(Action.EDIT_INSPECTION)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    form = InspectionForm(sent(request), region=request.actor.region, today=local_day(now))
    if request.method == "POST" and form.is_valid():
        try:
            made = open_inspection(_values(form), actor=request.actor, now=now)
        except GuardFailed as failed:
            form.add_error(None, str(failed))
        else:
            say(request, _("已建立：%(name)s") % {"name": made.name})
            return go(request, reverse("inspections:detail", args=[made.pk]))
    return _form(request, form)


@requires(Action.EDIT_INSPECTION)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    now = timezone.now()
    rows = Inspection.objects.visible_to(request.actor, Action.EDIT_INSPECTION)
    inspection = get_object_or_404(rows, pk=pk)
    form = InspectionForm(
        sent(request),
        instance=inspection,
        region=request.actor.region,
        today=local_day(now),
    )
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            change_inspection(
                inspection, _values(form), actor=request.actor, now=now, version=version
            )
        except StaleState:
            return _stale(request, pk)
        say(request, _("已保存：%(name)s") % {"name": inspection.name})
        return go(request, reverse("inspections:detail", args=[pk]))
    return _form(request, form, inspection)


def _values(form: InspectionForm) -> dict:
    return {name: form.cleaned_data[name] for name in InspectionForm.Meta.fields}


def _stale(request: HttpRequest, pk: int) -> HttpResponse:
    """What the person typed, over the row as it is now: sent again it replaces that."""
    fresh = Inspection.objects.visible_to(request.actor).get(pk=pk)
    data = request.POST.copy()
    data["version"] = fresh.version
    today = local_day(timezone.now())
    form = InspectionForm(data, instance=fresh, region=request.actor.region, today=today)
    form.is_valid()
    current = Inspection.objects.visible_to(request.actor).get(pk=pk)
    return _form(request, form, current, status=409)


def _form(
    request: HttpRequest,
    form: InspectionForm,
    inspection: Inspection | None = None,
    status: int = 0,
) -> HttpResponse:
    context = {
        "section": "inspections",
        "form": form,
        "inspection": inspection,
        "stale": status == 409,
    }
    status = status or (422 if form.errors else 200)
    return render_page(request, f"{FOLDER}/form.html", context, status=status)
