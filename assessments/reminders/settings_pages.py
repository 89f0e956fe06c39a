"""Settings pages of reminders: the rules in words, one rule with its sentences, the hours."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.models import ReminderHours, ReminderRule, ReminderText
from assessments.reminders.changing import change_hours, change_rule
from assessments.reminders.examples import newest
from assessments.reminders.forms import HoursForm, RuleForm
from assessments.reminders.kinds import FIRST, Level, Watch
from assessments.reminders.levels import Rules
from assessments.reminders.rules import PlaceRules, default_row
from assessments.reminders.texts import PLACEHOLDERS
from indicators.models import Campaign
from lawgov.accounts.guards import requires
from lawgov.accounts.policy import Action
from lawgov.audit.models import AuditEntry
from lawgov.audit.verbs import as_line
from lawgov.calendars import local_day
from lawgov.web.editing import edit_page, posted
from lawgov.web.pages import render_page

SETTINGS = {"section": "settings", "tab": "reminders"}
FOLDER = "assessments/reminders"
VERBS = ("reminder.rule_changed", "reminder.hours_changed")


@dataclass(frozen=True)
class RuleLine:
    """One rule in words, for the overview."""

    watch: str
    label: str
    active: bool
    before: str
    after: str
    levels: str


def _campaign(request: HttpRequest) -> Campaign:
    rows = Campaign.objects.visible_to(request.actor, Action.MANAGE_CAMPAIGN)
    return get_object_or_404(rows.select_related("region"))


def rule_line(watch: str, rules: Rules) -> RuleLine:
    before = _("、").join(str(number or _("当天")) for number in rules.before)
    if not rules.first:
        after = ""
    elif rules.every:
        words = {"first": rules.first, "every": rules.every}
        after = _("第 %(first)s 天起，每 %(every)s 天") % words
    else:
        after = _("第 %(first)s 天，一次") % {"first": rules.first}
    steps = [
        (Level.HEAD, rules.head_from),
        (Level.OFFICE, rules.office_from),
        (Level.LEADER, rules.leader_from),
    ]
    told = [str(FIRST[watch].label)]
    for level, start in steps:
        if start is not None:
            told.append(f"{level.label} {start}" if start else str(level.label))
    return RuleLine(watch, str(Watch(watch).label), rules.active, before, after, " → ".join(told))


@requires(Action.MANAGE_CAMPAIGN)
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """All rules in words, and the hours to edit beside them."""
    if not Campaign.objects.visible_to(request.actor, Action.MANAGE_CAMPAIGN).exists():
        return render_page(request, "indicators/campaigns/none.html", SETTINGS)
    campaign = _campaign(request)
    rules = PlaceRules.of(campaign.pk)
    hours = rules.hours if rules.hours.pk else ReminderHours(campaign=campaign)
    form = HoursForm(posted(request), instance=hours)
    trail = AuditEntry.objects.on_page_of(campaign).filter(verb__in=VERBS)
    context = SETTINGS | {
        "lines": [rule_line(watch, rules.by_watch[watch]) for watch in Watch],
        "trail": [as_line(entry) for entry in trail[:30]],
    }

    def save() -> str:
        stored = form.stored() if hours.pk else ReminderHours(campaign=campaign)
        change_hours(
            stored, form.values(), actor=request.actor, now=timezone.now(), version=form.seen
        )
        return _("已保存提醒时间")

    after = reverse("settings:reminders")
    return edit_page(request, form, f"{FOLDER}/settings.html", context, save=save, after=after)


@requires(Action.MANAGE_CAMPAIGN)
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, watch: str) -> HttpResponse:
    """One rule: its numbers and sentences; 预览 shows the sentences without saving."""
    if watch not in Watch.values:
        raise Http404
    campaign = _campaign(request)
    row = ReminderRule.objects.in_region(campaign.region).filter(watch=watch).first()
    own = {
        (text.watch, text.level, text.language): text.text
        for text in ReminderText.objects.filter(campaign=campaign, watch=watch)
    }
    shown = row or default_row(campaign, watch)
    real = newest(campaign.region, watch)
    today = local_day(timezone.now())
    form = RuleForm(posted(request), instance=shown, own=own, today=today, real=real)
    context = SETTINGS | {
        "watch": Watch(watch),
        "first_level": FIRST[watch].label,
        "placeholders": PLACEHOLDERS.items(),
    }
    template = f"{FOLDER}/rule.html"
    if request.method == "POST" and "preview" in request.POST:
        form.is_valid()
        return render_page(request, template, context | {"form": form, "previewed": True})

    def save() -> str:
        stored = form.stored() if row else default_row(campaign, watch)
        change_rule(
            stored,
            form.values(),
            form.texts(),
            actor=request.actor,
            now=timezone.now(),
            version=form.seen,
        )
        return _("已保存提醒规则：%(watch)s") % {"watch": Watch(watch).label}

    after = reverse("settings:reminders")
    return edit_page(request, form, template, context, save=save, after=after)
