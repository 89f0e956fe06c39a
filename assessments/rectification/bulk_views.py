"""One edge for many answers: a form first, then a line that counts both ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from assessments.rectification.forms import EdgeForm
from assessments.rectification.ledger import Filters, chosen_answers
from assessments.rectification.ledger_page import BULK
from assessments.rectification.models import UnitResponse
from assessments.rectification.queries import light_days, stale_words
from assessments.rectification.transitions import LEDGER
from lawgov.accounts.guards import requires
from lawgov.accounts.policy import can
from lawgov.calendars import local_day
from lawgov.errors import NotAllowed, StaleState
from lawgov.web.listing import picked
from lawgov.web.pages import go, render_page, safe_next, say
from lawgov.workflow import Result, Transition

FOLDER = "assessments/rectification"
AT_ONCE = 2000  # rows; more are done in several goes
NAMED = 5  # refused rows that the message names


@requires(*dict.fromkeys(LEDGER[name].action for name in BULK))
@require_POST
def bulk(request: HttpRequest, kind: str, edge: str) -> HttpResponse:
    """Ask what the edge needs, then take it for all rows that are picked; the rest still moves."""
    if edge not in BULK or not can(request.actor, LEDGER[edge].action):
        raise Http404
    transition = LEDGER[edge]
    rows = list(picked_answers(request, kind)[:AT_ONCE])
    back = safe_next(request, reverse("rectification:list", args=[kind]))
    if not rows:
        say(request, _("没有选中任何一条"), bad=True)
        return go(request, back)
    sent = request.POST.get("confirmed") == "1"
    form = EdgeForm(transition, request.POST if sent else None)
    if not sent or not form.is_valid():
        return _ask(request, form, rows, kind, 422 if sent else 200)
    seen = _seen(request, rows)
    moved = {row.pk for row in rows if row.version != seen[row.pk]}
    results = LEDGER.perform_many(
        rows, edge, actor=request.actor, now=timezone.now(), versions=seen, **form.moves
    )
    refused = any(result.error for result in results)
    say(request, outcome(transition, results, moved), bad=refused)
    return go(request, back)


def picked_answers(request: HttpRequest, kind: str) -> Any:
    """The picked rows among those that the actor may see, in the order of their numbers."""
    actor, choice = request.actor, picked(request)
    if choice.query is None:
        rows = UnitResponse.objects.visible_to(actor).of_kind(kind)
    else:
        today = local_day(timezone.now())
        near = light_days(actor.region_id)
        rows = chosen_answers(actor, kind, Filters.of(choice.query), today, near)
    ordered = choice.of(rows).for_moves().with_order()
    return ordered.order_by("number_length", "issue__number", "unit__order", "pk")


def _seen(request: HttpRequest, rows: Sequence[UnitResponse]) -> dict[int, int]:
    """Versions that the page showed (fields `seen`, id:version); the stored one for others."""
    seen = {row.pk: row.version for row in rows}
    for pair in request.POST.getlist("seen"):
        pk, _colon, version = pair.partition(":")
        if pk.isdecimal() and version.isdecimal() and int(pk) in seen:
            seen[int(pk)] = int(version)
    return seen


def _ask(
    request: HttpRequest, form: EdgeForm, rows: list[UnitResponse], kind: str, status: int
) -> HttpResponse:
    context = {
        "section": "ledger",
        "form": form,
        "rows": rows,
        "kind": kind,
        "picked": request.POST.getlist("pk"),
        "seen": request.POST.getlist("seen"),
        "all": request.POST.get("all", ""),
        "query": request.POST.get("query", ""),
        "next": request.POST.get("next", ""),
    }
    template, part = f"{FOLDER}/bulk.html", f"{FOLDER}/_bulk_form.html"
    return render_page(request, template, context, partial=part, status=status)


# -- the message ---------------------------------------------------------------------------------


def outcome(edge: Transition, results: Sequence[Result], moved: Set[int]) -> str:
    """退回整改：已办 3 条，1 条未办：086 区教育局 已被他人办理：开始核查.

    `moved`: ids of rows that others had changed before the person sent the form.
    """
    refused = [result for result in results if result.error]
    done = len(results) - len(refused)
    words = {"what": edge.label, "n": done}
    text = ngettext("%(what)s：已办 %(n)s 条", "%(what)s：已办 %(n)s 条", done) % words
    if not refused:
        return text
    known = stale_words([r.obj for r in refused if isinstance(r.error, StaleState)])
    reasons = _("；").join(_reason(result, edge, known, moved) for result in refused[:NAMED])
    more = _("……") if len(refused) > NAMED else ""
    rest = ngettext("%(n)s 条未办：%(why)s", "%(n)s 条未办：%(why)s", len(refused))
    return _("，").join([text, rest % {"n": len(refused), "why": reasons + more}])


def _reason(result: Result, edge: Transition, known: Mapping[int, str], moved: Set[int]) -> str:
    answer, error = result.obj, result.error
    if isinstance(error, NotAllowed):
        why = _("不归你办")
    elif not isinstance(error, StaleState):
        why = str(error)
    elif answer.state not in edge.sources and answer.pk not in moved:
        why = _("现在是「%(state)s」") % {"state": answer.get_state_display()}
    else:
        why = known.get(answer.pk, _("已被他人办理"))
    return f"{answer.issue.number} {answer.unit} {why}"
