"""What people do on the page of an indicator: edges of a unit's work, drafts, scores, slots."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.rounds import actions, verification
from assessments.rounds.queries import to_hand_in
from indicators.assignments.models import UnitAssignment
from indicators.assignments.transitions import WORK
from indicators.evidence.requirements import require
from lawgov.accounts.actors import Actor
from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action, can
from lawgov.calendars import local_day
from lawgov.desk.indicator.forms import LeadScoreForm, ReasonForm, SelfScoreForm, VerifyForm
from lawgov.desk.indicator.queries import IndicatorPage, load
from lawgov.desk.indicator.views import show
from lawgov.errors import GuardFailed, NotAllowed
from lawgov.web.editing import show_faults
from lawgov.web.pages import go, safe_next, say

EDGES = (
    Action.TICK, Action.SUBMIT, Action.APPROVE, Action.REVIEW, Action.RETURN,
    Action.ASK_EXEMPTION, Action.DECIDE_EXEMPTION,
)  # fmt: skip


@require_POST
@requires(*EDGES)
def move(request: HttpRequest, number: int, unit_id: int, edge: str) -> HttpResponse:
    """Take one edge of the unit's work; what is refused shows the page again (422)."""
    work = _work(request.actor, number, unit_id)
    if not can(request.actor, WORK[edge].action, work):
        raise NotAllowed
    form = _form(request, edge, work)
    if form is not None and not form.is_valid():
        return _refused(request, work, form, edge)
    data = {name: form.cleaned_data[name] for name in WORK[edge].needs} if form else {}
    try:
        actions.move(
            work, edge, actor=request.actor, now=timezone.now(), version=_version(request), **data
        )
    except GuardFailed as refusal:
        if form is None:
            raise
        show_faults(form, refusal)
        return _refused(request, work, form, edge)
    back = reverse("indicators:undo", args=[number, unit_id])
    undo = f"{back}?version={work.version}" if WORK[edge].undoable else ""
    say(
        request,
        _("%(unit)s：已%(what)s") % {"unit": work.unit, "what": WORK[edge].label},
        undo=undo,
    )
    return go(request, safe_next(request, work.get_absolute_url()))


@require_POST
@requires(*EDGES)
def undo(request: HttpRequest, number: int, unit_id: int) -> HttpResponse:
    """Take back the last edge, by its author, within seconds; else 409."""
    work = _work(request.actor, number, unit_id)
    version = _number(request.GET.get("version", ""))
    actions.undo(work, actor=request.actor, now=timezone.now(), version=version)
    say(request, _("%(unit)s：已撤销") % {"unit": work.unit})
    return go(request, safe_next(request, work.get_absolute_url()))


@require_POST
@requires(Action.SUBMIT)
def draft(request: HttpRequest, number: int, unit_id: int) -> HttpResponse:
    """Save what is typed of a self-score; the answer is the form's head with the new version."""
    page = load(request.actor, number, unit_id)
    form = SelfScoreForm(page.assignment.points, request.POST, draft=True)
    if not form.is_valid():
        return _draft_answer(request, page, form, status=422)
    given = form.cleaned_data
    actions.save_draft(
        page.work,
        actor=request.actor,
        now=timezone.now(),
        points=given["points"],
        statement=given["statement"],
        version=given["version"],
    )
    return _draft_answer(request, page, form)


def _draft_answer(
    request: HttpRequest, page: IndicatorPage, form: SelfScoreForm, status: int = 200
) -> HttpResponse:
    if not request.htmx:
        if status == 422:
            return show(request, page, status=status, self_form=form)
        say(request, _("自评已保存，还没有提交"))
        return go(request, page.work.get_absolute_url())
    context = {"page": page, "faults": form.errors, "now": timezone.now()}
    return render(request, "desk/indicator/_draft_saved.html", context, status=status)


@require_POST
@requires(Action.REVIEW)
def lead_score(request: HttpRequest, number: int) -> HttpResponse:
    """The lead unit's score of the whole indicator, with the indicator's self-score."""
    page = load(request.actor, number)
    form = LeadScoreForm(page.assignment.points, request.POST)

    def give(**given: Any) -> None:
        verification.give_lead_score(page.assignment, **given)

    return _score(request, page, form, "lead_form", give, _("已评分：%(what)s"))


@require_POST
@requires(Action.VERIFY_INDICATOR)
def verify(request: HttpRequest, number: int) -> HttpResponse:
    """The office's verification of the whole indicator."""
    page = load(request.actor, number)
    form = VerifyForm(page.assignment.points, request.POST)

    def give(**given: Any) -> None:
        verification.verify(page.assignment, **given)

    return _score(request, page, form, "verify_form", give, _("已核验：%(what)s"))


def _score(
    request: HttpRequest, page: IndicatorPage, form: Any, name: str, give: Any, done: str
) -> HttpResponse:
    if not form.is_valid():
        return show(request, page, status=422, **{name: form})
    try:
        give(
            actor=request.actor, now=timezone.now(), version=_version(request), **form.cleaned_data
        )
    except GuardFailed as refusal:
        show_faults(form, refusal)
        again = load(request.actor, page.assignment.indicator.number)
        return show(request, again, status=422, **{name: form})
    say(request, done % {"what": page.assignment.indicator})
    return go(request, safe_next(request, page.assignment.get_absolute_url()))


@require_POST
@requires(Action.MANAGE_CAMPAIGN)
def required(request: HttpRequest, number: int) -> HttpResponse:
    """Mark the parts of the hint that must hold proof before a tick."""
    assignment = load(request.actor, number).assignment
    require(
        assignment,
        request.POST.getlist("slot"),
        actor=request.actor,
        now=timezone.now(),
        version=_version(request),
    )
    say(request, _("必交佐证已保存"))
    return go(request, safe_next(request, assignment.get_absolute_url()))


def _work(actor: Actor, number: int, unit_id: int) -> UnitAssignment:
    """One unit's work in one query, with all that an edge and its notices need; 404 if not seen."""
    rows = UnitAssignment.objects.visible_to(actor).select_related(
        "assignment__indicator", "assignment__campaign", "unit"
    )
    rows = to_hand_in(rows, local_day(timezone.now()))
    return get_object_or_404(rows, assignment__indicator__number=number, unit=unit_id)


def _form(request: HttpRequest, edge: str, work: UnitAssignment) -> Any:
    """The form that an edge needs, None where a click is all."""
    if edge == "submit":
        return SelfScoreForm(work.assignment.points, request.POST)
    return ReasonForm(request.POST) if WORK[edge].needs else None


def _refused(request: HttpRequest, work: UnitAssignment, form: Any, edge: str) -> HttpResponse:
    """The page as it is now, with the form as it was typed."""
    page = load(request.actor, work.assignment.indicator.number, work.unit_id)
    name = "self_form" if edge == "submit" else "reason_form"
    return show(request, page, status=422, **{name: form})


def _version(request: HttpRequest) -> int:
    return _number(request.POST.get("seen", ""))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0
