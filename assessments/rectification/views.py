"""The ledger, one issue, one unit's answer, and its edges."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.rectification import answer_pages
from assessments.rectification.forms import EdgeForm
from assessments.rectification.issuing import move as take
from assessments.rectification.ledger_page import ledger_context
from assessments.rectification.models import Issue, UnitResponse
from assessments.rectification.queries import acted_since, visible_answers
from assessments.rectification.transitions import LEDGER
from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action, can
from lawgov.calendars import local_day
from lawgov.errors import GuardFailed, StaleState
from lawgov.web.pages import go, render_page, safe_next, say, sent
from lawgov.workflow import Transition

FOLDER = "assessments/rectification"
EDGES = tuple(dict.fromkeys(edge.action for edge in LEDGER))
# Edges whose forms are small buttons beside a line; they answer htmx with the parts they change.
BESIDE = frozenset({"mark_measure", "remove_proof"})


@requires(Action.VIEW_LEDGER)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return redirect("rectification:list", Issue.Kind.INDIVIDUAL)


@requires(Action.VIEW_LEDGER)
@require_safe
def ledger(request: HttpRequest, kind: str) -> HttpResponse:
    context = ledger_context(request, kind, local_day(timezone.now()))
    return render_page(request, f"{FOLDER}/list.html", context, partial=f"{FOLDER}/_list.html")


@requires(Action.VIEW_LEDGER)
@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An issue: the answer itself where one is to be seen, else a line for each answer."""
    issue = get_object_or_404(Issue.objects.visible_to(request.actor).with_place(), pk=pk)
    answers = list(visible_answers(issue, request.actor))
    if len(answers) == 1:
        return render_page(request, f"{FOLDER}/answer.html", _answer(request, issue, answers[0]))
    context = answer_pages.issue_context(request, issue, answers, local_day(timezone.now()))
    return render_page(request, f"{FOLDER}/detail.html", context)


@requires(Action.VIEW_LEDGER)
@require_safe
def response(request: HttpRequest, issue: int, pk: int) -> HttpResponse:
    shown = get_object_or_404(Issue.objects.visible_to(request.actor).with_place(), pk=issue)
    answer = get_object_or_404(visible_answers(shown, request.actor), pk=pk)
    return render_page(request, f"{FOLDER}/answer.html", _answer(request, shown, answer))


def _answer(request: HttpRequest, issue: Issue, answer: UnitResponse) -> dict[str, Any]:
    answer.issue = issue
    return answer_pages.answer_context(request, answer, local_day(timezone.now()))


# -- edges ---------------------------------------------------------------------------------------


@requires(*EDGES)
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, issue: int, pk: int, edge: str) -> HttpResponse:
    """One edge for one answer: its form, and what became of it."""
    transition = LEDGER[edge]
    answer = find(request, issue, pk)
    if not can(request.actor, transition.action, answer):
        raise Http404
    form = EdgeForm(transition, sent(request), response=answer)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["version"]
        try:
            return _done(request, transition, _take(request, transition, answer, seen, form.moves))
        except GuardFailed as failed:
            refuse(form, failed)
        except StaleState:
            return _stale(request, form, find(request, issue, pk), seen)
    return _form(request, form, answer, 422 if form.errors else 200)


def find(request: HttpRequest, issue: int, pk: int) -> UnitResponse:
    rows = UnitResponse.objects.visible_to(request.actor).for_moves()
    return get_object_or_404(rows, pk=pk, issue=issue)


def _take(
    request: HttpRequest, edge: Transition, answer: UnitResponse, version: int, data: dict
) -> UnitResponse:
    now = timezone.now()
    return take(answer, edge.name, actor=request.actor, now=now, version=version, **data)


def refuse(form: EdgeForm, failed: GuardFailed) -> None:
    """Put the sentences of a refusal where they belong: at their field, else on top."""
    for sentence in failed.sentences:
        name = next((n for n, text in failed.fields.items() if text == sentence), None)
        form.add_error(name if name in form.fields else None, sentence)


def _done(request: HttpRequest, edge: Transition, answer: UnitResponse) -> HttpResponse:
    undo = reverse("rectification:undo", args=[answer.issue_id, answer.pk])
    text = _("%(what)s：%(number)s，已保存") % {"what": edge.label, "number": answer.issue.number}
    say(request, text, undo=f"{undo}?version={answer.version}" if edge.undoable else "")
    if request.htmx and edge.name in BESIDE:
        return answer_pages.beside(request, answer)
    return go(request, safe_next(request, answer.get_absolute_url()))


def _form(
    request: HttpRequest,
    form: EdgeForm,
    answer: UnitResponse,
    status: int,
    **context: Any,
) -> HttpResponse:
    context |= answer_pages.form_context(request, form, answer, local_day(timezone.now()))
    template = f"{FOLDER}/form.html"
    return render_page(request, template, context, partial=f"{FOLDER}/_form.html", status=status)


def _stale(request: HttpRequest, form: EdgeForm, answer: UnitResponse, seen: int) -> HttpResponse:
    """Somebody was first: what they did, and the person's text, kept for another try."""
    offers = {offer.name for offer in LEDGER.available(answer, request.actor)}
    again = form.edge.name in offers
    if again:
        data = request.POST.copy()
        data["version"] = answer.version
        form = EdgeForm(form.edge, data, response=answer)
        form.is_valid()
    since = acted_since(answer, seen)
    return _form(request, form, answer, 409, stale=True, again=again, since=since)


@requires(*EDGES)
@require_POST
def undo(request: HttpRequest, issue: int, pk: int) -> HttpResponse:
    """Take back the last move of one's own, within seconds."""
    answer = find(request, issue, pk)
    version = request.GET.get("version", "")
    if not version.isdecimal():
        raise Http404
    LEDGER.undo(answer, actor=request.actor, now=timezone.now(), version=int(version))
    say(request, _("已撤销：%(number)s") % {"number": answer.issue.number})
    return go(request, safe_next(request, answer.get_absolute_url()))
