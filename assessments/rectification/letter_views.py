"""Findings and letters: one inspection, writing issues down, handing over, a letter, receipt."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import Inspection
from assessments.rectification.actions import edit_issue, record_issue
from assessments.rectification.forms import FIELDS, FindingForm
from assessments.rectification.inspected import inspected, sendings
from assessments.rectification.issuing import (
    accept_letter,
    found_in,
    issue_letters,
    next_letter_number,
)
from assessments.rectification.models import Issue, Letter, UnitResponse
from assessments.rectification.queries import due_of
from assessments.rectification.states import State
from assessments.rectification.views import FOLDER
from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action, can
from lawgov.calendars import local_day
from lawgov.errors import GuardFailed, StaleState
from lawgov.web.pages import go, render_page, safe_next, say, sent

# -- one inspection ------------------------------------------------------------------------------


@requires(Action.VIEW_INSPECTIONS)
@require_safe
def inspection(request: HttpRequest, pk: int) -> HttpResponse:
    shown = _inspection(request, pk, Action.VIEW_INSPECTIONS)
    context = {
        "section": "inspections",
        "inspection": shown,
        "figures": inspected(shown),
        "today": local_day(timezone.now()),
        "may_record": can(request.actor, Action.RECORD_ISSUE, shown),
        "may_edit": can(request.actor, Action.EDIT_INSPECTION, shown),
        "may_issue": can(request.actor, Action.ISSUE, shown),
    }
    return render_page(request, f"{FOLDER}/inspection.html", context)


def _inspection(request: HttpRequest, pk: int, action: Action) -> Inspection:
    rows = Inspection.objects.visible_to(request.actor, action).select_related("campaign")
    return get_object_or_404(rows, pk=pk)


# -- findings ------------------------------------------------------------------------------------


@requires(Action.RECORD_ISSUE)
@require_safe
def new(request: HttpRequest) -> HttpResponse:
    """To the running inspection's page for findings, or to opening one."""
    latest = Inspection.objects.visible_to(request.actor).first()
    if latest is None:
        say(request, _("问题要归到一次督察里，请先新建督察"))
        return redirect("inspections:new")
    return redirect("inspections:record", latest.pk)


@requires(Action.RECORD_ISSUE)
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """Write an issue down; the next one starts with the same unit and category."""
    shown, now = _inspection(request, pk, Action.RECORD_ISSUE), timezone.now()
    form = _finding_form(request, shown)
    if request.method == "POST" and form.is_valid():
        try:
            issue = record_issue(shown, form.finding, actor=request.actor, now=now)
        except GuardFailed as failed:
            form.add_error(None, str(failed))
        else:
            say(request, _("已记下：%(number)s %(title)s") % _named(issue))
            if "again" in request.POST:
                same = urlencode({"kind": issue.kind, "category": issue.category})
                return go(request, f"{reverse('inspections:record', args=[pk])}?{same}")
            return go(request, shown.get_absolute_url())
    return _finding_page(request, form, shown)


