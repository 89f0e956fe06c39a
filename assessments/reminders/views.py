"""Reminding by hand 催办: one answer, or many that are picked in the ledger."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.models import Issue, UnitResponse
from assessments.rectification.bulk_views import AT_ONCE, NAMED, picked_answers
from assessments.reminders.digest import persons_message
from assessments.reminders.figures import place_digest
from assessments.reminders.pressing import LONG, Plan, plan_by_hand, remind_by_hand
from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action, can
from lawgov.calendars import local_day
from lawgov.notifications.channels.robots import plain_text
from lawgov.web.pages import go, render_page, safe_next, say, sent

FOLDER = "assessments/reminders"


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("理由"),
        max_length=LONG,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("收到的人能看到，也记在问题的经过里"),
    )


@requires(Action.REMIND)
@require_http_methods(["GET", "HEAD", "POST"])
def press(request: HttpRequest, issue: int, pk: int) -> HttpResponse:
    """One answer: who will be told, and why; then tell them."""
    rows = UnitResponse.objects.visible_to(request.actor).for_moves()
    answer = get_object_or_404(rows, pk=pk, issue=issue)
    if not can(request.actor, Action.REMIND, answer):
        raise Http404
    form, now = ReasonForm(sent(request)), timezone.now()
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        (plan,) = remind_by_hand([answer], reason, actor=request.actor, now=now)
        if plan.error is None:
            words = {"n": len(plan.told), "number": answer.issue.number}
            say(request, _("已催办 %(number)s：%(n)s 人") % words)
            return go(request, safe_next(request, answer.get_absolute_url()))
        form.add_error(None, str(plan.error))
    (plan,) = plan_by_hand([answer], request.actor, local_day(now))
    action = reverse("reminding:press", args=[issue, pk])
    context = _context(form, [plan], action, safe_next(request, answer.get_absolute_url()))
    status = 422 if form.errors else 200
    return render_page(
        request, f"{FOLDER}/press.html", context, partial=f"{FOLDER}/_press.html", status=status
    )


@requires(Action.REMIND)
@require_POST
def press_many(request: HttpRequest, kind: str) -> HttpResponse:
    """Picked answers: the people and units first, then a line that counts both ways."""
    rows = list(picked_answers(request, kind)[:AT_ONCE])
    back = safe_next(request, reverse("rectification:list", args=[kind]))
    if not rows:
        say(request, _("没有选中任何一条"), bad=True)
        return go(request, back)
    confirmed = request.POST.get("confirmed") == "1"
    form, now = ReasonForm(request.POST if confirmed else None), timezone.now()
    if confirmed and form.is_valid():
        reason = form.cleaned_data["reason"]
        plans = remind_by_hand(rows, reason, actor=request.actor, now=now)
        say(request, outcome(plans), bad=any(plan.error for plan in plans))
        return go(request, back)
    plans = plan_by_hand(rows, request.actor, local_day(now))
    action = reverse("reminding:press_many", args=[kind])
    context = _context(form, plans, action, back) | {
        "many": True,
        "picked": request.POST.getlist("pk"),
        "all": request.POST.get("all", ""),
        "query": request.POST.get("query", ""),
    }
    status = 422 if form.errors else 200
    return render_page(
        request, f"{FOLDER}/press.html", context, partial=f"{FOLDER}/_press.html", status=status
    )


def _context(form: ReasonForm, plans: list[Plan], action: str, back: str) -> dict[str, Any]:
    good = [plan for plan in plans if plan.error is None]
    return {
        "section": "ledger",
        "form": form,
        "plans": plans,
        "units": len({plan.answer.unit_id for plan in good}),
        "people": len({one.user for plan in good for one in plan.told}),
        "good": len(good),
        "refused": len(plans) - len(good),
        "action": action,
        "next": back,
    }


def outcome(plans: list[Plan]) -> str:
    """催办：已办 3 条，1 条未办：086 区教育局 今天已经催办过."""
    refused = [plan for plan in plans if plan.error]
    done = len(plans) - len(refused)
    words = {"what": _("催办"), "n": done}
    text = ngettext("%(what)s：已办 %(n)s 条", "%(what)s：已办 %(n)s 条", done) % words
    if not refused:
        return text
    reasons = _("；").join(
        f"{plan.answer.issue.number} {plan.answer.unit} {plan.error or _('不归你办')}"
        for plan in refused[:NAMED]
    )
    more = _("……") if len(refused) > NAMED else ""
    rest = ngettext("%(n)s 条未办：%(why)s", "%(n)s 条未办：%(why)s", len(refused))
    return _("，").join([text, rest % {"n": len(refused), "why": reasons + more}])


@requires(Action.OWN_ACCOUNT)
@require_safe
def paste(request: HttpRequest) -> HttpResponse:
    """Today's texts to paste into a chat: the place's for those who may press, and one's own."""
    today = local_day(timezone.now())
    texts = []
    if can(request.actor, Action.REMIND):
        message = place_digest(request.actor.region, today)
        texts.append((_("发到工作群"), plain_text(message) if message else ""))
    own = persons_message(request.user, request.actor.region, today)
    texts.append((_("只有自己的事项"), plain_text(own) if own else ""))
    context = {"texts": texts, "kind": Issue.Kind.INDIVIDUAL}
    return render_page(request, f"{FOLDER}/paste.html", context)
