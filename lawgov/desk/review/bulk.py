"""Many rows of the review queue at once: passed, or sent back with one reason; a result each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments.rounds import actions, verification
from lawgov.accounts.guards import requires
from lawgov.accounts.policy import can
from lawgov.desk.indicator.forms import ReasonForm
from lawgov.desk.review import queue
from lawgov.desk.review.queue import Filters, Step
from lawgov.desk.review.views import REVIEWERS
from lawgov.web.listing import picked
from lawgov.web.pages import go, render_page, safe_next, say
from lawgov.workflow import Result

LIMIT = 500  # rows of one call
TOLD = 10  # refused rows that are named; the rest is counted


@require_POST
@requires(*REVIEWERS)
def pass_many(request: HttpRequest, key: str) -> HttpResponse:
    """Approve, accept, exempt or verify what is picked."""
    step = _step(request, key)
    if not step.edge:
        raise Http404
    rows = _picked(request, step)
    if step.whole:
        results = verification.verify_many(
            rows, actor=request.actor, now=timezone.now(), versions=_seen(request, rows)
        )
    else:
        results = actions.move_many(
            rows, step.edge, actor=request.actor, now=timezone.now(), versions=_seen(request, rows)
        )
    return _report(request, results, str(step.done), key)


@require_POST
@requires(*REVIEWERS)
def send_back(request: HttpRequest, key: str) -> HttpResponse:
    """Return or refuse what is picked; asks for the reason first, in a dialog or on a page."""
    step = _step(request, key)
    if not step.back:
        raise Http404
    rows = _picked(request, step)
    asked = "reason" in request.POST
    form = ReasonForm(request.POST if asked else None)
    if not asked or not form.is_valid():
        context = {
            "section": "review",
            "step": step,
            "rows": rows,
            "form": form,
            "posted": _posted(request),
        }
        status = 422 if asked else 200
        page, part = "desk/review/back.html", "desk/review/_back.html"
        return render_page(request, page, context, partial=part, status=status)
    results = actions.move_many(
        rows, step.back, actor=request.actor, now=timezone.now(), versions=_seen(request, rows),
        reason=form.cleaned_data["reason"],
    )  # fmt: skip
    word = _("退回") if step.back == "return" else _("答复")
    return _report(request, results, word, key)


def _step(request: HttpRequest, key: str) -> Step:
    found = next((step for step in queue.STEPS if step.key == key), None)
    if found is None or not can(request.actor, found.action):
        raise Http404
    return found


def _picked(request: HttpRequest, step: Step) -> list[Any]:
    """The rows that the bar sent, in the queue's order; rows that left the queue included.

    They are looked up among all that the actor may decide on, so that one which somebody else
    has decided meanwhile is reported and not passed over in silence.
    """
    choice = picked(request)
    if choice.query is not None:
        asked = HttpRequest()
        asked.GET = choice.query
        rows = queue.waiting(step, request.actor, Filters.read(asked))
    else:
        model = step.rows(request.actor).model
        rows = model.objects.visible_to(request.actor, step.action).filter(pk__in=choice.pks)
    found = [*queue.with_figures(step, rows).order_by(*queue.order(step))[:LIMIT]]
    if not found:
        raise Http404
    return found


def _seen(request: HttpRequest, rows: Sequence[Any]) -> dict[int, int]:
    """The versions that the page showed; what was not on the page counts as it is now."""
    shown = {row.pk: request.POST.get(f"seen-{row.pk}", "") for row in rows}
    return {row.pk: int(shown[row.pk]) if shown[row.pk].isdigit() else row.seen for row in rows}


def _posted(request: HttpRequest) -> list[tuple[str, str]]:
    """What the bar sent, to be sent again with the reason."""
    left_out = {"csrfmiddlewaretoken", "reason"}
    return [
        (name, value)
        for name, values in request.POST.lists()
        if name not in left_out
        for value in values
    ]


def _report(request: HttpRequest, results: list[Result], word: str, key: str) -> HttpResponse:
    """Count both ways, and say for each refused row why."""
    refused = [result for result in results if result.error]
    text = _("已%(what)s %(n)d 件") % {"what": word, "n": len(results) - len(refused)}
    if refused:
        named = _("；").join(f"{_name(each.obj)} {each.error}" for each in refused[:TOLD])
        rest = _(" 等") if len(refused) > TOLD else ""
        text += _("，%(n)d 件没有办：%(rows)s%(rest)s") % {
            "n": len(refused),
            "rows": named,
            "rest": rest,
        }
    say(request, text, bad=bool(refused))
    return go(request, safe_next(request, f"{reverse('review:list')}?step={key}"))


def _name(obj: Any) -> str:
    unit = getattr(obj, "unit", None)
    number = (obj if unit is None else obj.assignment).indicator.number
    return f"{number} {unit}" if unit else str(number)