@requires(Action.RECORD_ISSUE)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an issue, while no unit has it."""
    rows = Issue.objects.visible_to(request.actor, Action.RECORD_ISSUE).with_place()
    issue, now = get_object_or_404(rows, pk=pk), timezone.now()
    if issue.responses.exclude(state=State.FOUND).exists():
        raise StaleState(_("已经交办，不能再改"))
    form = _finding_form(request, issue.inspection, issue)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            edit_issue(issue, form.finding, actor=request.actor, now=now, version=version)
        except GuardFailed as failed:
            form.add_error(None, str(failed))
        except StaleState:
            return _stale_finding(request, pk)
        else:
            say(request, _("已保存：%(number)s %(title)s") % _named(issue))
            return go(request, issue.get_absolute_url())
    return _finding_page(request, form, issue.inspection, issue)


def _named(issue: Issue) -> dict[str, str]:
    return {"number": issue.number, "title": issue.title}


def _finding_form(
    request: HttpRequest, shown: Inspection, issue: Issue | None = None, data: Any = None
) -> FindingForm:
    today = local_day(timezone.now())
    start: dict[str, Any] = {
        "kind": request.GET.get("kind", Issue.Kind.INDIVIDUAL),
        "category": request.GET.get("category", "")[:120],
        "found_on": min(max(today, shown.starts_on), shown.ends_on),
    }
    if issue is not None:
        names = [name for name in FindingForm.base_fields if hasattr(issue, name)]
        start = {name: getattr(issue, name) for name in names if name != "lead_units"}
        start["units"] = list(issue.responses.values_list("unit", flat=True))
        start["lead_units"] = list(issue.lead_units.all())
        start["assignment"] = issue.assignment_id
    return FindingForm(data or sent(request), initial=start, region=shown.region_id, today=today)


def _stale_finding(request: HttpRequest, pk: int) -> HttpResponse:
    """What the person typed, with the version of now: sent again it replaces what others wrote."""
    rows = Issue.objects.visible_to(request.actor).with_place()
    issue = get_object_or_404(rows, pk=pk)
    data = request.POST.copy()
    data["version"] = issue.version
    form = _finding_form(request, issue.inspection, issue, data)
    form.is_valid()
    return _finding_page(request, form, issue.inspection, issue, status=409)


def _finding_page(
    request: HttpRequest,
    form: FindingForm,
    shown: Inspection,
    issue: Issue | None = None,
    status: int = 0,
) -> HttpResponse:
    categories = Issue.objects.in_region(shown.region_id).exclude(category="")
    context = {
        "section": "inspections",
        "form": form,
        "inspection": shown,
        "issue": issue,
        "stale": status == 409,
        "categories": categories.order_by("category").values_list("category", flat=True).distinct(),
    }
    status = status or (422 if form.errors else 200)
    return render_page(request, f"{FOLDER}/finding.html", context, status=status)


# -- letters -------------------------------------------------------------------------------------


class LettersForm(forms.Form):
    """The day of the letters; `expected` is what the person was shown: answers and first number."""

    issued_on = FIELDS["issued_on"]()
    expected = forms.CharField(widget=forms.HiddenInput, required=False)


@requires(Action.ISSUE)
@require_http_methods(["GET", "POST"])
def letters(request: HttpRequest, pk: int) -> HttpResponse:
    """What will go to whom, a question, and then all letters or none."""
    shown = _inspection(request, pk, Action.ISSUE)
    today = local_day(timezone.now())
    form = LettersForm(sent(request), initial={"issued_on": today})
    day = form.cleaned_data["issued_on"] if form.is_bound and form.is_valid() else today
    rows = found_in(shown)
    going = _sendings(request, shown, rows, day)
    expected = f"{len(rows)}:{going[0].number if going else ''}"
    if form.is_bound and form.is_valid() and request.POST.get("confirmed") == "1":
        if form.cleaned_data["expected"] != expected:
            raise StaleState(_("待交办的问题刚刚有变化，没有发出，请再核对一次"))
        try:
            made = issue_letters(shown, actor=request.actor, now=timezone.now(), issued_on=day)
        except GuardFailed as failed:
            form.add_error(None, str(failed))
        else:
            return _sent(request, shown, made)
    context = {
        "section": "inspections",
        "inspection": shown,
        "form": form,
        "sendings": going,
        "issues": len(rows),
        "people": sum(each.people for each in going),
        "bare": [row.issue for row in rows if not row.deadline_text],
        "expected": expected,
        "day": day,
        "today": today,
    }
    ask = form.is_bound and form.is_valid() and not form.errors
    template = f"{FOLDER}/letters_confirm.html" if ask else f"{FOLDER}/letters.html"
    part = f"{FOLDER}/_letters_confirm.html" if ask else None
    status = 422 if form.errors else 200
    return render_page(request, template, context, partial=part, status=status)


def _sendings(request: HttpRequest, shown: Inspection, rows: list[UnitResponse], day: Any) -> list:
    campaign = shown.campaign
    first = next_letter_number(campaign, day.year)
    units = len({row.unit_id for row in rows})
    numbers = [f"{campaign.letter_agency}〔{day.year}〕{first + n}号" for n in range(units)]
    return sendings(rows, numbers, request.actor, local_day(timezone.now()))


def _sent(request: HttpRequest, shown: Inspection, made: list[Letter]) -> HttpResponse:
    n = len(made)
    say(request, ngettext("已发出 %(n)s 份反馈函", "已发出 %(n)s 份反馈函", n) % {"n": n})
    return go(request, shown.get_absolute_url())


@requires(Action.VIEW_LEDGER)
@require_safe
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter with its issues, to read, to print, and to sign for."""
    shown = _letter(request, pk)
    today = local_day(timezone.now())
    near = shown.inspection.campaign.light_days
    answers = list(
        UnitResponse.objects.visible_to(request.actor)
        .for_rows()
        .filter(letter=shown)
        .with_order()
        .order_by("issue__kind", "number_length", "issue__number")
    )
    waiting = [row for row in answers if row.state == State.ISSUED]
    context = {
        "section": "inspections" if can(request.actor, Action.VIEW_INSPECTIONS) else "ledger",
        "letter": shown,
        "campaign": shown.inspection.campaign,
        "answers": [(row, due_of(row, today, near)) for row in answers],
        "received": [row for row in answers if row.accepted_at],
        "may_accept": bool(waiting) and can(request.actor, Action.ACCEPT, waiting[0]),
        "today": today,
    }
    return render_page(request, f"{FOLDER}/letter.html", context)


def _letter(request: HttpRequest, pk: int) -> Letter:
    rows = Letter.objects.visible_to(request.actor)
    return get_object_or_404(rows.select_related("unit", "inspection__campaign"), pk=pk)


@requires(Action.ACCEPT)
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """签收: all issues of the letter that still wait for it."""
    shown = _letter(request, pk)
    results = accept_letter(shown, actor=request.actor, now=timezone.now())
    for result in results:
        if result.error:
            raise result.error
    words = {"letter": shown, "n": len(results)}
    say(request, _("已签收：%(letter)s，%(n)s 个问题") % words)
    return go(request, safe_next(request, shown.get_absolute_url()))
