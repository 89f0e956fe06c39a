"""What the pages of one issue and of one unit's answer are given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from assessments.rectification.forms import EdgeForm
from assessments.rectification.ledger import BY_ANSWER
from assessments.rectification.ledger_page import address, bulk_actions, neighbours
from assessments.rectification.models import Issue, UnitResponse
from assessments.rectification.queries import (
    AnswerPage,
    answer_page,
    answer_row,
    due_of,
    timeline,
    visible_answers,
)
from assessments.rectification.states import OPEN, State
from assessments.rectification.transitions import LEDGER
from lawgov.accounts.policy import Action, can
from lawgov.calendars import local_day
from lawgov.web.listing import Listing
from lawgov.web.pages import render_page

NEWEST = 60  # lines of the trail beside many answers; each answer's page has its own in full
BESIDE = "assessments/rectification/_beside.html"


def issue_context(
    request: HttpRequest, issue: Issue, found: Sequence[UnitResponse], today: date
) -> dict[str, Any]:
    """An issue with many answers: a line each."""
    actor = request.actor
    near = issue.inspection.campaign.light_days
    rows = [answer_row(one, today, near, one.get_absolute_url()) for one in found]
    return _common(request, issue, today, near) | {
        "rows": rows,
        "listing": Listing(rows, len(rows), len(rows) or 1, "", ""),
        "done": sum(row.state in (State.CLOSED, State.LOOK_BACK) for row in rows),
        "actions": bulk_actions(actor, issue.kind),
        "lines": timeline(issue, [one.pk for one in found], newest=NEWEST),
        "newest": NEWEST,
        "may_edit": can(actor, Action.RECORD_ISSUE, issue)
        and all(one.state == State.FOUND for one in found),
    }


def answer_context(request: HttpRequest, answer: UnitResponse, today: date) -> dict[str, Any]:
    issue = answer.issue
    near = issue.inspection.campaign.light_days
    page = answer_page(answer, request.actor, today, near)
    may_edit = can(request.actor, Action.RECORD_ISSUE, issue) and answer.state == State.FOUND
    return (
        _common(request, issue, today, near)
        | answer_parts(page)
        | {"page": page, "response": answer, "may_edit": may_edit}
        | {"crumb_issue": issue.kind not in BY_ANSWER}
        | {"remind_url": _remind_url(request, answer)}
    )


def _remind_url(request: HttpRequest, answer: UnitResponse) -> str:
    """Where the unit is reminded by hand, for those who may, while it has something to do."""
    if answer.state == State.FOUND or answer.state not in OPEN:
        return ""
    if not can(request.actor, Action.REMIND, answer):
        return ""
    return address("reminding:press", answer.issue_id, answer.pk)


def _common(request: HttpRequest, issue: Issue, today: date, near: int) -> dict[str, Any]:
    return {
        "section": "ledger",
        "today": today,
        "issue": issue,
        "lead_units": list(issue.lead_units.all()) if issue.kind not in BY_ANSWER else [],
        "around": neighbours(request, issue, today, near),
        "here": request.get_full_path(),
    }


# -- one answer: which form stands where ---------------------------------------------------------

IN_TABLE = frozenset({"mark_measure", "add_proof", "remove_proof"})
# Offered, but never the next thing to do: they take a step back, or look into what is done.
ASIDE = frozenset({"recall", "withdraw", "reopen", "reopen_closed", "look_back"})
FOR_TIME = ("approve_extension", "refuse_extension", "ask_extension")


def answer_parts(page: AnswerPage) -> dict[str, Any]:
    """Forms by place: the next thing to do first, more time in its own card, the rest folded.

    Where the checker may both close and return, one form holds both buttons (`verdict`).
    """
    forms = {name: _form_of(page, name) for name in page.offers if name not in IN_TABLE}
    acts = sorted((n for n in forms if n not in FOR_TIME), key=lambda n: not LEDGER[n].primary)
    first = forms[acts[0]] if acts and acts[0] not in ASIDE else None
    if first:
        first.first = True
        if acts[0] == "close" and "return" in forms:
            first.verdict = _address(page.response, "return")
            acts.remove("return")
    rest = [forms[name] for name in (acts[1:] if first else acts)]
    for_time = [forms[name] for name in FOR_TIME if name in forms and not forms[name].reasons]
    if not first and for_time:
        for_time[0].first = True
    return {
        "first": first,
        "rest": rest,
        "for_time": for_time,
        "forms": [form for form in (first, *rest, *for_time) if form],
        "may_mark": "mark_measure" in page.offers,
        "may_prove": "add_proof" in page.offers,
        "may_remove": "remove_proof" in page.offers,
        "tone": State(page.response.state).tone,
    }


def _form_of(page: AnswerPage, name: str) -> EdgeForm:
    offer = page.offers[name]
    form = EdgeForm(offer.transition, response=page.response)
    form.reasons = offer.reasons
    return form


def _address(response: UnitResponse, edge: str) -> str:
    return reverse("rectification:move", args=[response.issue_id, response.pk, edge])


def form_context(
    request: HttpRequest, form: EdgeForm, answer: UnitResponse, today: date
) -> dict[str, Any]:
    offers = {offer.name: offer for offer in LEDGER.available(answer, request.actor)}
    offer = offers.get(form.edge.name)
    near = answer.issue.inspection.campaign.light_days
    return {
        "section": "ledger",
        "today": today,
        "form": form,
        "issue": answer.issue,
        "response": answer,
        "due": due_of(answer, today, near),
        "offer": offer,
        "next": request.POST.get("next", ""),
    }


def beside(request: HttpRequest, answer: UnitResponse) -> HttpResponse:
    """The parts of an answer's page that a small button changes, for htmx."""
    fresh = visible_answers(answer.issue, request.actor).get(pk=answer.pk)
    today = local_day(timezone.now())
    page = answer_page(fresh, request.actor, today, fresh.issue.inspection.campaign.light_days)
    context = answer_parts(page) | {"page": page, "response": fresh, "issue": fresh.issue}
    return render_page(request, BESIDE, context | {"today": today}, partial=BESIDE)
