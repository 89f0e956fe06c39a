"""What became of the reminders: digests as they were sent, and what each of them was owed for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assessments.models import Issue, Reminder
from assessments.reminders.kinds import Kind, reason_of
from assessments.reminders.log import of_place, outcomes, seen_by
from assessments.reminders.resending import ENDED_BADLY, resend
from assessments.reminders.subjects import told_of
from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.calendars import local_day
from lawgov.jobs import heartbeats
from lawgov.notifications.channels import channel_label, channel_names
from lawgov.notifications.models import Delivery
from lawgov.web.listing import chosen, day, list_page, search_text
from lawgov.web.pages import go, render_page, safe_next, say

FOLDER = "assessments/reminders"
SETTINGS = {"section": "settings", "tab": "reminders"}
SENT_SORTS = {"day": ["day"], "person": ["person__name"], "status": ["status"]}
OWED_SORTS = {"day": ["local_day"], "person": ["recipient__name"], "days": ["days"]}
TONES = {"sent": "done", "covered": "done", "uncertain": "back", "dead": "bad"}
ON_ISSUE = 30  # the newest reminders of an issue that its page shows


class Shown:
    """A row of either log with what the page says of it."""

    def __init__(self, row: Any, **more: Any) -> None:
        self.row = row
        self.tone = TONES.get(row.status, "")
        self.__dict__.update(more)


def listed_deliveries(request: HttpRequest) -> QuerySet[Delivery]:
    """Digests of the place under the filters of the address."""
    rows = Delivery.objects.filter(region=request.actor.region_id).select_related("person")
    rows = _between(request, rows, "day")
    if status := chosen(request, "status", Delivery.Status.values):
        rows = rows.filter(status=status)
    if channel := chosen(request, "channel", channel_names(request.actor.region_id)):
        rows = rows.filter(channel=channel)
    if text := search_text(request):
        rows = rows.filter(Q(person__name__icontains=text) | Q(subject__icontains=text))
    return rows


def _between(request: HttpRequest, rows: QuerySet[Any], column: str) -> QuerySet[Any]:
    """The rows of the days that the address names."""
    for name, bound in {"from": "gte", "to": "lte"}.items():
        if asked := day(request, name):
            rows = rows.filter(**{f"{column}__{bound}": asked})
    return rows


def listed_reminders(request: HttpRequest) -> QuerySet[Reminder]:
    """What was owed in the place, under the filters of the address."""
    rows = _between(request, _with_subjects(seen_by(request.actor)), "local_day")
    for name, allowed in {"status": Reminder.Status.values, "kind": Kind.values}.items():
        if value := chosen(request, name, allowed):
            rows = rows.filter(**{name: value})
    if text := search_text(request):
        rows = rows.filter(
            Q(recipient__name__icontains=text)
            | Q(response__unit__name__icontains=text)
            | Q(work__unit__name__icontains=text)
            | Q(evidence__unit__name__icontains=text)
            | Q(response__issue__number=text)
        )
    return rows


def _with_subjects(rows: QuerySet[Reminder]) -> QuerySet[Reminder]:
    return rows.select_related(
        "recipient",
        "stands_for",
        "response__issue",
        "response__unit",
        "work__assignment__indicator",
        "work__unit",
        "evidence__unit",
    )


@requires(Action.MANAGE_CAMPAIGN)
@require_safe
def sent(request: HttpRequest) -> HttpResponse:
    """发送记录: a digest a line, with how it went and the way to send a dead one again."""
    listing = list_page(request, listed_deliveries(request), sorts=SENT_SORTS, default="-day")
    names = channel_names(request.actor.region_id)
    listed = Delivery.objects.filter(region=request.actor.region_id)
    context = SETTINGS | {
        "listing": listing,
        "export": "deliveries",
        "rows": [shown_delivery(row, names) for row in listing.rows],
        "states": Delivery.Status.choices,
        "status": chosen(request, "status", Delivery.Status.values),
        "channels": of_place(names).items(),
        "channel": chosen(request, "channel", names),
        "counts": dict(listed.order_by().values_list("status").annotate(n=Count("pk"))),
        "log": "sent",
        "last_run": heartbeats.told(heartbeats.REMINDERS),
        "last_beat": heartbeats.told(heartbeats.CLOCK),
        "oldest": listed.waiting(local_day(timezone.now())).first(),
        "today": local_day(timezone.now()),
    }
    return render_page(request, f"{FOLDER}/sent.html", context, partial=f"{FOLDER}/_sent.html")


def shown_delivery(row: Delivery, names: Mapping[str, str]) -> Shown:
    channel = channel_label(row.channel, names)
    return Shown(row, channel=channel, again=row.status in ENDED_BADLY)


@requires(Action.MANAGE_CAMPAIGN)
@require_safe
def owed(request: HttpRequest) -> HttpResponse:
    """应提醒事项: what each person was owed on each day, and why where nothing went out."""
    listing = list_page(request, listed_reminders(request), sorts=OWED_SORTS, default="-day")
    context = SETTINGS | {
        "listing": listing,
        "export": "reminders",
        "rows": _told(listing.rows, request.actor.region_id),
        "states": Reminder.Status.choices,
        "kinds": Kind.choices,
        "status": chosen(request, "status", Reminder.Status.values),
        "kind": chosen(request, "kind", Kind.values),
        "log": "owed",
        "today": local_day(timezone.now()),
    }
    return render_page(request, f"{FOLDER}/owed.html", context, partial=f"{FOLDER}/_owed.html")


@requires(Action.MANAGE_CAMPAIGN)
@require_POST
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a dead or uncertain digest to the sender once more."""
    rows = Delivery.objects.filter(region=request.actor.region_id)
    resend(get_object_or_404(rows, pk=pk), actor=request.actor, now=timezone.now())
    say(request, _("已放回待发，一分钟内再发一次"))
    return go(request, safe_next(request, reverse("settings:reminders_sent")))


@requires(Action.VIEW_LEDGER)
@require_safe
def of_issue(request: HttpRequest, issue: int) -> HttpResponse:
    """The newest reminders of one issue, as far as the reader sees its answers."""
    found = get_object_or_404(Issue.objects.visible_to(request.actor), pk=issue)
    rows = _with_subjects(seen_by(request.actor).filter(response__issue=found)).order_by("-pk")
    newest = list(rows[:ON_ISSUE])
    context = {
        "issue": found,
        "section": "ledger",
        "rows": _told(newest, request.actor.region_id),
        "today": local_day(timezone.now()),
    }
    return render_page(
        request, f"{FOLDER}/of_issue.html", context, partial=f"{FOLDER}/_of_issue.html"
    )


def _told(rows: Sequence[Reminder], region_id: int | None) -> list[Shown]:
    went = outcomes(rows, region_id)
    return [shown_reminder(row, went.get((row.recipient_id, row.local_day), "")) for row in rows]


def shown_reminder(row: Reminder, went: str = "") -> Shown:
    """`note` says why nothing went out, or how the digest went."""
    about = told_of(row)
    note = reason_of(row) or (went if row.kind != Kind.MANUAL else "")
    more = {"headline": about.headline(row), "url": about.url(row), "unit": about.row.unit}
    return Shown(row, note=note, **more)
